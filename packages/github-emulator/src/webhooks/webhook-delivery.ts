import { createHmac, randomUUID } from 'node:crypto';
import { parseJsonOrNull, record, stringOrNull } from '../common/json-values.ts';
import type { Delivery } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';

export interface OutgoingWebhook {
  readonly event: string;
  /** The body, sent byte for byte: the signature covers exactly these bytes. */
  readonly body: string;
  /** Default: a new GUID. */
  readonly guid?: string | undefined;
  /** Signs with this secret instead of the App's, for tests of the receiver. */
  readonly signWith?: string | undefined;
  readonly redelivery?: boolean;
  /** Loses the delivery: it is not sent and logged without a response. */
  readonly lost?: boolean;
}

const LOG_RETENTION_MS = 3 * 86_400_000;
const MAX_LOGGED_BODY_LENGTH = 10_000;

/**
 * Sends one delivery to the App's webhook URL and logs it. Sends it once, because GitHub never retries by itself. A
 * failing receiver is a failed delivery, not an exception. Returns null when the App has no webhook URL.
 */
export async function deliverWebhook(
  store: StateStore,
  outgoing: OutgoingWebhook,
  timeoutMs: number,
): Promise<Delivery | null> {
  const { url, secret } = store.state.app.webhook;
  if (url === null) {
    return null;
  }
  const guid = outgoing.guid ?? randomUUID();
  const headers = webhookHeaders(store, outgoing, guid, outgoing.signWith ?? secret);
  const deliveredAt = new Date(store.now()).toISOString();
  const response = outgoing.lost === true ? noResponse : await post(url, headers, outgoing.body, timeoutMs);
  const ids = parseIds(outgoing.body);
  const delivery: Delivery = {
    id: store.nextId('delivery'),
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
    ...response,
  };
  deleteOldDeliveries(store);
  store.state.deliveries.push(delivery);
  return delivery;
}

function webhookHeaders(
  store: StateStore,
  outgoing: OutgoingWebhook,
  guid: string,
  secret: string,
): Record<string, string> {
  const sign = (algorithm: 'sha1' | 'sha256'): string =>
    `${algorithm}=${createHmac(algorithm, secret).update(outgoing.body).digest('hex')}`;
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/0e1f2a3',
    'x-github-delivery': guid,
    'x-github-event': outgoing.event,
    'x-github-hook-id': String(500_000_000 + store.state.app.id),
    'x-github-hook-installation-target-id': String(store.state.app.id),
    'x-github-hook-installation-target-type': 'integration',
    ...(secret === '' ? {} : { 'x-hub-signature': sign('sha1'), 'x-hub-signature-256': sign('sha256') }),
  };
}

type DeliveryResponse = Pick<Delivery, 'duration' | 'status' | 'statusCode' | 'responseHeaders' | 'responseBody'>;

const noResponse: DeliveryResponse = {
  duration: 0,
  status: 'timed out',
  statusCode: 0,
  responseHeaders: null,
  responseBody: null,
};

async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
): Promise<DeliveryResponse> {
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
    const responseBody = (await response.text()).slice(0, MAX_LOGGED_BODY_LENGTH);
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

/** Tests send bodies that are not JSON or have no ids, so missing values are null. */
function parseIds(body: string): { action: string | null; installationId: number | null; repositoryId: number | null } {
  const payload = record(parseJsonOrNull(body));
  return {
    action: stringOrNull(payload['action']),
    installationId: numberOrNull(record(payload['installation'])['id']),
    repositoryId: numberOrNull(record(payload['repository'])['id']),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** GitHub keeps the delivery log for three days. */
function deleteOldDeliveries(store: StateStore): void {
  const oldest = store.now() - LOG_RETENTION_MS;
  store.state.deliveries = store.state.deliveries.filter(({ deliveredAt }) => Date.parse(deliveredAt) >= oldest);
}
