import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { enumerateFaults, type EnumerateOptions, type Enumeration } from './enumerate-faults.ts';
import { startProcessPool } from './process-pool.ts';
import { simulateRateLimitHour } from './rate-limit-hour.ts';
import { formatFailure, parseFaults, replayCommand, UsageError } from './history-command.ts';
import { createScenarioRunner } from './run-scenario.ts';
import { interventionScenarios, type Scenario, scenarios } from './scenarios.ts';
import { startHarness } from './system/harness.ts';
import { interventions, isIntervention, type Level } from './system/worker-process.ts';

const usage = `Runs every scenario with a crash, or a suspension, at each fault point, and checks every history. Some scenarios also run
with an intervention at each point: all dispatches are paused, the targets withdraw their consent, or the plans are lost or
changed.

  npm run crash -- [--scenario NAME] [--singles] [--every N]
  npm run crash -- --scenario NAME --level LEVEL --faults FAULTS
  npm run crash -- --rate-limit-hour

  --scenario NAME     only this scenario
  --singles           one fault per history; without this option also pairs of crashes (most of the time is spent there)
                      and the hour-long rate limit
  --every N           only every N-th history, the same ones each time
  --level LEVEL       ports or wire: where the faults of --faults are injected
  --faults FAULTS     replays one history, for example crash@12,crash@3: a crash at the fault point 12, and another at
                      the fault point 3 after it (counted from 0). Failures print this command.
  --rate-limit-hour   only the hour-long rate limit
  --help              this text`;

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    singles: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
    level: { type: 'string', default: 'ports' },
    faults: { type: 'string' },
    'rate-limit-hour': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const singles: readonly EnumerateOptions[] = [
  { level: 'ports', kind: 'crash' },
  { level: 'wire', kind: 'crash' },
  { level: 'ports', kind: 'suspend' },
  ...interventions.map((kind) => ({ level: 'ports', kind }) as const),
];
// On the wire, because the requests are all that makes one crash different from another: see `distinctPoints`.
const pairs: EnumerateOptions = { level: 'wire', kind: 'crash', pairs: true };

function row(cells: readonly (string | number)[]): string {
  const [name = '', ...rest] = cells.map(String);
  return name.padEnd(58) + rest.map((cell) => cell.padStart(16)).join('');
}

function print(enumeration: Enumeration, faults: string): void {
  const { scenario, level, points, distinct, histories, failures } = enumeration;
  console.log(row([scenario, level, faults, points, distinct, histories, failures.length]));
  for (const failure of failures) console.error(formatFailure(scenario, level, failure));
}

/** Runs all enumerations and prints one row for each. Returns false if a history failed. */
async function enumerateAll(
  chosen: readonly Scenario[],
  options: readonly EnumerateOptions[],
  every: number,
): Promise<boolean> {
  const pool = startProcessPool(availableParallelism());
  let passed = true;
  console.log(row(['scenario', 'level', 'faults', 'points', 'distinct', 'histories', 'failures']));
  try {
    // All start at once, so that no process idles at the end of an enumeration; they are printed in this order.
    const started = options.flatMap((option) =>
      chosen
        .filter(({ name }) => !isIntervention(option.kind) || interventionScenarios.includes(name))
        .filter((scenario) => option.pairs !== true || scenario.pairs !== false)
        .map((scenario) => ({
          option,
          scenario,
          enumeration: enumerateFaults(pool.runScenario, scenario, { ...option, every }),
        })),
    );
    const all = Promise.allSettled(started.map(({ enumeration }) => enumeration));
    for (const { option, scenario, enumeration } of started) {
      const { points, failures } = await enumeration;
      print(await enumeration, option.pairs === true ? 'two crashes' : `one ${option.kind}`);
      if (points < scenario.minPoints[option.level]) {
        console.error(
          `- Only ${points} fault points, expected at least ${scenario.minPoints[option.level]}: is some port not wrapped?`,
        );
        passed = false;
      }
      passed &&= failures.length === 0;
    }
    await all;
  } finally {
    await pool.close();
  }
  return passed;
}

const rateLimitedMessages = 500;

async function runRateLimitHour(): Promise<boolean> {
  const harness = await startHarness();
  try {
    const violations = await simulateRateLimitHour(harness, rateLimitedMessages);
    console.log(row([`rate limit of one hour, ${rateLimitedMessages} messages`, '', '', '', '', 1, violations.length]));
    for (const violation of violations) console.error(`    ${violation}`);
    if (violations.length > 0) console.error('  Replay: npm run crash -- --rate-limit-hour');
    return violations.length === 0;
  } finally {
    await harness.close();
  }
}

/** Runs one history and prints its faults, requests and violations. Returns false if it failed. */
async function replayHistory(scenario: Scenario, level: Level, text: string): Promise<boolean> {
  const faults = parseFaults(text);
  const harness = await startHarness();
  try {
    const { injected, requests, violations } = await createScenarioRunner(harness)(scenario, level, faults);
    console.log(replayCommand(scenario.name, level, faults));
    for (const { kind, moment, call } of injected) console.log(`- ${kind} ${moment} ${call}`);
    if (injected.length < faults.length)
      console.log(`Only ${injected.length} of ${faults.length} points were reached.`);
    console.log('Requests to GitHub (milliseconds since the start):');
    for (const request of requests) console.log(`    ${request}`);
    console.log(`${violations.length} violations`);
    for (const violation of violations) console.error(`    ${violation}`);
    return violations.length === 0;
  } finally {
    await harness.close();
  }
}

async function run(): Promise<boolean> {
  const chosen = scenarios.filter(({ name }) => values.scenario === undefined || values.scenario === name);
  const [scenario] = chosen;
  if (scenario === undefined) {
    throw new UsageError(`Unknown scenario. The scenarios are: ${scenarios.map(({ name }) => name).join('; ')}.`);
  }
  const { level } = values;
  if (level !== 'ports' && level !== 'wire') throw new UsageError(`--level must be ports or wire; it is ${level}.`);
  if (values.faults !== undefined) {
    if (values.scenario === undefined) throw new UsageError('--faults needs --scenario.');
    return replayHistory(scenario, level, values.faults);
  }
  if (values['rate-limit-hour']) return runRateLimitHour();
  const every = Number(values.every);
  if (!Number.isInteger(every) || every < 1) throw new UsageError(`--every must be 1 or more; it is ${values.every}.`);
  const startedAt = performance.now();
  const passed = await enumerateAll(chosen, values.singles ? singles : [...singles, pairs], every);
  const limitPassed = values.singles || (await runRateLimitHour());
  console.log(`${Math.round((performance.now() - startedAt) / 1_000)} seconds`);
  return passed && limitPassed;
}

if (values.help) {
  console.log(usage);
} else {
  try {
    if (!(await run())) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
