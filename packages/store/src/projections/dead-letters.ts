import { type DeadLetterActed, type Fact, type MessageDeadLettered } from '@dispatcher/contracts';
import { orderOf } from '../facts/fact-keys.ts';
import type { DeadLetter } from './projection-schemas.ts';

type Told = { readonly order: string; readonly deadLetter: Omit<DeadLetter, 'state' | 'stateAt'> };
type Acted = { readonly order: string; readonly state: DeadLetterActed['data']['result']; readonly time: string };

/** What is known of one dead letter: that it became one, what was done to it last, or both. */
export interface DeadLetterMessage {
  readonly told: Told | null;
  readonly acted: Acted | null;
}

export const unknownDeadLetter: DeadLetterMessage = { told: null, acted: null };

export type DeadLetterFact = MessageDeadLettered | DeadLetterActed;

export function deadLetterIdOf(fact: Fact): string | null {
  if (fact.type === 'message.dead-lettered') return fact.id;
  return fact.type === 'dead-letter.acted' ? fact.data.deadLetterId : null;
}

/** In whatever order and however often they are merged. */
export function mergeDeadLetter(known: DeadLetterMessage, facts: readonly Fact[]): DeadLetterMessage {
  let { told, acted } = known;
  for (const fact of facts) {
    if (fact.type === 'message.dead-lettered') {
      const next = toldBy(fact);
      // A letter has one beginning. Were it told of twice all the same, the answer must not hang on which came first.
      if (told === null || next.order < told.order) told = next;
    }
    if (fact.type === 'dead-letter.acted') {
      const next = { order: orderOf(fact), state: fact.data.result, time: fact.time };
      if (acted === null || acted.order < next.order) acted = next;
    }
  }
  return { told, acted };
}

function toldBy(fact: MessageDeadLettered): Told {
  const { queue, messageId, reason, detail, attempts, redrives = 0 } = fact.data;
  const { id: deadLetterId, time: deadLetteredAt, correlationId: deliveryId, runKey = null } = fact;
  const deadLetter = {
    deadLetterId,
    queue,
    messageId,
    reason,
    detail,
    attempts,
    redrives,
    deadLetteredAt,
    deliveryId,
    runKey,
  };
  return { order: orderOf(fact), deadLetter };
}

/** The line of the list; null while nobody told that it became a dead letter. */
export function deadLetterRowOf({ told, acted }: DeadLetterMessage): DeadLetter | null {
  if (told === null) return null;
  if (acted === null) return { ...told.deadLetter, state: 'open', stateAt: told.deadLetter.deadLetteredAt };
  return { ...told.deadLetter, state: acted.state, stateAt: acted.time };
}

/** Whether it is still in its dead-letter queue, as far as the facts tell. */
export function isHeld(deadLetter: DeadLetterMessage): boolean {
  const state = deadLetterRowOf(deadLetter)?.state;
  return state === 'open' || state === 'quarantined';
}
