import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGitHubApp, type GitHubApp } from '../github-app.ts';
import type { GitHubAppOptions } from '../transport/options.ts';
import { type SeenRequest, violationsOf } from './published-schemas.ts';

export interface FakeResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, another value as its JSON; absent: an empty body. */
  readonly body?: unknown;
}

/** `reset` closes the connection without a response; `hang` never responds. */
export type FakeReply = FakeResponse | 'reset' | 'hang';

export interface FakeGitHub {
  readonly url: string;
  /** All requests received, in order. */
  readonly seen: SeenRequest[];
  /** Where they violate GitHub's published schemas. */
  readonly violations: string[];
  /** Returns `METHOD /path` of every request received. */
  operations(): string[];
  close(): Promise<void>;
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const testPublicKey = publicKey;
export const testPrivateKey = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

/** Starts a minimal server that sends the test's replies. Use the emulator where GitHub's behaviour matters. */
export async function startFakeGitHub(
  reply: (request: SeenRequest, seenBefore: readonly SeenRequest[]) => FakeReply,
): Promise<FakeGitHub> {
  const seen: SeenRequest[] = [];
  const violations: string[] = [];
  const handle = async (incoming: IncomingMessage): Promise<FakeReply> => {
    const request = await read(incoming);
    violations.push(...violationsOf(request));
    const response = reply(request, seen.slice());
    seen.push(request);
    return response;
  };
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    handle(incoming).then(
      (response) => write(outgoing, response),
      // A test that does not expect a request, or an invalid query, must not look like a response of GitHub.
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

/** Returns GitHub's response to minting. Each response has another token, so that tests can detect caching. */
export function tokenResponse(seenBefore: readonly SeenRequest[], expiresAt = Date.now() + 3_600_000): FakeResponse {
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

function write(outgoing: ServerResponse, reply: FakeReply): void {
  if (reply === 'hang') return;
  if (reply === 'reset') {
    outgoing.destroy();
    return;
  }
  const { status = 200, headers = {}, body } = reply;
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  outgoing.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
}
