import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createAccessStore, type HistoryFact, type Schedules } from '@dispatcher/store';
import { startSystem, type System } from '../app/system.ts';
import { awsAccess, tableName } from '../aws/provision.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { until } from '../testing/until.ts';

// Schedules on the running system, with the command line and the minute of the planning function, which comes five times a
// second here.

const target = 'octo-org/nightly';
const workflow = 'on: { workflow_dispatch: { inputs: { environment: { type: string } } } }\njobs: {}\n';
const consent = (name: string) => `inbound:
  - source: { schedule: ${name} }
    targets:
      - { workflow: cd.yml, inputs: [environment] }
`;

let dataDir: string;
let system: System;
let github: string;
let client: DynamoDBClient;
let schedules: Schedules;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'schedules-'));
  system = await startSystem({ dataDir, port: 0, env: {}, scheduleEveryMs: 200 });
  github = system.emulatorUrl ?? '';
  client = new DynamoDBClient({ ...awsAccess, endpoint: system.awsUrl });
  ({ schedules } = createAccessStore({ client: DynamoDBDocumentClient.from(client), table: tableName('access') }));
  environment = await operatorEnvironment(dataDir);
  await control(github, 'POST', '/repositories', {
    owner: 'octo-org',
    name: 'nightly',
    branches: {
      main: { files: { 'dispatching.yml': consent('nightly'), '.github/workflows/cd.yml': workflow } },
    },
  });
});
afterAll(async () => {
  client.destroy();
  await system.close();
  await rm(dataDir, { recursive: true });
});

const command = (...args: readonly string[]) =>
  runCommandLine(environment, 'schedules', ...args, '--reason', 'a test of schedules');

const create = (name: string) =>
  command('create', name, '--cron', '0 3 * * *', '--target', `${target}:cd.yml`, '--input', 'environment=staging');

/** Runs a schedule now, and returns the run key of its request. */
async function runNow(name: string): Promise<string> {
  return /dispatcher why (\S+)/.exec(await command('run', name))?.[1] ?? '';
}

async function factOf<T extends HistoryFact['type']>(
  runKey: string,
  type: T,
): Promise<Extract<HistoryFact, { type: T }>> {
  let found: HistoryFact | undefined;
  await until(async () => {
    [found] = ofType(await factsOfRun(system.url, runKey), type);
    return found !== undefined;
  });
  return found as Extract<HistoryFact, { type: T }>;
}

const startedInputs = async () => (await dispatchedRuns(github, target)).map(({ inputs }) => inputs);

test('a schedule that the target names starts its workflow, and the run says which schedule it was', async () => {
  expect(await create('nightly')).toMatch(/^Schedule nightly starts octo-org\/nightly:cd.yml at\n(.*03:00 UTC\n){5}$/);
  const runKey = await runNow('nightly');
  await factOf(runKey, 'dispatch.accepted');
  const decided = await factOf(runKey, 'route.decided');
  expect(decided.data.decision).toMatchObject({
    effect: 'allow',
    route: { source: { schedule: 'nightly' }, target: { repository: target, workflow: 'cd.yml' } },
  });
  expect(await startedInputs()).toEqual([{ environment: 'staging' }]);
});

test('a schedule that the target does not name starts nothing', async () => {
  await create('weekly');
  const { data } = await factOf(await runNow('weekly'), 'route.decided');
  expect(data.decision).toMatchObject({ effect: 'deny', code: 'inbound-no-match' });
  expect(await startedInputs()).toHaveLength(1);
});

test('a time that is due starts the workflow once, and the times that were missed are listed', async () => {
  const stored = await schedules.getSchedule('nightly');
  if (stored === null) throw new Error('The schedule is not stored.');
  const { schedule } = stored;
  // As if Dispatcher had been down for three nights.
  await schedules.pause(schedule, new Date().toISOString());
  const threeNightsAgo = new Date(Date.now() - 3 * 24 * 60 * 60_000);
  await schedules.resume(schedule, new Date(threeNightsAgo.setUTCHours(3, 0, 0, 0)).toISOString());
  let runKey: string | undefined;
  await until(async () => {
    const { progress } = (await schedules.getSchedule('nightly')) ?? {};
    runKey = progress?.last?.runKey;
    return runKey !== undefined && progress?.pending === null;
  });
  await factOf(runKey ?? '', 'dispatch.accepted');
  expect(await startedInputs()).toHaveLength(2);
  expect(await runCommandLine(environment, 'schedules', 'list')).toMatch(/nightly +active .* [23], last /);
});

test('a request that waits starts nothing once its schedule was deleted', async () => {
  await runCommandLine(environment, 'pause', '--reason', 'a test of schedules');
  const runKey = await runNow('nightly');
  expect((await factOf(runKey, 'route.decided')).data.decision.effect).toBe('allow');
  expect(await command('delete', 'nightly')).toBe('Schedule nightly was deleted.\n');
  await runCommandLine(environment, 'resume', '--reason', 'a test of schedules');
  expect((await factOf(runKey, 'dispatch.failed')).data.code).toBe('schedule-ended');
  expect(await startedInputs()).toHaveLength(2);
});
