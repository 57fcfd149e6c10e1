import { factId, type QueueSample, type QueuesSampled } from '@dispatcher/contracts';
import type { Bus, Meter, StepLog } from '@dispatcher/lambda';
import type { DeadLetterSummary, RollUp } from '@dispatcher/store';
import { deadLetterQueueDepth, type WatchedQueue } from './queue-samples.ts';
import { shouldScanUndeliveredEvents } from './record-undelivered-events.ts';

export interface RollUpDependencies {
  readonly store: RollUp;
  readonly queues: readonly WatchedQueue[];
  readonly sample: (queues: readonly WatchedQueue[]) => Promise<QueueSample[]>;
  /** Records the events that EventBridge could not deliver. */
  readonly recordUndeliveredEvents: (queueDepth: number) => Promise<void>;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now: () => number;
}

/**
 * Updates the summaries of the last hour, day and week, publishes samples of the queues, and records the events that
 * EventBridge could not deliver. Idempotent: it overwrites and never increments, so late, repeated, concurrent or skipped
 * runs are safe. Only the first run of a minute publishes samples.
 * @throws Error if SQS fails for a queue, after everything that does not depend on that queue is done
 */
export async function rollUp(deps: RollUpDependencies): Promise<void> {
  const { store, queues, sample, meter, log, now } = deps;
  const at = now();
  const { lastDeliveryAt } = await store.setSummaries(at);
  if (lastDeliveryAt !== null) meter.milliseconds('SinceLastDelivery', at - Date.parse(lastDeliveryAt));
  // The dead-letter queues first: a deleted queue, whose sample fails below, is a cause of dead letters.
  const deadLetterSamples = await sample(queues.filter(({ deadLettersOf }) => deadLettersOf !== undefined));
  const deadLetters = await store.setDeadLetterSummary(at, deadLetterQueueDepth(queues, deadLetterSamples));
  const results = await Promise.allSettled([
    publishQueueSamples(deps, at, deadLetterSamples),
    scanUndeliveredEvents(deps, at, deadLetters),
  ]);
  const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 1) throw new AggregateError(failures, failures.join('; '));
  if (failures.length > 0) throw failures[0];
  log.info('rolled up', { rolledUpAt: new Date(at).toISOString() });
}

async function scanUndeliveredEvents(
  { store, recordUndeliveredEvents }: RollUpDependencies,
  at: number,
  { queues }: DeadLetterSummary,
): Promise<void> {
  const none = { queueDepth: 0, difference: 0 };
  const depths = queues.find(({ queue }) => queue === 'undelivered-events') ?? none;
  const claimScan = (interval: string) => store.claimScan(interval);
  if (await shouldScanUndeliveredEvents(depths, at, claimScan)) await recordUndeliveredEvents(depths.queueDepth);
}

async function publishQueueSamples(
  deps: RollUpDependencies,
  at: number,
  deadLetterSamples: readonly QueueSample[],
): Promise<void> {
  const { store, queues, sample, bus } = deps;
  const others = await sample(queues.filter(({ deadLettersOf }) => deadLettersOf === undefined));
  const all = [...others, ...deadLetterSamples];
  const samples = queues.flatMap(({ queue }) => all.filter((each) => each.queue === queue));
  const fact = queuesSampled(new Date(at).toISOString(), samples);
  // Two samples of one minute would be two different facts with one id.
  if (await store.claimSample(minuteOf(fact.time))) await bus.publish([fact]);
}

const minuteOf = (time: string): string => time.slice(0, 16);

function queuesSampled(time: string, queues: QueueSample[]): QueuesSampled {
  const id = factId('queues.sampled', minuteOf(time));
  return { version: 1, id, type: 'queues.sampled', time, correlationId: id, data: { queues } };
}
