import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { exampleMutations, exampleUrls, filteredUrls } from '../../functions/admin/src/testing/example-requests.ts';
import { startSeededApi } from '../../functions/admin/src/testing/seeded-api.ts';
import { createTestBrowser } from '../../functions/admin/src/testing/test-browser.ts';
import { enumerateFaults } from '../../packages/chaos/src/simulation/enumerate-faults.ts';
import { createScenarioRunner, type RunScenario } from '../../packages/chaos/src/simulation/run-scenario.ts';
import { scenarioNamed } from '../../packages/chaos/src/simulation/scenarios.ts';
import { createFaultPlan } from '../../packages/chaos/src/simulation/system/fault-plan.ts';
import { type Harness, startHarness } from '../../packages/chaos/src/simulation/system/harness.ts';
import { createClient, tableName } from '../../packages/chaos/src/simulation/system/simulated-dynamodb.ts';
import { type Simulation, startSimulation } from '../../packages/chaos/src/simulation/system/simulation.ts';
import type { Observe } from '../../packages/chaos/src/simulation/system/workers.ts';
import { receiveMessage } from '../../functions/ingress/src/third-party/receive-message.ts';
import type { RepositoryHint } from '../../packages/contracts/src/index.ts';
import { type AccessStore, createAccessStore, createWebhooks } from '../../packages/store/src/index.ts';
import { callsOf } from './calls.ts';
import { isAllowed } from './policy.ts';
import { tableGrants } from './table-grants.ts';

// The simulation enforces no policy. A request that a role may not make would fail on AWS only, and some requests are made
// only when a message is received again.

let harness: Harness;
let runScenario: RunScenario;
beforeAll(async () => {
  harness = await startHarness();
  runScenario = createScenarioRunner(harness);
});
afterAll(() => harness.close());

const grants = tableGrants();
const refused = new Set<string>();
const made = new Set<string>();
beforeEach(() => {
  refused.clear();
  made.clear();
});

/** Compares a request to a table with what the role of the function may do. */
function compare(name: string, operation: string, body: Readonly<Record<string, unknown>>): void {
  const logical = (resource: string) => resource.replace(/simulated-|test-\d+-/, '');
  for (const call of callsOf({ target: `DynamoDB_20120810.${operation}`, body }, (_, resource) => logical(resource))) {
    const text = `${name}: ${call.action} on ${call.resource}`;
    made.add(text);
    if (!isAllowed(grants.get(name) ?? [], call)) refused.add(`${text} ${JSON.stringify(call.context)}`);
  }
}

const observe: Observe = ({ worker, service, operation, input }, perform) => {
  if (service === 'dynamodb') compare(worker === 'roll-up' ? 'facts' : worker, operation, input);
  return perform();
};

test.each([
  'a denied route',
  'two workflows on one commit',
  'a pattern starts two repositories that allow it',
  'an API key starts a workflow and the response is lost',
  'a started route is dispatched again',
  'a dead letter is redriven',
  'a required check is re-run after its target was repaired',
])('%s: each request to a table is granted', async (name) => {
  await runScenario({ ...scenarioNamed(name), observe }, 'ports', []);
  expect([...refused]).toEqual([]);
});

test('each request is granted when the facts function crashes, and receives its messages again', async () => {
  const scenario = { ...scenarioNamed('an allowed route'), observe };
  await enumerateFaults(runScenario, scenario, { level: 'ports', kind: 'crash', calls: 'facts.' });
  expect([...refused]).toEqual([]);
  expect(made).toContain('facts: dynamodb:GetItem on table/state');
});

describe('what planning, dispatch and ingress do beside completed runs', () => {
  const route = {
    name: 'deploy',
    source: 'octo-org/app',
    target: 'octo-org/deploy',
    workflow: 'cd.yml',
    ref: 'main',
    outcome: 'started',
    check: 'deploy',
  } as const;
  const hourMs = 60 * 60_000;
  const iso = (at: number) => new Date(at).toISOString();
  let simulation: Simulation;
  let access: AccessStore;
  beforeEach(async () => {
    const noFaults = createFaultPlan('ports', [], () => '');
    simulation = await startSimulation(harness, noFaults, { routes: [route], observe });
    const client = createClient(simulation.dynamoDb);
    access = createAccessStore({ client, table: tableName('access'), now: harness.clock.now });
  });
  afterEach(() => simulation.close());

  /** Runs the schedule each minute, and everything that follows from it. */
  async function runEachMinute(schedule: string, minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      await simulation.tick(schedule);
      await simulation.drain();
      harness.clock.advanceBy(60_000);
    }
  }

  const target = { repository: route.target, workflow: route.workflow, ref: null };
  const created = () => ({ createdAt: iso(harness.clock.now()), createdBy: 'ada' });
  const consent = async (source: object) =>
    harness.emulator.control.push(route.target, {
      files: { 'dispatching.yml': JSON.stringify({ inbound: [{ source, targets: [{ workflow: route.workflow }] }] }) },
    });

  test('a sweep finds new, changed and removed repositories', async () => {
    await runEachMinute('sweep', 5);
    await harness.emulator.control.push(route.source, { files: { 'dispatching.yml': 'outbound: []\n' } });
    await harness.emulator.control.removeRepository(route.target);
    harness.clock.advanceBy(25 * hourMs);
    await runEachMinute('sweep', 5);
    expect([...refused]).toEqual([]);
    expect(made).toContain('planning: dynamodb:PutItem on table/projections');
    expect((await simulation.evidence()).facts.map(({ type }) => type)).toContain('config.observed');
  });

  test('hints lead to looks at repositories and installations, and to checks of files', async () => {
    const { repository, sha, installationId } = await pushedFile();
    const hint: RepositoryHint = {
      type: 'hint.repository',
      version: 1,
      deliveryId: 'guid-1',
      receivedAt: iso(harness.clock.now()),
      installationId,
      event: 'push',
      action: null,
      repository,
      branch: 'main',
      pullRequest: null,
      sha,
      isDefaultBranch: true,
    };
    const { version, deliveryId, receivedAt } = hint;
    const common = { version, deliveryId, receivedAt, installationId, account: { id: 1, login: 'octo-org' } };
    simulation.sqs.send('hints', JSON.stringify(hint));
    for (const action of ['created', 'deleted']) {
      const installation = { type: 'hint.installation', event: 'installation', action, ...common };
      simulation.sqs.send('hints', JSON.stringify(installation));
    }
    await simulation.drain();
    await runEachMinute('sweep', 2);
    expect([...refused]).toEqual([]);
    const types = (await simulation.evidence()).facts.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['config.observed', 'config.checked']));
    expect(simulation.deadLetters()).toEqual([]);
  });

  /** Pushes a file to the source, and returns what the hint about it names. */
  async function pushedFile() {
    const { control } = harness.emulator;
    await control.push(route.source, { files: { 'dispatching.yml': 'outbound: 5\n' } });
    await simulation.complete(route.source);
    await simulation.drain();
    const run = (await control.runs()).find(({ repository }) => repository === route.source);
    if (run === undefined) throw new Error('The source has no run.');
    const [owner = '', name = ''] = route.source.split('/');
    return { repository: { id: run.repositoryId, owner, name }, sha: run.headSha, installationId: 51_000_001 };
  }

  test('a schedule that is due starts its workflow', async () => {
    await consent({ schedule: 'nightly' });
    const scheduleId = '0123456789abcdef';
    const now = harness.clock.now();
    await access.schedules.create({
      schedule: {
        scheduleId,
        name: 'nightly',
        cron: '* * * * *',
        timezone: 'UTC',
        ...target,
        inputs: {},
        ...created(),
      },
      pausedAt: null,
      progress: { scheduleId, nextAt: iso(now - 5 * hourMs), pending: null, last: null, missed: null },
    });
    await runEachMinute('due-schedules', 2);
    expect([...refused]).toEqual([]);
    const types = (await simulation.evidence()).facts.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['schedule.missed', 'dispatch.accepted']));
  });

  test('a message to a webhook of a third party starts its workflow; a repeated and a refused one are recorded', async () => {
    await consent({ webhook: 'alerts' });
    const webhookId = '0123456789abcdef';
    const { now } = harness.clock;
    await access.webhooks.create({
      webhook: { webhookId, name: 'alerts', verify: 'github', ...target, inputs: {}, when: {}, ...created() },
      pausedAt: null,
      secret: { version: 'v1', previous: null },
      receipts: { webhookId, last: null, refusedInARow: 0, refused: null },
    });
    const observed = createClient((operation, input) => {
      compare('ingress', operation, input);
      return simulation.dynamoDb(operation, input);
    });
    const deps = {
      webhooks: createWebhooks({ client: observed, name: tableName('access'), now }),
      secretOf: async () => 'the secret',
      runs: {
        send: async (message: object) => {
          simulation.sqs.send('runs', JSON.stringify(message));
        },
      },
      meter: { count: () => {}, milliseconds: () => {} },
      log: harness.log,
      now,
    };
    const body = Buffer.from('{}');
    const signature = `sha256=${createHmac('sha256', 'the secret').update(body).digest('hex')}`;
    const statuses: number[] = [];
    for (const sent of [signature, signature, 'sha256=0']) {
      const request = { name: 'alerts', pathToken: null, headers: { 'x-hub-signature-256': sent }, body };
      statuses.push((await receiveMessage(deps, request)).status);
    }
    await simulation.drain();
    expect([...refused]).toEqual([]);
    expect(statuses).toEqual([202, 202, 401]);
    const types = (await simulation.evidence()).facts.map(({ type }) => type);
    expect(types.filter((type) => type === 'dispatch.accepted')).toHaveLength(1);
  });

  test('checks that stay open are completed after two weeks, and missed deliveries are redelivered', async () => {
    await simulation.complete(route.source);
    await simulation.drain();
    await runEachMinute('check-deliveries', 2);
    harness.clock.advanceBy(13.5 * 24 * hourMs);
    await simulation.tick('overdue-checks');
    await simulation.drain();
    expect([...refused]).toEqual([]);
    expect(made).toContain('dispatch: dynamodb:DeleteItem on table/plans');
  });

  test('the sessions of a person who withdrew the authorization end', async () => {
    const receivedAt = iso(harness.clock.now());
    const message = { type: 'authorization.revoked', version: 1, deliveryId: 'guid-2', receivedAt, userId: 5 };
    simulation.sqs.send('runs', JSON.stringify(message));
    await simulation.drain();
    expect([...refused]).toEqual([]);
    expect(made).toContain('planning: dynamodb:Query on table/access');
    expect(simulation.deadLetters()).toEqual([]);
  });
});

test('each request of the admin function is granted: reads, filters, mutations, and a session', async () => {
  const api = await startSeededApi();
  try {
    api.proxy.takeCalls();
    for (const url of [...Object.values(exampleUrls), ...filteredUrls.map(([, url]) => url)]) {
      await api.app.inject({ url, headers: api.credentials });
    }
    for (const { url, body } of Object.values(exampleMutations)) {
      const headers = { ...api.credentials, 'idempotency-key': randomUUID() };
      const { statusCode } = await api.app.inject({ method: 'POST', url, headers, payload: body });
      expect({ url, isSuccess: statusCode < 300 }).toEqual({ url, isSuccess: true });
    }
    const browser = createTestBrowser(api.app, 'https://dispatcher.example');
    await browser.submitForm('/auth/password', { user: 'ada', password: 'correct horse' });
    await browser.get('/api/me');
    for (let page = 0; page < 3; page += 1) await api.advanceBulkReplay();
    for (const { operation, input } of api.proxy.takeCalls()) compare('admin', operation, { ...input });
  } finally {
    await api.close();
  }
  expect([...refused]).toEqual([]);
  for (const table of ['facts', 'projections', 'plans', 'access', 'state']) {
    expect([...made].some((each) => each.startsWith('admin: ') && each.includes(`table/${table}`))).toBe(true);
  }
});
