import { type DeadLetterQueueName, deadLetterQueueNames, type MessageCounts } from '@dispatcher/dead-letters';
import type { DeadLetter } from '@dispatcher/store';
import type { DeadLetterOperations } from './dead-letter-operations.ts';

interface DeadLetterGroup {
  readonly reason: string;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
  /** The newest dead letter of the group. */
  readonly sample: DeadLetter;
}

export interface ListedQueue {
  readonly queue: DeadLetterQueueName;
  /** Dead letters recorded in facts that are neither redriven nor discarded. */
  readonly recorded: number;
  /** SQS's approximate counts. */
  readonly queueDepth: MessageCounts;
  /** The queue depth minus the recorded dead letters. */
  readonly difference: number;
  readonly groups: readonly DeadLetterGroup[];
}

// The retention period of the dead-letter queues.
const retentionDays = 14;

/** Returns the recorded dead letters by queue and reason, with the depth of each dead-letter queue. */
export async function listDeadLetters(
  operations: DeadLetterOperations,
  queues: readonly DeadLetterQueueName[] = deadLetterQueueNames,
  now: number,
): Promise<ListedQueue[]> {
  const since = new Date(now - retentionDays * 86_400_000).toISOString();
  return Promise.all(
    queues.map(async (queue) => {
      const [recorded, queueDepth] = await Promise.all([operations.recorded(queue, since), operations.count(queue)]);
      const deadLetters = recorded.filter(({ state }) => state === 'open' || state === 'quarantined');
      const difference = queueDepth.waiting + queueDepth.inFlight - deadLetters.length;
      return { queue, recorded: deadLetters.length, queueDepth, difference, groups: groupsOf(deadLetters) };
    }),
  );
}

/** @param deadLetters newest first */
function groupsOf(deadLetters: readonly DeadLetter[]): DeadLetterGroup[] {
  const byReason = Map.groupBy(deadLetters, ({ reason }) => reason);
  return [...byReason].flatMap(([reason, [sample, ...others]]) => {
    if (sample === undefined) return [];
    const { deadLetteredAt: newest } = sample;
    return [{ reason, count: others.length + 1, oldest: others.at(-1)?.deadLetteredAt ?? newest, newest, sample }];
  });
}
