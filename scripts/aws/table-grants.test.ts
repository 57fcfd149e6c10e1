import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exampleMutations, exampleUrls, filteredUrls } from '../../functions/admin/src/testing/example-requests.ts';
import { startSeededApi } from '../../functions/admin/src/testing/seeded-api.ts';
import { createTestBrowser } from '../../functions/admin/src/testing/test-browser.ts';
import { enumerateFaults } from '../../packages/chaos/src/simulation/enumerate-faults.ts';
import { createScenarioRunner, type RunScenario } from '../../packages/chaos/src/simulation/run-scenario.ts';
import { scenarioNamed } from '../../packages/chaos/src/simulation/scenarios.ts';
import { type Harness, startHarness } from '../../packages/chaos/src/simulation/system/harness.ts';
import type { Observe } from '../../packages/chaos/src/simulation/system/workers.ts';
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
    for (const { operation, input } of api.proxy.takeCalls()) compare('admin', operation, { ...input });
  } finally {
    await api.close();
  }
  expect([...refused]).toEqual([]);
  for (const table of ['facts', 'projections', 'plans', 'access', 'state']) {
    expect([...made].some((each) => each.startsWith('admin: ') && each.includes(`table/${table}`))).toBe(true);
  }
});
