import { codes, type WorkflowReference } from '@dispatcher/contracts';
import { type GitHubApp, GitHubPermanentError, type StartedRun } from '@dispatcher/github';
import { DeferError, type StepLog } from '@dispatcher/lambda';
import type { FinishedDispatch, Ledger, LineageStore, Slot, UnfinishedDispatch } from '@dispatcher/store';
import { shownBy } from './next-step.ts';

export interface ReconcileDependencies {
  readonly ledger: Ledger;
  readonly lineage: Pick<LineageStore, 'find'>;
  readonly github: Pick<GitHubApp, 'startedRuns'>;
  readonly now: () => number;
  /** How long GitHub's run list may take to show a run, in milliseconds. */
  readonly windowMs: number;
}

/**
 * Asks GitHub what became of the dispatch that holds the slot, and settles it: adopts the run that no other dispatch
 * has, or frees the slot where nothing was started. Of an event GitHub shows no run, so that nothing is asked: it
 * counts as sent. It does so for whichever dispatch holds it: one whose message became a dead letter must not block its
 * target for ever.
 * @returns the settled dispatch, to be told; null where somebody else settled it meanwhile
 * @throws Deferred where GitHub said that it started a run and does not list it yet
 */
export async function reconcile(
  deps: ReconcileDependencies,
  slot: Slot,
  last: boolean,
  log: StepLog,
): Promise<FinishedDispatch | 'nothing-started' | null> {
  const dispatch = await deps.ledger.find(slot.dispatchId);
  if (dispatch === null || dispatch.state !== 'intent') {
    await deps.ledger.release(slot);
    return null;
  }
  const outcome = await settle(deps, slot, dispatch, last);
  if (outcome !== null) {
    const found = outcome === 'nothing-started' ? outcome : outcome.state;
    log.warn('GitHub was asked what became of an intent', { dispatchId: slot.dispatchId, found });
  }
  return outcome;
}

async function settle(
  deps: ReconcileDependencies,
  slot: Slot,
  dispatch: UnfinishedDispatch,
  last: boolean,
): Promise<FinishedDispatch | 'nothing-started' | null> {
  const { ledger } = deps;
  const { target } = dispatch.route;
  // GitHub shows no run of an event: what cannot be looked up is never sent again, whether it was sent or not.
  if (!('workflow' in target)) return ledger.acceptUnverified(slot, 'response-lost');
  let run: StartedRun | null;
  try {
    run = await unclaimedRun(deps, slot, dispatch, target);
  } catch (error) {
    if (!(error instanceof GitHubPermanentError) || !last) throw error;
    // The target is gone, or closed to the App: it will not be known.
    if (slot.startedAt !== null) return ledger.acceptUnverified(slot);
    const message = `${codes['outcome-unknown'].title} ${error.message}`;
    return ledger.fail(slot, { code: 'outcome-unknown', message, status: error.status });
  }
  if (run !== null) return ledger.adopt(slot, dispatch, { ...run, acceptedAt: new Date(deps.now()).toISOString() });
  if (!last) throw askAgain(deps, slot);
  if (slot.startedAt !== null) return ledger.acceptUnverified(slot);
  return (await ledger.release(slot)) ? 'nothing-started' : null;
}

/** The oldest run since the intent that no dispatch has. */
async function unclaimedRun(
  deps: ReconcileDependencies,
  slot: Slot,
  { target, ref, dispatchId }: UnfinishedDispatch,
  { repository, workflow }: WorkflowReference,
): Promise<StartedRun | null> {
  const [owner = '', name = ''] = repository.split('/');
  // GitHub's clock may be behind ours. Half a window: the runs of earlier dispatches are older than a whole one, or
  // claimed.
  const since = Math.floor((slot.begunAt - deps.windowMs / 2) / 1000) * 1000;
  const runs = await deps.github.startedRuns({ ...target, owner, name, workflow, ref, since });
  for (const run of runs) {
    const claimed = await deps.lineage.find(target.repositoryId, run.workflowRunId);
    if (claimed === null || claimed.dispatchId === dispatchId) return run;
  }
  return null;
}

const soonestMs = 2_000;
const latestMs = 15_000;

/** Soon at first, since most lists catch up within seconds; never after the window. */
function askAgain({ now, windowMs }: ReconcileDependencies, slot: Slot): DeferError {
  const waited = now() - (slot.startedAt ?? slot.begunAt);
  const afterMs = Math.min(Math.max(soonestMs, waited / 2), latestMs, shownBy(slot, windowMs) - now());
  return new DeferError('GitHub started the run and does not list it yet.', afterMs);
}
