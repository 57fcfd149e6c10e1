import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Octokit } from '@octokit/rest';
import { SignJWT } from 'jose';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator.ts';
import { exampleSeed } from '../state/example-seed.ts';
import type { Permissions } from '../state/entities.ts';
import type { TokenRequest } from '../auth/installation-tokens.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const PRIVATE_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const SECRET = 'a webhook secret';

/** Many tests expect refusals, so the client's log of them would be noise. */
export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

export interface Receiver {
  readonly url: string;
  readonly received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  close(): Promise<void>;
}

/** Starts a webhook receiver. `respond` returns the status, or null to send no response. */
export async function startReceiver(respond: () => number | null = () => 202): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const status = respond();
      if (status !== null) {
        response.writeHead(status, { 'content-type': 'application/json' }).end('{"ok":true}');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The receiver has no port.');
  }
  return {
    url: `http://127.0.0.1:${address.port}/webhooks/github`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Starts the example organization. The App has no webhook URL unless one is given. */
export function startExample(
  options: Partial<EmulatorOptions> & {
    readonly webhookUrl?: string;
    readonly permissions?: Permissions;
    readonly events?: readonly string[];
    readonly clientSecret?: string;
    readonly callbackUrls?: readonly string[];
  } = {},
): Promise<Emulator> {
  const { webhookUrl, permissions, events, clientSecret, callbackUrls, ...rest } = options;
  const { app, ...seed } = exampleSeed({
    key: PRIVATE_KEY,
    webhookSecret: SECRET,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(callbackUrls === undefined ? {} : { callbackUrls }),
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
  });
  const changes = { ...(permissions ? { permissions } : {}), ...(events ? { events } : {}) };
  return startEmulator({ seed: { ...seed, app: { ...app, ...changes } }, ...rest });
}

/** Permissions of an App whose operator opted in to `repository_dispatch`. */
export const WITH_EVENTS: Permissions = { metadata: 'read', contents: 'write', actions: 'write', issues: 'write' };

export interface JwtClaims {
  readonly iat?: number;
  readonly exp?: number;
  readonly iss?: string;
}

/** Creates a JWT of the App. Times are in seconds from `now`. */
export function appJwt(
  { iat = -60, exp = 540, iss = '1' }: JwtClaims = {},
  now = Date.now(),
  key = privateKey,
): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(iss)
    .setIssuedAt(seconds + iat)
    .setExpirationTime(seconds + exp)
    .sign(key);
}

export function client(emulator: Emulator, credential?: string): Octokit {
  return new Octokit({
    baseUrl: emulator.url,
    log: SILENT,
    ...(credential === undefined ? {} : { auth: credential }),
  });
}

/** Mints a token of an account's installation, limited as requested. */
export async function mint(
  emulator: Emulator,
  account: string,
  request: TokenRequest = {},
  now = Date.now(),
): Promise<string> {
  const installation = await client(emulator, await appJwt({}, now)).apps.getUserInstallation({ username: account });
  const minted = await client(emulator, await appJwt({}, now)).request(
    'POST /app/installations/{installation_id}/access_tokens',
    { installation_id: installation.data.id, ...(request as Record<string, unknown>) },
  );
  return minted.data.token;
}

/** Returns the refusal of a call. Throws when the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<{ readonly status: number; readonly message: string }> {
  const result = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in result)) {
    throw new Error(`The call was not refused: ${JSON.stringify(result.value)}`);
  }
  const { status, response } = result.error as { status: number; response?: { data?: { message?: string } } };
  return { status, message: response?.data?.message ?? String(result.error) };
}

/** Reads until the value matches. After two minutes it returns the last value, for the test's assertion to report. */
export async function eventually<T>(read: () => Promise<T>, matches: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 120_000;
  let value = await read();
  while (!matches(value) && Date.now() < deadline) {
    await delay(20);
    value = await read();
  }
  return value;
}
