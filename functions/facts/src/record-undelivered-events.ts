import type { SQSClient } from '@aws-sdk/client-sqs';
import type { MessageDeadLettered } from '@dispatcher/contracts';
import { type DeadLetterQueue, scanDeadLetters, undeliveredFact } from '@dispatcher/dead-letters';
import type { Meter, StepLog } from '@dispatcher/lambda';
import type { FactStore } from '@dispatcher/store';

export interface UndeliveredEventDependencies {
  readonly store: Pick<FactStore, 'recordFacts' | 'isRecorded'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queue: DeadLetterQueue;
  readonly meter: Meter;
  readonly log: StepLog;
}

// Equal counts do not prove equality: one manual deletion can mask one new message, so scan every 10 minutes regardless.
const scanIntervalMs = 10 * 60_000;

/**
 * How long messages stay hidden if a scan crashes. A scan may take ten seconds: it receives the messages again and keeps
 * them until it ends.
 */
const visibilityTimeoutSeconds = 15;
const lookUpsAtOnce = 10;

/**
 * Returns whether the queue of undelivered events may hold one that is not recorded. A scan hides the messages while it
 * receives them, and during that time nobody else can, so recorded messages are scanned only once in ten minutes.
 * @param claimScan returns true for one caller in each interval
 */
export async function shouldScanUndeliveredEvents(
  { queueDepth, difference }: { readonly queueDepth: number; readonly difference: number },
  at: number,
  claimScan: (interval: string) => Promise<boolean>,
): Promise<boolean> {
  if (queueDepth === 0) return false;
  const interval = new Date(Math.floor(at / scanIntervalMs) * scanIntervalMs).toISOString();
  return difference !== 0 || (await claimScan(interval));
}

/** When to stop: a scan hides messages, so it has less time than the work after it. */
export interface RecordingLimits {
  readonly scan: AbortSignal;
  readonly record: AbortSignal;
}

/**
 * Records a dead letter for each event that EventBridge could not deliver: unlike for other dead letters, none of
 * Dispatcher's code ran when the event became one. The messages stay in their queue; they are visible again before the
 * first is looked up. The facts are recorded here and not published, because the undelivered events may be facts
 * themselves, and a fact about one could not be delivered either. Idempotent: skips recorded messages, and records the
 * same message as the same fact, so it may be aborted, killed or run twice.
 * @param queueDepth the number of messages in the queue, as far as it is known
 */
export async function recordUndeliveredEvents(
  deps: UndeliveredEventDependencies,
  queueDepth: number,
  limits: RecordingLimits,
): Promise<void> {
  const { store } = deps;
  const facts = await scanForFacts(deps, queueDepth, limits.scan);
  for (let at = 0; at < facts.length && !limits.record.aborted; at += lookUpsAtOnce) {
    const group = facts.slice(at, at + lookUpsAtOnce);
    const isRecorded = await Promise.all(group.map((fact) => store.isRecorded(fact)));
    const unrecorded = group.filter((_, index) => isRecorded[index] === false);
    if (unrecorded.length > 0) await store.recordFacts(unrecorded);
    for (const fact of unrecorded) report(deps, fact);
  }
}

async function scanForFacts(
  { sqs, queue, log }: UndeliveredEventDependencies,
  queueDepth: number,
  signal: AbortSignal,
): Promise<readonly MessageDeadLettered[]> {
  const warn = (message: string) => log.warn(message);
  const facts: MessageDeadLettered[] = [];
  const options = { signal, visibilityTimeoutSeconds, queueDepth };
  for await (const { deadLetter } of scanDeadLetters({ sqs, warn }, queue, options)) {
    const fact = undeliveredFact(deadLetter);
    if (fact !== null) facts.push(fact);
  }
  return facts;
}

function report({ meter, log }: UndeliveredEventDependencies, fact: MessageDeadLettered): void {
  const { correlationId, runKey, data } = fact;
  const { queue, messageId, reason, detail } = data;
  meter.count('DeadLetters', { queue, reason });
  log.with({ correlationId, runKey, queue, messageId }).warn('event not delivered', { reason, detail });
}
