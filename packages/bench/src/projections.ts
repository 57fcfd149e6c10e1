import type { Fact } from '@dispatcher/contracts';
import { routeId, runKey } from '@dispatcher/contracts';
import { createFactStore, type FactStore } from '@dispatcher/store';
import { type Capacity, createMemoryDynamo, type MemoryDynamo, noCapacity } from '@dispatcher/store/testing';
import {
  busyDecisions,
  busyFacts,
  busyRun,
  sampleOf,
  endOf,
  sharedTarget,
  sourceOf,
  steadyTarget,
} from './busy-system.ts';

// What it costs to record facts and to read answers, counted from the requests really sent to a model of DynamoDB that
// bills as the developer guide says.

const factsPerRun = 11;

interface System {
  readonly memory: MemoryDynamo;
  readonly store: FactStore;
}

function newSystem(): System {
  const memory = createMemoryDynamo({ metered: true });
  const store = createFactStore({ client: memory.newClient(), table: 'facts', projectionsTable: 'projections' });
  return { memory, store };
}

async function record({ store }: System, facts: readonly Fact[], batchSize: number): Promise<void> {
  for (let at = 0; at < facts.length; at += batchSize) await store.recordFacts(facts.slice(at, at + batchSize));
}

const runsFrom = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

export interface WriteCost {
  readonly facts: string;
  readonly batch: number;
  /** Each of one fact. */
  readonly requests: number;
  readonly transaction: number;
  readonly single: number;
  readonly indexes: number;
  readonly units: number;
  readonly readUnits: number;
}

/**
 * Write units of one fact, in batches of 1, 10 and 45 facts of 45 repositories, in a system that knows them already.
 */
export async function writeCosts(): Promise<readonly WriteCost[]> {
  const kinds: Readonly<Record<string, (run: number) => Fact[]>> = {
    decisions: (run) => busyDecisions(run).slice(0, 1),
    'all kinds': busyFacts,
  };
  const costs: WriteCost[] = [];
  for (const [facts, factsOf] of Object.entries(kinds)) {
    for (const batch of [1, 10, 45]) {
      const system = newSystem();
      await record(system, runsFrom(0, 60).flatMap(busyFacts), 45);
      const measured = interleaved(runsFrom(180, 45).map(factsOf));
      system.memory.takeCapacity();
      await record(system, measured, batch);
      costs.push(writeCost(facts, batch, measured.length, system.memory.takeCapacity()));
    }
  }
  return costs;
}

/** The first facts of all, then the second of all: a batch is of as many repositories as it has facts. */
function interleaved(lists: readonly (readonly Fact[])[]): Fact[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat();
}

function writeCost(facts: string, batch: number, count: number, capacity: Capacity): WriteCost {
  const { requests, transactionUnits, singleUnits, indexUnits, readUnits } = capacity;
  return {
    facts,
    batch,
    requests: requests / count,
    transaction: transactionUnits / count,
    single: singleUnits / count,
    indexes: indexUnits / count,
    units: (transactionUnits + singleUnits + indexUnits) / count,
    readUnits: readUnits / count,
  };
}

export interface ReadCost {
  readonly name: string;
  readonly capacity: Capacity;
}

/** Every read of the store once, its second page where it has pages. */
export async function readCosts({ memory, store }: System): Promise<readonly ReadCost[]> {
  const run = busyRun(7);
  const steady = {
    source: { repository: 'octo-org/source', workflow: 'ci.yml' },
    target: { repository: steadyTarget, workflow: 'cd.yml' },
  };
  const dispatch = busyDecisions(7)[0]?.data.decision.dispatchId ?? '';
  const secondPage = async (read: (request: { cursor?: string }) => Promise<{ readonly cursor: string | null }>) => {
    const { cursor } = await read({});
    if (cursor === null) throw new Error('The list has one page only; record more facts.');
    memory.takeCapacity();
    await read({ cursor });
  };
  const reads: Readonly<Record<string, () => Promise<unknown>>> = {
    'summary of an hour': () => store.summary('hour'),
    'summary of all time': () => store.summary('all'),
    trend: () => store.trend(),
    queues: () => store.queues(),
    'dead-letter summary': () => store.deadLetterSummary(),
    'dead letters, page 2': () => secondPage((request) => store.deadLetters('runs', { limit: 20, ...request })),
    'repositories, page 2': () => secondPage((request) => store.repositories({ limit: 20, ...request })),
    repository: () => store.repository(sourceOf(run)),
    'facts of a repository, page 2': () =>
      secondPage((request) => store.repositoryFacts(sharedTarget, { limit: 20, ...request })),
    'inbound uses, page 2': () => secondPage((request) => store.inboundUses(sharedTarget, { limit: 20, ...request })),
    'routes, page 2': () => secondPage((request) => store.routes({ limit: 20, ...request })),
    'route with its results': () => store.routeProjection(routeId(steady)),
    'facts of a route, page 2': () =>
      secondPage((request) => store.routeFacts(routeId(steady), { limit: 20, ...request })),
    'installations, page 2': () => secondPage((request) => store.installations({ limit: 20, ...request })),
    'audit, page 2': () => secondPage((request) => store.audit({ limit: 20, ...request })),
    'deliveries, page 2': () => secondPage((request) => store.deliveries({ limit: 20, ...request })),
    delivery: () => store.delivery(run.deliveryId, {}),
    'dispatches, page 2': () => secondPage((request) => store.dispatches({ limit: 20, ...request })),
    dispatch: () => store.dispatch(dispatch, {}),
    run: () => store.run(runKey(run), {}),
    plan: () => store.plan(runKey(run), {}),
    'run found by its id': () => store.findRuns({ by: 'run-id', value: String(run.run.id) }, {}),
    'run found by its commit': () => store.findRuns({ by: 'commit', value: run.run.headSha }, {}),
    'run found by a dispatch': () => store.findRuns({ by: 'dispatch', value: dispatch }, {}),
  };
  const costs: ReadCost[] = [];
  for (const [name, read] of Object.entries(reads)) {
    memory.takeCapacity();
    await read();
    costs.push({ name, capacity: memory.takeCapacity() });
  }
  return costs;
}

export interface Growth {
  readonly facts: number;
  readonly reads: readonly ReadCost[];
}

/** What reading costs at about 1,000 facts, and at the most that are recorded until `mayGoOn` says no. */
export async function growth(mayGoOn: (facts: number) => boolean): Promise<readonly [Growth, Growth]> {
  const system = newSystem();
  let run = 0;
  const grow = async (until: (facts: number) => boolean): Promise<Growth> => {
    do {
      await record(system, runsFrom(run, 10).flatMap(busyFacts), 45);
      run += 10;
    } while (!until(run * factsPerRun));
    await system.store.recordFacts([sampleOf(run)]);
    await system.store.rollUp.setSummaries(endOf(run));
    await system.store.rollUp.setDeadLetterSummary(endOf(run), new Map([['runs', 0]]));
    return { facts: run * factsPerRun, reads: await readCosts(system) };
  };
  const small = await grow((facts) => facts >= 1_000);
  return [small, await grow((facts) => !mayGoOn(facts))];
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** @param seconds how long facts are recorded before the reads are measured again */
export async function benchProjections(seconds = 20): Promise<string> {
  const writes = await writeCosts();
  const until = performance.now() + seconds * 1000;
  const [small, large] = await growth(() => performance.now() < until);
  return [
    'Each fact costs, in units of DynamoDB:',
    '',
    line(['facts', 'in a batch', 'requests', 'transactions', 'single writes', 'indexes', 'write units', 'read units']),
    line(['---', '--:', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...writes.map(({ facts, batch, requests, transaction, single, indexes, units, readUnits }) =>
      line([facts, ...[batch, requests, transaction, single, indexes, units, readUnits].map(number)]),
    ),
    '',
    `Each read, at ${small.facts} facts and at ${large.facts}:`,
    '',
    line(['read', 'requests', 'items', 'bytes']),
    line(['---', '--:', '--:', '--:']),
    ...small.reads.map(({ name, capacity }, index) => {
      const later = large.reads[index]?.capacity ?? noCapacity();
      const both = (of: (capacity: Capacity) => number) => `${of(capacity)} / ${of(later)}`;
      return line([
        name,
        both(({ requests }) => requests),
        both(({ itemsRead }) => itemsRead),
        both(({ bytesRead }) => bytesRead),
      ]);
    }),
    '',
  ].join('\n');
}
