import {
  deliveryRepeated,
  type Fact,
  factsOfPlan,
  foldName,
  type Plan,
  type RunCompleted,
  triggeredAt,
} from '@dispatcher/contracts';
import { type Attempt, type Bus, type CallOptions, DeferError, type Meter, type StepLog } from '@dispatcher/lambda';
import type { RateLimits, StoredPlan } from '@dispatcher/store';
import {
  completionOf,
  type CountableRun,
  countJobsOfFailedRun,
  type EndedRun,
  type StartingDispatch,
} from './completion.ts';
import { lineageOf } from './lineage.ts';
import { getOrCreatePlan, type StoredPlanDependencies } from './stored-plan.ts';

export interface PlanningDependencies extends StoredPlanDependencies {
  /** Returns the dispatch that started this run; null if the ledger contains none. */
  readonly startedBy: (run: EndedRun) => Promise<StartingDispatch | null>;
  /** Returns whether a dispatch to this run's workflow and ref is in progress: it may turn out to have started the run. */
  readonly isBeingStarted: (run: RunCompleted) => Promise<boolean>;
  /** Returns the number of jobs of a run. */
  readonly jobCount: (run: CountableRun, options?: CallOptions) => Promise<number>;
  /**
   * How long after its start a run that Dispatcher started may be missing from the ledger: the lease and the
   * reconciliation windows of the dispatch function, in milliseconds.
   */
  readonly maxLineageDelayMs: number;
  /** How long a message waits while GitHub cannot be reached, in milliseconds. */
  readonly giveUpAfterMs: number;
  readonly rateLimits: Pick<RateLimits, 'holdOf'>;
  readonly bus: Bus;
  readonly meter: Meter;
}

/**
 * Plans one run: reads both sides, decides, stores the plan, then publishes it. A repeat publishes the stored plan,
 * byte for byte: if a process died before it had published all facts, the next attempt publishes the rest, and
 * publishing a fact twice changes nothing.
 */
export async function planRun(deps: PlanningDependencies, run: RunCompleted, attempt: Attempt): Promise<void> {
  const { signal } = attempt;
  const { owner } = run.repository;
  // In the same moment, so that one request reads all of it. The rate limit is remembered for the first request to GitHub.
  const [startedBy, seenIn] = await Promise.all([
    findStartingDispatch(deps, run, () => deps.isBeingStarted(run)),
    deps.repositoryIds.getPolicy(owner),
    deps.rateLimits.holdOf(run.installationId),
  ]);
  const seenPolicies = new Map([[foldName(owner), seenIn]]);
  const stored = await getOrCreatePlan(deps, { trigger: run, startedBy, seenPolicies }, attempt);
  const { plan, plannedAt } = stored;

  const facts: Fact[] = factsOfPlan(plan, plannedAt);
  // A retry of the same message is not a new delivery; another delivery of the same run is.
  if (plan.trigger.deliveryId !== run.deliveryId || plan.trigger.receivedAt !== run.receivedAt) {
    facts.push(deliveryRepeated(run, plan.trigger.deliveryId));
  }
  await deps.bus.publish(facts, { signal });
  reportPlan(deps, stored, attempt.log);
  reportTargetsOfPatterns(deps, plan);
  if (startedBy === null) return;
  const jobs = await countJobsOfFailedRun(deps.jobCount, run, attempt, deps);
  await deps.bus.publish([completionOf(run, startedBy, jobs)] satisfies Fact[], { signal });
}

const lineageRetryMs = 10_000;
/** A dispatch whose message was lost holds its slot until the next one to that workflow: no run waits forever. */
const maxLineageWaitMs = 24 * 60 * 60_000;

/**
 * Returns the dispatch that started the run, if any. A run can complete before the ledger contains it: if GitHub's
 * response to the POST was lost, the dispatch function reconciles later, and much later under a rate limit. Waiting for
 * that does not count as a failed attempt.
 * @param isBeingStarted returns whether a dispatch in progress may have started the run
 * @throws DeferError while the dispatch that started the run may still be recorded in the ledger
 */
export async function findStartingDispatch(
  deps: Pick<PlanningDependencies, 'startedBy' | 'maxLineageDelayMs' | 'appSlug' | 'now'>,
  run: EndedRun,
  isBeingStarted: () => Promise<boolean>,
): Promise<StartingDispatch | null> {
  const startedBy = await deps.startedBy(run);
  if (lineageOf(run, startedBy, deps.appSlug).state !== 'unknown') return startedBy;
  const ageMs = deps.now() - Date.parse(run.run.startedAt ?? run.run.updatedAt);
  if (ageMs < deps.maxLineageDelayMs) {
    throw new DeferError(
      'Dispatcher started this run, but the ledger does not contain it yet.',
      Math.min(lineageRetryMs, deps.maxLineageDelayMs - ageMs),
    );
  }
  if (ageMs < maxLineageWaitMs && (await isBeingStarted())) {
    // At growing intervals: SQS moves a message that was received a thousand times to the dead-letter queue.
    throw new DeferError('A dispatch in progress may have started this run.', Math.max(lineageRetryMs, ageMs / 10));
  }
  // The dispatch may have completed since the first lookup.
  return deps.startedBy(run);
}

/** Measures how near the targets of a run whose rules have patterns are to the limit, which repositories reach by subscribing. */
function reportTargetsOfPatterns({ meter, guardRails }: PlanningDependencies, { candidates, decisions }: Plan): void {
  if (candidates === undefined) return;
  meter.count('TargetsOfPatternsPercent', {}, Math.round((100 * decisions.length) / guardRails.maxTargetsPerRun));
}

/** Writes the log lines and metrics of a plan that was published. */
export function reportPlan(
  deps: Pick<PlanningDependencies, 'meter'>,
  { plan, plannedAt }: StoredPlan,
  logOfAttempt: StepLog,
): void {
  const log = logOfAttempt.with({ runKey: plan.runKey });
  const { outcome, code, revision } = plan;
  log.info('run planned', { outcome, code, revision, decisions: plan.decisions.length });
  for (const { code, effect, routeId } of plan.decisions) {
    deps.meter.count('Decisions', { code });
    log.info('route decided', { effect, code, routeId });
  }
  deps.meter.count('Plans', { outcome: plan.outcome });
  deps.meter.milliseconds('RunCompletedToDecided', Date.parse(plannedAt) - Date.parse(triggeredAt(plan.trigger)));
}
