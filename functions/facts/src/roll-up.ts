import { factId, type QueueSample, type QueuesSampled } from '@dispatcher/contracts';
import type { Bus, Meter, StepLog } from '@dispatcher/lambda';
import type { RollUp } from '@dispatcher/store';
import { deadLetterQueueDepth, type WatchedQueue } from './queues.ts';
import { mayBeUntold } from './undelivered.ts';

export interface RollUpDependencies {
  readonly store: RollUp;
  readonly queues: readonly WatchedQueue[];
  readonly sample: (queues: readonly WatchedQueue[]) => Promise<QueueSample[]>;
  /** Tells of the events that EventBridge could not hand over. */
  readonly tellUndelivered: () => Promise<void>;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now: () => number;
}

/**
 * Sets what the last hour, day and week come to, and tells how full the queues are and what EventBridge could not hand
 * over. It may run twice, late, or by two at once, and may be left out: it sets and never adds, and only the first of a
 * minute tells.
 * @throws Error where SQS does not answer for some queue; what does not hang on that queue is done by then
 */
export async function rollUp(deps: RollUpDependencies): Promise<void> {
  const { store, queues, sample, meter, log, now } = deps;
  const at = now();
  const { lastDeliveryAt } = await store.setSummaries(at);
  if (lastDeliveryAt !== null) meter.milliseconds('SinceLastDelivery', at - Date.parse(lastDeliveryAt));
  // The dead letters first: a queue that is gone is why there are some.
  const ofLetters = await sample(queues.filter(({ deadLettersOf }) => deadLettersOf !== undefined));
  const deadLetters = await store.setDeadLetterSummary(at, deadLetterQueueDepth(queues, ofLetters));
  const endings = await Promise.allSettled([
    tellOfQueues(deps, at, ofLetters),
    mayBeUntold(deadLetters, at) ? deps.tellUndelivered() : undefined,
  ]);
  const failures = endings.flatMap((ending): unknown[] => (ending.status === 'rejected' ? [ending.reason] : []));
  if (failures.length > 1) throw new AggregateError(failures, failures.join('; '));
  if (failures.length > 0) throw failures[0];
  log.info('rolled up', { rolledUpAt: new Date(at).toISOString() });
}

async function tellOfQueues(deps: RollUpDependencies, at: number, ofLetters: readonly QueueSample[]): Promise<void> {
  const { store, queues, sample, bus } = deps;
  const others = await sample(queues.filter(({ deadLettersOf }) => deadLettersOf === undefined));
  const all = [...others, ...ofLetters];
  const samples = queues.flatMap(({ queue }) => all.filter((each) => each.queue === queue));
  const fact = queuesSampled(new Date(at).toISOString(), samples);
  // Two samples of one minute would be one fact that says two things.
  if (await store.claimSample(minuteOf(fact.time))) await bus.publish([fact]);
}

const minuteOf = (time: string): string => time.slice(0, 16);

function queuesSampled(time: string, queues: QueueSample[]): QueuesSampled {
  const id = factId('queues.sampled', minuteOf(time));
  return { version: 1, id, type: 'queues.sampled', time, correlationId: id, data: { queues } };
}
