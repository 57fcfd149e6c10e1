import { createFactStore } from '@dispatcher/store';
import { createMemoryDynamo, type Meet } from '@dispatcher/store/testing';
import { busyFacts } from './busy-system.ts';

// Simulates facts that arrive at a constant rate: the real code over a model of DynamoDB in which every call takes a constant
// time of a virtual clock. Measures the lag of the projections, how often the busiest partitions are written, and how long
// the roll-up takes.

const callMs = 5;
const batchSize = 45;
const rollUpEveryMs = 60_000;
/** The facts function at its `maximumConcurrency`. */
const writers = 2;

interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Advances to each time at which somebody wakes up, until nobody sleeps. */
  readonly run: () => Promise<void>;
}

function createClock(): Clock {
  let now = 0;
  const sleepers = new Map<number, (() => void)[]>();
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((resolve) => {
        const at = now + ms;
        sleepers.set(at, [...(sleepers.get(at) ?? []), resolve]);
      }),
    run: async () => {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (sleepers.size === 0) return;
        now = Math.min(...sleepers.keys());
        const due = sleepers.get(now) ?? [];
        sleepers.delete(now);
        for (const wake of due) wake();
      }
    },
  };
}

const factsPerRun = busyFacts(0).length;

/** @param minutes how long facts arrive @param rate facts a second @param shards FACT_SHARDS */
async function simulate(minutes: number, rate: number, shards: number) {
  const clock = createClock();
  const memory = createMemoryDynamo();
  const writes = new Map<string, number>();
  const meet: Meet = async (command, perform, input) => {
    await clock.sleep(callMs);
    const { Item: item, TableName: table } = input as { Item?: { pk?: string }; TableName?: string };
    if (command === 'PutCommand') {
      // Items of one kind of key without their ids, except for the lists that are one partition.
      const name = `${table} ${String(item?.pk).replace(/^(route|dead-letter|delivery|dispatch|audit)#.*/, '$1#…')}`;
      const second = `${name} ${Math.floor(clock.now() / 1_000)}`;
      writes.set(second, (writes.get(second) ?? 0) + 1);
    }
    return perform();
  };
  const pause = clock.sleep;
  const store = () =>
    createFactStore({
      client: memory.newClient(meet),
      table: 'facts',
      projectionsTable: 'projections',
      shards,
      now: clock.now,
      pause,
    });
  const endMs = minutes * 60_000;
  let next = 0;
  let isRecorded = false;
  const write = async (first: number) => {
    const own = store();
    for (let batch = first; ; batch += writers) {
      const dueMs = (batch * batchSize * 1_000) / rate;
      if (dueMs >= endMs) return;
      if (clock.now() < dueMs) await clock.sleep(dueMs - clock.now());
      const from = Math.floor((batch * batchSize) / factsPerRun);
      const facts = Array.from({ length: Math.ceil(batchSize / factsPerRun) }, (_, index) => busyFacts(from + index));
      await own.recordFacts(facts.flat().slice(0, batchSize));
      next += batchSize;
    }
  };
  const rollUps: { readonly ms: number; readonly lagMs: number; readonly facts: number }[] = [];
  const rollUp = async () => {
    const own = store();
    for (let last = false; !last; ) {
      last = isRecorded;
      await clock.sleep(rollUpEveryMs);
      const began = clock.now();
      const { lagMs, facts } = await own.rollUp.fold();
      rollUps.push({ ms: clock.now() - began, lagMs, facts });
    }
  };
  const writing = Promise.all(Array.from({ length: writers }, (_, index) => write(index))).then(
    () => (isRecorded = true),
  );
  const rolling = rollUp();
  const cpu = process.cpuUsage();
  await clock.run();
  await Promise.all([writing, rolling]);
  const { user, system } = process.cpuUsage(cpu);
  const perPartition = new Map<string, number>();
  for (const [second, count] of writes) {
    const name = second.slice(0, second.lastIndexOf(' '));
    perPartition.set(name, Math.max(perPartition.get(name) ?? 0, count));
  }
  return { rollUps, perPartition, facts: next, seconds: clock.now() / 1_000, cpuSeconds: (user + system) / 1_000_000 };
}

const max = (values: readonly number[]) => Math.round(Math.max(...values));

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** @param minutes how long facts arrive */
export async function benchLog(minutes = 2): Promise<string> {
  const rows: string[] = [];
  const partitions: string[] = [];
  for (const [rate, shards] of [
    [600, 1],
    [600, 4],
  ] as const) {
    const { rollUps, perPartition, facts, cpuSeconds } = await simulate(minutes, rate, shards);
    const busiest = [...perPartition].filter(([name]) => !name.endsWith('#…')).toSorted(([, a], [, b]) => b - a);
    rows.push(
      line([
        rate,
        shards,
        facts,
        max(rollUps.map(({ lagMs }) => lagMs)),
        max(rollUps.map(({ ms }) => ms)),
        max(rollUps.map((each) => each.facts)),
        cpuSeconds.toFixed(1),
      ]),
    );
    for (const [name, count] of busiest.slice(0, 4)) partitions.push(line([rate, shards, name, count]));
  }
  return [
    `Facts for ${minutes} minutes, every call ${callMs} ms:`,
    '',
    line(['facts/s', 'shards', 'facts', 'largest lag (ms)', 'longest roll-up (ms)', 'facts in it', 'CPU of all (s)']),
    line(['--:', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...rows,
    '',
    'Writes of the busiest partitions in their busiest second:',
    '',
    line(['facts/s', 'shards', 'partition', 'writes']),
    line(['--:', '--:', '---', '--:']),
    ...partitions,
    '',
  ].join('\n');
}
