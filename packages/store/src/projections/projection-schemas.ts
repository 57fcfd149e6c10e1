import { Responsible, Code, QueueSample, Route } from '@dispatcher/contracts';
import * as z from 'zod/mini';

// What the projections store and the admin API answers, as stored: one schema for both, so that they cannot disagree.

const time = z.iso.datetime();
const counts = z.record(z.string(), z.int());

/**
 * Milliseconds, read from logarithmic buckets: each is the upper end of its bucket. Null where nothing was measured.
 */
export const Latency = z.object({
  measured: z.int(),
  p50: z.nullable(z.number()),
  p95: z.nullable(z.number()),
  p99: z.nullable(z.number()),
});
export type Latency = z.infer<typeof Latency>;

export const SummaryWindow = z.enum(['hour', 'day', 'week', 'all']);
export type SummaryWindow = z.infer<typeof SummaryWindow>;

/**
 * Set whole by the roll-up. The last hour is 60 whole minutes, a day 24 whole hours, a week 168: the current one
 * included.
 */
export const Summary = z.object({
  window: SummaryWindow,
  /** Null for all time. */
  from: z.nullable(time),
  rolledUpAt: time,
  deliveries: z.object({ received: z.int(), repeated: z.int() }),
  /** What keys asked for at `POST /dispatch` and was decided on. */
  requests: z.int(),
  /** By outcome. */
  plans: counts,
  /** By code. */
  decisions: counts,
  /** By state: accepted, accepted-unverified, failed, completed. */
  dispatches: counts,
  /** Of the runs that dispatches started. */
  conclusions: counts,
  /** From the end of the source's run, or a key's request, to the decision and to GitHub's answer. */
  latency: z.object({ decided: Latency, accepted: Latency }),
  freshness: z.object({
    /** When ingress took in the newest delivery that is recorded. */
    lastDeliveryAt: z.nullable(time),
    /** Up to when GitHub's log was looked through for missed deliveries. */
    checkedUntil: z.nullable(time),
    checkLagMs: z.nullable(z.number()),
  }),
});
export type Summary = z.infer<typeof Summary>;

/** The last 48 hours, oldest first, an hour without facts included. One item, set by the roll-up. */
export const Trend = z.object({
  rolledUpAt: time,
  hours: z.array(
    z.object({
      /** The beginning of the hour. */
      hour: time,
      deliveries: z.int(),
      /** Of keys, at `POST /dispatch`. */
      requests: z.int(),
      /** Of both. */
      plans: z.int(),
      allowed: z.int(),
      denied: z.int(),
      accepted: z.int(),
      failed: z.int(),
      completed: z.int(),
      succeeded: z.int(),
    }),
  ),
});
export type Trend = z.infer<typeof Trend>;

/** One line of the list of repositories that facts told of. */
export const RepositoryRow = z.object({ repository: z.string(), lastFactAt: time });
export type RepositoryRow = z.infer<typeof RepositoryRow>;

/** Counted since the beginning. */
export const Repository = z.object({
  /** Lower case. */
  repository: z.string(),
  asSource: z.object({
    deliveries: z.int(),
    /** By outcome. */
    plans: counts,
    lastRunAt: z.nullable(time),
  }),
  asTarget: z.object({
    /** By code. */
    decisions: counts,
    allowed: z.int(),
    denied: z.int(),
    lastDecisionAt: z.nullable(time),
  }),
});
export type Repository = z.infer<typeof Repository>;

/** Who asks for a repository's workflows: one line per route into it. */
export const InboundUse = z.object({
  routeId: z.string(),
  route: Route,
  allowed: z.int(),
  denied: z.int(),
  lastAt: time,
  lastCode: Code,
});
export type InboundUse = z.infer<typeof InboundUse>;

export const RouteState = z.enum(['allowed', 'denied', 'accepted', 'failed', 'completed']);

/** One line of the list of routes: what was heard of each last. */
export const RouteRow = z.object({
  routeId: z.string(),
  route: Route,
  state: RouteState,
  time,
  runKey: z.string(),
  dispatchId: z.string(),
  /** The decision's, or the refusal's; absent where GitHub took the dispatch. */
  code: z.optional(Code),
  conclusion: z.optional(z.nullable(z.string())),
  targetRunUrl: z.optional(z.nullable(z.string())),
});
export type RouteRow = z.infer<typeof RouteRow>;

/** An end: a denial, a refusal by GitHub, a started run that ended, or one that was started and cannot be followed. */
export const RouteResult = z.object({
  factId: z.string(),
  time,
  runKey: z.string(),
  dispatchId: z.string(),
  state: z.enum(['denied', 'failed', 'completed', 'accepted-unverified']),
  code: z.nullable(Code),
  conclusion: z.nullable(z.string()),
  targetRunUrl: z.nullable(z.string()),
});
export type RouteResult = z.infer<typeof RouteResult>;

export const RouteProjection = z.object({
  routeId: z.string(),
  route: Route,
  latest: RouteRow,
  /** Newest first, at most 30. */
  results: z.array(RouteResult),
  /** The newest completed run that succeeded; null where none is recorded. */
  lastSuccess: z.nullable(RouteResult),
  /** Of the results above, those that completed with success; null where there are none. Between 0 and 1. */
  successRate: z.nullable(z.number()),
  /** Whether the newest decision allowed it; null where only later facts are here yet. `act` says whose turn it is. */
  agreement: z.nullable(
    z.object({ agreed: z.boolean(), code: Code, responsible: Responsible, message: z.string(), decidedAt: time }),
  ),
});
export type RouteProjection = z.infer<typeof RouteProjection>;

/** What is left of one of an installation's budgets at GitHub. */
export const Installation = z.object({
  installationId: z.int(),
  resource: z.string(),
  limit: z.int(),
  remaining: z.int(),
  resetsAt: time,
  seenAt: time,
});
export type Installation = z.infer<typeof Installation>;

/** All queues, as the roll-up saw them last. */
export const Queues = z.object({
  sampledAt: time,
  queues: z.array(
    z.object({
      ...QueueSample.shape,
      /** When it was last seen without a message: its oldest one cannot be older. Null where it never was. */
      lastEmptyAt: z.nullable(time),
    }),
  ),
});
export type Queues = z.infer<typeof Queues>;

export const DeadLetterState = z.enum(['open', 'redriven', 'discarded', 'quarantined']);
export type DeadLetterState = z.infer<typeof DeadLetterState>;

export const DeadLetter = z.object({
  deadLetterId: z.string(),
  queue: z.string(),
  messageId: z.string(),
  reason: z.string(),
  detail: z.string(),
  attempts: z.int(),
  redrives: z.int(),
  deadLetteredAt: time,
  deliveryId: z.string(),
  runKey: z.nullable(z.string()),
  state: DeadLetterState,
  /** When that became of it. */
  stateAt: time,
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** Letters by queue and reason, beside what the dead-letter queues hold: a difference is shown, not hidden. */
export const DeadLetterSummary = z.object({
  rolledUpAt: time,
  groups: z.array(
    z.object({
      queue: z.string(),
      reason: z.string(),
      /** Recorded, and neither redriven nor discarded. */
      open: z.int(),
      /** The newest of them. */
      sample: DeadLetter,
    }),
  ),
  queues: z.array(
    z.object({
      queue: z.string(),
      /** By the facts. */
      recorded: z.int(),
      /** By SQS's approximate count. */
      queueDepth: z.int(),
      /** `held` less `recorded`: more than the facts tell of, or fewer. */
      difference: z.int(),
    }),
  ),
});
export type DeadLetterSummary = z.infer<typeof DeadLetterSummary>;
