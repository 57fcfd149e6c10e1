import { parseArgs } from 'node:util';
import { defaultRoutes } from './experiment-plan.ts';
import { runExperiment } from './run-experiment.ts';

const usage = `Injects faults into a running system of real processes, and checks that every run was dispatched exactly once.

  npm run chaos -- [--deliveries N] [--routes N] [--seed S]

  --deliveries N   source runs that complete (default 1000)
  --routes N       routes between the repositories (default ${defaultRoutes})
  --seed S         seed of the workload and the faults (default: SEED, else the time; printed with the replay command)
  --help           this text`;

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '1000' },
    routes: { type: 'string', default: String(defaultRoutes) },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function parseNumber(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number; it is ${JSON.stringify(text)}.`);
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(usage);
    return;
  }
  const seed = parseNumber('seed', values.seed ?? process.env['SEED'] ?? String(Math.floor(Date.now() / 1_000)));
  const deliveries = parseNumber('deliveries', values.deliveries);
  console.log(`seed ${seed}`);
  const report = await runExperiment({ deliveries, seed, routes: parseNumber('routes', values.routes) }, console.log);
  const { violations, ...numbers } = report;
  for (const [name, value] of Object.entries(numbers)) console.log(`${name.padEnd(12)} ${String(value).padStart(8)}`);
  console.log(`${'violations'.padEnd(12)} ${String(violations.length).padStart(8)}`);
  for (const violation of violations) console.error(`- ${violation}`);
  if (violations.length === 0) return;
  console.error(`Replay: npm run chaos -- --deliveries ${deliveries} --routes ${values.routes} --seed ${seed}`);
  process.exitCode = 1;
}

await main();
