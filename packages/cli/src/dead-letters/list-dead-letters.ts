import { type DeadLetterQueueName, deadLetterQueueNames, type MessageCounts } from '@dispatcher/dead-letters';
import type { DeadLetter } from '@dispatcher/store';
import type { DeadLetterOperations } from './dead-letter-operations.ts';

interface DeadLetterGroup {
  readonly reason: string;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
  /** The newest of them. */
  readonly sample: DeadLetter;
}

export interface ListedQueue {
  readonly queue: DeadLetterQueueName;
  /** By the facts, and neither redriven nor discarded since. */
  readonly recorded: number;
  /** By SQS's approximate counts. */
  readonly queueDepth: MessageCounts;
  /** What is held less what is recorded. */
  readonly difference: number;
  readonly groups: readonly DeadLetterGroup[];
}

// A dead-letter queue keeps a letter no longer.
const retentionDays = 14;

/** The letters by queue and reason, as the facts tell of them, beside what the queues hold. */
export async function listDeadLetters(
  operations: DeadLetterOperations,
  queues: readonly DeadLetterQueueName[] = deadLetterQueueNames,
  now: number,
): Promise<ListedQueue[]> {
  const since = new Date(now - retentionDays * 86_400_000).toISOString();
  return Promise.all(
    queues.map(async (queue) => {
      const [told, queueDepth] = await Promise.all([operations.recorded(queue, since), operations.count(queue)]);
      const deadLetters = told.filter(({ state }) => state === 'open' || state === 'quarantined');
      const difference = queueDepth.waiting + queueDepth.inFlight - deadLetters.length;
      return { queue, recorded: deadLetters.length, queueDepth, difference, groups: groupsOf(deadLetters) };
    }),
  );
}

/** @param letters newest first */
function groupsOf(deadLetters: readonly DeadLetter[]): DeadLetterGroup[] {
  const byReason = Map.groupBy(deadLetters, ({ reason }) => reason);
  return [...byReason].flatMap(([reason, [sample, ...others]]) => {
    if (sample === undefined) return [];
    const { deadLetteredAt: newest } = sample;
    return [{ reason, count: others.length + 1, oldest: others.at(-1)?.deadLetteredAt ?? newest, newest, sample }];
  });
}
