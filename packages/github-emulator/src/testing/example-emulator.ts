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

/** A refused request is what many tests are about: the client's own log of it would only hide what matters. */
export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

export interface Receiver {
  readonly url: string;
  readonly received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  close(): Promise<void>;
}

/** A webhook's receiver. `answer` gives the status, or null to give no answer at all. */
export async function startReceiver(answer: () => number | null = () => 202): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const status = answer();
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

/** The example organisation, with the App's webhook pointing nowhere unless it is given. */
export function startExample(
  options: Partial<EmulatorOptions> & { readonly webhookUrl?: string; readonly permissions?: Permissions } = {},
): Promise<Emulator> {
  const { webhookUrl, permissions, ...rest } = options;
  const { app, ...seed } = exampleSeed({
    key: PRIVATE_KEY,
    webhookSecret: SECRET,
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
  });
  return startEmulator({ seed: { ...seed, app: { ...app, ...(permissions ? { permissions } : {}) } }, ...rest });
}

/** What an App has whose operator opted in to `repository_dispatch`. */
export const WITH_EVENTS: Permissions = { metadata: 'read', contents: 'write', actions: 'write', issues: 'write' };

export interface JwtClaims {
  readonly iat?: number;
  readonly exp?: number;
  readonly iss?: string;
}

/** An App JWT; times are seconds from `now`. */
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

/** A token of an account's installation, narrowed as asked. */
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

/** What a call was refused with. Throws where it was not. */
export async function refusal(call: Promise<unknown>): Promise<{ readonly status: number; readonly message: string }> {
  const answer = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in answer)) {
    throw new Error(`Nothing was refused: ${JSON.stringify(answer.value)}`);
  }
  const { status, response } = answer.error as { status: number; response?: { data?: { message?: string } } };
  return { status, message: response?.data?.message ?? String(answer.error) };
}

/**
 * Asks until the answer fits; the last answer where it does not within two minutes, for the test to say what is wrong.
 */
export async function eventually<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 120_000;
  let answer = await ask();
  while (!fits(answer) && Date.now() < deadline) {
    await delay(20);
    answer = await ask();
  }
  return answer;
}
