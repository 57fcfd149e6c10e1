import { createHmac, createSign, randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SmeeClient } from 'smee-client';
import type { Settings } from './settings.ts';

export interface WebhookRelay {
  stop(): Promise<void>;
}

interface RelayOptions {
  readonly settings: Settings;
  readonly dataDir: string;
  /** Where deliveries go: the front. */
  readonly webhookUrl: string;
  readonly print: (line: string) => void;
}

interface LoggedDelivery {
  readonly id: string;
  readonly guid: string;
  readonly event: string;
}

const pollMs = 5_000;

/**
 * Brings a real App's webhooks to this machine: through a smee channel where one is configured, else by its delivery
 * log.
 */
export async function startWebhookRelay(options: RelayOptions): Promise<WebhookRelay> {
  return options.settings.smeeUrl === null ? pollDeliveryLog(options) : openSmee(options, options.settings.smeeUrl);
}

async function openSmee({ webhookUrl, print }: RelayOptions, source: string): Promise<WebhookRelay> {
  const logger = { info: () => undefined, error: (...said: unknown[]) => print(`smee: ${said.map(String).join(' ')}`) };
  const smee = new SmeeClient({ source, target: webhookUrl, logger });
  await smee.start();
  return { stop: () => smee.stop() };
}

/** How far the log was read is kept, so that a delivery made while this was stopped is fetched at the next start. */
async function pollDeliveryLog(options: RelayOptions): Promise<WebhookRelay> {
  const stopping = new AbortController();
  const file = join(options.dataDir, 'delivery-log.json');
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await relayNewDeliveries(options, file);
      } catch (error) {
        options.print(`The delivery log could not be read: ${error instanceof Error ? error.message : String(error)}`);
      }
      await delay(pollMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

/**
 * Relays what came after the last delivery relayed, oldest first. At the very first call it only notes where the log
 * ends.
 */
export async function relayNewDeliveries(options: Pick<RelayOptions, 'settings' | 'webhookUrl'>, file: string): Promise<void> {
  const last = await readLast(file);
  const fresh = await listAfter(options.settings, last);
  if (last === null) {
    await writeLast(file, fresh.at(-1)?.id ?? '');
    return;
  }
  for (const delivery of fresh) {
    if (delivery.event === 'workflow_run') await relay(options, delivery);
    await writeLast(file, delivery.id);
  }
}

async function readLast(file: string): Promise<string | null> {
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as { last: string }).last;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function writeLast(file: string, last: string): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify({ last }));
  await rename(`${file}.new`, file);
}

/** Oldest first. GitHub lists newest first, and keeps three days. */
async function listAfter(settings: Settings, last: string | null): Promise<LoggedDelivery[]> {
  const found: LoggedDelivery[] = [];
  let url: string | undefined = `${settings.apiUrl}/app/hook/deliveries?per_page=100`;
  while (url !== undefined) {
    const response: Response = await ask(settings, url);
    const page = parseList(await response.text());
    const known = page.findIndex(({ id }) => id === last);
    found.push(...(known === -1 ? page : page.slice(0, known)));
    url =
      last === null || known !== -1 ? undefined : /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return found.toReversed();
}

async function relay({ settings, webhookUrl }: Pick<RelayOptions, 'settings' | 'webhookUrl'>, delivery: LoggedDelivery) {
  const answer = await ask(settings, `${settings.apiUrl}/app/hook/deliveries/${delivery.id}`);
  const { request } = JSON.parse(await answer.text()) as { request: { payload: unknown } };
  const body = JSON.stringify(request.payload);
  // The log holds the payload parsed, not its bytes, so the signature is made anew with the App's own secret.
  const secret = settings.functions['GITHUB_WEBHOOK_SECRET'] ?? '';
  const response = await fetch(webhookUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': delivery.event,
      'x-github-delivery': delivery.guid,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  });
  // Not noted as relayed, so the next poll tries it again.
  if (response.status >= 500) throw new Error(`delivery ${delivery.guid} was answered ${response.status}`);
}

/** Delivery ids are longer than a double is exact, so they stay text. */
function parseList(text: string): LoggedDelivery[] {
  return JSON.parse(text.replace(/("id":\s*)(\d+)/g, '$1"$2"')) as LoggedDelivery[];
}

async function ask(settings: Settings, url: string): Promise<Response> {
  const response = await fetch(url, {
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${appJwt(settings.functions)}`,
      'user-agent': 'dispatcher-local',
    },
  });
  if (response.ok) return response;
  throw new Error(`GitHub answered ${response.status} to ${new URL(url).pathname}: ${await response.text()}`);
}

/** GitHub takes at most ten minutes; one minute back allows for a clock ahead of GitHub's. */
function appJwt(variables: Readonly<Record<string, string>>): string {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { iat: seconds - 60, exp: seconds + 300, iss: variables['GITHUB_APP_ID'], jti: randomUUID() };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const key = (variables['GITHUB_APP_PRIVATE_KEY'] ?? '').replaceAll('\\n', '\n');
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
