import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { enumerateFaults } from '../../packages/chaos/src/simulation/enumerate-faults.ts';
import { createScenarioRunner, type RunScenario } from '../../packages/chaos/src/simulation/run-scenario.ts';
import { type Scenario, scenarios } from '../../packages/chaos/src/simulation/scenarios.ts';
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

function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`);
  return scenario;
}

const grants = tableGrants();
const refused = new Set<string>();
const made = new Set<string>();

const observe: Observe = (request, perform) => {
  if (request.service === 'dynamodb') {
    const name = request.worker === 'roll-up' ? 'facts' : request.worker;
    const parts = { target: `DynamoDB_20120810.${request.operation}`, body: request.input };
    for (const call of callsOf(parts, (_, resource) => resource.replace('simulated-', ''))) {
      const text = `${name}: ${call.action} on ${call.resource}`;
      made.add(text);
      if (!isAllowed(grants.get(name) ?? [], call)) refused.add(`${text} ${JSON.stringify(call.context)}`);
    }
  }
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
