import { parseArgs } from 'node:util';
import { type Enumeration, type EnumerateOptions, enumerate } from './enumerate.ts';
import { waitAnHour } from './hour.ts';
import { type Laboratory, openLaboratory } from './laboratory.ts';
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

const everyWay: readonly EnumerateOptions[] = [
  { level: 'ports', how: 'dies' },
  { level: 'wire', how: 'dies' },
  { level: 'ports', how: 'stops' },
];
const pairs: EnumerateOptions = { level: 'ports', how: 'dies', pairs: true };

function row(cells: readonly (string | number)[]): string {
  const [name = '', ...rest] = cells.map(String);
  return name.padEnd(46) + rest.map((cell) => cell.padStart(10)).join('');
}

function print({ scenario, level, how, points, told, failures }: Enumeration, seconds: number): void {
  console.log(row([scenario, level, how, points, told, failures.length, seconds]));
  for (const { at, violations } of failures) {
    console.error(`- ${at.join(', then ')}`);
    for (const violation of violations) console.error(`    ${violation}`);
  }
}

/** True where nothing was found. */
async function prove(chosen: readonly Scenario[], ways: readonly EnumerateOptions[], every: number): Promise<boolean> {
  const laboratory = await openLaboratory();
  let sound = true;
  console.log(row(['scenario', 'level', 'process', 'points', 'histories', 'failures', 'seconds']));
  try {
    for (const way of ways) {
      for (const scenario of chosen.filter(({ floor }) => way.pairs !== true || floor.ports <= mostPointsForPairs)) {
        const started = performance.now();
        const found = await enumerate(laboratory, scenario, { ...way, every });
        print(found, Math.round((performance.now() - started) / 1_000));
        if (found.points < scenario.floor[way.level]) {
          console.error(`- ${found.points} crash points are fewer than the ${scenario.floor[way.level]} there were`);
          sound = false;
        }
        sound &&= found.failures.length === 0;
      }
    }
    if (ways.some(({ pairs }) => pairs)) sound = (await proveTheHour(laboratory)) && sound;
  } finally {
    await laboratory.close();
  }
  return sound;
}

const messagesInTheHour = 500;

async function proveTheHour(laboratory: Laboratory): Promise<boolean> {
  const started = performance.now();
  const found = await waitAnHour(laboratory, messagesInTheHour);
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(row(['an hour of rate limit, 500 messages', '', '', '', 1, found.length, seconds]));
  for (const violation of found) console.error(`    ${violation}`);
  return found.length === 0;
}

/** The pairs grow with the square: a longer story has none that the shorter ones do not have. */
const mostPointsForPairs = 100;

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
  if (!(await prove(chosen, values.singles ? everyWay : [...everyWay, pairs], every))) process.exitCode = 1;
}

await main();
