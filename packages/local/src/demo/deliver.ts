import { parseArgs } from 'node:util';
import { adminHeaders } from '../app/admin-access.ts';
import { type CiRun, completeRun } from '../app/emulator.ts';
import { loadEnvironmentFile } from '../app/environment-file.ts';
import { pageOf, printTimeline } from './print-timeline.ts';
import { dataDirOf, readRunningFile } from '../app/running-file.ts';

const usage = `Completes a workflow run in the emulator of the running system, which sends the webhook delivery.

  npm run deliver -- --source OWNER/REPO --workflow FILE [options]

  --source OWNER/REPO   repository of the run                        (default octo-org/app)
  --workflow FILE       workflow file                                (default ci.yml)
  --conclusion WORD     success, failure, cancelled, …               (default success)
  --branch NAME         branch of the run                            (default: the default branch)
  --event NAME          event that started the run                   (default push)
  --attempt N           attempt of the run                           (default 1)
  --actor LOGIN         user who started the run                     (default octocat)
  --fork                the run comes from a fork
  --wait                wait until the delivery is processed, and print its timeline
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
  const { url, emulatorUrl, emulatorToken } = await readRunningFile(dataDirOf(process.env));
  if (emulatorUrl === null) {
    throw new Error('The system serves a real GitHub App. Run a workflow in one of its repositories instead.');
  }
  if (wait) {
    const progress = await printTimeline({
      url,
      emulatorUrl,
      emulatorToken,
      run,
      headers: adminHeaders(process.env),
      print: console.log,
    });
    if (progress === 'open') process.exitCode = 1;
    return;
  }
  const { delivery, notDelivered } = await completeRun(emulatorUrl, run, emulatorToken);
  if (delivery === null) throw new Error(`The emulator sent no delivery: ${notDelivered ?? 'no reason given'}`);
  console.log(`Delivery ${delivery.guid}: status ${delivery.statusCode} ${delivery.responseBody ?? ''}`);
  console.log(`Timeline: ${pageOf(url, delivery.responseBody, delivery.guid)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
