import { deliveryRepeated, triggeredAt, type Fact, factsOfPlan, type RunCompleted } from '@dispatcher/contracts';
import { type Attempt, type Bus, DeferError, type Meter, type StepLog } from '@dispatcher/lambda';
import type { StoredPlan } from '@dispatcher/store';
import { completionOf, jobsOfFailed, type StartedByUs } from './completion.ts';
import { lineageOf, storedPlan, type StoringDependencies } from './stored-plan.ts';

export interface PlanningDependencies extends StoringDependencies {
  /** The dispatch that started this run, if one of ours did. */
  readonly startedBy: (run: RunCompleted) => Promise<StartedByUs | null>;
  /** Whether a dispatch to this run's workflow and ref is unsettled, so that the run may turn out to be its own. */
  readonly isBeingStarted: (run: RunCompleted) => Promise<boolean>;
  /** How many jobs a run had. */
  readonly jobCount: (run: RunCompleted) => Promise<number>;
  /**
   * How long after its start a run of ours may be unknown to the ledger in any case: lease and window of the dispatch
   * function, in milliseconds.
   */
  readonly lineageWithinMs: number;
  readonly bus: Bus;
  readonly meter: Meter;
}

/**
 * Plans one run: reads both sides, decides, stores the plan, then publishes it. A repeat publishes the stored plan,
 * byte for byte: a process that died while publishing left facts untold, and telling them again changes nothing.
 */
export async function planRun(deps: PlanningDependencies, run: RunCompleted, attempt: Attempt): Promise<void> {
  const startedBy = await originOf(deps, run);
  const stored = await storedPlan(deps, { run, startedBy }, attempt);
  const { plan, plannedAt } = stored;

  const facts: Fact[] = factsOfPlan(plan, plannedAt);
  // The same message handled again is no new delivery; the same run told of by another one is.
  if (plan.trigger.deliveryId !== run.deliveryId || plan.trigger.receivedAt !== run.receivedAt) {
    facts.push(deliveryRepeated(run, plan.trigger.deliveryId));
  }
  await deps.bus.publish(facts);
  reportPlan(deps, stored, attempt.log);
  if (startedBy === null) return;
  const jobs = await jobsOfFailed(deps.jobCount, run, attempt);
  await deps.bus.publish([completionOf(run, startedBy, jobs)] satisfies Fact[]);
}

const lineageTurnMs = 10_000;
/** A dispatch whose message is lost holds its slot until the next one to that workflow: no run waits for ever. */
const longestMs = 24 * 60 * 60_000;

/**
 * The dispatch that started the run, if one of ours did. A run can end before the ledger knows it: where GitHub's
 * answer to the POST was lost, the dispatch function asks for it after a while, and under a rate limit much later.
 * Waiting for that is no failed attempt.
 * @throws Deferred where it may be known later
 */
async function originOf(deps: PlanningDependencies, run: RunCompleted): Promise<StartedByUs | null> {
  const startedBy = await deps.startedBy(run);
  if (lineageOf(run, startedBy, deps.appSlug).state !== 'unknown') return startedBy;
  const age = deps.now() - Date.parse(run.run.startedAt ?? run.run.updatedAt);
  if (age < deps.lineageWithinMs) {
    throw new DeferError(
      'A run of ours is not in the ledger yet.',
      Math.min(lineageTurnMs, deps.lineageWithinMs - age),
    );
  }
  if (age < longestMs && (await deps.isBeingStarted(run))) {
    // Less and less often: a message that was received a thousand times is given up.
    throw new DeferError('A run of ours may be that of an unsettled dispatch.', Math.max(lineageTurnMs, age / 10));
  }
  // Settled since the first look, if at all.
  return deps.startedBy(run);
}

/** Log lines and metrics of a plan that was published. */
export function reportPlan(
  deps: Pick<PlanningDependencies, 'meter'>,
  { plan, plannedAt }: StoredPlan,
  given: StepLog,
): void {
  const log = given.with({ runKey: plan.runKey });
  const { outcome, code, revision } = plan;
  log.info('run planned', { outcome, code, revision, decisions: plan.decisions.length });
  for (const { code, effect, routeId } of plan.decisions) {
    deps.meter.count('Decisions', { code });
    log.info('route decided', { effect, code, routeId });
  }
  deps.meter.count('Plans', { outcome: plan.outcome });
  deps.meter.milliseconds('RunCompletedToDecided', Date.parse(plannedAt) - Date.parse(triggeredAt(plan.trigger)));
}
