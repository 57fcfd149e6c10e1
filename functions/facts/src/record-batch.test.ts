import type { Fact } from '@dispatcher/contracts';
import type { LogFields, StepLog } from '@dispatcher/lambda';
import { planFacts, sampleRun } from '@dispatcher/store/testing';
import { expect, test } from '@jest/globals';
import { recordBatch } from './record-batch.ts';

const early = '2026-11-03T14:00:00.000Z';
const late = '2026-11-03T14:00:05.000Z';

function createObservedDependencies() {
  const lines: LogFields[] = [];
  const ages: number[] = [];
  const log = (fields: LogFields): StepLog => ({
    info: () => lines.push(fields),
    warn: () => undefined,
    error: () => undefined,
    with: (more) => log({ ...fields, ...more }),
  });
  const meter = { count: () => undefined, milliseconds: (_name: string, value: number) => ages.push(value) };
  return { lines, ages, log: log({}), meter, now: () => Date.parse(late) + 1_000 };
}
const facts: Fact[] = [...planFacts(sampleRun(1, late), [], late), ...planFacts(sampleRun(2, early), [], early)];

test('each fact is logged under its own delivery and run, and the age of the oldest is measured', async () => {
  const observed = createObservedDependencies();
  await recordBatch({ ...observed, store: { recordFacts: async () => undefined } }, facts);
  expect(observed.lines).toEqual(facts.map(({ correlationId, runKey }) => ({ correlationId, runKey })));
  expect(observed.ages).toEqual([6_000]);
});

test('a batch that was not stored logs no fact as recorded', async () => {
  const observed = createObservedDependencies();
  const store = { recordFacts: () => Promise.reject(new Error('throttled')) };
  await expect(recordBatch({ ...observed, store }, facts)).rejects.toThrow('throttled');
  expect(observed.lines).toEqual([]);
  expect(observed.ages).toEqual([]);
});
