import { type Meter, type StepLog } from '@dispatcher/lambda';
import { type DeadLetterQueue, undeliveredFact, scanDeadLetters } from '@dispatcher/dead-letters';
import type { DeadLetterSummary, FactStore } from '@dispatcher/store';
import type { SQSClient } from '@aws-sdk/client-sqs';

export interface UndeliveredDependencies {
  readonly store: Pick<FactStore, 'recordFacts' | 'rollUp'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queue: DeadLetterQueue;
  readonly meter: Meter;
  readonly log: StepLog;
}

// Two errors of the counts may cancel each other: a letter that was deleted by hand hides one that is new.
const lookAnywayEveryMinutes = 10;

/**
 * Whether some letter of the bus may be one that no fact tells of. To look means to hold the letters for some seconds,
 * in which nobody else can receive them; so it is not done every minute for letters that are known.
 */
export function mayBeUntold({ queues }: DeadLetterSummary, at: number): boolean {
  const { queueDepth = 0, difference = 0 } = queues.find(({ queue }) => queue === 'undelivered-events') ?? {};
  const minute = Math.floor(at / 60_000);
  return queueDepth > 0 && (difference !== 0 || minute % lookAnywayEveryMinutes === 0);
}

/**
 * Records of each event that EventBridge could not hand over that it is a dead letter: no code of ours ran when it
 * became one. The letters stay in their queue. The facts are recorded here and not published: what cannot be handed
 * over may be the facts themselves, and then each fact about a letter would be the next letter. Safe to be stopped,
 * killed or done twice: what is told already is left out, and the same letter is the same fact.
 */
export async function tellUndelivered(deps: UndeliveredDependencies, signal: AbortSignal): Promise<void> {
  const { store, sqs, queue, meter, log } = deps;
  const warn = (sentence: string) => log.warn(sentence);
  for await (const { deadLetter } of scanDeadLetters({ sqs, warn }, queue, signal)) {
    const fact = undeliveredFact(deadLetter);
    if (fact === null || (await store.rollUp.isLetterTold(fact.id))) continue;
    await store.recordFacts([fact]);
    const { correlationId, runKey, data } = fact;
    const { queue: name, messageId, reason, detail } = data;
    meter.count('DeadLetters', { queue: name, reason });
    log.with({ correlationId, runKey, queue: name, messageId }).warn('event not handed over', { reason, detail });
  }
}
