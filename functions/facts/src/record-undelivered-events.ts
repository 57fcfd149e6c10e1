import type { SQSClient } from '@aws-sdk/client-sqs';
import { type DeadLetterQueue, scanDeadLetters, undeliveredFact } from '@dispatcher/dead-letters';
import type { Meter, StepLog } from '@dispatcher/lambda';
import type { DeadLetterSummary, FactStore } from '@dispatcher/store';

export interface UndeliveredEventDependencies {
  readonly store: Pick<FactStore, 'recordFacts' | 'rollUp'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queue: DeadLetterQueue;
  readonly meter: Meter;
  readonly log: StepLog;
}

// Equal counts do not prove equality: one manual deletion can mask one new message, so scan every 10 minutes regardless.
const scanIntervalMinutes = 10;

/**
 * Returns whether the queue of undelivered events may hold one that is not recorded. A scan hides the messages for some
 * seconds, during which nobody else can receive them, so recorded messages are not scanned every minute.
 */
export function shouldScanUndeliveredEvents({ queues }: DeadLetterSummary, at: number): boolean {
  const { queueDepth = 0, difference = 0 } = queues.find(({ queue }) => queue === 'undelivered-events') ?? {};
  const minute = Math.floor(at / 60_000);
  return queueDepth > 0 && (difference !== 0 || minute % scanIntervalMinutes === 0);
}

/**
 * Records a dead letter for each event that EventBridge could not deliver: unlike for other dead letters, none of
 * Dispatcher's code ran when the event became one. The messages stay in their queue. The facts are recorded here and not
 * published, because the undelivered events may be facts themselves, and a fact about one could not be delivered either.
 * Idempotent: skips recorded messages, and records the same message as the same fact, so it may be aborted, killed or run
 * twice.
 */
export async function recordUndeliveredEvents(deps: UndeliveredEventDependencies, signal: AbortSignal): Promise<void> {
  const { store, sqs, queue, meter, log } = deps;
  const warn = (message: string) => log.warn(message);
  for await (const { deadLetter } of scanDeadLetters({ sqs, warn }, queue, signal)) {
    const fact = undeliveredFact(deadLetter);
    if (fact === null || (await store.rollUp.isDeadLetterRecorded(fact.id))) continue;
    await store.recordFacts([fact]);
    const { correlationId, runKey, data } = fact;
    const { queue: name, messageId, reason, detail } = data;
    meter.count('DeadLetters', { queue: name, reason });
    log.with({ correlationId, runKey, queue: name, messageId }).warn('event not delivered', { reason, detail });
  }
}
