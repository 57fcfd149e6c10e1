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
  /** URL of the HTTP front that receives the deliveries. */
  readonly webhookUrl: string;
  readonly print: (line: string) => void;
}

interface LoggedDelivery {
  readonly id: string;
  readonly guid: string;
  readonly event: string;
}

const pollMs = 5_000;

/** Forwards a real App's webhooks to this machine: through a smee channel if one is configured, else from its delivery log. */
export async function startWebhookRelay(options: RelayOptions): Promise<WebhookRelay> {
  return options.settings.smeeUrl === null ? pollDeliveryLog(options) : openSmee(options, options.settings.smeeUrl);
}

async function openSmee({ webhookUrl, print }: RelayOptions, source: string): Promise<WebhookRelay> {
  const logger = { info: () => undefined, error: (...args: unknown[]) => print(`smee: ${args.map(String).join(' ')}`) };
  const smee = new SmeeClient({ source, target: webhookUrl, logger });
  await smee.start();
  return { stop: () => smee.stop() };
}

/** Stores the last relayed delivery, so that deliveries made while the system was stopped are relayed at the next start. */
async function pollDeliveryLog(options: RelayOptions): Promise<WebhookRelay> {
  const stopping = new AbortController();
  const file = join(options.dataDir, 'delivery-log.json');
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await relayNewDeliveries(options, file);
      } catch (error) {
        options.print(`Could not read the delivery log: ${error instanceof Error ? error.message : String(error)}`);
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

/** Relays the deliveries after the last relayed one, oldest first. The first call only stores where the log ends. */
export async function relayNewDeliveries(
  options: Pick<RelayOptions, 'settings' | 'webhookUrl'>,
  file: string,
): Promise<void> {
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

/** Lists the deliveries after `last`, oldest first. GitHub lists the newest first, and keeps three days. */
async function listAfter(settings: Settings, last: string | null): Promise<LoggedDelivery[]> {
  const deliveries: LoggedDelivery[] = [];
  let url: string | undefined = `${settings.apiUrl}/app/hook/deliveries?per_page=100`;
  while (url !== undefined) {
    const response: Response = await requestGitHub(settings, url);
    const page = parseList(await response.text());
    const known = page.findIndex(({ id }) => id === last);
    deliveries.push(...(known === -1 ? page : page.slice(0, known)));
    url =
      last === null || known !== -1 ? undefined : /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return deliveries.toReversed();
}

async function relay(
  { settings, webhookUrl }: Pick<RelayOptions, 'settings' | 'webhookUrl'>,
  delivery: LoggedDelivery,
) {
  const logged = await requestGitHub(settings, `${settings.apiUrl}/app/hook/deliveries/${delivery.id}`);
  const { request } = JSON.parse(await logged.text()) as { request: { payload: unknown } };
  const body = JSON.stringify(request.payload);
  // The log holds the parsed payload, not its bytes, so it is signed again with the App's secret.
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
  // Not stored as relayed, so the next poll retries it.
  if (response.status >= 500) throw new Error(`delivery ${delivery.guid} received status ${response.status}`);
}

/** Keeps delivery ids as strings, because they exceed the precision of a number. */
function parseList(text: string): LoggedDelivery[] {
  return JSON.parse(text.replace(/("id":\s*)(\d+)/g, '$1"$2"')) as LoggedDelivery[];
}

async function requestGitHub(settings: Settings, url: string): Promise<Response> {
  const response = await fetch(url, {
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${appJwt(settings.functions)}`,
      'user-agent': 'dispatcher-local',
    },
  });
  if (response.ok) return response;
  throw new Error(`GitHub returned ${response.status} for ${new URL(url).pathname}: ${await response.text()}`);
}

/** GitHub accepts at most ten minutes. `iat` is one minute ago in case this clock is ahead of GitHub's. */
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
