import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the fake responds; each field is one thing that can be wrong with a Dispatcher. */
export interface Behaviour {
  health: { readonly status: number; readonly body: unknown };
  secrets: readonly string[];
  /** `user:password`; null: authentication is disabled. */
  basic: string | null;
  /** The only valid API key; absent: none is needed. */
  key?: string;
  delivery: number;
  /** The facts of the run of an accepted delivery; null: nothing is ever recorded. */
  facts: readonly object[] | null;
}

export interface FakeDispatcher {
  readonly url: string;
  readonly behaviour: Behaviour;
  /** The payloads of the accepted runs. */
  readonly runs: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Starts a fake of Dispatcher's HTTP interface, for its failures; doctor-local.test.ts checks a real one. */
export async function startFakeDispatcher(behaviour: Behaviour): Promise<FakeDispatcher> {
  const runs: Record<string, unknown>[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void (async () => {
      const { status, body } = respond(behaviour, request, await text(request), runs);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behaviour,
    runs,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function respond(
  behaviour: Behaviour,
  { url = '', headers }: IncomingMessage,
  text: string,
  runs: Record<string, unknown>[],
): { status: number; body: unknown } {
  if (url === '/health') return behaviour.health;
  if (url === '/webhooks/github') {
    const signatures = behaviour.secrets.map((key) => `sha256=${createHmac('sha256', key).update(text).digest('hex')}`);
    if (!signatures.includes(String(headers['x-hub-signature-256']))) return { status: 401, body: { error: 'wrong' } };
    if (headers['x-github-event'] !== 'workflow_run')
      return { status: 202, body: { ignored: 'event-not-workflow-run' } };
    runs.push(JSON.parse(text) as Record<string, unknown>);
    return { status: behaviour.delivery, body: {} };
  }
  const { basic, key, facts } = behaviour;
  if (key !== undefined && headers['x-api-key'] !== key) return { status: 401, body: { detail: 'No.' } };
  if (basic !== null && headers.authorization !== `Basic ${Buffer.from(basic).toString('base64')}`) {
    return { status: 401, body: { detail: 'Authentication failed.' } };
  }
  if (url.startsWith('/api/deliveries?')) return { status: 200, body: { deliveries: [], cursor: null } };
  if (facts === null) return { status: 404, body: {} };
  return url.startsWith('/api/deliveries/')
    ? { status: 200, body: { facts: [{ runKey: '11-77-1' }], cursor: null } }
    : { status: 200, body: { revisions: [{ facts }], cursor: null } };
}
