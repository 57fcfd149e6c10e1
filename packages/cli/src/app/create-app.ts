import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { convertManifest, type CreatedApp } from './convert-manifest.ts';
import { manifestOf } from './manifest.ts';
import { createdPage, failedPage, setUpPage } from './local-pages.ts';

export interface CreateOptions {
  /** GitHub's own pages: https://github.com. */
  readonly webUrl: string;
  readonly apiUrl: string;
  /** The organisation that is to own the App; null for the account of whoever clicks. */
  readonly organization: string | null;
  readonly name: string;
  readonly homepage: string;
  readonly webhookUrl: string;
  /** For people: where the credentials go. */
  readonly keptIn: string;
  readonly keep: (app: CreatedApp) => Promise<void>;
  /** Port of the local page; 0 for any. */
  readonly port: number;
  /** Told the page's address once it can be opened. */
  readonly onReady: (url: string) => void;
  /** How long to wait for the two clicks, in milliseconds: GitHub's code lives for an hour. */
  readonly limitMs: number;
}

/**
 * Serves the local page until GitHub has sent the browser back with a code, turns that into the App's credentials and
 * keeps them.
 * @throws Error where nobody clicked in time, or GitHub gave no credentials, or they could not be kept.
 */
export async function createApp(options: CreateOptions): Promise<CreatedApp> {
  const done = Promise.withResolvers<CreatedApp>();
  const state = randomBytes(16).toString('hex');
  let base = '';
  const server = createServer((request, response) => {
    void respond({ ...options, base, state }, request, response, done);
  });
  base = await listen(server, options.port);
  const late = setTimeout(() => done.reject(new Error('Nobody went through the two pages in time.')), options.limitMs);
  options.onReady(base);
  try {
    return await done.promise;
  } finally {
    clearTimeout(late);
    await close(server);
  }
}

type Serving = CreateOptions & { readonly base: string; readonly state: string };

async function respond(
  options: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  done: PromiseWithResolvers<CreatedApp>,
): Promise<void> {
  try {
    const page = await answer(options, request);
    // What ends the server waits until the browser has its page.
    await send(response, page);
    page.end?.(done);
  } catch (error) {
    done.reject(error);
  }
}

interface Page {
  readonly status: number;
  readonly html: string;
  /** Absent: the server goes on. */
  readonly end?: (done: PromiseWithResolvers<CreatedApp>) => void;
}

async function answer(options: Serving, request: IncomingMessage): Promise<Page> {
  const { base, state } = options;
  // A page elsewhere can make its own name point to this machine, and would read what stands here.
  if (request.headers.host !== new URL(base).host) return { status: 403, html: failedPage(`Open ${base}`) };
  const url = new URL(request.url ?? '/', base);
  if (request.method === 'GET' && url.pathname === '/') return { status: 200, html: firstPage(options) };
  if (request.method !== 'GET' || url.pathname !== '/created') {
    return { status: 404, html: failedPage('There is no such page.') };
  }
  const code = url.searchParams.get('code');
  // A code that somebody else made would put the credentials of his App here.
  if (code === null || url.searchParams.get('state') !== state) {
    return { status: 400, html: failedPage(`This is not the way back from GitHub. Begin again at ${base}`) };
  }
  try {
    const app = await finish(options, code);
    const html = createdPage(app.slug, installUrlOf(app), options.keptIn);
    return { status: 200, html, end: ({ resolve }) => resolve(app) };
  } catch (error) {
    const html = failedPage(error instanceof Error ? error.message : String(error));
    return { status: 502, html, end: ({ reject }) => reject(error) };
  }
}

function firstPage(options: Serving): string {
  const { webUrl, organization, name, homepage, webhookUrl, base, state, keptIn } = options;
  const of = organization === null ? '' : `/organizations/${encodeURIComponent(organization)}`;
  const manifest = manifestOf({ name, homepage, webhookUrl, redirectUrl: new URL('/created', base).href });
  return setUpPage({ action: `${webUrl}${of}/settings/apps/new?state=${state}`, manifest, keptIn });
}

async function finish({ apiUrl, keep }: CreateOptions, code: string): Promise<CreatedApp> {
  const app = await convertManifest(apiUrl, code);
  try {
    await keep(app);
  } catch (cause) {
    // GitHub shows the key and the secret this once.
    throw new Error(
      `The App ${app.slug} is made, but its credentials could not be kept: ${String(cause)}. Delete it at ${app.page}, or ` +
        'make a new private key and webhook secret on its settings page.',
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

/** A browser keeps connections open, and some it never used. */
async function close(server: Server): Promise<void> {
  await new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
}

/** Resolves when the answer is out, or the browser gone. */
async function send(response: ServerResponse, { status, html }: Page): Promise<void> {
  const closed = new Promise((resolve) => {
    response.once('close', resolve);
  });
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    // The address of this page has the code in it.
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(html);
  await closed;
}
