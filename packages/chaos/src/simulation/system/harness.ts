import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { toDelivery } from '@dispatcher/ingress/src/http.ts';
import { receive } from '@dispatcher/ingress/src/receive-delivery.ts';
import { type Emulator, startEmulator } from '@dispatcher/github-emulator';
import type { StepLog } from '@dispatcher/lambda';
import { type Clock, createClock, installClock } from './clock.ts';
import { createMutationCounter, type MutationCounter } from './mutation-counter.ts';
import type { SimulatedSqs } from './simulated-sqs.ts';

/** What all simulations share, because it takes longer to start than a simulation: GitHub and the webhook receiver. */
export interface Harness {
  readonly clock: Clock;
  readonly mutations: MutationCounter;
  readonly log: StepLog;
  readonly emulator: Emulator;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly privateKey: string;
    readonly webhookUrl: string;
    readonly webhookSecret: string;
  };
  /** Sets the queues to which the receiver sends accepted deliveries from now on. */
  deliverTo(sqs: SimulatedSqs): void;
  close(): Promise<void>;
}

export const silentLog: StepLog = { info: () => {}, warn: () => {}, error: () => {}, with: () => silentLog };

const webhookSecret = 'a webhook secret';

export async function startHarness(log: StepLog = silentLog): Promise<Harness> {
  const clock = createClock(Date.now());
  const uninstall = installClock(clock);
  let sqs: SimulatedSqs | null = null;
  const receiver = createReceiver(clock, () => sqs, log);
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/github`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const app = {
    id: 1,
    slug: 'dispatcher-under-test',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    webhookUrl,
    webhookSecret,
  };
  const emulator = await startEmulator({
    seed: { app, owners: [], repositories: [], installations: [] },
    now: clock.now,
    rateLimit: 1_000_000,
  });
  return {
    clock,
    mutations: createMutationCounter(),
    log,
    emulator,
    app,
    deliverTo: (queues) => {
      sqs = queues;
    },
    close: async () => {
      uninstall();
      await emulator.close();
      await new Promise((resolve) => {
        receiver.close(resolve);
        receiver.closeAllConnections();
      });
    },
  };
}

/** Serves the webhook endpoint with the code of the ingress function. */
function createReceiver(clock: Clock, currentSqs: () => SimulatedSqs | null, log: StepLog): Server {
  const deps = {
    secret: async () => webhookSecret,
    previousSecret: null,
    appId: 1,
    runs: {
      send: async (message: object) => {
        currentSqs()?.send('runs', JSON.stringify(message));
      },
    },
    hints: {
      send: async (message: object) => {
        currentSqs()?.send('hints', JSON.stringify(message));
      },
    },
    log,
    meter: { count: () => {}, milliseconds: () => {} },
    now: clock.now,
  };
  return createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const delivery = toDelivery({ headers, body: Buffer.concat(chunks).toString(), isBase64Encoded: false });
      void receive(deps, delivery).then(({ status, body }) => response.writeHead(status).end(JSON.stringify(body)));
    });
  });
}
