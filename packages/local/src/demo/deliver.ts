import { parseArgs } from 'node:util';
import { adminHeaders } from '../app/admin-access.ts';
import { type CiRun, completeRun } from '../app/emulator.ts';
import { loadEnvironmentFile } from '../app/environment-file.ts';
import { printTimeline } from './print-timeline.ts';
import { dataDirOf, readRunningFile } from '../app/running-file.ts';

const usage = `Lets a run complete in the emulator of a running system, and so sends its delivery.

  npm run deliver -- --source OWNER/REPO --workflow FILE [options]

  --source OWNER/REPO   where the run completes             (octo-org/app)
  --workflow FILE       its workflow file                   (ci.yml)
  --conclusion WORD     success, failure, cancelled, …      (success)
  --branch NAME         the run's branch                    (the default branch)
  --event NAME          what started the run                (push)
  --attempt N           the run's attempt                   (1)
  --actor LOGIN         who started it                      (octocat)
  --fork                the run belongs to a fork
  --wait                wait for the journey and print it
  --help                this text`;

const options = {
  source: { type: 'string', default: 'octo-org/app' },
  workflow: { type: 'string', default: 'ci.yml' },
  conclusion: { type: 'string' },
  branch: { type: 'string' },
  event: { type: 'string' },
  attempt: { type: 'string' },
  actor: { type: 'string' },
  fork: { type: 'boolean' },
  wait: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  loadEnvironmentFile();
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(usage);
    return;
  }
  const { source, workflow, attempt, wait, help: _, ...rest } = values;
  const run: CiRun = {
    repository: source,
    workflow,
    ...rest,
    ...(attempt === undefined ? {} : { attempt: Number(attempt) }),
  };
  const { url, emulatorUrl } = await readRunningFile(dataDirOf(process.env));
  if (emulatorUrl === null) {
    throw new Error('A real GitHub App is being served: let a workflow run in one of its repositories instead.');
  }
  if (wait) {
    const progress = await printTimeline({
      url,
      emulatorUrl,
      run,
      headers: adminHeaders(process.env),
      print: console.log,
    });
    if (progress === 'open') process.exitCode = 1;
    return;
  }
  const { delivery, notDelivered } = await completeRun(emulatorUrl, run);
  if (delivery === null) throw new Error(`No delivery was sent: ${notDelivered ?? 'the emulator gave no reason'}`);
  console.log(`Delivery ${delivery.guid} was answered ${delivery.statusCode} ${delivery.responseBody ?? ''}`);
  console.log(`Its journey: ${url}/api/deliveries/${delivery.guid}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
