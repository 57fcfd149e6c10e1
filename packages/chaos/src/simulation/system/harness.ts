import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { asDelivery } from '@dispatcher/ingress/src/http.ts';
import { receive } from '@dispatcher/ingress/src/receive.ts';
import { type Emulator, startEmulator } from '@dispatcher/github-emulator';
import type { StepLog } from '@dispatcher/lambda';
import { type Changes, createChanges } from './mutation-counter.ts';
import { type Clock, createClock, installClock } from './clock.ts';
import type { Queues } from './simulated-sqs.ts';

/** What all executions share, because starting it costs more than an execution: GitHub, and the webhook's receiver. */
export interface Laboratory {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: StepLog;
  readonly emulator: Emulator;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly privateKey: string;
    readonly webhookUrl: string;
    readonly webhookSecret: string;
  };
  /** Where the receiver puts what it takes in, from now on. */
  deliverTo(queues: Queues): void;
  close(): Promise<void>;
}

export const silent: StepLog = { info: () => {}, warn: () => {}, error: () => {}, with: () => silent };

const webhookSecret = 'a webhook secret';

export async function openLaboratory(log: StepLog = silent): Promise<Laboratory> {
  const clock = createClock(Date.now());
  const uninstall = installClock(clock);
  let queues: Queues | null = null;
  const receiver = createReceiver(clock, () => queues, log);
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
    changes: createChanges(),
    log,
    emulator,
    app,
    deliverTo: (to) => {
      queues = to;
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

/** Ingress behind a socket: verified, picked and sent to the queue by its own code. */
function createReceiver(clock: Clock, queuesNow: () => Queues | null, log: StepLog): Server {
  const deps = {
    secret: async () => webhookSecret,
    previousSecret: null,
    runs: {
      send: async (message: object) => {
        queuesNow()?.send('runs', JSON.stringify(message));
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
      const delivery = asDelivery({ headers, body: Buffer.concat(chunks).toString(), isBase64Encoded: false });
      void receive(deps, delivery).then(({ status, body }) => response.writeHead(status).end(JSON.stringify(body)));
    });
  });
}
