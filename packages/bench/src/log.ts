import type { Fact } from '@dispatcher/contracts';
import { createFactStore, type FactStore } from '@dispatcher/store';
import { createMemoryDynamo, type Meet, type MemoryDynamo } from '@dispatcher/store/testing';
import { type BusySystem, busyRunFacts } from './busy-system.ts';
import { line } from './figures.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

// Simulates facts that arrive at a constant rate: the real code over a model of DynamoDB in which every call takes a constant
// time of a virtual clock. Measures the lag of the projections, how often the busiest partitions are written, and how long
// the roll-up takes. Facts are forgotten once they are folded, so that an hour needs no more memory than a few minutes.

const callMs = 5;
const batchSize = 45;
const rollUpEveryMs = 60_000;
/** `maximumConcurrency` of the facts function. */
const factsConcurrency = 2;
/** Write units a second that DynamoDB grants one partition. */
const partitionLimit = 1_000;

const factsPerRun = busyRunFacts(0).length;

interface Load {
  readonly minutes: number;
  /** Facts a second. */
  readonly rate: number;
  /** `FACT_SHARDS` */
  readonly shards: number;
  /** Source repositories. Each has two routes. */
  readonly sources: number;
}

interface RollUpTime {
  readonly ms: number;
  readonly lagMs: number;
  readonly facts: number;
}

/** Writes of one partition: in its busiest second, of all time, and how often one was throttled. */
interface PartitionWrites {
  busiest: number;
  total: number;
  delayed: number;
}

interface Result {
  readonly facts: number;
  /** Average time that a batch of facts takes. */
  readonly batchMs: number;
  readonly rollUps: readonly RollUpTime[];
  readonly partitions: ReadonlyMap<string, PartitionWrites>;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/**
 * Grants each partition its writes of each second; what exceeds them waits for the next one, as the SDK waits before it repeats
 * a write that was throttled.
 */
function createPartitions({ now, sleep }: VirtualClock) {
  const partitions = new Map<string, PartitionWrites>();
  let second = -1;
  let current = new Map<string, number>();
  const write = async (name: string): Promise<void> => {
    for (;;) {
      const at = Math.floor(now() / 1_000);
      if (at !== second) current = new Map();
      second = at;
      const inSecond = (current.get(name) ?? 0) + 1;
      const writes = partitions.get(name) ?? { busiest: 0, total: 0, delayed: 0 };
      partitions.set(name, writes);
      if (inSecond <= partitionLimit) {
        current.set(name, inSecond);
        writes.busiest = Math.max(writes.busiest, inSecond);
        writes.total += 1;
        return;
      }
      writes.delayed += 1;
      await sleep((at + 1) * 1_000 - now());
    }
  };
  return { partitions, write };
}

/** Returns the partitions of many items that a put writes to: of the table, and of the index of all repositories' lists. */
function sharedPartitions(input: object): string[] {
  const { Item: item, TableName: table } = input as {
    readonly Item: { readonly pk: string; readonly feed?: string };
    readonly TableName: string;
  };
  const isOwn = /^(run|route|dispatch|delivery)#/.test(item.pk);
  return [
    ...(isOwn ? [] : [`${table} ${item.pk}`]),
    ...(item.feed === undefined ? [] : [`facts, index feed ${item.feed}`]),
  ];
}

/** Returns the facts of a batch. Batches are numbered from 0. */
function batchOf(batch: number, system: BusySystem): Fact[] {
  const first = Math.floor((batch * batchSize) / factsPerRun);
  const skipped = batch * batchSize - first * factsPerRun;
  const runs = Math.ceil((skipped + batchSize) / factsPerRun);
  const facts = Array.from({ length: runs }, (_, index) => busyRunFacts(first + index, system)).flat();
  return facts.slice(skipped, skipped + batchSize);
}

function storeOver(memory: MemoryDynamo, clock: VirtualClock, meet: Meet, shards = 1): FactStore {
  return createFactStore({
    client: memory.newClient(meet),
    table: 'facts',
    projectionsTable: 'projections',
    shards,
    now: clock.now,
    pause: clock.sleep,
  });
}

/** Deletes the facts and the log entries that were there when this function was called before: they are folded. */
function createForgetting(memory: MemoryDynamo): () => void {
  let folded = new Set<unknown>();
  return () => {
    const known = new Set<unknown>();
    memory.forget('facts', (item) => {
      if (folded.has(item)) return true;
      known.add(item);
      return false;
    });
    folded = known;
  };
}

export async function simulate({ minutes, rate, shards, sources }: Load): Promise<Result> {
  const system = { sources, runMs: (factsPerRun * 1_000) / rate };
  const clock = createVirtualClock();
  const memory = createMemoryDynamo();
  const { partitions, write: writeTo } = createPartitions(clock);
  const meet: Meet = async (command, perform, input) => {
    await clock.sleep(callMs);
    if (command === 'PutCommand') for (const name of sharedPartitions(input)) await writeTo(name);
    return perform();
  };
  const batches = Math.ceil((minutes * 60 * rate) / batchSize);
  let next = 0;
  let batchMs = 0;
  const write = async () => {
    const store = storeOver(memory, clock, meet, shards);
    while (next < batches) {
      const batch = next++;
      const dueMs = (batch * batchSize * 1_000) / rate;
      if (clock.now() < dueMs) await clock.sleep(dueMs - clock.now());
      const began = clock.now();
      await store.recordFacts(batchOf(batch, system));
      batchMs += clock.now() - began;
    }
  };
  const rollUps: RollUpTime[] = [];
  let megabytes = 0;
  let isRecorded = false;
  const rollUp = async () => {
    const store = storeOver(memory, clock, meet, shards);
    const forget = createForgetting(memory);
    for (let last = false; !last; ) {
      last = isRecorded;
      await clock.sleep(rollUpEveryMs);
      const began = clock.now();
      const { lagMs, facts } = await store.rollUp.fold();
      rollUps.push({ ms: clock.now() - began, lagMs, facts });
      forget();
      megabytes = Math.max(megabytes, process.memoryUsage().rss / 1_000_000);
    }
  };
  const cpu = process.cpuUsage();
  const writing = Promise.all(Array.from({ length: factsConcurrency }, write)).then(() => (isRecorded = true));
  const rolling = rollUp();
  await clock.run();
  await Promise.all([writing, rolling]);
  const { user, system: kernel } = process.cpuUsage(cpu);
  const facts = batches * batchSize;
  return { facts, batchMs: batchMs / batches, rollUps, partitions, cpuSeconds: (user + kernel) / 1e6, megabytes };
}

/** How appends to one log fare that arrive at a rate, at random times. */
interface Appends {
  readonly rate: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Share of the appends whose batch returns to the queue: other writers took the next number at every try. */
  readonly returned: number;
}

const appendRates = [10, 30, 60, 120, 200] as const;
const appendWriters = 10;
const measuredAppends = 2_000;
/** Appends that are slower hold up the facts function. */
const maxAppendMs = 500;

async function measureAppends(rate: number): Promise<Appends> {
  const clock = createVirtualClock();
  const memory = createMemoryDynamo();
  const times: number[] = [];
  let returned = 0;
  const meet: Meet = async (_command, perform, input) => {
    const { Item: item } = input as { readonly Item?: { readonly pk: string } };
    // The puts of the facts follow the append, and take no part in the contention.
    if (item?.pk.startsWith('run#') !== true) await clock.sleep(callMs * (0.5 + Math.random()));
    return perform();
  };
  const stores = Array.from({ length: appendWriters }, () => storeOver(memory, clock, meet));
  const append = async (number: number, atMs: number) => {
    await clock.sleep(atMs);
    const store = stores[number % appendWriters];
    try {
      await store?.recordFacts(busyRunFacts(number).slice(0, 1));
      times.push(clock.now() - atMs);
    } catch {
      returned += 1;
    }
  };
  let atMs = 0;
  const appending = Array.from({ length: measuredAppends }, (_, number) => {
    atMs -= (Math.log(1 - Math.random()) * 1_000) / rate;
    return append(number, atMs);
  });
  await clock.run();
  await Promise.all(appending);
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Infinity;
  return { rate, medianMs: at(0.5), p99Ms: at(0.99), returned: returned / measuredAppends };
}

const max = (values: readonly number[]): number => Math.round(Math.max(...values));
const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const whole = (value: number): string => Math.round(value).toLocaleString('en');

const loads: readonly Omit<Load, 'minutes'>[] = [
  { rate: 600, shards: 1, sources: 600 },
  { rate: 600, shards: 4, sources: 600 },
];
/** Of every load after the first, which is the one that runs for as long as is asked. */
const maxMinutes = 2;

function resultRow(
  { rate, shards, sources, minutes }: Load,
  { facts, rollUps, cpuSeconds, megabytes }: Result,
): string {
  return line([
    rate,
    shards,
    sources,
    minutes,
    whole(facts),
    max(rollUps.map(({ lagMs }) => lagMs)),
    `${max(rollUps.map(({ ms }) => ms))} / ${Math.round(average(rollUps.map(({ ms }) => ms)))}`,
    whole(Math.max(...rollUps.map((each) => each.facts))),
    Math.round((cpuSeconds * 1_000_000) / facts),
    Math.round(megabytes),
  ]);
}

function partitionRows({ rate, shards }: Load, { partitions }: Result): string[] {
  return [...partitions]
    .toSorted(([, one], [, other]) => other.busiest - one.busiest)
    .slice(0, 5)
    .map(([name, { busiest, delayed }]) => line([rate, shards, name, busiest, whole(delayed)]));
}

/** Returns what each part carries, in facts a second, from the least to the most. */
function limitRows({ rate, minutes }: Load, { batchMs, partitions }: Result, appends: readonly Appends[]): string[] {
  const carried = appends.filter(({ p99Ms, returned }) => p99Ms <= maxAppendMs && returned === 0).at(-1)?.rate ?? 0;
  const feeds = [...partitions].filter(([name]) => name.startsWith('facts, index feed'));
  const limits: [name: string, factsPerSecond: number][] = [
    [
      `the facts function: ${factsConcurrency} at once, ${batchSize} facts in ${Math.round(batchMs)} ms, without its CPU time`,
      (factsConcurrency * batchSize * 1_000) / batchMs,
    ],
    [`one log: ${carried} appends a second of ${batchSize} facts`, carried * batchSize],
    ...feeds.map(([name, { total }]): [string, number] => {
      const perSecond = total / (minutes * 60);
      return [
        `${name}: ${Math.round(perSecond)} of ${whole(partitionLimit)} writes a second`,
        (rate * partitionLimit) / perSecond,
      ];
    }),
  ];
  return limits.toSorted(([, one], [, other]) => one - other).map(([name, facts]) => line([name, whole(facts)]));
}

/** @param minutes how long facts arrive */
export async function benchLog(minutes = 2): Promise<string> {
  const results: [Load, Result][] = [];
  for (const [index, each] of loads.entries()) {
    const load = { ...each, minutes: index === 0 ? minutes : Math.min(minutes, maxMinutes) };
    results.push([load, await simulate(load)]);
  }
  const appends: Appends[] = [];
  for (const rate of appendRates) appends.push(await measureAppends(rate));
  const [first] = results;
  return [
    `The real code over a model of DynamoDB in which each call takes ${callMs} ms; a roll-up each minute; times are of the model’s clock:`,
    '',
    line([
      'facts/s',
      'shards',
      'sources',
      'minutes',
      'facts',
      'largest lag (ms)',
      'roll-up, longest / average (ms)',
      'most facts in it',
      'CPU µs per fact',
      'memory (MB)',
    ]),
    line(Array.from({ length: 10 }, () => '--:')),
    ...results.map(([load, result]) => resultRow(load, result)),
    '',
    'The lag is nearly all waiting for the minute’s roll-up. The partitions that many items share, and their writes in their ' +
      `busiest second, of which DynamoDB grants ${whole(partitionLimit)}:`,
    '',
    line(['facts/s', 'shards', 'partition', 'writes', 'throttled in all']),
    line(['--:', '--:', '---', '--:', '--:']),
    ...results.flatMap(([load, result]) => partitionRows(load, result)),
    '',
    'A roll-up writes each repository that had facts since the last one, as fast as DynamoDB grants it. A write that was throttled ' +
      `waits for the next second, so more such repositories make the roll-up longer, and no fact is lost. ${whole(60 * partitionLimit)} ` +
      'in a minute are the limit of this partition. More shards do not raise it: they share the list of repositories.',
    '',
    `Appends to one log by ${appendWriters} writers at random times:`,
    '',
    line(['appends/s', 'facts/s in full batches', 'median (ms)', '99 % take at most (ms)', 'returned to the queue']),
    line(['--:', '--:', '--:', '--:', '--:']),
    ...appends.map(({ rate, medianMs, p99Ms, returned }) =>
      line([
        rate,
        whole(rate * batchSize),
        Math.round(medianMs),
        Math.round(p99Ms),
        `${(returned * 100).toFixed(1)} %`,
      ]),
    ),
    '',
    'What each part carries, the first limit first:',
    '',
    line(['limit', 'facts/s']),
    line(['---', '--:']),
    ...(first === undefined ? [] : limitRows(...first, appends)),
    '',
  ].join('\n');
}
