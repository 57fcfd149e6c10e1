import type { Fact } from '@dispatcher/contracts';
import type { LogFields, StepLog } from '@dispatcher/lambda';
import { planFacts, sampleRun } from '@dispatcher/store/testing';
import { expect, test } from '@jest/globals';
import { recordBatch } from './record.ts';

const early = '2026-11-03T14:00:00.000Z';
const late = '2026-11-03T14:00:05.000Z';

function observed() {
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

test('each fact has a line under its own delivery and run, and the oldest says how far behind we are', async () => {
  const seen = observed();
  await recordBatch({ ...seen, store: { recordFacts: async () => undefined } }, facts);
  expect(seen.lines).toEqual(facts.map(({ correlationId, runKey }) => ({ correlationId, runKey })));
  expect(seen.ages).toEqual([6_000]);
});

test('a batch that was not stored is said of no fact to be recorded', async () => {
  const seen = observed();
  const store = { recordFacts: () => Promise.reject(new Error('throttled')) };
  await expect(recordBatch({ ...seen, store }, facts)).rejects.toThrow('throttled');
  expect(seen.lines).toEqual([]);
  expect(seen.ages).toEqual([]);
});
