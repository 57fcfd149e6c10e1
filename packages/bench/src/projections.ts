import type { Fact } from '@dispatcher/contracts';
import { routeId, runKey } from '@dispatcher/contracts';
import { createBudgetStore, createFactStore, type FactStore } from '@dispatcher/store';
import { type Capacity, createMemoryDynamo, type Meet, type MemoryDynamo, noCapacity } from '@dispatcher/store/testing';
import {
  type BusySystem,
  busyDecisions,
  busySystem,
  busyFacts,
  busyRun,
  budgetOf,
  queueSamples,
  endOf,
  sharedTarget,
  sourceOf,
  steadyTarget,
} from './busy-system.ts';

// Measures the capacity that recording facts and reading projections consumes, from the requests sent to a model of
// DynamoDB that computes capacity units as the DynamoDB Developer Guide describes.

const factsPerRun = 10;

export interface MeteredStore {
  readonly memory: MemoryDynamo;
  readonly store: FactStore;
}

export function createMeteredStore(meet?: Meet): MeteredStore {
  const memory = createMemoryDynamo({ metered: true });
  const store = createFactStore({ client: memory.newClient(meet), table: 'facts', projectionsTable: 'projections' });
  return { memory, store };
}

export async function record({ store }: MeteredStore, facts: readonly Fact[], batchSize: number): Promise<void> {
  for (let at = 0; at < facts.length; at += batchSize) await store.recordFacts(facts.slice(at, at + batchSize));
  await store.rollUp.fold();
}

export const runsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

export interface WriteCost {
  readonly facts: string;
  readonly batch: number;
  /** This and the following are averages per fact. */
  readonly requests: number;
  readonly transaction: number;
  readonly single: number;
  readonly indexes: number;
  readonly units: number;
  readonly readUnits: number;
}

/** Measures the write units per fact, in batches of 1, 10 and 45 facts of 45 repositories that already have projections. */
export async function writeCosts(): Promise<readonly WriteCost[]> {
  const kinds: Readonly<Record<string, (run: number) => Fact[]>> = {
    decisions: (run) => busyDecisions(run).slice(0, 1),
    'all kinds': (run) => busyFacts(run),
  };
  const costs: WriteCost[] = [];
  for (const [facts, factsOf] of Object.entries(kinds)) {
    for (const batch of [1, 10, 45]) {
      const system = createMeteredStore();
      await record(
        system,
        runsFrom(0, 60).flatMap((run) => busyFacts(run)),
        45,
      );
      const measured = interleaved(runsFrom(180, 45).map((run) => factsOf(run)));
      system.memory.collectCapacity();
      await record(system, measured, batch);
      costs.push(writeCost(facts, batch, measured.length, system.memory.collectCapacity()));
    }
  }
  return costs;
}

/** Interleaves the lists, so that the facts of a batch belong to different repositories. */
function interleaved(lists: readonly (readonly Fact[])[]): Fact[] {
  const maxLength = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: maxLength }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat();
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

/** Measures every read of the store once; for lists the second page, unless the system is too small for one. */
export async function readCosts({ memory, store }: MeteredStore, system = busySystem): Promise<readonly ReadCost[]> {
  const run = busyRun(7, system);
  const steady = {
    source: { repository: 'octo-org/source', workflow: 'ci.yml' },
    target: { repository: steadyTarget, workflow: 'cd.yml' },
  };
  const dispatch = busyDecisions(7, system)[0]?.data.decision.dispatchId ?? '';
  const secondPage = async (read: (request: { cursor?: string }) => Promise<{ readonly cursor: string | null }>) => {
    const { cursor } = await read({});
    if (cursor === null && system.sources < busySystem.sources) return;
    if (cursor === null) throw new Error('The list has only one page. Record more facts.');
    memory.collectCapacity();
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
    'find runs by run id': () => store.findRuns({ by: 'run-id', value: String(run.run.id) }, {}),
    'find runs by commit': () => store.findRuns({ by: 'commit', value: run.run.headSha }, {}),
    'find runs by dispatch': () => store.findRuns({ by: 'dispatch', value: dispatch }, {}),
  };
  const costs: ReadCost[] = [];
  for (const [name, read] of Object.entries(reads)) {
    memory.collectCapacity();
    await read();
    costs.push({ name, capacity: memory.collectCapacity() });
  }
  return costs;
}

/** Stores the budgets of as many installations as there are sources. */
async function storeBudgets({ memory }: MeteredStore, run: number, system: BusySystem): Promise<void> {
  const budgets = createBudgetStore({ client: memory.newClient(), table: 'projections' });
  for (const number of runsFrom(Math.max(0, run - system.sources), Math.min(run, system.sources)))
    await budgets.setBudget(budgetOf(number, system));
}

/** Sets what the roll-up sets besides the fold. @param run the number of runs so far */
export async function setGauges(metered: MeteredStore, run: number, system = busySystem): Promise<void> {
  const { rollUp } = metered.store;
  const at = endOf(run, system);
  await rollUp.setQueues(at, queueSamples);
  await storeBudgets(metered, run, system);
  await rollUp.setSummaries(at);
  await rollUp.setDeadLetterSummary(at, new Map([['runs', 0]]));
}

export interface Growth {
  readonly facts: number;
  readonly reads: readonly ReadCost[];
}

/** Measures all reads after about 1,000 facts, and again once `shouldContinue` returns false. */
export async function growth(shouldContinue: (facts: number) => boolean): Promise<readonly [Growth, Growth]> {
  const system = createMeteredStore();
  let run = 0;
  const grow = async (until: (facts: number) => boolean): Promise<Growth> => {
    do {
      await record(
        system,
        runsFrom(run, 10).flatMap((run) => busyFacts(run)),
        45,
      );
      run += 10;
    } while (!until(run * factsPerRun));
    await setGauges(system, run);
    return { facts: run * factsPerRun, reads: await readCosts(system) };
  };
  const small = await grow((facts) => facts >= 1_000);
  return [small, await grow((facts) => !shouldContinue(facts))];
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** @param seconds how long to record facts before the reads are measured again */
export async function benchProjections(seconds = 20): Promise<string> {
  const writes = await writeCosts();
  const until = performance.now() + seconds * 1000;
  const [small, large] = await growth(() => performance.now() < until);
  return [
    'Capacity units per fact:',
    '',
    line(['facts', 'batch size', 'requests', 'transactions', 'single writes', 'indexes', 'write units', 'read units']),
    line(['---', '--:', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...writes.map(({ facts, batch, requests, transaction, single, indexes, units, readUnits }) =>
      line([facts, ...[batch, requests, transaction, single, indexes, units, readUnits].map(number)]),
    ),
    '',
    `Per read, after ${small.facts} and after ${large.facts} facts:`,
    '',
    line(['read', 'requests', 'items', 'bytes']),
    line(['---', '--:', '--:', '--:']),
    ...small.reads.map(({ name, capacity }, index) => {
      const later = large.reads[index]?.capacity ?? noCapacity();
      const both = (value: (capacity: Capacity) => number) => `${value(capacity)} / ${value(later)}`;
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
