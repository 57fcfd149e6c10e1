import { type DeadLetterQueueName, deadLetterQueueNames, type MessageCounts } from '@dispatcher/lambda';
import type { DeadLetter } from '@dispatcher/store';
import type { DeadLetterOperations } from './operations.ts';

interface LetterGroup {
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
  readonly held: MessageCounts;
  /** What is held less what is recorded. */
  readonly difference: number;
  readonly groups: readonly LetterGroup[];
}

// A dead-letter queue keeps a letter no longer.
const keptDays = 14;

/** The letters by queue and reason, as the facts tell of them, beside what the queues hold. */
export async function listLetters(
  operations: DeadLetterOperations,
  queues: readonly DeadLetterQueueName[] = deadLetterQueueNames,
  now: number,
): Promise<ListedQueue[]> {
  const since = new Date(now - keptDays * 86_400_000).toISOString();
  return Promise.all(
    queues.map(async (queue) => {
      const [told, held] = await Promise.all([operations.recorded(queue, since), operations.count(queue)]);
      const letters = told.filter(({ state }) => state === 'open' || state === 'quarantined');
      const difference = held.waiting + held.inFlight - letters.length;
      return { queue, recorded: letters.length, held, difference, groups: groupsOf(letters) };
    }),
  );
}

/** @param letters newest first */
function groupsOf(letters: readonly DeadLetter[]): LetterGroup[] {
  const byReason = Map.groupBy(letters, ({ reason }) => reason);
  return [...byReason].flatMap(([reason, [sample, ...others]]) => {
    if (sample === undefined) return [];
    const { deadLetteredAt: newest } = sample;
    return [{ reason, count: others.length + 1, oldest: others.at(-1)?.deadLetteredAt ?? newest, newest, sample }];
  });
}
