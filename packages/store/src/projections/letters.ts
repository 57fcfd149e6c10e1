import { type DeadLetterActed, type Fact, type MessageDeadLettered } from '@dispatcher/contracts';
import { orderOf } from '../facts/keys.ts';
import type { DeadLetter } from './answers.ts';

type Told = { readonly order: string; readonly letter: Omit<DeadLetter, 'state' | 'stateAt'> };
type Acted = { readonly order: string; readonly state: DeadLetterActed['data']['result']; readonly time: string };

/** What is known of one dead letter: that it became one, what was done to it last, or both. */
export interface Letter {
  readonly told: Told | null;
  readonly acted: Acted | null;
}

export const unknownLetter: Letter = { told: null, acted: null };

export type LetterFact = MessageDeadLettered | DeadLetterActed;

export function letterIdOf(fact: Fact): string | null {
  if (fact.type === 'message.dead-lettered') return fact.id;
  return fact.type === 'dead-letter.acted' ? fact.data.letterId : null;
}

/** In whatever order and however often they are merged. */
export function mergeLetter(known: Letter, facts: readonly Fact[]): Letter {
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
  const { id: letterId, time: deadLetteredAt, correlationId: deliveryId, runKey = null } = fact;
  const letter = { letterId, queue, messageId, reason, detail, attempts, redrives, deadLetteredAt, deliveryId, runKey };
  return { order: orderOf(fact), letter };
}

/** The line of the list; null while nobody told that it became a dead letter. */
export function letterRowOf({ told, acted }: Letter): DeadLetter | null {
  if (told === null) return null;
  if (acted === null) return { ...told.letter, state: 'open', stateAt: told.letter.deadLetteredAt };
  return { ...told.letter, state: acted.state, stateAt: acted.time };
}

/** Whether it is still in its dead-letter queue, as far as the facts tell. */
export function isHeld(letter: Letter): boolean {
  const state = letterRowOf(letter)?.state;
  return state === 'open' || state === 'quarantined';
}
