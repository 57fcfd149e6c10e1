import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkHistory } from '../checker/check-history.ts';
import type { CompletedRun } from '../checker/evidence.ts';
import { dispatchingFile, eventRequest, type TestRoute, workflowRequest } from '../workload/test-routes.ts';
import { simulateRateLimitHour } from './rate-limit-hour.ts';
import { type Harness, startHarness } from './system/harness.ts';
import { type Simulation, startSimulation } from './system/simulation.ts';
import type { FaultKind, FaultPlan, Moment } from './system/worker-process.ts';

const source = 'octo-org/app';
const route: TestRoute = {
  name: 'deploy',
  source,
  target: 'octo-org/deploy',
  workflow: 'cd.yml',
  ref: 'main',
  outcome: 'started',
};
const lostResponse = { match: { operation: 'dispatch', times: 2 }, fault: 'reset-after' } as const;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

async function inSimulation<T>(
  routes: readonly TestRoute[],
  plan: FaultPlan,
  work: (simulation: Simulation) => Promise<T>,
): Promise<T> {
  const simulation = await startSimulation(harness, plan, { routes });
  try {
    return await work(simulation);
  } finally {
    await simulation.close();
  }
}

const noFaults: FaultPlan = { level: 'ports', faultAt: () => null };

/** Injects a fault the first `times` times that a process reaches this point. */
function inject(kind: FaultKind, call: string, moment: Moment, times = 1): FaultPlan & { readonly left: () => number } {
  let left = times;
  return {
    level: 'ports',
    left: () => left,
    faultAt: (reached, at) => {
      if (left === 0 || reached !== call || at !== moment) return null;
      left -= 1;
      return kind;
    },
  };
}

async function check(
  simulation: Simulation,
  routes: readonly TestRoute[],
  completed: readonly CompletedRun[],
): Promise<string[]> {
  return [...checkHistory(await simulation.evidence(), { routes, completed }), ...simulation.deadLetters()];
}

const posts = async (): Promise<number> => (await harness.emulator.control.requests()).counts['dispatch'] ?? 0;

test('two dispatches to one workflow and ref whose responses are both lost each start one run with their own inputs', async () => {
  const routes = [
    { ...route, name: 'one' },
    { ...route, name: 'two' },
  ];
  await inSimulation(routes, noFaults, async (simulation) => {
    await harness.emulator.control.setFaults([lostResponse]);
    const completed = [await simulation.complete(source)];
    await simulation.drain();
    expect(await check(simulation, routes, completed)).toEqual([]);
    expect(await posts()).toBe(2);
  });
});

test('two dispatches to one workflow and ref whose workers both crash after the POST each start one run with their own inputs', async () => {
  const routes = [
    { ...route, name: 'one' },
    { ...route, name: 'two' },
  ];
  const crash = inject('crash', 'github.startWorkflow', 'after', 2);
  await inSimulation(routes, crash, async (simulation) => {
    const completed = [await simulation.complete(source)];
    await simulation.drain();
    expect(crash.left()).toBe(0);
    expect(await check(simulation, routes, completed)).toEqual([]);
    expect(await posts()).toBe(2);
  });
});

test('two dispatches to one workflow and ref to which GitHub responds 204 each start one run with their own inputs', async () => {
  const routes = [
    { ...route, name: 'one' },
    { ...route, name: 'two' },
  ];
  await inSimulation(routes, noFaults, async (simulation) => {
    await harness.emulator.control.changeSettings({ dispatchApi: 'ghes-3.20' });
    const completed = [await simulation.complete(source)];
    await simulation.drain();
    expect(await check(simulation, routes, completed)).toEqual([]);
    const { requests } = await harness.emulator.control.requests();
    // GitHub Enterprise Server rejects the first POST, because it requests the run's id. It starts nothing.
    const statuses = requests.filter(({ operation }) => operation === 'dispatch').map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(2);
    expect(new Set(statuses)).toEqual(new Set([422, 204]));
  });
});

test('a run with 100 targets starts all of them, each once', async () => {
  const routes = Array.from({ length: 100 }, (_, index) => ({
    ...route,
    name: `to-${index}`,
    target: `octo-org/target-${index}`,
  }));
  await inSimulation(routes, noFaults, async (simulation) => {
    const completed = [await simulation.complete(source)];
    await simulation.drain();
    expect(await check(simulation, routes, completed)).toEqual([]);
    expect(await posts()).toBe(100);
  });
});

test('the run of a dispatch whose message was lost after the POST is found by the next dispatch to that workflow and ref', async () => {
  await inSimulation([route], inject('crash', 'github.startWorkflow', 'after'), async (simulation) => {
    const first = await simulation.complete(source);
    await simulation.runUntilFault();
    simulation.sqs.purge('decisions');
    const second = await simulation.complete(source);
    await simulation.drain();
    expect(await check(simulation, [route], [first, second])).toEqual([]);
    expect(await posts()).toBe(2);
  });
});

test('a worker that is suspended past its lease before its POST sends nothing when it is resumed', async () => {
  const suspend = inject('suspend', 'github.startWorkflow', 'before');
  await inSimulation([route], suspend, async (simulation) => {
    const completed = [await simulation.complete(source)];
    await simulation.drain();
    expect(suspend.left()).toBe(0);
    expect(await check(simulation, [route], completed)).toEqual([]);
    expect(await posts()).toBe(1);
  });
});

test('a worker that is suspended past its claim on a tracking issue, just before it opens the issue, opens none when it is resumed', async () => {
  const denied: TestRoute = { ...route, outcome: 'denied' };
  const suspend = inject('suspend', 'issues.open', 'before');
  await inSimulation([denied], suspend, async (simulation) => {
    const completed = [await simulation.complete(source)];
    await simulation.drain();
    expect(suspend.left()).toBe(0);
    expect(await check(simulation, [denied], completed)).toEqual([]);
    expect((await simulation.evidence()).issues).toHaveLength(1);
  });
});

test('a "Re-run" whose message is delivered again after its route has started is recorded as one action', async () => {
  const required: TestRoute = { ...route, outcome: 'repaired', check: 'deploy' };
  let isArmed = false;
  const crash: FaultPlan = {
    level: 'ports',
    faultAt: (call, moment) => {
      if (!isArmed || call !== 'bus.publish' || moment !== 'after') return null;
      isArmed = false;
      return 'crash';
    },
  };
  await inSimulation([required], crash, async (simulation) => {
    await simulation.complete(source);
    await simulation.drain();
    await simulation.repair(required.target, required.workflow);
    isArmed = true;
    await simulation.rerequest('deploy');
    await simulation.drain();
    expect(isArmed).toBe(false);
    const { facts, runs } = await simulation.evidence();
    const actions = facts.flatMap((fact) => (fact.type === 'operator.acted' ? [fact.data.action] : []));
    expect(actions).toEqual(['re-evaluate']);
    expect(runs.filter(({ startedByInstallation }) => startedByInstallation !== null)).toHaveLength(1);
  });
});

test('a dispatch whose dead letter is quarantined after three redrives starts once when it is redriven by its id', async () => {
  const crash = inject('crash', 'ledger.putIntent', 'after', 2);
  const gitHubFaults = [{ match: { operation: 'dispatch', times: 2 }, fault: 'reset-before' }] as const;
  const simulation = await startSimulation(harness, crash, { routes: [route], maxAttempts: 1, gitHubFaults });
  try {
    const completed = [await simulation.complete(source)];
    await simulation.drain();
    // Each time the POST is lost, and the only attempt that counts finds that nothing was started.
    for (let redrives = 0; redrives < 4; redrives += 1) {
      expect(simulation.deadLetters()).toHaveLength(1);
      await simulation.redrive();
      await simulation.drain();
    }
    expect(crash.left()).toBe(0);
    expect(await check(simulation, [route], completed)).toEqual([]);
    const { facts } = await simulation.evidence();
    const results = facts.flatMap((fact) => (fact.type === 'dead-letter.acted' ? [fact.data.result] : []));
    expect(results.toSorted()).toEqual(['quarantined', 'redriven', 'redriven', 'redriven', 'redriven']);
  } finally {
    await simulation.close();
  }
});

test.each([
  ['success', undefined],
  ['failure', undefined],
  ['stopped', 'run-not-started'],
] as const)('a started run that ends with %s is recorded under the delivery that started it', async (end, code) => {
  await inSimulation([route], noFaults, async (simulation) => {
    const completed = [await simulation.complete(source)];
    await simulation.drain();
    await simulation.endStartedRuns(end);
    await simulation.drain();
    expect(await check(simulation, [route], completed)).toEqual([]);
    const { facts } = await simulation.evidence();
    const [recorded] = facts.filter(({ type }) => type === 'dispatch.completed');
    const plan = facts.find(({ type, runKey }) => type === 'run.planned' && runKey === recorded?.runKey);
    expect(plan).toMatchObject({ correlationId: recorded?.correlationId });
    expect(recorded?.type === 'dispatch.completed' ? recorded.data.code : null).toBe(code);
  });
});

test('a started run that ends while a rate limit of an hour prevents its lookup is recorded after that', async () => {
  await inSimulation([route], inject('crash', 'github.startWorkflow', 'after'), async (simulation) => {
    const completed = [await simulation.complete(source)];
    await simulation.runUntilFault();
    const limit = { status: 429, headers: { 'retry-after': '3600' } };
    await harness.emulator.control.setFaults([{ match: { operation: 'run-list' }, fault: limit }]);
    await simulation.endStartedRuns('success');
    await simulation.drain();
    expect(await check(simulation, [route], completed)).toEqual([]);
  });
});

test.each([
  ['before its plan was stored is planned with the new file', 'once', 'before', []],
  ['after its plan was stored is dispatched as decided', 'once', 'after', [route]],
] as const)('a run whose planning crashed and whose file changed %s', async (_, call, moment, expected) => {
  await inSimulation([route], inject('crash', call, moment), async (simulation) => {
    const completed = [await simulation.complete(source)];
    await simulation.runUntilFault();
    const files = { 'dispatching.yml': dispatchingFile([], []) };
    await harness.emulator.control.push(source, { files });
    await simulation.drain();
    expect(await check(simulation, expected, completed)).toEqual([]);
    expect(await posts()).toBe(expected.length);
  });
});

test('the checker reports a second run of a request, a different response, a wrong projection, and a missing operator action', async () => {
  const [workflow, event] = [workflowRequest('one', 'octo-org/open'), eventRequest('two', 'octo-org/open')];
  const simulation = await startSimulation(harness, noFaults, { routes: [], requests: [workflow, event] });
  try {
    const requests = [
      { ...workflow, responses: [await simulation.request(workflow)] },
      { ...event, responses: [await simulation.request(event)] },
    ] as const;
    await simulation.drain();
    const evidence = await simulation.evidence();
    const expected = { routes: [], completed: [], requests };
    expect(checkHistory(evidence, expected)).toEqual([]);
    const repeated = evidence.runs.map((run) => ({ ...run, id: run.id + 100 }));
    expect(checkHistory({ ...evidence, runs: [...evidence.runs, ...repeated] }, expected)).toEqual([
      expect.stringContaining('request one: accepted as run'),
      'request two: 2 runs for an event recorded as accepted',
    ]);
    expect(checkHistory({ ...evidence, runs: [] }, expected)).toHaveLength(2);
    expect(checkHistory({ ...evidence, differences: ['total all is different'] }, expected)).toEqual([
      'after the last roll-up, the projection total all is different',
    ]);
    const [first, second] = requests;
    const other = { status: 202, body: { ...first.responses[0].body, dispatchId: 'other' } };
    const changed = [{ ...first, responses: [...first.responses, other] }, second];
    expect(checkHistory(evidence, { ...expected, requests: changed, replay: 're-evaluate' })).toEqual([
      expect.stringContaining('request one: the responses are 202'),
      'operator actions are [], expected [re-evaluate published]',
    ]);
  } finally {
    await simulation.close();
  }
});

test('under a rate limit of an hour no message is sent or becomes a dead letter, and all are sent afterwards', async () => {
  expect(await simulateRateLimitHour(harness, 40)).toEqual([]);
});
