import type { ConfigObserved } from '@dispatcher/contracts';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { updateGraph } from '@dispatcher/facts/src/update-graph.ts';
import { createRulesCache, observeConfig } from '@dispatcher/rules';
import { line } from './figures.ts';
import { createMeteredStore, record } from './projections.ts';

// Measures what the update of the consent graph costs by the number of repositories: the graph is computed from all of them,
// whenever one has changed.

const sizes = [60, 600, 6_000] as const;
/** Repositories of one owner. */
const perOwner = 1_000;
/** Repositories that each one requests, and that each one accepts. */
const neighbors = 3;
const requested = Array.from({ length: neighbors }, (_, index) => index + 1);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined, with: () => log };
const meter = { count: () => undefined, milliseconds: () => undefined };

const nameOf = (repository: number): string => `owner-${Math.floor(repository / perOwner)}/service-${repository}`;

/** Returns what a repository says: it starts the next ones, and accepts the ones before it. */
function observed(repository: number, count: number, revision = 0): ConfigObserved {
  const at = (distance: number) => nameOf((repository + distance + count) % count);
  const rules = {
    outbound: requested.map((distance) => ({
      source: { workflow: 'ci.yml', branches: ['main'] },
      targets: [{ repository: at(distance), workflow: `deploy-${distance + revision}.yml` }],
    })),
    inbound: requested.map((distance) => ({
      source: { repository: at(-distance), workflow: 'ci.yml', branches: ['main'] },
      targets: [{ workflow: `deploy-${distance}.yml` }],
    })),
  };
  const id = `config-${repository}-${revision}`;
  const file = readFile(id, JSON.stringify(rules));
  const observation = observeConfig(readRepository(nameOf(repository), file, { id: repository + 1 }));
  if (observation === null) throw new Error(`The file of ${nameOf(repository)} was not read.`);
  const time = new Date(Date.parse('2026-11-03T14:00:00Z') + revision * 60_000).toISOString();
  return {
    version: 1,
    id,
    type: 'config.observed',
    time,
    correlationId: id,
    data: { ...observation, seenBy: 'sweep' },
  };
}

/** What one update costs. */
export interface GraphCost {
  readonly repositories: number;
  readonly cpuMs: number;
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Measures the first graph of so many repositories, and the one after one of them has changed. */
export async function measureGraph(repositories: number): Promise<readonly [first: GraphCost, changed: GraphCost]> {
  const metered = createMeteredStore();
  const cache = createRulesCache();
  const numbers = Array.from({ length: repositories }, (_, repository) => repository);
  const update = async (facts: readonly ConfigObserved[]): Promise<GraphCost> => {
    await record(metered, facts, 45);
    const { memory, store } = metered;
    memory.collectCapacity();
    const start = process.threadCpuUsage();
    await updateGraph({ index: store.consentIndex, cache, meter, log, now: Date.now });
    const { user, system } = process.threadCpuUsage(start);
    const { requests, readUnits, singleUnits, indexUnits } = memory.collectCapacity();
    return { repositories, cpuMs: (user + system) / 1_000, requests, readUnits, writeUnits: singleUnits + indexUnits };
  };
  const first = await update(numbers.map((repository) => observed(repository, repositories)));
  return [first, await update([observed(0, repositories, 1)])];
}

const number = (value: number): string => Math.round(value).toLocaleString('en');

/** Returns the power by which a cost grows with the number of repositories: 1 is in proportion. */
const exponent = (one: number, other: number, factor: number): string =>
  (Math.log(other / one) / Math.log(factor)).toFixed(2);

const kinds = ['cpuMs', 'requests', 'readUnits', 'writeUnits'] as const;

/** @param maxRepositories the largest number of repositories */
export async function benchGraph(maxRepositories: number = sizes[2]): Promise<string> {
  const costs: (readonly [GraphCost, GraphCost])[] = [];
  // Compiles and optimizes what is measured.
  await measureGraph(sizes[1]);
  for (const size of sizes.filter((each) => each <= maxRepositories)) costs.push(await measureGraph(size));
  const [small, large] = [costs[0], costs.at(-1)];
  if (small === undefined || large === undefined) throw new Error(`There is no size up to ${maxRepositories}.`);
  const factor = large[0].repositories / small[0].repositories;
  const row = (index: 0 | 1) => (cost: readonly [GraphCost, GraphCost]) =>
    line([
      index === 0 ? 'first' : 'one has changed',
      number(cost[index].repositories),
      ...kinds.map((kind) => number(cost[index][kind])),
    ]);
  const exponents = ([0, 1] as const).map((index) =>
    line([
      index === 0 ? 'first' : 'one has changed',
      'exponent',
      ...kinds.map((kind) => exponent(small[index][kind], large[index][kind], factor)),
    ]),
  );
  return [
    `What an update of the consent graph costs; each repository requests ${neighbors} others and accepts ${neighbors}:`,
    '',
    line(['update', 'repositories', 'CPU ms, model of DynamoDB included', 'requests', 'read units', 'write units']),
    line(['---', '--:', '--:', '--:', '--:', '--:']),
    ...costs.map(row(0)),
    ...costs.map(row(1)),
    ...exponents,
    '',
    'An exponent of 1 is in proportion to the repositories. An update happens once a minute at most, and only after a change.',
    '',
  ].join('\n');
}
