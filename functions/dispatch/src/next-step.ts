import type { FinishedDispatch, Intent, Slot, LedgerState } from '@dispatcher/store';

/** What to do with a dispatch now. */
export type NextStep =
  /** It is over: tell it again, send nothing. */
  | { readonly do: 'conclude'; readonly finished: FinishedDispatch }
  /** Nothing stands in its way. */
  | { readonly do: 'begin' }
  /**
   * Ask GitHub what became of the slot's dispatch, its own or another's. `last`: what it does not show now, it will
   * not.
   */
  | { readonly do: 'ask'; readonly slot: Slot; readonly last: boolean }
  /** Somebody is at it: its turn may come any second. */
  | { readonly do: 'queue'; readonly slot: Slot }
  /** Somebody was at it, and GitHub's list may not show the outcome before that time (milliseconds since the epoch). */
  | { readonly do: 'wait'; readonly until: number };

/**
 * The one place that decides whether a POST may be made, from what is recorded and the clock alone. A slot says that a
 * POST was made, or may be made until its lease ends; from then on GitHub's list has one window to show the run. So no
 * outcome is taken for "nothing was started" before lease and window are over.
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
  if (now >= until) return { do: 'ask', slot, last: true };
  if (slot.startedAt !== null) {
    // The others wait, or each of them would ask GitHub the same question.
    return slot.dispatchId === intent.dispatchId ? { do: 'ask', slot, last: false } : { do: 'wait', until };
  }
  return now < slot.leaseUntil ? { do: 'queue', slot } : { do: 'wait', until };
}

/** When GitHub's list shows the run of the slot's dispatch, if there is one. Milliseconds since the epoch. */
export function shownBy({ startedAt, leaseUntil }: Slot, windowMs: number): number {
  return (startedAt ?? leaseUntil) + windowMs;
}

/** A later revision of the plan may send again what GitHub refused, and never what it took. */
function mayReopen(finished: FinishedDispatch, intent: Pick<Intent, 'revision'>): boolean {
  return finished.state === 'failed' && finished.revision < intent.revision;
}
