import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { emulatorToken } from './app/emulator-token.ts';
import { loadEnvironmentFile } from './app/environment-file.ts';
import { deleteRunningFile, repositoryRoot, writeRunningFile } from './app/running-file.ts';
import { type Demo, startDemo } from './demo-history/start-demo.ts';
import { bundleFunctions } from './lambda/bundles.ts';

// `npm run demo`: the local system with an organization of 40 repositories and a week of history.

const usage = `Starts Dispatcher on this machine with an organization of 40 repositories and a week of history.

  npm run demo -- [options]

  --seed N       another history: the same seed gives the same one     (default 1)
  --days N       length of the history                                 (default 7)
  --per-hour N   CI runs in a busy hour of the history                 (default 1.2)
  --quiet        no live runs
  --help         this text

The data is in .dispatcher-demo (or DISPATCHER_DATA_DIR) and is made anew by each start. PORT chooses the port (default 3000).`;

const options = {
  seed: { type: 'string', default: '1' },
  days: { type: 'string', default: '7' },
  'per-hour': { type: 'string', default: '1.2' },
  quiet: { type: 'boolean', default: false },
  bundle: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Only a directory with this file is deleted. */
const markerName = 'demo.json';
const liveEveryMs = 15_000;
/** The summaries and the rate limits are rolled up more often than on AWS, because people watch. */
const scheduleEveryMs = 10_000;

async function main(): Promise<void> {
  const startedAt = performance.now();
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(usage);
    return;
  }
  loadEnvironmentFile();
  const dataDir = resolve(repositoryRoot, process.env['DISPATCHER_DATA_DIR'] || '.dispatcher-demo');
  await emptyDirectory(dataDir);
  console.log('Starting the system and making a week of history …');
  const starting = startDemo({
    dataDir,
    env: { ...process.env, EMULATOR_RUN_SECONDS: process.env['EMULATOR_RUN_SECONDS'] || '20' },
    scheduleEveryMs,
    seed: positive('--seed', values.seed),
    size: { days: positive('--days', values.days), perHour: positive('--per-hour', values['per-hour']) },
    ...(values.quiet ? {} : { liveEveryMs }),
    ...(values.bundle ? { bundle: bundleFunctions } : {}),
    print: (line) => console.log(line),
  });
  const stop = stopOnce(async () => {
    const demo = await starting.catch(() => null);
    await demo?.close();
    await deleteRunningFile(dataDir);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(signal, stop);
  process.channel?.unref();
  const demo = await starting;
  const { url, emulatorUrl } = demo.system;
  await writeRunningFile(dataDir, { pid: process.pid, url, emulatorUrl, emulatorToken });
  console.log(welcome(demo, dataDir, (performance.now() - startedAt) / 1000));
  await demo.recorded;
  console.log(`The whole week is recorded: ${demo.facts} facts.`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${option} is ${JSON.stringify(text)}: write a number above 0.`);
}

/** @throws Error if there is something else in the directory */
async function emptyDirectory(dataDir: string): Promise<void> {
  const isEmpty = !existsSync(dataDir) || (await readdir(dataDir)).length === 0;
  if (!isEmpty && !existsSync(join(dataDir, markerName))) {
    throw new Error(
      `${dataDir} has data that is not of a demonstration. Unset DISPATCHER_DATA_DIR, or set it to another directory.`,
    );
  }
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(join(dataDir, markerName), '{}\n');
}

function stopOnce(stop: () => Promise<void>): () => void {
  let isStopping = false;
  return () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    console.log('\nStopping. Press Ctrl-C again to stop immediately.');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
}

function welcome({ system: { url, emulatorUrl }, facts, refusedRun }: Demo, dataDir: string, seconds: number): string {
  const dispatcher = 'npx --no-install dispatcher';
  return `
Dispatcher is running at ${url} (ready in ${seconds.toFixed(0)} s; ${facts} facts of a week).
GitHub, emulated, is at ${emulatorUrl}. Everybody on this machine is an operator: there is no sign-in.

Five things to try, in a second terminal:
   export DISPATCHER_DATA_DIR=${dataDir}

1. Is all well? A broken file, a cycle and dead letters need somebody: ${url}/
   ${dispatcher} status
2. Why did a run start nothing? Its page opens if you paste its address into the field at the top of every page.
   ${dispatcher} why ${refusedRun ?? 'RUN'}
3. Repair the rules of octo-org/reviews, and complete a run of it: ${url}/repositories/octo-org/reviews
   npm run -s github -- show octo-org/reviews dispatching.yml | sed 's/target:/targets:/' |
     npm run -s github -- push octo-org/reviews - --path dispatching.yml
   npm run -s deliver -- --source octo-org/reviews --workflow ci.yml --wait
4. Return the runs to their queue that were given up while GitHub had an outage: ${url}/dead-letters
   ${dispatcher} dead-letters list
   ${dispatcher} dead-letters redrive --queue runs --dead-letter-reason attempts-exhausted --reason "GitHub is back" --yes
5. Complete a run, and follow what it starts.
   npm run -s deliver -- --source octo-org/orders --workflow ci.yml --wait

Ctrl-C stops it. The next start makes everything anew.
`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
