import {
  type ChecksRerequested,
  commitOfFileCheckKey,
  type Decision,
  keyOfExternalId,
  type RunReplay,
  runKeyPattern,
} from '@dispatcher/contracts';
import { type CheckClient, GitHubPermanentError } from '@dispatcher/github';
import type { Attempt, CallOptions } from '@dispatcher/lambda';
import type { Ledger, PlanStore, RevisionStore } from '@dispatcher/store';
import type { RepeatedCheck } from '../hints/check-change.ts';
import { type ReplayRunDependencies, replayRun } from './replay-run.ts';

export interface RepeatChecksDependencies extends ReplayRunDependencies {
  readonly plans: Pick<PlanStore, 'getNewestPlan' | 'getPlan'>;
  readonly ledger: Pick<Ledger, 'getDispatch'>;
  readonly revisions: Pick<RevisionStore, 'raiseRevision' | 'setCurrent' | 'isRaised'>;
  readonly checks: Pick<CheckClient, 'listOfSuite'>;
  /** Checks the dispatching.yml of a commit again. */
  readonly recheckFile: (check: RepeatedCheck, options: CallOptions) => Promise<void>;
}

/** More runs of one commit are not decided again at one click. */
const maxRuns = 50;
/** Older plans than these are not looked at for routes that a later plan left out. */
const maxPlans = 20;

/**
 * Decides again on the refused routes of the runs that a "Re-run" is about, each under a revision of its own. Routes that were
 * started are left alone, and routes that were not in the plan are not added. A file is checked again. Dispatch then writes the
 * checks again, also if nothing changed: GitHub shows them as queued until then.
 */
export async function repeatChecks(
  deps: RepeatChecksDependencies,
  message: ChecksRerequested,
  attempt: Attempt,
): Promise<void> {
  const { repository, deliveryId, receivedAt, installationId } = message;
  const { id, owner, name } = repository;
  for (const key of await keysOf(deps, message, attempt)) {
    const commit = commitOfFileCheckKey(key);
    if (commit === null) await repeatRun(deps, message, key, attempt);
    else if (commit.repositoryId === id) {
      await deps.recheckFile({ ...commit, owner, name, deliveryId, receivedAt, installationId }, attempt);
    }
  }
}

const isKnown = (key: string): boolean => runKeyPattern.test(key) || commitOfFileCheckKey(key) !== null;

/** Returns the keys of the checks: of runs and of commits whose file was checked. */
async function keysOf(
  { checks }: RepeatChecksDependencies,
  { installationId, repository, suiteId, externalId }: ChecksRerequested,
  { signal, log }: Attempt,
): Promise<string[]> {
  const ids = externalId === null ? await listedIds() : [externalId];
  const keys = ids.map(keyOfExternalId).filter((key) => key !== null && isKnown(key));
  return [...new Set(keys)].filter((key) => key !== null).slice(-maxRuns);

  async function listedIds(): Promise<string[]> {
    const { id: repositoryId, owner, name } = repository;
    try {
      const listed = await checks.listOfSuite({ installationId, repositoryId, owner, name }, suiteId, { signal });
      return listed.map((check) => check.externalId);
    } catch (error) {
      if (!(error instanceof GitHubPermanentError)) throw error;
      log.warn('could not list the checks of a suite that somebody wants to re-run', { reason: error.message });
      return [];
    }
  }
}

async function repeatRun(
  deps: RepeatChecksDependencies,
  message: ChecksRerequested,
  runKey: string,
  attempt: Attempt,
): Promise<void> {
  const decisions = await currentDecisions(deps, runKey, message.repository.id);
  if (decisions === null) return;
  const actionOf = (routeId: string): string => `check-${message.deliveryId.slice(0, 60)}-${routeId}`;
  const refused: string[] = [];
  for (const decision of decisions) {
    const { routeId } = decision;
    // A message that is delivered again repeats what it began, also if the route has started since.
    if ((await isRefused(deps, decision)) || (await deps.revisions.isRaised(actionOf(routeId)))) refused.push(routeId);
  }
  const replay = (routeId: string | null, mode: RunReplay['mode']): RunReplay => ({
    type: 'run.replay',
    version: 1,
    actionId: actionOf(routeId ?? 'all'),
    runKey,
    mode,
    routeId,
    operator: `github:${message.sender}`,
    reason: 'Re-run of a check on GitHub',
    requestedAt: message.receivedAt,
  });
  if (refused.length === 0) return replayRun(deps, replay(null, 'as-recorded'), attempt);
  for (const routeId of new Set(refused)) await replayRun(deps, replay(routeId, 're-evaluate'), attempt);
}

/** Returns the decision of each route in the newest plan that has it; null if the run was not planned for this repository. */
async function currentDecisions(
  { plans }: RepeatChecksDependencies,
  runKey: string,
  repositoryId: number,
): Promise<Decision[] | null> {
  const newest = await plans.getNewestPlan(runKey);
  if (newest === null) return null;
  const { trigger, revision } = newest.plan;
  if (trigger.type !== 'run.completed' || trigger.repository.id !== repositoryId) return null;
  const decisions = new Map<string, Decision>();
  for (let at = revision; at >= Math.max(0, revision - maxPlans); at -= 1) {
    const stored = at === revision ? newest : await plans.getPlan(runKey, at);
    for (const decision of stored?.plan.decisions ?? []) {
      if (decision.code !== 'duplicate-route' && !decisions.has(decision.routeId)) {
        decisions.set(decision.routeId, decision);
      }
    }
  }
  return [...decisions.values()];
}

async function isRefused({ ledger }: RepeatChecksDependencies, { effect, dispatchId }: Decision): Promise<boolean> {
  const record = await ledger.getDispatch(dispatchId);
  return record === null ? effect === 'deny' : record.state === 'failed';
}
