import { codes, type WorkflowReference } from '@dispatcher/contracts';
import { type GitHubApp, GitHubPermanentError, type StartedRun } from '@dispatcher/github';
import { type Attempt, DeferError } from '@dispatcher/lambda';
import type { FinishedDispatch, Ledger, LineageStore, Slot, UnfinishedDispatch } from '@dispatcher/store';
import { shownBy } from './next-step.ts';

export interface ReconcileDependencies {
  readonly ledger: Ledger;
  readonly lineage: Pick<LineageStore, 'getLineage'>;
  readonly github: Pick<GitHubApp, 'startedRuns'>;
  readonly now: () => number;
  /** How long GitHub's run list may take to show a run, in milliseconds. */
  readonly windowMs: number;
}

/**
 * Finds out what became of the dispatch that holds the slot, and settles it: adopts the run that no other dispatch has,
 * or releases the slot if nothing was started. GitHub lists no runs of an event, so an event counts as sent. Settles the
 * dispatches of other messages too: one whose message became a dead letter must not block its target forever.
 * @param isFinal whether GitHub's run list would show the run by now
 * @returns the settled dispatch, whose fact must be published; null if another worker settled it
 * @throws DeferError if GitHub reported that it started a run, but does not list it yet
 */
export async function reconcile(
  deps: ReconcileDependencies,
  slot: Slot,
  isFinal: boolean,
  { log, signal }: Pick<Attempt, 'log' | 'signal'>,
): Promise<FinishedDispatch | 'nothing-started' | null> {
  const dispatch = await deps.ledger.getDispatch(slot.dispatchId);
  if (dispatch === null || dispatch.state !== 'intent') {
    await deps.ledger.deleteIntent(slot);
    return null;
  }
  const outcome = await settle(deps, slot, dispatch, { isFinal, signal });
  if (outcome !== null) {
    const result = outcome === 'nothing-started' ? outcome : outcome.state;
    log.warn('reconciled a dispatch whose outcome was unknown', { dispatchId: slot.dispatchId, result });
  }
  return outcome;
}

async function settle(
  deps: ReconcileDependencies,
  slot: Slot,
  dispatch: UnfinishedDispatch,
  { isFinal, signal }: { readonly isFinal: boolean; readonly signal: AbortSignal },
): Promise<FinishedDispatch | 'nothing-started' | null> {
  const { ledger } = deps;
  const { target } = dispatch.route;
  // Whether an event was sent cannot be looked up, so it is never sent again.
  if (!('workflow' in target)) return ledger.completeUnverified(slot, 'response-lost');
  let run: StartedRun | null;
  try {
    run = await findUnclaimedRun(deps, slot, dispatch, { workflow: target, signal });
  } catch (error) {
    if (!(error instanceof GitHubPermanentError) || !isFinal) throw error;
    // The target was deleted, or the App lost access: the outcome stays unknown.
    if (slot.startedAt !== null) return ledger.completeUnverified(slot);
    const message = `${codes['outcome-unknown'].title} ${error.message}`;
    return ledger.recordFailure(slot, { code: 'outcome-unknown', message, status: error.status });
  }
  if (run !== null) return ledger.adoptRun(slot, dispatch, { ...run, acceptedAt: new Date(deps.now()).toISOString() });
  if (!isFinal) throw retryLater(deps, slot);
  if (slot.startedAt !== null) return ledger.completeUnverified(slot);
  return (await ledger.deleteIntent(slot)) ? 'nothing-started' : null;
}

/** Returns the oldest run since the intent that belongs to no other dispatch. */
async function findUnclaimedRun(
  deps: ReconcileDependencies,
  slot: Slot,
  { target, ref, dispatchId }: UnfinishedDispatch,
  { workflow: at, signal }: { readonly workflow: WorkflowReference; readonly signal: AbortSignal },
): Promise<StartedRun | null> {
  const { repository, workflow } = at;
  const [owner = '', name = ''] = repository.split('/');
  // GitHub's clock may be behind. Half a window is safe: runs of earlier dispatches are older than a whole window, or
  // belong to them.
  const since = Math.floor((slot.begunAt - deps.windowMs / 2) / 1000) * 1000;
  const runs = await deps.github.startedRuns({ ...target, owner, name, workflow, ref, since }, { signal });
  for (const run of runs) {
    const lineage = await deps.lineage.getLineage(target.repositoryId, run.workflowRunId);
    if (lineage === null || lineage.dispatchId === dispatchId) return run;
  }
  return null;
}

const minRetryMs = 2_000;
const maxRetryMs = 15_000;

/** Retries soon at first, because the list usually catches up within seconds, and never after the window. */
function retryLater({ now, windowMs }: ReconcileDependencies, slot: Slot): DeferError {
  const waitedMs = now() - (slot.startedAt ?? slot.begunAt);
  const afterMs = Math.min(Math.max(minRetryMs, waitedMs / 2), maxRetryMs, shownBy(slot, windowMs) - now());
  return new DeferError('GitHub started the run and does not list it yet.', afterMs);
}
