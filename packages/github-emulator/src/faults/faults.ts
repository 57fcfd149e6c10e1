import { type Operation, operationOf } from './operations.ts';

export interface FaultMatch {
  readonly operation?: Operation;
  readonly method?: string;
  /** A pattern for the path: `*` matches any text. */
  readonly path?: string;
  /** The first matching request that meets the fault. Default: 1. */
  readonly nth?: number;
  /** How many matching requests meet the fault from then on. Default: 1; 0: all. */
  readonly times?: number;
  /** The probability, 0 to 1, that each of them meets it. Default: 1. The random numbers depend on `seed` only. */
  readonly chance?: number;
}

export type Fault =
  /** Sends this response without processing the request. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** Waits, in real time, before processing the request (default), or after processing and before the response. */
  | { readonly delayMs: number; readonly when?: 'before' | 'after' }
  /** Resets the connection before or after processing the request. */
  | 'reset-before'
  | 'reset-after'
  /** Processes the request and responds with 500. */
  | 'status-after'
  /** Responds with 200 and half the body, or an empty one. */
  | 'truncated-body'
  | 'empty-body'
  /** The last requested repository is null, with an error that has no type. */
  | 'graphql-partial'
  /** The second half of the repositories is null with RESOURCE_LIMITS_EXCEEDED. No effect on one repository. */
  | 'graphql-resource-limits'
  | 'graphql-rate-limited'
  | 'graphql-502'
  /** Revokes the request's token before processing the request: 401, also for later requests. */
  | 'token-revoked'
  /** Hides the repository from the App: 404. In GraphQL the last requested repository is null with NOT_FOUND. */
  | 'repository-hidden'
  /** A run list leaves out runs younger than this. */
  | { readonly runListLagMs: number }
  | WebhookFault;

/** Faults of the delivery of a webhook. Only they have, and they must have, `operation: 'webhook'` in their match. */
export type WebhookFault =
  | 'webhook-twice'
  /** Not sent. The delivery log records that no response arrived. */
  | 'webhook-lost'
  /** Sent after the next webhook, or when delayed webhooks are released. */
  | 'webhook-out-of-order'
  /** Sent after this delay in real time, or when delayed webhooks are released. */
  | { readonly webhookLateMs: number };

export function isWebhookFault(fault: Fault): fault is WebhookFault {
  return typeof fault === 'string' ? fault.startsWith('webhook-') : 'webhookLateMs' in fault;
}

export interface FaultRule {
  readonly match: FaultMatch;
  readonly fault: Fault;
}

/** `seen` counts the requests that match; `met` those that met the fault. */
interface ActiveRule {
  readonly rule: FaultRule;
  readonly random: () => number;
  seen: number;
  met: number;
}

export class FaultInjector {
  #rules: ActiveRule[] = [];

  /**
   * Replaces all rules. Throws when a fault cannot happen to the operation of its match. The same seed makes the same
   * random choices.
   */
  set(rules: readonly FaultRule[], seed = 1): void {
    const mismatched = rules.find(({ match, fault }) => isWebhookFault(fault) !== (match.operation === 'webhook'));
    if (mismatched !== undefined) {
      throw new Error(
        `The fault ${JSON.stringify(mismatched.fault)} does not fit its match: webhook faults, and only they, must match the operation "webhook".`,
      );
    }
    this.#rules = rules.map((rule, index) => ({ rule, random: randomGenerator(seed + index), seen: 0, met: 0 }));
  }

  list(): readonly (FaultRule & { readonly seen: number; readonly met: number })[] {
    return this.#rules.map(({ rule, seen, met }) => ({ ...rule, seen, met }));
  }

  /**
   * Returns the fault of the first rule that applies to this request. The rules after it do not count the request, so
   * that the rules for one operation apply one after the other.
   */
  takeFault(method: string, path: string): Fault | null {
    const applying = this.#rules.find((active) => isMatch(active.rule.match, method, path) && isDue(active));
    if (applying === undefined) {
      return null;
    }
    applying.met += 1;
    return applying.rule.fault;
  }
}

function isMatch(match: FaultMatch, method: string, path: string): boolean {
  return (
    (match.operation === undefined || match.operation === operationOf(method, path)) &&
    (match.method === undefined || match.method.toUpperCase() === method) &&
    (match.path === undefined || toRegExp(match.path).test(path))
  );
}

function isDue(active: ActiveRule): boolean {
  active.seen += 1;
  const { nth = 1, times = 1, chance = 1 } = active.rule.match;
  const inWindow = active.seen >= nth && (times === 0 || active.seen < nth + times);
  return inWindow && active.random() < chance;
}

function toRegExp(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'i',
  );
}

/** A linear congruential generator (constants of Numerical Recipes): reproducible, and random enough for faults. */
function randomGenerator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
