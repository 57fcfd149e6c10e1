import type { HintsMessage } from '@dispatcher/contracts';
import { GitHubPermanentError, GitHubRateLimitedError, GitHubUnreachableError } from '@dispatcher/github';
import { type Attempt, DeferError, type Meter } from '@dispatcher/lambda';
import { type FairnessQueue, type LookStore, outageWaitMs } from '@dispatcher/store';
import { type Observer, observe } from './observe.ts';

export interface HintDependencies {
  readonly looks: LookStore;
  readonly fairnessQueue: FairnessQueue;
  readonly observer: Observer;
  readonly meter: Meter;
  readonly now: () => number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}

/** The looks in progress of one invocation, by subject: hints of a batch about the same subject share one. */
export type LooksInProgress = Map<string, Promise<void>>;

// At most 960 looks in an hour for an installation: each takes one to two of the 5,000 points of GraphQL that GitHub
// allows at least.
const lookIntervalMs = 4_000;
const lookBurstMs = 240_000;
const minRetryMs = 1_000;
const maxRetryMs = 15 * 60_000;
/** The clocks of two functions differ by less. */
const clockSkewMs = 2_000;
/** An older hint is dropped: later hints and the sweep look at the same thing. */
export const maxHintAgeMs = 24 * 60 * 60_000;

/**
 * Looks at what a hint is about, unless somebody has observed since the hint was received. Believes nothing of the message
 * but where to look, and starts nothing.
 *
 * Looks of an installation have a limited rate, which runs have no part in. A hint beyond it returns to the queue, for
 * longer the older it is, and in a fairness queue of its repository: a repository with many hints delays only itself.
 */
export async function handleHint(
  deps: HintDependencies,
  hint: HintsMessage,
  attempt: Attempt,
  inProgress: LooksInProgress,
): Promise<void> {
  const ageMs = deps.now() - Date.parse(hint.receivedAt);
  if (ageMs > maxHintAgeMs) {
    deps.meter.count('Hints', { result: 'expired' });
    return;
  }
  const subject = subjectOf(hint);
  const sufficient = Date.parse(hint.receivedAt) + clockSkewMs;
  if (((await deps.looks.getLook(subject, sufficient)) ?? 0) > sufficient) {
    deps.meter.count('Hints', { result: 'seen' });
    return;
  }
  const look = inProgress.get(subject) ?? lookAt(deps, hint, attempt);
  inProgress.set(subject, look);
  await look;
}

async function lookAt(deps: HintDependencies, hint: HintsMessage, attempt: Attempt): Promise<void> {
  const { installationId } = hint;
  const ageMs = deps.now() - Date.parse(hint.receivedAt);
  const limiter = `hints#${installationId}`;
  if (!(await deps.fairnessQueue.acquirePermit(limiter, lookIntervalMs, lookBurstMs))) {
    const waitMs = Math.min(maxRetryMs, Math.max(minRetryMs, ageMs / 2));
    throw await deferHint(deps, hint, waitMs, 'The installation has used up its rate of hints.');
  }
  const startedAt = deps.now();
  try {
    await observe(deps.observer, hint, attempt);
  } catch (error) {
    if (error instanceof GitHubRateLimitedError) throw await deferHint(deps, hint, error.retryAfterMs, error.message);
    if (error instanceof GitHubUnreachableError) {
      throw await deferHint(deps, hint, error.retryAfterMs ?? outageWaitMs(ageMs), error.message);
    }
    // The App was removed, or has no access to the repository any more: there is nothing to see.
    if (!(error instanceof GitHubPermanentError)) throw error;
    deps.meter.count('Hints', { result: 'refused' });
    attempt.log.info('GitHub refused what a hint is about', { subject: subjectOf(hint), error });
    return;
  }
  await deps.looks.putLook(subjectOf(hint), startedAt);
  deps.meter.count('Hints', { result: 'observed' });
  attempt.log.info('observed after a hint', { event: hint.event, action: hint.action, subject: subjectOf(hint) });
}

/** Returns the error that sends the hint back to the queue, until its turn among those of its repository. */
async function deferHint(
  { fairnessQueue, now, random }: HintDependencies,
  hint: HintsMessage,
  waitMs: number,
  reason: string,
): Promise<DeferError> {
  const of = hint.type === 'hint.repository' ? `#${hint.repository.id}` : '';
  const retryAt = await fairnessQueue.reserve(`hints#${hint.installationId}${of}`, now() + waitMs, lookIntervalMs);
  return new DeferError(reason, retryAt - now() + random() * lookIntervalMs);
}

/** Returns what is observed at: hints with the same subject lead to the same reads. */
function subjectOf(hint: HintsMessage): string {
  if (hint.type === 'hint.installation') return `installation#${hint.installationId}#${hint.event}#${hint.action}`;
  const repository = `repository#${hint.repository.id}`;
  if (hint.pullRequest !== null) return `${repository}#pull#${hint.pullRequest}`;
  if (hint.event === 'push') return `${repository}#branch#${hint.branch ?? hint.sha ?? ''}`;
  return repository;
}
