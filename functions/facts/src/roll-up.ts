import { factId, type QueueSample, type QueuesSampled } from '@dispatcher/contracts';
import type { Bus, Meter, StepLog } from '@dispatcher/lambda';
import type { RollUp } from '@dispatcher/store';
import { lettersHeld, type WatchedQueue } from './queues.ts';

export interface RollUpDependencies {
  readonly store: RollUp;
  readonly queues: readonly WatchedQueue[];
  readonly sample: (queues: readonly WatchedQueue[]) => Promise<QueueSample[]>;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now: () => number;
}

/**
 * Sets what the last hour, day and week come to, and tells how full the queues are. It may run twice, late, or by two at
 * once, and may be left out: it sets and never adds, and only the first of a minute tells.
 * @throws Error where SQS does not answer; the summaries are set by then
 */
export async function rollUp({ store, queues, sample, bus, meter, log, now }: RollUpDependencies): Promise<void> {
  const at = now();
  const { lastDeliveryAt } = await store.setSummaries(at);
  if (lastDeliveryAt !== null) meter.milliseconds('SinceLastDelivery', at - Date.parse(lastDeliveryAt));
  const samples = await sample(queues);
  await store.setDeadLetterSummary(at, lettersHeld(queues, samples));
  const fact = queuesSampled(new Date(at).toISOString(), samples);
  // Two samples of one minute would be one fact that says two things.
  if (await store.claimSample(minuteOf(fact.time))) await bus.publish([fact]);
  log.info('rolled up', { rolledUpAt: fact.time });
}

const minuteOf = (time: string): string => time.slice(0, 16);

function queuesSampled(time: string, queues: QueueSample[]): QueuesSampled {
  const id = factId('queues.sampled', minuteOf(time));
  return { version: 1, id, type: 'queues.sampled', time, correlationId: id, data: { queues } };
}
