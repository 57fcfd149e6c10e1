import { Responsible, Code, QueueSample, Route, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';

// Schemas of the stored projections. The admin API returns them as stored, so both use one schema.

const counts = z.record(z.string(), z.int());

/** Percentiles in milliseconds, from a logarithmic histogram: the upper end of a bucket. Null without measurements. */
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
 * Counters of one window, replaced as a whole by the roll-up. An hour is the last 60 minutes, a day the last 24 hours and
 * a week the last 168 hours, each including the current minute or hour.
 */
export const Summary = z.object({
  window: SummaryWindow,
  /** Null for all time. */
  from: z.nullable(DateTime),
  rolledUpAt: DateTime,
  deliveries: z.object({ received: z.int(), repeated: z.int() }),
  /** Decided requests of jobs, API keys, schedules and webhooks. */
  requests: z.int(),
  /** By outcome. */
  plans: counts,
  /** By code. */
  decisions: counts,
  /** By state: accepted, accepted-unverified, failed, completed. */
  dispatches: counts,
  /** Conclusions of the runs that dispatches started. */
  conclusions: counts,
  /** How many came how far: deliveries and requests, their plans, plans with a matching route, then dispatches. */
  funnel: z.object({
    received: z.int(),
    planned: z.int(),
    matched: z.int(),
    allowed: z.int(),
    started: z.int(),
    succeeded: z.int(),
  }),
  /** From the end of the source's run, or the API key's request, to the decision and to GitHub's response. */
  latency: z.object({ decided: Latency, accepted: Latency }),
  freshness: z.object({
    /** When ingress received the newest recorded delivery. */
    lastDeliveryAt: z.nullable(DateTime),
    /** Time up to which GitHub's log was checked for missed deliveries. */
    checkedUntil: z.nullable(DateTime),
    checkLagMs: z.nullable(z.number()),
  }),
});
export type Summary = z.infer<typeof Summary>;

/** The last 48 hours, oldest first, including hours without facts. One item, replaced by the roll-up. */
export const Trend = z.object({
  rolledUpAt: DateTime,
  hours: z.array(
    z.object({
      /** Start of the hour. */
      hour: DateTime,
      deliveries: z.int(),
      /** Requests of jobs, API keys, schedules and webhooks. */
      requests: z.int(),
      /** Plans of deliveries and requests. */
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

/** Deliveries of a repository as source and decisions on it as target, by hour. */
export const HourlyActivity = z.object({
  /** Start of the newest hour with any. */
  until: DateTime,
  /** The 24 hours that end with it, oldest first. */
  counts: z.array(z.int()),
});
export type HourlyActivity = z.infer<typeof HourlyActivity>;

/** One row of the list of repositories that occur in facts. */
export const RepositoryRow = z.object({
  /** Lower case. */
  repository: z.string(),
  lastFactAt: DateTime,
  /** Of all time, as source. */
  deliveries: z.int(),
  /**
   * Of all time, as target: decisions, dispatches that GitHub accepted and that failed, and started runs that completed
   * and that succeeded. A run that is run again at GitHub completes once more.
   */
  allowed: z.int(),
  denied: z.int(),
  started: z.int(),
  failed: z.int(),
  completed: z.int(),
  succeeded: z.int(),
  hours: z.nullable(HourlyActivity),
  /** The installation that covers it, as last seen; null until a run of it is planned or a decision reads it as target. */
  installationId: z.nullable(z.int()),
});
export type RepositoryRow = z.infer<typeof RepositoryRow>;

/** All-time counters of one repository. */
export const Repository = z.object({
  /** Lower case. */
  repository: z.string(),
  asSource: z.object({
    deliveries: z.int(),
    /** By outcome. */
    plans: counts,
    lastRunAt: z.nullable(DateTime),
  }),
  asTarget: z.object({
    /** By code. */
    decisions: counts,
    allowed: z.int(),
    denied: z.int(),
    lastDecisionAt: z.nullable(DateTime),
    /**
     * Dispatches that GitHub accepted and that failed, and started runs that completed and that succeeded. A run that is
     * run again at GitHub completes once more.
     */
    started: z.int(),
    failed: z.int(),
    completed: z.int(),
    succeeded: z.int(),
  }),
  hours: z.nullable(HourlyActivity),
  /** The installation that covers it, as last seen; null until a run of it is planned or a decision reads it as target. */
  installationId: z.nullable(z.int()),
});
export type Repository = z.infer<typeof Repository>;

/** Use of a repository's workflows: one row per route into it. */
export const InboundUse = z.object({
  routeId: z.string(),
  route: Route,
  allowed: z.int(),
  denied: z.int(),
  lastAt: DateTime,
  lastCode: Code,
});
export type InboundUse = z.infer<typeof InboundUse>;

/** `dry-run`: denied, and it would have been started otherwise. */
export const RouteState = z.enum(['allowed', 'denied', 'dry-run', 'accepted', 'failed', 'completed']);

/** The latest step of a route. */
export const RouteStatus = z.object({
  routeId: z.string(),
  route: Route,
  state: RouteState,
  time: DateTime,
  runKey: z.string(),
  dispatchId: z.string(),
  /** Code of the decision or of the refusal; absent if GitHub accepted the dispatch. */
  code: z.optional(Code),
  conclusion: z.optional(z.nullable(z.string())),
  targetRunUrl: z.optional(z.nullable(z.string())),
});
export type RouteStatus = z.infer<typeof RouteStatus>;

/**
 * A final result: a denial, a refusal by GitHub, a completed run, or a started run that cannot be followed. The facts of
 * the route say more about each.
 */
export const RouteResult = z.object({
  time: DateTime,
  state: z.enum(['denied', 'dry-run', 'failed', 'completed', 'accepted-unverified']),
  /** Null unless the run has completed with one. */
  conclusion: z.nullable(z.string()),
  /** Duration of the completed run in whole seconds; null if it is unknown. */
  durationMs: z.nullable(z.int()),
});
export type RouteResult = z.infer<typeof RouteResult>;

const routeStatistics = {
  /** Newest first, at most 24. */
  results: z.array(RouteResult),
  /** Share of the results above that completed with success, from 0 to 1, without dry runs and runs that cannot be followed; null without any. */
  successRate: z.nullable(z.number()),
  /** Median duration of the runs above that completed; null without any. */
  p50DurationMs: z.nullable(z.int()),
};

/** One row of the list of routes: the latest step of the route, and its newest results. */
export const RouteRow = z.extend(RouteStatus, {
  ...routeStatistics,
  /** Whether the newest dispatch could not be started, or the run that it started failed, timed out or could not start its jobs. */
  failing: z.boolean(),
});
export type RouteRow = z.infer<typeof RouteRow>;

export const RouteProjection = z.object({
  routeId: z.string(),
  route: Route,
  latest: RouteStatus,
  ...routeStatistics,
  /** The newest run that completed with success; null if none is recorded. */
  lastSuccess: z.nullable(
    z.object({ time: DateTime, runKey: z.string(), dispatchId: z.string(), targetRunUrl: z.string() }),
  ),
  /** Of all time: decisions, dispatches that GitHub accepted, that failed, and completed and successful runs. */
  counts: z.object({
    allowed: z.int(),
    denied: z.int(),
    started: z.int(),
    failed: z.int(),
    completed: z.int(),
    succeeded: z.int(),
  }),
  /** Whether the newest decision allowed the route; null until a decision is recorded. `responsible` says who must act. */
  agreement: z.nullable(
    z.object({ agreed: z.boolean(), code: Code, responsible: Responsible, message: z.string(), decidedAt: DateTime }),
  ),
});
export type RouteProjection = z.infer<typeof RouteProjection>;

/** Remaining rate-limit budget of an installation at GitHub. */
export const Installation = z.object({
  installationId: z.int(),
  resource: z.string(),
  limit: z.int(),
  remaining: z.int(),
  resetsAt: DateTime,
  seenAt: DateTime,
});
export type Installation = z.infer<typeof Installation>;

/** Progress of the sweep through one installation: it reads what every repository says in its dispatching.yml. */
const Grant = z.object({ permissions: z.record(z.string(), z.string()), events: z.array(z.string()) });
/** What the App may do in an installation. */
export const InstallationAccess = z.object({
  /** The App, as its owner registered it: `url` is its public page. Absent until the next sweep after an update of Dispatcher. */
  app: z.optional(z.object({ id: z.int(), name: z.string(), url: z.string() })),
  /** By the owner of the installation. */
  granted: Grant,
  /** By the App’s registration. What is not granted yet waits for the owner. */
  requested: Grant,
  /** `selected`: the owner chose the repositories. */
  selection: z.enum(['all', 'selected']),
  /** Whether the App could see a policy of the owner: it has access to all repositories, or to `.github`. */
  seesPolicy: z.boolean(),
});
export type InstallationAccess = z.infer<typeof InstallationAccess>;

export const SweepProgress = z.object({
  installationId: z.int(),
  /** The user or the organization; null if the App was uninstalled. */
  account: z.nullable(z.string()),
  /** Since when the installation is suspended: nothing of it can be read. Absent: it is not suspended. */
  suspendedAt: z.optional(DateTime),
  /** The page at GitHub on which the owner changes the installation. Absent if the App was uninstalled. */
  settingsUrl: z.optional(z.string()),
  state: z.enum(['running', 'done']),
  startedAt: DateTime,
  /** When this was written: the end of the sweep if it is done. */
  seenAt: DateTime,
  repositories: z.int(),
  read: z.int(),
  /** Repositories that GitHub did not return. */
  unread: z.int(),
  changed: z.int(),
  gone: z.int(),
  restRequests: z.int(),
  graphqlRequests: z.int(),
  /** Absent until it was read, and for an App that was uninstalled. */
  access: z.optional(InstallationAccess),
});
export type SweepProgress = z.infer<typeof SweepProgress>;

/** The latest sample of all queues. */
export const Queues = z.object({
  sampledAt: DateTime,
  queues: z.array(
    z.object({
      ...QueueSample.shape,
      /** When the queue was last seen empty, which bounds the age of its oldest message. Null if it never was. */
      lastEmptyAt: z.nullable(DateTime),
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
  deadLetteredAt: DateTime,
  deliveryId: z.string(),
  runKey: z.nullable(z.string()),
  state: DeadLetterState,
  /** When the state was reached. */
  stateAt: DateTime,
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** Recorded dead letters by queue and reason, compared with the depth of the dead-letter queues. */
export const DeadLetterSummary = z.object({
  rolledUpAt: DateTime,
  groups: z.array(
    z.object({
      queue: z.string(),
      reason: z.string(),
      /** Number of dead letters neither redriven nor discarded. */
      open: z.int(),
      /** The newest of these dead letters. */
      sample: DeadLetter,
    }),
  ),
  queues: z.array(
    z.object({
      queue: z.string(),
      /** Number of messages according to the facts. */
      recorded: z.int(),
      /** Approximate number of messages according to SQS. */
      queueDepth: z.int(),
      /** `queueDepth` minus `recorded`. */
      difference: z.int(),
    }),
  ),
});
export type DeadLetterSummary = z.infer<typeof DeadLetterSummary>;
