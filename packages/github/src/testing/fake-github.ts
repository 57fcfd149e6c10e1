import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGitHubApp } from '../app.ts';
import type { GitHubApp, GitHubAppOptions } from '../types.ts';
import { type SeenRequest, violationsOf } from './published-schemas.ts';

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text to be sent as it is; absent for an empty body. */
  readonly body?: unknown;
}

/** `reset` cuts the connection without an answer; `hang` never answers. */
export type FakeReply = FakeAnswer | 'reset' | 'hang';

export interface FakeGitHub {
  readonly url: string;
  /** Every request that arrived, in order. */
  readonly seen: SeenRequest[];
  /** What in them GitHub's published schemas do not allow. */
  readonly violations: string[];
  /** `METHOD /path` of every request that arrived. */
  operations(): string[];
  close(): Promise<void>;
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const testPublicKey = publicKey;
export const testPrivateKey = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

/** A server of a few lines that answers as the test says; the emulator is the one that behaves as GitHub does. */
export async function startFakeGitHub(
  reply: (request: SeenRequest, seenBefore: readonly SeenRequest[]) => FakeReply,
): Promise<FakeGitHub> {
  const seen: SeenRequest[] = [];
  const violations: string[] = [];
  const answer = async (incoming: IncomingMessage): Promise<FakeReply> => {
    const request = await read(incoming);
    violations.push(...violationsOf(request));
    const told = reply(request, seen.slice());
    seen.push(request);
    return told;
  };
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    answer(incoming).then(
      (told) => write(outgoing, told),
      // A test that forgot a request, or a query that does not even parse, must not look like an answer of GitHub's.
      (error: unknown) => {
        violations.push(String(error));
        outgoing.destroy();
      },
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    violations,
    operations: () => seen.map(({ method, path }) => `${method} ${path}`),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

export function appOf(github: { url: string }, options: Partial<GitHubAppOptions> = {}): GitHubApp {
  return createGitHubApp({ appId: '4711', privateKey: testPrivateKey, apiUrl: github.url, ...options });
}

/** GitHub's answer to minting. Each request gets another token, so that a test can tell whether one was kept. */
export function tokenAnswer(seenBefore: readonly SeenRequest[], expiresAt = Date.now() + 3_600_000): FakeAnswer {
  return { status: 201, body: { token: `ghs_${seenBefore.length}`, expires_at: new Date(expiresAt).toISOString() } };
}

export function isMinting(request: SeenRequest): boolean {
  return request.path.endsWith('/access_tokens');
}

async function read(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(incoming.url ?? '/', 'http://fake');
  return {
    method: incoming.method ?? '',
    path: decodeURIComponent(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers: incoming.headers,
    body: text === '' ? null : JSON.parse(text),
  };
}

function write(outgoing: ServerResponse, answer: FakeReply): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    outgoing.destroy();
    return;
  }
  const { status = 200, headers = {}, body } = answer;
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  outgoing.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
}
