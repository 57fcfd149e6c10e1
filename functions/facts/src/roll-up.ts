import type { QueueSample } from '@dispatcher/contracts';
import type { Meter, StepLog } from '@dispatcher/lambda';
import type { DeadLetterSummary, RollUp } from '@dispatcher/store';
import { deadLetterQueueDepth, type WatchedQueue } from './queue-samples.ts';
import { shouldScanUndeliveredEvents } from './record-undelivered-events.ts';

export interface RollUpDependencies {
  readonly store: RollUp;
  /** Returns a signal that ends the fold, so that the rest of the roll-up has time. The next run continues. */
  readonly foldSignal: () => AbortSignal;
  readonly queues: readonly WatchedQueue[];
  readonly sample: (queues: readonly WatchedQueue[]) => Promise<QueueSample[]>;
  /** Records the events that EventBridge could not deliver. */
  readonly recordUndeliveredEvents: (queueDepth: number) => Promise<void>;
  /** Computes the consent graph again if its sources have changed. */
  readonly updateGraph: () => Promise<void>;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now: () => number;
}

/**
 * Creates the roll-up: it folds the recorded facts into the projections, updates the summaries of the last hour, day and
 * week, updates the consent graph, samples the queues, and records the events that EventBridge could not deliver. Late, repeated, concurrent or
 * skipped runs are safe. Locally it runs every second: a run without new facts leaves the summaries of the same minute.
 */
export function createRollUp(deps: RollUpDependencies): () => Promise<void> {
  let summarizedMinute = '';
  return async () => {
    const { store, now } = deps;
    const at = now();
    const minute = new Date(at).toISOString().slice(0, 16);
    const failures: unknown[] = [];
    const attempt = async (work: () => Promise<unknown>) => {
      await work().catch((error: unknown) => failures.push(error));
    };
    let facts = 0;
    let isSummarized = false;
    await attempt(async () => {
      facts = await fold(deps);
    });
    await attempt(async () => {
      if (facts === 0 && minute === summarizedMinute) return;
      const { lastDeliveryAt } = await store.setSummaries(at);
      if (lastDeliveryAt !== null) deps.meter.milliseconds('SinceLastDelivery', at - Date.parse(lastDeliveryAt));
      await attempt(() => sampleQueues(deps, at));
      summarizedMinute = minute;
      isSummarized = true;
    });
    await attempt(() => deps.updateGraph());
    await attempt(() => watchDeadLetters(deps, at));
    if (isSummarized) await attempt(() => store.setStatus(at));
    if (failures.length > 1) throw new AggregateError(failures, failures.join('; '));
    if (failures.length > 0) throw failures[0];
  };
}

/** Returns the number of facts that were folded. */
async function fold({ store, foldSignal, meter, log }: RollUpDependencies): Promise<number> {
  const { entries, facts, lagMs, rebuilding } = await store.fold(foldSignal());
  // How far the admin API is behind. A rebuild that never ends must raise the alarm for a missing value.
  if (rebuilding.length === 0) meter.milliseconds('ProjectionLag', lagMs);
  else log.warn('the projections are being rebuilt, and the roll-up waits', { shards: rebuilding.join(', ') });
  if (entries > 0) log.info('folded', { entries, facts, lagMs });
  return facts;
}

async function sampleQueues({ store, queues, sample }: RollUpDependencies, at: number): Promise<void> {
  await store.setQueues(at, await sample(queues));
}

async function watchDeadLetters(deps: RollUpDependencies, at: number): Promise<void> {
  const { store, queues, sample } = deps;
  const samples = await sample(queues.filter(({ deadLettersOf }) => deadLettersOf !== undefined));
  const summary = await store.setDeadLetterSummary(at, deadLetterQueueDepth(queues, samples));
  await scanUndeliveredEvents(deps, at, summary);
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
