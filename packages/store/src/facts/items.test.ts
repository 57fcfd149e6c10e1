import { createHash } from 'node:crypto';
import { deliveryIgnored, deliveryRepeated, type Fact, factsOfPlan, type RouteDecided } from '@dispatcher/contracts';
import { ignoredRun } from '@dispatcher/contracts/testing';
import { accepted, completed, deadLettered, failed, samplePlan, sampleRun } from '@dispatcher/projections/testing';
import { tables } from '@dispatcher/topology';
import { expect, test } from '@jest/globals';
import { inIndex, writeUnits } from '../testing/capacity.ts';
import { parseFact } from './fact-bytes.ts';
import { factDictionaries, newestDictionary } from './fact-dictionary.ts';
import { maxLineBytes } from './fact-line.ts';
import { itemsOf } from './items.ts';
import { itemSize, sizeOf } from './item-size.ts';
import { recordedFact } from './recorded-fact.ts';

const time = '2026-11-03T14:00:10.123Z';
const factsTable = tables.find(({ name }) => name === 'facts');

/** Returns the write units of one fact: its items, and its entries in the indexes. */
function unitsOf(fact: Fact): number {
  let units = 0;
  for (const item of itemsOf(fact)) {
    units += writeUnits(itemSize(item));
    for (const index of factsTable?.indexes ?? []) {
      const entry = inIndex(index, item);
      if (entry !== null) units += writeUnits(itemSize(entry));
    }
  }
  return units;
}

function factsWith(names: { readonly owner: string; readonly name: string; readonly text: string }): Fact[] {
  const { owner, name, text } = names;
  const sample = sampleRun(1, '2026-11-03T14:00:00.000Z', '7c2f9a10-b9d1-11f0-9a3e-5d1f0f3c9b7e');
  const run = {
    ...sample,
    repository: { ...sample.repository, owner, name },
    run: {
      ...sample.run,
      headBranch: text.slice(0, 250) || 'main',
      htmlUrl: `https://github.com/${owner}/${name}/actions/runs/77`,
    },
  };
  const plan = samplePlan(run, ['allow', 'deny']);
  const repository = `${owner}/${name}`;
  const inputs = Object.fromEntries(
    Array.from({ length: text === '' ? 2 : 100 }, (_, index) => [`input-${index}`, `${text}${index}`]),
  );
  const decisions = plan.decisions.map((decision) => ({
    ...decision,
    message: `${decision.message}${text}`,
    route: { source: { repository, workflow: 'ci.yml' }, target: { repository, workflow: 'cd.yml' } },
    inputs,
  }));
  const facts = factsOfPlan({ ...plan, message: `${plan.message}${text}`, decisions }, time);
  const [, allowed, denied] = facts as [Fact, RouteDecided, RouteDecided];
  const refused = failed(denied, time);
  return [
    ...facts,
    accepted(allowed, time),
    completed(allowed, '2026-11-03T14:09:10.000Z', time),
    { ...refused, data: { ...refused.data, message: `${refused.data.message}${text}` } },
    deliveryRepeated({ ...run, deliveryId: 'another', receivedAt: time }, run.deliveryId),
    deliveryIgnored(ignoredRun()),
    deadLettered('7c2f9a10-b9d1-11f0-9a3e-5d1f0f3c9b7f', time, run.deliveryId, '11-9000000001-1'),
  ];
}

const ordinary = factsWith({ owner: 'acme-industries', name: 'payments-service', text: '' });
const extreme = factsWith({ owner: 'o'.repeat(39), name: 'n'.repeat(100), text: 'a long text. '.repeat(100) });

test('each fact costs the write units of its record and of its entries', () => {
  const units = ordinary.map((fact) => [fact.type, unitsOf(fact)]);
  expect(units).toEqual([
    ['run.planned', 5],
    ['route.decided', 3],
    ['route.decided', 3],
    ['dispatch.accepted', 3],
    ['dispatch.completed', 3],
    ['dispatch.failed', 3],
    ['delivery.repeated', 4],
    ['delivery.ignored', 4],
    ['message.dead-lettered', 3],
  ]);
});

test('a fact of the longest names, a hundred inputs and long messages costs the same', () => {
  expect(extreme.map(unitsOf)).toEqual(ordinary.map(unitsOf));
});

test.each([
  ['ordinary', ordinary],
  ['extreme', extreme],
])('of %s facts no item exceeds 1 KB, and no line 500 bytes', (_, facts) => {
  for (const item of facts.flatMap((fact) => itemsOf(fact))) {
    expect(itemSize(item)).toBeLessThanOrEqual(1_024);
    expect(sizeOf(item['line'])).toBeLessThanOrEqual(maxLineBytes);
  }
});

test('an ordinary fact is read as it was recorded', () => {
  for (const fact of ordinary) expect(parseFact(itemsOf(fact)[0])).toEqual(recordedFact(fact));
});

test('what does not fit is cut and marked, and ids and names stay whole', () => {
  for (const fact of extreme.filter(({ type }) => type === 'route.decided')) {
    const read = parseFact(itemsOf(fact)[0]);
    expect(read).toMatchObject({ id: fact.id, runKey: fact.runKey, abridged: true });
    expect(read.type === 'route.decided' && read.data.decision.route).toEqual(
      fact.type === 'route.decided' && fact.data.decision.route,
    );
  }
});

test('no dictionary ever changes: stored facts and entries of the log need theirs', () => {
  const hashes = Object.entries(factDictionaries).map(([version, text]) => [
    Number(version),
    createHash('sha256').update(text).digest('hex'),
  ]);
  expect(hashes).toEqual([[1, '3b76aa60cc462db830daa6cf573559d9ac6a9962aeb38040d6f6b54a97245feb']]);
  expect(newestDictionary).toBe(hashes.length);
});
