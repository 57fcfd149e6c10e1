import { createHmac, createSign, randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SmeeClient } from 'smee-client';
import { fetchFromGitHub, GitHubContactError, repeatUntilReached } from './github-contact.ts';
import type { Settings } from './settings.ts';

export interface WebhookRelay {
  /** Resolves to true once GitHub was reached and deliveries are relayed; to false if the relay was stopped before. */
  readonly connected: Promise<boolean>;
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
const timeoutMs = 30_000;

/**
 * Forwards a real App's webhooks to this machine: through a smee channel if one is configured, else from its delivery log.
 * Returns at once, and keeps trying while GitHub cannot be reached.
 */
export function startWebhookRelay(options: RelayOptions): WebhookRelay {
  const stopping = new AbortController();
  const connected = Promise.withResolvers<boolean>();
  const { smeeUrl } = options.settings;
  const forward = smeeUrl === null ? pollDeliveryLog : (...args: ForwardArguments) => forwardFromSmee(smeeUrl, ...args);
  const forwarding = forward(options, stopping.signal, () => connected.resolve(true));
  return {
    connected: connected.promise,
    async stop() {
      stopping.abort();
      connected.resolve(false);
      await forwarding;
    },
  };
}

type ForwardArguments = [options: RelayOptions, signal: AbortSignal, onConnected: () => void];

async function forwardFromSmee(source: string, ...[options, signal, onConnected]: ForwardArguments): Promise<void> {
  const { settings, webhookUrl, print } = options;
  const logger = {
    info: () => undefined,
    error: (...args: unknown[]) => print(`${source}: ${args.map(describeEvent).join(': ')}`),
  };
  const smee = new SmeeClient({ source, target: webhookUrl, logger });
  await repeatUntilReached(() => requestGitHub(settings, `${settings.apiUrl}/app`, signal), { print, signal });
  const connect = async () => {
    try {
      await smee.start();
    } catch (event) {
      await smee.stop();
      throw new Error(`The channel ${source} cannot be reached: ${describeEvent(event)}.`, { cause: event });
    }
  };
  const reached = await repeatUntilReached(connect, { print, signal });
  if (reached === null) return;
  print(`Connected: ${settings.apiUrl} accepts the App’s credentials, and ${source} forwards its webhooks.`);
  onConnected();
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await smee.stop();
}

/** An error of the event source is an event, not an Error. */
function describeEvent(event: unknown): string {
  return typeof event === 'object' && event !== null && 'message' in event ? String(event.message) : String(event);
}

/** Stores the last relayed delivery, so that deliveries made while the system was stopped are relayed at the next start. */
async function pollDeliveryLog(...[options, signal, onConnected]: ForwardArguments): Promise<void> {
  const { settings, dataDir, print } = options;
  const file = join(dataDir, 'delivery-log.json');
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const reached = await repeatUntilReached(() => relayNewDeliveries(options, file, signal), { print, signal });
    if (reached === null) return;
    if (isFirst)
      print(`Connected: ${settings.apiUrl} accepts the App’s credentials. Its delivery log is read every 5 s.`);
    else if (reached.lastError instanceof GitHubContactError) print(`GitHub is reachable again at ${settings.apiUrl}.`);
    else if (reached.lastError !== null) print('Deliveries are relayed again.');
    onConnected();
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Relays the deliveries after the last relayed one, oldest first. The first call only stores where the log ends. */
export async function relayNewDeliveries(
  options: Pick<RelayOptions, 'settings' | 'webhookUrl'>,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const last = await readLast(file);
  const fresh = await listAfter(options.settings, last, signal);
  if (last === null) {
    await writeLast(file, fresh.at(-1)?.id ?? '');
    return;
  }
  for (const delivery of fresh) {
    if (delivery.event === 'workflow_run') await relay(options, delivery, signal);
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
async function listAfter(settings: Settings, last: string | null, signal?: AbortSignal): Promise<LoggedDelivery[]> {
  const deliveries: LoggedDelivery[] = [];
  let url: string | undefined = `${settings.apiUrl}/app/hook/deliveries?per_page=100`;
  while (url !== undefined) {
    const response: Response = await requestGitHub(settings, url, signal);
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
  signal?: AbortSignal,
) {
  const logged = await requestGitHub(settings, `${settings.apiUrl}/app/hook/deliveries/${delivery.id}`, signal);
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
  if (response.status >= 500)
    throw new Error(`Could not relay delivery ${delivery.guid}: it received status ${response.status}.`);
}

/** Keeps delivery ids as strings, because they exceed the precision of a number. */
function parseList(text: string): LoggedDelivery[] {
  return JSON.parse(text.replace(/("id":\s*)(\d+)/g, '$1"$2"')) as LoggedDelivery[];
}

async function requestGitHub(settings: Settings, url: string, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  return fetchFromGitHub(url, {
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${appJwt(settings.functions)}`,
      'user-agent': 'dispatcher-local',
    },
  });
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
