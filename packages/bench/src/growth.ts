import type { Fact } from '@dispatcher/contracts';
import type { Capacity, Meet } from '@dispatcher/store/testing';
import { type BusySystem, busyFacts } from './busy-system.ts';
import { line } from './figures.ts';
import { createMeteredStore, readCosts, record, runsFrom, setGauges } from './projections.ts';

// Measures what the next facts and every read of the API cost in a system that has stored more and more facts, with few and
// with many routes. CPU time is that of the stores alone: the model of DynamoDB is left out.

const factCounts = [1_000, 10_000, 100_000] as const;
const few: BusySystem = { sources: 5, runMs: 100 };
const many: BusySystem = { sources: 5_000, runMs: 100 };
/** Each source has two routes, and all share one. */
const routesOf = ({ sources }: BusySystem, runs: number): number => 1 + 2 * Math.min(sources, runs);

const factsPerRun = busyFacts(0).length;
const batchSize = 45;
const measuredRuns = 90;
const readRepeats = 50;

/** What one fact or one read costs. */
export interface GrowthCost {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly bytes: number;
  readonly cpuUs: number;
}

export interface GrowthPoint {
  readonly facts: number;
  readonly routes: number;
  readonly fact: GrowthCost;
  readonly get: GrowthCost;
}

const cpuUsOf = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

/** What replaces the model of DynamoDB in a measurement of CPU time. */
interface Model {
  readonly meet: Meet;
  /** Returns the CPU time of the model since the last call of this function. */
  readonly collectUs: () => number;
  /** Performs `work` with a response that is known for every request that was sent before. */
  readonly replay: (work: () => Promise<void>) => Promise<void>;
}

function createModel(): Model {
  let us = 0;
  let known: Map<string, object> | null = null;
  const perform = (performOne: () => object): object => {
    const start = cpuUsOf();
    try {
      return performOne();
    } finally {
      us += cpuUsOf() - start;
    }
  };
  return {
    meet: async (command, performOne, input) => {
      if (known === null) return perform(performOne);
      const name = JSON.stringify([command, input]);
      const response = known.get(name) ?? performOne();
      known.set(name, response);
      return response;
    },
    collectUs: () => {
      const collected = us;
      us = 0;
      return collected;
    },
    replay: async (work) => {
      known = new Map();
      await work();
      known = null;
    },
  };
}

function costOf(capacity: Capacity, cpuUs: number, count: number): GrowthCost {
  const { singleUnits, transactionUnits, indexUnits, readUnits, bytesRead, bytesWritten } = capacity;
  return {
    writeUnits: (singleUnits + transactionUnits + indexUnits) / count,
    readUnits: readUnits / count,
    bytes: (bytesRead + bytesWritten) / count,
    cpuUs: cpuUs / count,
  };
}

/** Stores facts of a system up to each number, and measures the next ones and every read. */
export async function measureGrowth(system: BusySystem, counts: readonly number[]): Promise<GrowthPoint[]> {
  const { meet, collectUs, replay } = createModel();
  const metered = createMeteredStore(meet);
  const { memory } = metered;
  const factsOf = (runs: readonly number[]): Fact[] => runs.flatMap((run) => busyFacts(run, system));
  const measure = async (work: () => Promise<void>, count: number): Promise<GrowthCost> => {
    memory.setMetered(true);
    memory.collectCapacity();
    collectUs();
    const start = cpuUsOf();
    await work();
    const cpuUs = cpuUsOf() - start - collectUs();
    memory.setMetered(false);
    return costOf(memory.collectCapacity(), cpuUs, count);
  };
  const points: GrowthPoint[] = [];
  let run = 0;
  memory.setMetered(false);
  for (const facts of counts) {
    while (run * factsPerRun < facts) {
      const runs = runsFrom(run, Math.min(450, facts / factsPerRun - run));
      await record(metered, factsOf(runs), batchSize);
      run += runs.length;
    }
    const next = factsOf(runsFrom(run, measuredRuns));
    const fact = await measure(() => record(metered, next, batchSize), next.length);
    run += measuredRuns;
    await setGauges(metered, run, system);
    const get = await measureReads(metered, system, replay);
    points.push({ facts, routes: routesOf(system, run), fact, get });
  }
  return points;
}

/** Measures the reads by their average: units and bytes of the page, CPU time of all that was read for it. */
async function measureReads(
  metered: ReturnType<typeof createMeteredStore>,
  system: BusySystem,
  replay: Model['replay'],
): Promise<GrowthCost> {
  metered.memory.setMetered(true);
  const reads = await readCosts(metered, system);
  const average = (value: (capacity: Capacity) => number) =>
    reads.reduce((sum, { capacity }) => sum + value(capacity), 0) / reads.length;
  metered.memory.setMetered(false);
  let cpuUs = 0;
  await replay(async () => {
    await readCosts(metered, system);
    const start = cpuUsOf();
    for (let repeat = 0; repeat < readRepeats; repeat += 1) await readCosts(metered, system);
    cpuUs = (cpuUsOf() - start) / (readRepeats * reads.length);
  });
  const [readUnits, bytes] = [average((capacity) => capacity.readUnits), average(({ bytesRead }) => bytesRead)];
  return { writeUnits: 0, readUnits, bytes, cpuUs };
}

/** Returns the power of the growth of a total: 1 if it is proportional, that is, if one costs the same as before. */
const exponent = (first: number, last: number, factor: number): number =>
  first === 0 && last === 0 ? 0 : Math.log(last / first) / Math.log(factor);

const number = (value: number): string => value.toFixed(value < 100 ? 2 : 0);

const kinds = ['writeUnits', 'readUnits', 'bytes', 'cpuUs'] as const;

function pointRow({ facts, routes, fact, get }: GrowthPoint): string {
  return line([
    facts.toLocaleString('en'),
    routes.toLocaleString('en'),
    ...kinds.map((kind) => number(fact[kind])),
    ...kinds.slice(1).map((kind) => number(get[kind])),
  ]);
}

/** Returns the exponents of what one fact and one read cost, between two points. */
function exponentRow(name: string, first: GrowthPoint | undefined, last: GrowthPoint | undefined, factor: number) {
  if (first === undefined || last === undefined) throw new Error(`There is no measurement of ${name}.`);
  return line([
    name,
    '',
    ...kinds.map((kind) => exponent(first.fact[kind], last.fact[kind], factor).toFixed(2)),
    ...kinds.slice(1).map((kind) => exponent(first.get[kind], last.get[kind], factor).toFixed(2)),
  ]);
}

/** @param maxFacts the largest number of facts */
export async function benchGrowth(maxFacts: number = factCounts[2]): Promise<string> {
  const counts = factCounts.filter((count) => count <= maxFacts);
  // Compiles and optimizes what is measured.
  await measureGrowth(few, counts.slice(0, 1));
  const [fewRoutes, manyRoutes] = [await measureGrowth(few, counts), await measureGrowth(many, counts)];
  const [first, last] = [fewRoutes.at(-1), manyRoutes.at(-1)];
  const factor = (counts.at(-1) ?? 1) / (counts[0] ?? 1);
  const heads = ['write units', 'read units', 'bytes', 'CPU µs'];
  return [
    'What the next fact costs (recorded in batches of 45, folded once for 900) and what a GET costs (average of every read):',
    '',
    line([
      'facts',
      'routes',
      ...heads.map((head) => `${head} per fact`),
      ...heads.slice(1).map((head) => `${head} per GET`),
    ]),
    line(Array.from({ length: 9 }, () => '--:')),
    ...[...fewRoutes, ...manyRoutes].map(pointRow),
    exponentRow('exponent, facts, few routes', fewRoutes[0], first, factor),
    exponentRow('exponent, facts, many routes', manyRoutes[0], last, factor),
    exponentRow('exponent, routes', first, last, (last?.routes ?? 1) / (first?.routes ?? 1)),
    '',
    'The exponents are of what one fact or one GET costs: 0 is constant, so that all facts together cost in proportion to their number; ' +
      '1 would be as much more as there are facts.',
    '',
    `Each run has ${factsPerRun} facts, and a source has its routes from its first run on, so that few facts have few routes. ` +
      'A fold reads the stored items that it changes. Only in the last row are the sources of the measured runs stored already, ' +
      'with items that few of their facts share: this is why its facts cost more reads.',
    '',
  ].join('\n');
}
