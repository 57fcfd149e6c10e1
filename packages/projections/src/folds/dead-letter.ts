import { DeadLetterActed, type Fact, type MessageDeadLettered, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { orderOf } from '../facts/order.ts';
import { DeadLetter } from '../read-models/schemas.ts';

const Recorded = z.object({ order: z.string(), deadLetter: z.omit(DeadLetter, { state: true, stateAt: true }) });
const Acted = z.object({
  order: z.string(),
  state: DeadLetterActed.shape.data.shape.result,
  time: DateTime,
});

/** Known state of one dead letter: its record, the latest action on it, or both. */
export const FoldedDeadLetter = z.object({ recorded: z.nullable(Recorded), acted: z.nullable(Acted) });
export type FoldedDeadLetter = z.infer<typeof FoldedDeadLetter>;

/** @param facts facts about this dead letter */
export function foldDeadLetter(known: FoldedDeadLetter | null, facts: readonly Fact[]): FoldedDeadLetter {
  let { recorded, acted } = known ?? { recorded: null, acted: null };
  for (const fact of facts) {
    if (fact.type === 'message.dead-lettered') {
      const next = recordedBy(fact);
      // The earliest record wins, so that the result does not depend on the order of arrival.
      if (recorded === null || next.order < recorded.order) recorded = next;
    }
    if (fact.type === 'dead-letter.acted') {
      const next = { order: orderOf(fact), state: fact.data.result, time: fact.time };
      if (acted === null || acted.order < next.order) acted = next;
    }
  }
  return { recorded, acted };
}

function recordedBy(fact: MessageDeadLettered): z.infer<typeof Recorded> {
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

/** Returns the row of the list; null while no fact has recorded the dead letter. */
export function deadLetterRowOf({ recorded, acted }: FoldedDeadLetter): DeadLetter | null {
  if (recorded === null) return null;
  if (acted === null) return { ...recorded.deadLetter, state: 'open', stateAt: recorded.deadLetter.deadLetteredAt };
  return { ...recorded.deadLetter, state: acted.state, stateAt: acted.time };
}

/** Returns whether the message is still in its dead-letter queue, according to the facts. */
export function isInQueue(deadLetter: FoldedDeadLetter): boolean {
  const state = deadLetterRowOf(deadLetter)?.state;
  return state === 'open' || state === 'quarantined';
}
