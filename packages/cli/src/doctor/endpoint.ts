import { createHmac, randomUUID } from 'node:crypto';

/** The HTTP side of one Dispatcher: its front, seen from outside. */
export interface Endpoint {
  readonly webhookUrl: string;
  /** An answer, or the reason why there was none. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  deliver(delivery: Delivery): Promise<Answer>;
}

export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly payload: object;
  readonly secret: string;
}

export type Answer =
  | { readonly state: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly state: 'none'; readonly reason: string };

/** GitHub's own limit for an answer to a delivery. */
const timeoutMs = 10_000;

/** @param base ends in a slash. */
export function createEndpoint(base: URL): Endpoint {
  const webhookUrl = new URL('webhooks/github', base).href;
  return {
    webhookUrl,
    get: (path, headers = {}) => ask(new URL(path, base).href, { headers }),
    deliver: ({ id, event, payload, secret }) => {
      const body = JSON.stringify(payload);
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'dispatcher-doctor',
        'x-github-delivery': id,
        'x-github-event': event,
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      };
      return ask(webhookUrl, { method: 'POST', headers, body });
    },
  };
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  try {
    // A redirect would carry the credentials to wherever it leads.
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    return { state: 'answered', status: response.status, body: parsedOrText(await response.text()) };
  } catch (error) {
    return { state: 'none', reason: reasonOf(error) };
  }
}

/** So that whoever meets it in the log or in the API knows where it came from. */
export function deliveryId(): string {
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
 * `fetch` puts the reason into the cause of a "fetch failed". By shape: an error of another realm is no instance of
 * ours.
 */
function reasonOf(error: unknown): string {
  const { name, cause, message } = fieldsOf(error);
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const { code, message: reason } = fieldsOf(cause);
  return String(code ?? reason ?? message ?? error);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** An answer for people, short. */
export function described(answer: Answer): string {
  if (answer.state === 'none') return answer.reason;
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  return `${answer.status} ${text.slice(0, 200)}`.trim();
}
