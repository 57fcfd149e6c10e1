import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Enumeration, type EnumerateOptions, enumerate } from './enumerate-faults.ts';
import { waitAnHour } from './rate-limit-hour.ts';
import { openLaboratory } from './system/harness.ts';
import { startPool } from './process-pool.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const usage = `Lets a process die, or stop and be woken, at every crash point of every scenario, and judges each history.

  npm run crash -- [--scenario NAME] [--singles] [--every N]

  --scenario NAME   only this one
  --singles         one blow a history; without it also pairs of deaths, and a rate limit of an hour (the most of the time)
  --every N         of all histories only every n-th, the same each time
  --help            this text`;

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    singles: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

const singles: readonly EnumerateOptions[] = [
  { level: 'ports', how: 'dies' },
  { level: 'wire', how: 'dies' },
  { level: 'ports', how: 'stops' },
];
const pairs: EnumerateOptions = { level: 'ports', how: 'dies', pairs: true };

function row(cells: readonly (string | number)[]): string {
  const [name = '', ...rest] = cells.map(String);
  return name.padEnd(46) + rest.map((cell) => cell.padStart(10)).join('');
}

function print({ scenario, level, points, distinct, told, failures }: Enumeration, kind: string): void {
  console.log(row([scenario, level, kind, points, distinct, told, failures.length]));
  for (const { at, violations } of failures) {
    console.error(`- ${at.join(', then ')}`);
    for (const violation of violations) console.error(`    ${violation}`);
  }
}

/** True where nothing was found. */
async function prove(chosen: readonly Scenario[], ways: readonly EnumerateOptions[], every: number): Promise<boolean> {
  const pool = startPool(availableParallelism());
  let sound = true;
  console.log(row(['scenario', 'level', 'blows', 'points', 'distinct', 'histories', 'failures']));
  try {
    // All are asked for at once, so that no process waits for another's last history; they are told in this order.
    const found = ways.flatMap((way) =>
      chosen.map((scenario) => ({ way, scenario, found: enumerate(pool.tell, scenario, { ...way, every }) })),
    );
    const all = Promise.allSettled(found.map(({ found }) => found));
    for (const { way, scenario, found: enumeration } of found) {
      const { points, failures } = await enumeration;
      print(await enumeration, way.pairs === true ? 'two die' : `one ${way.how}`);
      if (points < scenario.floor[way.level]) {
        console.error(`- ${points} crash points are fewer than the ${scenario.floor[way.level]} there were`);
        sound = false;
      }
      sound &&= failures.length === 0;
    }
    await all;
  } finally {
    await pool.close();
  }
  return sound;
}

const messagesInTheHour = 500;

async function proveTheHour(): Promise<boolean> {
  const laboratory = await openLaboratory();
  try {
    const found = await waitAnHour(laboratory, messagesInTheHour);
    console.log(row([`an hour of rate limit, ${messagesInTheHour} messages`, '', '', '', '', 1, found.length]));
    for (const violation of found) console.error(`    ${violation}`);
    return found.length === 0;
  } finally {
    await laboratory.close();
  }
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(usage);
    return;
  }
  const chosen = scenarios.filter(({ name }) => values.scenario === undefined || values.scenario === name);
  if (chosen.length === 0) {
    throw new Error(`There is no such scenario. There are: ${scenarios.map(({ name }) => name).join('; ')}.`);
  }
  const every = Number(values.every);
  if (!Number.isInteger(every) || every < 1) throw new Error(`--every must be 1 or more; it is ${values.every}.`);
  const started = performance.now();
  const sound = await prove(chosen, values.singles ? singles : [...singles, pairs], every);
  const patient = values.singles || (await proveTheHour());
  console.log(`${Math.round((performance.now() - started) / 1_000)} seconds`);
  if (!sound || !patient) process.exitCode = 1;
}

await main();
