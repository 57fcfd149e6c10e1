import { deliveryIgnored, type Fact, type RunIgnored } from '@dispatcher/contracts';
import type { Attempt } from '@dispatcher/lambda';
import { completionOf, countJobsOfFailedRun } from './completion.ts';
import { findStartingDispatch, type PlanningDependencies } from './plan-run.ts';

/** An ignored run is never planned, so no file is read. */
export type IgnoredRunDependencies = Pick<
  PlanningDependencies,
  'startedBy' | 'jobCount' | 'maxLineageDelayMs' | 'appSlug' | 'bus' | 'giveUpAfterMs' | 'meter' | 'now'
>;

/**
 * Records the delivery of a run that starts nothing. If a dispatch started the run, completes that dispatch: GitHub ends
 * a dispatched run that fails at start-up without naming its workflow file, so the run id is all that identifies it.
 */
export async function recordIgnoredRun(
  deps: IgnoredRunDependencies,
  ignored: RunIgnored,
  attempt: Attempt,
): Promise<void> {
  const { signal } = attempt;
  const fact = deliveryIgnored(ignored);
  // Published before the lookup, which may wait for the ledger.
  await deps.bus.publish([fact], { signal });
  const { runKey, data } = fact;
  attempt.log.info('delivery ignored', { runKey, reason: data.reason, path: data.path });
  deps.meter.count('IgnoredRuns', { reason: data.reason });
  if (ignored.installationId === null) return;
  // A dispatch that is still being started is not waited for, unlike in planRun: GitHub does not list a run without a
  // workflow file among those of the workflow, so reconciliation would not find this one.
  const startedBy = await findStartingDispatch(deps, ignored, async () => false);
  if (startedBy === null) return;
  const jobs = await countJobs(deps, { ...ignored, installationId: ignored.installationId }, attempt);
  await deps.bus.publish([completionOf(ignored, startedBy, jobs)] satisfies Fact[], { signal });
}

/** A run that belongs to no workflow file and failed at start-up has no jobs; asking GitHub would add nothing. */
async function countJobs(
  deps: IgnoredRunDependencies,
  run: RunIgnored & { readonly installationId: number },
  attempt: Attempt,
): Promise<number | null> {
  return run.run.conclusion === 'startup_failure' ? 0 : countJobsOfFailedRun(deps.jobCount, run, attempt, deps);
}
