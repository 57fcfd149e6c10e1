import { parseArgs } from 'node:util';
import { runChaos } from './run-experiment.ts';

const usage = `Breaks a whole system of real processes, and says whether every run was still dispatched exactly once.

  npm run chaos -- [--deliveries N] [--routes N] [--seed S]

  --deliveries N   runs that complete      (1000)
  --routes N       routes between them     (50)
  --seed S         what happens when       (the time; printed, so that it can be given again)`;

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '1000' },
    routes: { type: 'string', default: '50' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function numberOf(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number; it is ${JSON.stringify(text)}.`);
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(usage);
    return;
  }
  const seed = numberOf('seed', values.seed ?? String(Math.floor(Date.now() / 1_000)));
  const deliveries = numberOf('deliveries', values.deliveries);
  console.log(`seed ${seed}`);
  const report = await runChaos({ deliveries, seed, routes: numberOf('routes', values.routes) }, console.log);
  const { violations, ...numbers } = report;
  for (const [name, value] of Object.entries(numbers)) console.log(`${name.padEnd(12)} ${String(value).padStart(8)}`);
  console.log(`${'violations'.padEnd(12)} ${String(violations.length).padStart(8)}`);
  for (const violation of violations) console.error(`- ${violation}`);
  if (violations.length === 0) return;
  console.error(`The same again: npm run chaos -- --deliveries ${deliveries} --routes ${values.routes} --seed ${seed}`);
  process.exitCode = 1;
}

await main();
