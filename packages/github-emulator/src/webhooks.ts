import { createHmac, randomUUID } from 'node:crypto';
import { parsedOrNull, record, textOrNull } from './json.ts';
import type { Delivery } from './state.ts';
import type { World } from './world.ts';

export interface Outgoing {
  readonly event: string;
  /** The body, byte for byte: the signature is made over exactly this. */
  readonly body: string;
  /** Default: a new one. */
  readonly guid?: string | undefined;
  /** Another secret than the App's, for tests of the receiver. */
  readonly signWith?: string | undefined;
  readonly redelivery?: boolean;
  /** It gets lost on its way: the receiver never sees it, and GitHub sees no answer. */
  readonly lost?: boolean;
}

const LOG_KEPT_MS = 3 * 86_400_000;
const BODY_KEPT = 10_000;

/**
 * Sends one delivery to the App's webhook URL and writes it into the log. It is sent once: GitHub never tries again by
 * itself. Null where the App has no webhook URL. A receiver that fails is a failed delivery, never an exception.
 */
export async function deliver(world: World, outgoing: Outgoing, timeoutMs: number): Promise<Delivery | null> {
  const { url, secret } = world.state.app.webhook;
  if (url === null) {
    return null;
  }
  const guid = outgoing.guid ?? randomUUID();
  const headers = webhookHeaders(world, outgoing, guid, outgoing.signWith ?? secret);
  const deliveredAt = new Date(world.now()).toISOString();
  const answer = outgoing.lost === true ? unanswered : await post(url, headers, outgoing.body, timeoutMs);
  const ids = idsIn(outgoing.body);
  const delivery: Delivery = {
    id: world.nextId('delivery'),
    guid,
    event: outgoing.event,
    action: ids.action,
    deliveredAt,
    redelivery: outgoing.redelivery ?? false,
    installationId: ids.installationId,
    repositoryId: ids.repositoryId,
    url,
    requestHeaders: headers,
    body: outgoing.body,
    ...answer,
  };
  dropOld(world);
  world.state.deliveries.push(delivery);
  return delivery;
}

function webhookHeaders(world: World, outgoing: Outgoing, guid: string, secret: string): Record<string, string> {
  const sign = (algorithm: 'sha1' | 'sha256'): string =>
    `${algorithm}=${createHmac(algorithm, secret).update(outgoing.body).digest('hex')}`;
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/0e1f2a3',
    'x-github-delivery': guid,
    'x-github-event': outgoing.event,
    'x-github-hook-id': String(500_000_000 + world.state.app.id),
    'x-github-hook-installation-target-id': String(world.state.app.id),
    'x-github-hook-installation-target-type': 'integration',
    ...(secret === '' ? {} : { 'x-hub-signature': sign('sha1'), 'x-hub-signature-256': sign('sha256') }),
  };
}

type Answer = Pick<Delivery, 'duration' | 'status' | 'statusCode' | 'responseHeaders' | 'responseBody'>;

const unanswered: Answer = {
  duration: 0,
  status: 'timed out',
  statusCode: 0,
  responseHeaders: null,
  responseBody: null,
};

async function post(url: string, headers: Record<string, string>, body: string, timeoutMs: number): Promise<Answer> {
  const started = performance.now();
  const signal = AbortSignal.timeout(timeoutMs);
  const seconds = (): number => Math.round(performance.now() - started) / 1000;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal,
    });
    const responseBody = (await response.text()).slice(0, BODY_KEPT);
    return {
      duration: seconds(),
      status: response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`,
      statusCode: response.status,
      responseHeaders: Object.fromEntries(response.headers),
      responseBody,
    };
  } catch {
    return {
      duration: seconds(),
      status: signal.aborted ? 'timed out' : 'failed to connect to host',
      statusCode: 0,
      responseHeaders: null,
      responseBody: null,
    };
  }
}

/** A body that is no JSON, or says nothing of these, is delivered all the same: tests send such on purpose. */
function idsIn(body: string): { action: string | null; installationId: number | null; repositoryId: number | null } {
  const payload = record(parsedOrNull(body));
  return {
    action: textOrNull(payload['action']),
    installationId: numberOrNull(record(payload['installation'])['id']),
    repositoryId: numberOrNull(record(payload['repository'])['id']),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** GitHub keeps its delivery log for three days. */
function dropOld(world: World): void {
  const oldest = world.now() - LOG_KEPT_MS;
  world.state.deliveries = world.state.deliveries.filter(({ deliveredAt }) => Date.parse(deliveredAt) >= oldest);
}

/** A line of the log, as `GET /app/hook/deliveries` lists it. */
export function renderDelivery(delivery: Delivery): Record<string, unknown> {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

export function renderFullDelivery(delivery: Delivery): Record<string, unknown> {
  return {
    ...renderDelivery(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: parsedOrNull(delivery.body) },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}
