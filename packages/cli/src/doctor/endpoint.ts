import { createHmac, randomUUID } from 'node:crypto';
import { webhookUrlOf } from '../context/urls.ts';

/** A running Dispatcher, as an HTTP client sees it. */
export interface Endpoint {
  /** Returns the response, or the reason why there was none. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<EndpointResponse>;
  deliver(delivery: Delivery): Promise<EndpointResponse>;
}

export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly payload: object;
  readonly secret: string;
}

export type EndpointResponse =
  | { readonly state: 'received'; readonly status: number; readonly body: unknown }
  | { readonly state: 'none'; readonly reason: string };

/** GitHub's own timeout for a delivery. */
const timeoutMs = 10_000;

/** @param base the URL of Dispatcher; ends in a slash */
export function createEndpoint(base: URL): Endpoint {
  const webhookUrl = webhookUrlOf(base);
  return {
    get: (path, headers = {}) => request(new URL(path, base).href, { headers }),
    deliver: ({ id, event, payload, secret }) => {
      const body = JSON.stringify(payload);
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'dispatcher-doctor',
        'x-github-delivery': id,
        'x-github-event': event,
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      };
      return request(webhookUrl, { method: 'POST', headers, body });
    },
  };
}

async function request(url: string, init: RequestInit): Promise<EndpointResponse> {
  try {
    // A followed redirect would send the credentials to another host.
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    return { state: 'received', status: response.status, body: parsedOrText(await response.text()) };
  } catch (error) {
    return { state: 'none', reason: reasonOf(error) };
  }
}

/** Returns a delivery id that shows its origin in logs and in the admin API. */
export function newDeliveryId(): string {
  return `doctor-${randomUUID()}`;
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Returns the reason of a failed `fetch`, which is in the error's cause. Reads fields without `instanceof`: an error of
 * another realm is not an instance of this realm's Error.
 */
function reasonOf(error: unknown): string {
  const { name, cause, message } = fieldsOf(error);
  if (name === 'TimeoutError') return `no response within ${timeoutMs / 1000} s`;
  const { code, message: reason } = fieldsOf(cause);
  return String(code ?? reason ?? message ?? error);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Describes a response in at most 200 characters. */
export function describeResponse(response: EndpointResponse): string {
  if (response.state === 'none') return response.reason;
  const text = typeof response.body === 'string' ? response.body : JSON.stringify(response.body);
  return `${response.status} ${text.slice(0, 200)}`.trim();
}
