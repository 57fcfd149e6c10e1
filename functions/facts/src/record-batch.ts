import type { Fact } from '@dispatcher/contracts';
import type { Meter, StepLog } from '@dispatcher/lambda';
import type { FactStore } from '@dispatcher/store';

export interface RecordDependencies {
  readonly store: Pick<FactStore, 'recordFacts'>;
  readonly log: StepLog;
  readonly meter: Meter;
  readonly now: () => number;
}

/** Records a batch of facts. Logs the facts and measures their age only after the whole batch is stored. */
export async function recordBatch(deps: RecordDependencies, facts: readonly Fact[]): Promise<void> {
  await deps.store.recordFacts(facts);
  for (const fact of facts) {
    const { correlationId, runKey, type, id } = fact;
    deps.log.with({ correlationId, runKey }).info('fact recorded', { type, factId: id });
  }
  // The age of the batch's oldest fact is how far the admin API's data lags behind.
  const times = facts.map(({ time }) => Date.parse(time));
  if (times.length > 0) deps.meter.milliseconds('FactAge', deps.now() - Math.min(...times));
}
