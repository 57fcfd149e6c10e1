/** What a request does, so that a fault can be aimed without knowing GitHub's paths. */
export type Operation =
  | 'app'
  | 'installation'
  | 'token'
  | 'graphql'
  | 'dispatch'
  /** A `repository_dispatch`. */
  | 'event'
  | 'run-list'
  | 'run-read'
  | 'job-list'
  | 'issue-create'
  | 'issue-update'
  | 'issue-read'
  | 'comment-create'
  | 'comment-list'
  | 'deliveries'
  | 'redelivery'
  /** A webhook that GitHub sends; its path is `/webhooks/OWNER/NAME`. */
  | 'webhook'
  | 'other';

const OPERATIONS: readonly (readonly [Operation, string, RegExp])[] = [
  ['token', 'POST', /^\/app\/installations\/\d+\/access_tokens$/],
  ['redelivery', 'POST', /^\/app\/hook\/deliveries\/\d+\/attempts$/],
  ['deliveries', 'GET', /^\/app\/hook\/deliveries(\/\d+)?$/],
  [
    'installation',
    'GET',
    /^\/(app\/installations(\/\d+)?|(repos\/[^/]+\/[^/]+|users\/[^/]+|orgs\/[^/]+)\/installation)$/,
  ],
  ['app', 'GET', /^\/app$/],
  ['graphql', 'POST', /^\/graphql$/],
  ['dispatch', 'POST', /^\/repos\/[^/]+\/[^/]+\/actions\/workflows\/[^/]+\/dispatches$/],
  ['event', 'POST', /^\/repos\/[^/]+\/[^/]+\/dispatches$/],
  ['run-list', 'GET', /^\/repos\/[^/]+\/[^/]+\/actions\/(workflows\/[^/]+\/)?runs$/],
  ['run-read', 'GET', /^\/repos\/[^/]+\/[^/]+\/actions\/runs\/\d+$/],
  ['job-list', 'GET', /^\/repos\/[^/]+\/[^/]+\/actions\/runs\/\d+\/jobs$/],
  ['comment-create', 'POST', /^\/repos\/[^/]+\/[^/]+\/issues\/\d+\/comments$/],
  ['comment-list', 'GET', /^\/repos\/[^/]+\/[^/]+\/issues\/\d+\/comments$/],
  ['issue-create', 'POST', /^\/repos\/[^/]+\/[^/]+\/issues$/],
  ['issue-update', 'PATCH', /^\/repos\/[^/]+\/[^/]+\/issues\/\d+$/],
  ['webhook', 'POST', /^\/webhooks\/[^/]+\/[^/]+$/],
  ['issue-read', 'GET', /^\/repos\/[^/]+\/[^/]+\/issues(\/\d+)?$/],
];

export function operationOf(method: string, path: string): Operation {
  return OPERATIONS.find(([, verb, pattern]) => verb === method && pattern.test(path))?.[0] ?? 'other';
}

export interface FaultMatch {
  readonly operation?: Operation;
  readonly method?: string;
  /** A glob over the path: `*` stands for anything. */
  readonly path?: string;
  /** Begins with the n-th matching request (1 is the first, and the default). */
  readonly nth?: number;
  /** How many matching requests it meets from there; default 1, 0 for all. */
  readonly times?: number;
  /** How likely each of them is met, 0 to 1; default 1. Decided by the generator that `seed` starts. */
  readonly chance?: number;
}

export type Fault =
  /** Answers this without doing anything. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** Waits, in real time, before the work is done (the default) or after it and before the answer. */
  | { readonly delayMs: number; readonly when?: 'before' | 'after' }
  /** Connection reset: nothing was done, or everything was. */
  | 'reset-before'
  | 'reset-after'
  /** The work is done, the answer is 500. */
  | 'status-after'
  /** 200 with half a body, or with none. */
  | 'truncated-body'
  | 'empty-body'
  /** The last repository asked for is null, with an error that has no type. */
  | 'graphql-partial'
  /**
   * The second half of the repositories is null with RESOURCE_LIMITS_EXCEEDED; a query for one repository is left
   * alone.
   */
  | 'graphql-resource-limits'
  | 'graphql-rate-limited'
  | 'graphql-502'
  /** The request's token ends before the work is done, for this request and all later ones: 401. */
  | 'token-revoked'
  /**
   * The repository is as if the App could not see it: 404, and in GraphQL the last one asked for is null with
   * NOT_FOUND.
   */
  | 'repository-hidden'
  /** A list of runs leaves out those younger than this. */
  | { readonly runListLagMs: number }
  | WebhookFault;

/** What happens to a webhook on its way. They need `operation: 'webhook'` in their match, and nothing else takes it. */
export type WebhookFault =
  | 'webhook-twice'
  /** Not sent; the log says that no answer came. */
  | 'webhook-lost'
  /** Sent right after the next one, or when the held ones are released. */
  | 'webhook-out-of-order'
  /** Sent that much later in real time, or when the held ones are released. */
  | { readonly webhookLateMs: number };

export function isWebhookFault(fault: Fault): fault is WebhookFault {
  return typeof fault === 'string' ? fault.startsWith('webhook-') : 'webhookLateMs' in fault;
}

export interface FaultRule {
  readonly match: FaultMatch;
  readonly fault: Fault;
}

interface Armed {
  readonly rule: FaultRule;
  readonly random: () => number;
  seen: number;
  met: number;
}

export class Faults {
  #armed: Armed[] = [];

  /**
   * Replaces every rule there was. Throws a sentence where a fault cannot happen to what it is aimed at. One seed gives
   * one sequence of chances, whatever the time.
   */
  set(rules: readonly FaultRule[], seed = 1): void {
    const misplaced = rules.find(({ match, fault }) => isWebhookFault(fault) !== (match.operation === 'webhook'));
    if (misplaced !== undefined) {
      throw new Error(
        `The fault ${JSON.stringify(misplaced.fault)} and its match do not fit: webhook faults, and only they, are matched by operation "webhook".`,
      );
    }
    this.#armed = rules.map((rule, index) => ({ rule, random: generator(seed + index), seen: 0, met: 0 }));
  }

  list(): readonly (FaultRule & { readonly seen: number; readonly met: number })[] {
    return this.#armed.map(({ rule, seen, met }) => ({ ...rule, seen, met }));
  }

  /**
   * The fault this request meets: of the first rule that takes it. The rules behind that one do not count the request,
   * so that a list of rules for one operation is met one after the other.
   */
  take(method: string, path: string): Fault | null {
    const taking = this.#armed.find((armed) => matches(armed.rule.match, method, path) && due(armed));
    if (taking === undefined) {
      return null;
    }
    taking.met += 1;
    return taking.rule.fault;
  }
}

function matches(match: FaultMatch, method: string, path: string): boolean {
  return (
    (match.operation === undefined || match.operation === operationOf(method, path)) &&
    (match.method === undefined || match.method.toUpperCase() === method) &&
    (match.path === undefined || glob(match.path).test(path))
  );
}

function due(armed: Armed): boolean {
  armed.seen += 1;
  const { nth = 1, times = 1, chance = 1 } = armed.rule.match;
  const inWindow = armed.seen >= nth && (times === 0 || armed.seen < nth + times);
  return inWindow && armed.random() < chance;
}

function glob(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'i',
  );
}

/** A linear congruential generator (Numerical Recipes' constants): good enough to scatter faults, and it replays. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
