import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OptionalFeature } from '@dispatcher/contracts';
import { convertManifest, type CreatedApp } from './convert-manifest.ts';
import { manifestOf } from './manifest.ts';
import { createdPage, failedPage, registrationPage } from './local-pages.ts';

export interface CreateOptions {
  /** The URL of GitHub's pages: https://github.com. */
  readonly webUrl: string;
  readonly apiUrl: string;
  /** The organization that will own the App; null for the account of the signed-in user. */
  readonly organization: string | null;
  readonly name: string;
  readonly homepage: string;
  readonly webhookUrl: string;
  readonly callbackUrl: string;
  /** What the operator chose besides what every App needs. */
  readonly features: readonly OptionalFeature[];
  /** A description of where the credentials are stored, for messages. */
  readonly storedIn: string;
  readonly save: (app: CreatedApp) => Promise<void>;
  /** Port of the local page; 0 for any free port. */
  readonly port: number;
  /** Called with the page's URL once it can be opened. */
  readonly onReady: (url: string) => void;
  /** How long to wait for the user: GitHub's code expires after an hour. */
  readonly timeoutMs: number;
}

/**
 * Serves a local page until GitHub redirects the browser back with a code, converts the code into the App's credentials
 * and saves them.
 * @throws Error if the user did not finish in time, GitHub returned no credentials, or they could not be saved
 */
export async function createApp(options: CreateOptions): Promise<CreatedApp> {
  const done = Promise.withResolvers<CreatedApp>();
  const state = randomBytes(16).toString('hex');
  let base = '';
  const server = createServer((request, response) => {
    void respond({ ...options, base, state }, request, response, done);
  });
  base = await listen(server, options.port);
  const timeout = setTimeout(
    () => done.reject(new Error('The App was not created in time. Run the command again.')),
    options.timeoutMs,
  );
  options.onReady(base);
  try {
    return await done.promise;
  } finally {
    clearTimeout(timeout);
    await close(server);
  }
}

type PageOptions = CreateOptions & { readonly base: string; readonly state: string };

async function respond(
  options: PageOptions,
  request: IncomingMessage,
  response: ServerResponse,
  done: PromiseWithResolvers<CreatedApp>,
): Promise<void> {
  try {
    const page = await pageOf(options, request);
    // The browser receives its page before the server ends.
    await send(response, page);
    page.end?.(done);
  } catch (error) {
    done.reject(error);
  }
}

interface Page {
  readonly status: number;
  readonly html: string;
  /** Ends the server; absent: it continues. */
  readonly end?: (done: PromiseWithResolvers<CreatedApp>) => void;
}

async function pageOf(options: PageOptions, request: IncomingMessage): Promise<Page> {
  const { base, state } = options;
  // DNS rebinding: the name of another site can resolve to this machine, and its script would read this page.
  if (request.headers.host !== new URL(base).host) return { status: 403, html: failedPage(`Open ${base}`) };
  const url = new URL(request.url ?? '/', base);
  if (request.method === 'GET' && url.pathname === '/') return { status: 200, html: firstPage(options) };
  if (request.method !== 'GET' || url.pathname !== '/created') {
    return { status: 404, html: failedPage('This page does not exist.') };
  }
  const code = url.searchParams.get('code');
  // Without this check, an attacker's code would store the credentials of the attacker's App here.
  if (code === null || url.searchParams.get('state') !== state) {
    return { status: 400, html: failedPage(`The state parameter does not match. Start again at ${base}`) };
  }
  try {
    const app = await finish(options, code);
    const html = createdPage(app.slug, installUrlOf(app), options.storedIn);
    return { status: 200, html, end: ({ resolve }) => resolve(app) };
  } catch (error) {
    const html = failedPage(error instanceof Error ? error.message : String(error));
    return { status: 502, html, end: ({ reject }) => reject(error) };
  }
}

function firstPage(options: PageOptions): string {
  const { webUrl, organization, features, base, state, storedIn } = options;
  const owner = organization === null ? '' : `/organizations/${encodeURIComponent(organization)}`;
  const manifest = manifestOf({ ...options, redirectUrl: new URL('/created', base).href });
  return registrationPage({
    action: `${webUrl}${owner}/settings/apps/new?state=${state}`,
    manifest,
    features,
    storedIn,
  });
}

async function finish({ apiUrl, save }: CreateOptions, code: string): Promise<CreatedApp> {
  const app = await convertManifest(apiUrl, code);
  try {
    await save(app);
  } catch (cause) {
    // GitHub returns the key and the secret only once.
    throw new Error(
      `The App ${app.slug} was created, but its credentials could not be saved: ${String(cause)}. Delete it at ${app.page}, or ` +
        'generate a new private key and webhook secret on its settings page.',
      { cause },
    );
  }
  return app;
}

export function installUrlOf({ page }: CreatedApp): string {
  return `${page}/installations/new`;
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Also closes idle connections, which browsers keep open. */
async function close(server: Server): Promise<void> {
  await new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
}

/** Resolves when the response is sent, or the browser has disconnected. */
async function send(response: ServerResponse, { status, html }: Page): Promise<void> {
  const closed = new Promise((resolve) => {
    response.once('close', resolve);
  });
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    // The URL of this page contains the code.
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(html);
  await closed;
}
