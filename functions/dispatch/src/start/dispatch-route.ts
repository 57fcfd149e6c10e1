import type { Fact } from '@dispatcher/contracts';
import { type Attempt, type Bus, DeferError, type Meter } from '@dispatcher/lambda';
import {
  type FinishedDispatch,
  type Intent,
  type Ledger,
  type RateLimits,
  type Slot,
  slotKey,
} from '@dispatcher/store';
import type { PlannedDecision } from '../decision/planned-decision.ts';
import { dispatchFact } from '../facts/dispatch-fact.ts';
import { deferFairly, fairnessSourceOf, type RateKey } from '../rate-limits/fairness.ts';
import { acquireWrite, type RateLimiterDependencies } from '../rate-limits/rate-limiter.ts';
import { intentOf } from './build-intent.ts';
import { type ConsentDependencies, findWithdrawal } from './consent.ts';
import { nextStep } from './next-step.ts';
import { findPause, type PauseDependencies } from './pause.ts';
import { reconcile, type ReconcileDependencies } from './reconcile.ts';
import { send, type SendDependencies } from './send.ts';

export interface DispatchDependencies
  extends ReconcileDependencies,
    SendDependencies,
    RateLimiterDependencies,
    ConsentDependencies,
    PauseDependencies {
  readonly ledger: Ledger;
  readonly github: ReconcileDependencies['github'] & SendDependencies['github'];
  readonly rateLimits: Pick<RateLimits, 'deferUntil'>;
  readonly bus: Bus;
  readonly meter: Meter;
  /** How long a worker may hold a slot until it has the response to its POST, in milliseconds. */
  readonly leaseMs: number;
}

/** The response to a POST was lost and GitHub lists no run of it: as far as can be known, nothing was started. */
export class ResponseLostError extends Error {
  override readonly name = 'ResponseLostError';
}

// Another worker may take the slot between our read and our conditional write. After five lost races, the message is
// requeued.
const maxRounds = 5;
const slotIntervalMs = 1_000;

/**
 * Carries out one allowed decision: ledger intent, one POST, ledger result, fact. If the dispatch is already finished,
 * publishes its fact again and sends nothing. If its outcome is unknown, reconciles it with GitHub first.
 * @param first the decision and what is stored about it
 * @param read reads both again
 * @returns the finished dispatch; null if a later revision of the plan replaced a decision that was not begun: the message
 * of that revision is all that counts
 * @throws DeferError or another error if the message must be retried
 */
export async function dispatchRoute(
  deps: DispatchDependencies,
  first: PlannedDecision,
  read: () => Promise<PlannedDecision>,
  attempt: Attempt,
): Promise<FinishedDispatch | null> {
  /** When GitHub's files last confirmed the decision. */
  let confirmedAt: number | null = null;
  for (let round = 0; round < maxRounds; round += 1) {
    const planned = round === 0 ? first : await read();
    const intent = intentOf(planned.decided);
    const { ledger, currentRevision } = planned.snapshot;
    const step = nextStep(ledger, intent, deps.now(), deps.windowMs);
    // What was begun is always settled: otherwise its slot would stay, and its run would belong to no dispatch.
    if (currentRevision > intent.revision && (ledger.dispatch === null || step.do === 'begin')) {
      attempt.log.info('decision dropped: a later revision of the plan replaced it', { revision: currentRevision });
      return null;
    }
    switch (step.do) {
      case 'conclude':
        return publish(deps, step.finished, attempt, { isRepeat: round === 0 });
      case 'queue':
      case 'wait':
        throw await deferToSlot(deps, intent, step.do === 'wait' ? step.until : deps.now() + slotIntervalMs);
      case 'reconcile': {
        const isOwn = step.slot.dispatchId === intent.dispatchId;
        const outcome = await reconcile(deps, step.slot, step.isFinal, attempt);
        // Another POST could have an unknown outcome again, which the dead letter of a last attempt would leave open.
        if (outcome === 'nothing-started' && isOwn && attempt.isLast) {
          throw new ResponseLostError(
            'GitHub’s response was lost, and GitHub lists no run of the dispatch. Redrive the dead letter to send it again.',
          );
        }
        if (outcome !== null && outcome !== 'nothing-started') {
          // Also for the dispatch of another message: that message may be a dead letter, and then nothing else
          // publishes the fact.
          const finished = await publish(deps, outcome, attempt, { isRepeat: false });
          if (isOwn) return finished;
        }
        break;
      }
      case 'begin': {
        const result = await begin(deps, planned, { intent, confirmedAt }, attempt);
        if (result.finished !== null) return publish(deps, result.finished, attempt, { isRepeat: false });
        ({ confirmedAt } = result);
      }
    }
  }
  throw await deferToSlot(deps, intentOf(first.decided), deps.now() + slotIntervalMs);
}

/** Publishes the fact of a finished dispatch. A repeat publishes the same fact, which counts once. */
async function publish(
  deps: DispatchDependencies,
  finished: FinishedDispatch,
  { log }: Attempt,
  { isRepeat }: { readonly isRepeat: boolean },
): Promise<FinishedDispatch> {
  await deps.bus.publish([dispatchFact(finished)] satisfies Fact[]);
  if (!isRepeat) deps.meter.count('Dispatches', { state: finished.state });
  log.info('dispatch finished', {
    dispatchId: finished.dispatchId,
    state: finished.state,
    isRepeat,
    ...(finished.state === 'accepted' ? { url: finished.htmlUrl } : {}),
    ...(finished.state === 'failed' ? { code: finished.code, status: finished.status } : {}),
  });
  return finished;
}

/** Returns the error that sends the message back to the queue until its turn for the slot, in order of arrival. */
async function deferToSlot(deps: DispatchDependencies, intent: Intent, from: number): Promise<DeferError> {
  const retryAt = await deps.fairnessQueue.reserve(slotKey(intent), from, slotIntervalMs);
  return new DeferError('Another dispatch to this workflow and ref is in progress.', retryAt - deps.now());
}

/**
 * Time between the read of plan, revision, brake, key and withdrawals and the POST, after which they are read again. Also the
 * time for which the files that confirmed a decision count.
 */
const maxReadAgeMs = 5_000;

interface BeginResult {
  /** Null if everything must be read again. */
  readonly finished: FinishedDispatch | null;
  readonly confirmedAt: number | null;
}

/**
 * Acquires the slot and sends the dispatch, unless dispatches are paused or the decision no longer holds. Everything must be
 * read again if another worker was faster, the read is too old, or GitHub did not name the run that it started.
 */
async function begin(
  deps: DispatchDependencies,
  planned: PlannedDecision,
  { intent, confirmedAt }: { readonly intent: Intent; readonly confirmedAt: number | null },
  attempt: Attempt,
): Promise<BeginResult> {
  const { decided, snapshot } = planned;
  const { readAt } = snapshot;
  const isOld = (time: number | null) => time === null || deps.now() - time > maxReadAgeMs;
  const paused = findPause(deps, decided, snapshot.pause);
  if (paused !== null) throw paused;
  const key = { installationId: intent.target.installationId, source: fairnessSourceOf(decided.data.trigger) };
  await waitForRateLimit(deps, key);
  let confirmed = confirmedAt;
  if (isOld(confirmed)) {
    const withdrawal = await findWithdrawal(deps, planned, attempt);
    if (withdrawal !== null) {
      return { finished: await deps.ledger.refuse(intent, { ...withdrawal, status: null }), confirmedAt };
    }
    confirmed = deps.now();
  }
  const again = { finished: null, confirmedAt: confirmed };
  if (isOld(readAt)) return again;
  await acquireWrite(
    deps,
    key,
    'dispatch',
    'The write would exceed GITHUB_WRITES_PER_MINUTE.',
    snapshot.rateLimiterTime,
  );
  // The lease begins with the read. No POST outlives its lease, so one lease after a pause was stored nothing is in flight.
  const slot = await deps.ledger.putIntent(intent, deps.leaseMs, readAt);
  if (slot === null) return again;
  if (isOld(readAt)) {
    // This process was suspended: what it has read may have changed meanwhile.
    await deps.ledger.deleteIntent(slot);
    return again;
  }
  return { finished: await sendUnderLease(deps, planned, { intent, slot }, attempt), confirmedAt: confirmed };
}

/** Makes the POST and records its result. Returns null if GitHub did not name the run that it started. */
async function sendUnderLease(
  deps: DispatchDependencies,
  { decided }: PlannedDecision,
  { intent, slot }: { readonly intent: Intent; readonly slot: Slot },
  attempt: Attempt,
): Promise<FinishedDispatch | null> {
  const { trigger } = decided.data;
  const sent = await send(deps, { intent, slot, trigger }, attempt);
  if ('state' in sent) return sent.state === 'settled' ? sent.finished : null;
  if (!('workflow' in intent.route.target)) {
    // GitHub accepts an event without saying what it starts.
    measureLatency(deps, intent);
    return deps.ledger.completeUnverified({ ...slot, startedAt: deps.now() });
  }
  if (sent.workflowRunId === null || sent.htmlUrl === null) {
    await deps.ledger.markStarted(slot);
    return null;
  }
  const { workflowRunId, htmlUrl } = sent;
  const acceptedAt = new Date(deps.now()).toISOString();
  const finished = await deps.ledger.recordAcceptance(slot, intent, { workflowRunId, htmlUrl, acceptedAt });
  if (finished.state !== 'accepted' || finished.workflowRunId !== workflowRunId) {
    // GitHub's run list took longer than the window. This is the only case in which a dispatch starts two runs.
    attempt.log.error('a dispatch was started twice', { recorded: finished, started: htmlUrl });
    deps.meter.count('DispatchedTwice');
  }
  measureLatency(deps, intent);
  return finished;
}

/** Measures the time from the end of the source's run. The wait for an operator's replay is not Dispatcher's latency. */
function measureLatency(deps: DispatchDependencies, { revision, sourceEndedAt }: Intent): void {
  if (revision > 0) return;
  deps.meter.milliseconds('RunCompletedToAccepted', deps.now() - Date.parse(sourceEndedAt));
}

/** @throws DeferError if the installation is rate limited or cannot be reached */
async function waitForRateLimit(deps: DispatchDependencies, key: RateKey): Promise<void> {
  const until = await deps.rateLimits.deferUntil(key.installationId);
  if (until === null) return;
  const { intervalMs } = deps.writeLimits.writes;
  throw await deferFairly(deps, key, {
    reason: 'GitHub rate limits the installation or cannot be reached.',
    from: until,
    intervalMs,
  });
}
