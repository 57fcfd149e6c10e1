import { planFacts, sampleRun } from '@dispatcher/projections/testing';
import { expect, test } from '@jest/globals';
import { createFactStore } from '../fact-store.ts';
import { createMemoryDynamo } from '../testing/memory-dynamo.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');
const shards = 16;

/** A store with facts in most of its logs, of which each roll-up folds one slice of a log. */
async function storeWithBacklog() {
  const memory = createMemoryDynamo();
  const options = { table: 'facts', projectionsTable: 'projections', shards, pause: async () => {} };
  let now = start;
  const writer = createFactStore({ client: memory.newClient(), ...options, now: () => now });
  const facts = Array.from({ length: 40 }, (_, number) => {
    const run = sampleRun(number, new Date(start).toISOString());
    const repository = { ...run.repository, name: `app-${number}` };
    return planFacts({ ...run, repository }, [], new Date(start).toISOString());
  }).flat();
  await writer.recordFacts(facts);
  const foldOneSlice = async () => {
    now += 60_000;
    const end = new AbortController();
    // The first write of a fold to the projections: what was begun is finished.
    const client = memory.newClient(async (command, perform, input) => {
      if (command === 'PutCommand' && (input as { TableName: string }).TableName === 'projections') end.abort();
      return perform();
    });
    return createFactStore({ client, ...options, now: () => now }).rollUp.fold(end.signal);
  };
  return { writer, facts, foldOneSlice };
}

test('a fold whose time is over begins no log', async () => {
  const { writer, facts } = await storeWithBacklog();
  expect(await writer.rollUp.fold(AbortSignal.abort())).toMatchObject({ entries: 0, facts: 0 });
  expect(await writer.rollUp.fold()).toMatchObject({ facts: facts.length });
});

test('what one fold leaves of sixteen logs is folded by the next ones, which begin with another log', async () => {
  const { facts, foldOneSlice } = await storeWithBacklog();
  const folded: number[] = [];
  for (let run = 0; run < shards; run += 1) folded.push((await foldOneSlice()).facts);
  expect(folded[0]).toBeLessThan(facts.length);
  expect(folded.reduce((sum, count) => sum + count, 0)).toBe(facts.length);
});
