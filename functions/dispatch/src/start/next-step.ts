import type { FinishedDispatch, Intent, Slot, LedgerState } from '@dispatcher/store';

/** What to do next with a dispatch. */
export type NextStep =
  /** It is finished: publish its fact again and send nothing. */
  | { readonly do: 'conclude'; readonly finished: FinishedDispatch }
  /** The slot is free. */
  | { readonly do: 'begin' }
  /**
   * Ask GitHub what became of the slot's dispatch, whether it is this one or another. `isFinal`: GitHub would show the
   * run by now if there were one.
   */
  | { readonly do: 'reconcile'; readonly slot: Slot; readonly isFinal: boolean }
  /** Another worker holds the slot and may release it at any moment. */
  | { readonly do: 'queue'; readonly slot: Slot }
  /** The outcome of the slot's dispatch is unknown until this time (milliseconds since the epoch). */
  | { readonly do: 'wait'; readonly until: number };

/**
 * Decides, from the ledger and the clock alone, whether a POST may be made. A slot means that a POST was made, or may be
 * made until its lease ends. After that, GitHub's run list has one window to show the run. So the conclusion "nothing was
 * started" is never drawn before lease and window are over.
 */
export function nextStep(
  { dispatch, slot }: LedgerState,
  intent: Pick<Intent, 'dispatchId' | 'revision'>,
  now: number,
  windowMs: number,
): NextStep {
  if (dispatch !== null && dispatch.state !== 'intent' && !mayReopen(dispatch, intent)) {
    return { do: 'conclude', finished: dispatch };
  }
  if (slot === null) return { do: 'begin' };
  const until = shownBy(slot, windowMs);
  if (now >= until) return { do: 'reconcile', slot, isFinal: true };
  if (slot.startedAt !== null) {
    // Other dispatches wait: otherwise each of them would make the same request to GitHub.
    return slot.dispatchId === intent.dispatchId ? { do: 'reconcile', slot, isFinal: false } : { do: 'wait', until };
  }
  return now < slot.leaseUntil ? { do: 'queue', slot } : { do: 'wait', until };
}

/** Returns when GitHub's run list shows the run of the slot's dispatch, if it exists, in milliseconds since the epoch. */
export function shownBy({ startedAt, leaseUntil }: Slot, windowMs: number): number {
  return (startedAt ?? leaseUntil) + windowMs;
}

/** Returns whether a later revision of the plan sends the dispatch again: if GitHub refused it, never if it accepted it. */
function mayReopen(finished: FinishedDispatch, intent: Pick<Intent, 'revision'>): boolean {
  return finished.state === 'failed' && finished.revision < intent.revision;
}
