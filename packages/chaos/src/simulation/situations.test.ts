import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dispatchingFile, eventRequest, type TestRoute, workflowRequest } from '../workload/test-routes.ts';
import { type CompletedRun, violations } from '../checker/check-history.ts';
import { type Execution, startExecution } from './system/simulation.ts';
import { waitAnHour } from './rate-limit-hour.ts';
import { type Laboratory, openLaboratory } from './system/harness.ts';
import type { Fate, Moment, Strike } from './system/worker-process.ts';

const source = 'octo-org/app';
const route: TestRoute = {
  name: 'deploy',
  source,
  target: 'octo-org/deploy',
  workflow: 'cd.yml',
  ref: 'main',
  end: 'started',
};
const lostAnswer = { match: { operation: 'dispatch', times: 2 }, fault: 'reset-after' } as const;

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openLaboratory();
});
afterAll(() => laboratory.close());

async function inExecution<T>(
  routes: readonly TestRoute[],
  fate: Fate,
  work: (execution: Execution) => Promise<T>,
): Promise<T> {
  const execution = await startExecution(laboratory, fate, { routes });
  try {
    return await work(execution);
  } finally {
    await execution.close();
  }
}

const unharmed: Fate = { level: 'ports', strike: () => null };

/** Strikes the first so many times that a process comes to such a point; a process that went on from there is not struck again. */
function striking(how: Strike, call: string, moment: Moment, times = 1): Fate & { readonly left: () => number } {
  let left = times;
  return {
    level: 'ports',
    left: () => left,
    strike: (reached, at) => {
      if (left === 0 || reached !== call || at !== moment) return null;
      left -= 1;
      return how;
    },
  };
}

async function judge(
  execution: Execution,
  routes: readonly TestRoute[],
  completed: readonly CompletedRun[],
): Promise<string[]> {
  return [...violations(await execution.evidence(), { routes, completed }), ...execution.leftovers()];
}

const posts = async (): Promise<number> => (await laboratory.emulator.control.requests()).counts['dispatch'] ?? 0;

test('two dispatches to one workflow and ref whose answers are both lost each have their own run, with their own inputs', async () => {
  const routes = [
    { ...route, name: 'one' },
    { ...route, name: 'two' },
  ];
  await inExecution(routes, unharmed, async (execution) => {
    await laboratory.emulator.control.setFaults([lostAnswer]);
    const completed = [await execution.complete(source)];
    await execution.drain();
    expect(await judge(execution, routes, completed)).toEqual([]);
    expect(await posts()).toBe(2);
  });
});

test('two dispatches to one workflow and ref whose workers both die after the POST each have their own run, with their own inputs', async () => {
  const routes = [
    { ...route, name: 'one' },
    { ...route, name: 'two' },
  ];
  const dies = striking('dies', 'github.startWorkflow', 'after', 2);
  await inExecution(routes, dies, async (execution) => {
    const completed = [await execution.complete(source)];
    await execution.drain();
    expect(dies.left()).toBe(0);
    expect(await judge(execution, routes, completed)).toEqual([]);
    expect(await posts()).toBe(2);
  });
});

test('two dispatches to one workflow and ref that GitHub only answers with 204 each have their own run, with their own inputs', async () => {
  const routes = [
    { ...route, name: 'one' },
    { ...route, name: 'two' },
  ];
  await inExecution(routes, unharmed, async (execution) => {
    await laboratory.emulator.control.changeSettings({ dispatchApi: 'ghes-3.20' });
    const completed = [await execution.complete(source)];
    await execution.drain();
    expect(await judge(execution, routes, completed)).toEqual([]);
    const { requests } = await laboratory.emulator.control.requests();
    // What GitHub Enterprise Server refuses first is the question for the run's id: it starts nothing.
    const answers = requests.filter(({ operation }) => operation === 'dispatch').map(({ status }) => status);
    expect(answers.filter((status) => status === 204)).toHaveLength(2);
    expect(new Set(answers)).toEqual(new Set([422, 204]));
  });
});

test('a dispatch whose message is gone, with its intent standing, has its run found by the next to that workflow and ref', async () => {
  await inExecution([route], striking('dies', 'github.startWorkflow', 'after'), async (execution) => {
    const first = await execution.complete(source);
    await execution.untilStruck();
    execution.queues.purge('decisions');
    const second = await execution.complete(source);
    await execution.drain();
    expect(await judge(execution, [route], [first, second])).toEqual([]);
    expect(await posts()).toBe(2);
  });
});

test('a worker stopped past its lease before its POST sends nothing when it is woken', async () => {
  const stops = striking('stops', 'github.startWorkflow', 'before');
  await inExecution([route], stops, async (execution) => {
    const completed = [await execution.complete(source)];
    await execution.drain();
    expect(stops.left()).toBe(0);
    expect(await judge(execution, [route], completed)).toEqual([]);
    expect(await posts()).toBe(1);
  });
});

test('a worker stopped past its claim on a tracking issue, right before it opens one, opens none when it is woken', async () => {
  const denied: TestRoute = { ...route, end: 'denied' };
  const stops = striking('stops', 'issues.open', 'before');
  await inExecution([denied], stops, async (execution) => {
    const completed = [await execution.complete(source)];
    await execution.drain();
    expect(stops.left()).toBe(0);
    expect(await judge(execution, [denied], completed)).toEqual([]);
    expect((await execution.evidence()).issues).toHaveLength(1);
  });
});

test('a dispatch whose letter is quarantined after three redrives is started once when it is sent back by its id', async () => {
  const dies = striking('dies', 'ledger.begin', 'after', 2);
  const faults = [{ match: { operation: 'dispatch', times: 2 }, fault: 'reset-before' }] as const;
  const execution = await startExecution(laboratory, dies, { routes: [route], maxAttempts: 2, faults });
  try {
    const completed = [await execution.complete(source)];
    await execution.drain();
    // Each time the one attempt that could send is lost, and the second is the last and finds that nothing was started.
    for (let redrives = 0; redrives < 4; redrives += 1) {
      expect(execution.leftovers()).toHaveLength(1);
      await execution.redrive();
      await execution.drain();
    }
    expect(dies.left()).toBe(0);
    expect(await judge(execution, [route], completed)).toEqual([]);
    const { facts } = await execution.evidence();
    const acts = facts.flatMap((fact) => (fact.type === 'dead-letter.acted' ? [fact.data.result] : []));
    expect(acts.toSorted()).toEqual(['quarantined', 'redriven', 'redriven', 'redriven', 'redriven']);
  } finally {
    await execution.close();
  }
});

test.each([
  ['success', undefined],
  ['failure', undefined],
  ['stopped', 'run-not-started'],
] as const)('a started run that ends with %s is told so under the delivery that started it', async (how, code) => {
  await inExecution([route], unharmed, async (execution) => {
    const completed = [await execution.complete(source)];
    await execution.drain();
    await execution.endStarted(how);
    await execution.drain();
    expect(await judge(execution, [route], completed)).toEqual([]);
    const { facts } = await execution.evidence();
    const [told] = facts.filter(({ type }) => type === 'dispatch.completed');
    const plan = facts.find(({ type, runKey }) => type === 'run.planned' && runKey === told?.runKey);
    expect(plan).toMatchObject({ correlationId: told?.correlationId });
    expect(told?.type === 'dispatch.completed' ? told.data.code : null).toBe(code);
  });
});

test('a started run that ends while GitHub may not be asked for an hour whose it is is told of all the same', async () => {
  await inExecution([route], striking('dies', 'github.startWorkflow', 'after'), async (execution) => {
    const completed = [await execution.complete(source)];
    await execution.untilStruck();
    const limit = { status: 429, headers: { 'retry-after': '3600' } };
    await laboratory.emulator.control.setFaults([{ match: { operation: 'run-list' }, fault: limit }]);
    await execution.endStarted('success');
    await execution.drain();
    expect(await judge(execution, [route], completed)).toEqual([]);
  });
});

test.each([
  ['before its plan was stored is planned by the new file', 'once', 'before', []],
  ['after its plan was stored is carried out as it was decided', 'once', 'after', [route]],
] as const)('a run whose planning died and whose file changed %s', async (_, call, moment, expected) => {
  await inExecution([route], striking('dies', call, moment), async (execution) => {
    const completed = [await execution.complete(source)];
    await execution.untilStruck();
    const files = { 'dispatching.yml': dispatchingFile([], []) };
    await laboratory.emulator.control.push(source, { files });
    await execution.drain();
    expect(await judge(execution, expected, completed)).toEqual([]);
    expect(await posts()).toBe(expected.length);
  });
});

test('a second run of what a key asked for, another answer, and an operator nobody asked are seen by the harness', async () => {
  const [workflow, event] = [workflowRequest('one', 'octo-org/open'), eventRequest('two', 'octo-org/open')];
  const execution = await startExecution(laboratory, unharmed, { routes: [], requests: [workflow, event] });
  try {
    const asked = [
      { ...workflow, answers: [await execution.ask(workflow)] },
      { ...event, answers: [await execution.ask(event)] },
    ] as const;
    await execution.drain();
    const evidence = await execution.evidence();
    const expected = { routes: [], completed: [], asked };
    expect(violations(evidence, expected)).toEqual([]);
    const again = evidence.runs.map((run) => ({ ...run, id: run.id + 100 }));
    expect(violations({ ...evidence, runs: [...evidence.runs, ...again] }, expected)).toEqual([
      expect.stringContaining('request one: accepted as run'),
      'request two: 2 runs of an event that is told as accepted',
    ]);
    expect(violations({ ...evidence, runs: [] }, expected)).toHaveLength(2);
    const [first, second] = asked;
    const another = { status: 202, body: { ...first.answers[0].body, dispatchId: 'another' } };
    const changed = [{ ...first, answers: [...first.answers, another] }, second];
    expect(violations(evidence, { ...expected, asked: changed, again: 're-evaluate' })).toEqual([
      expect.stringContaining('request one: it was answered 202'),
      'an operator did [], not [re-evaluate published]',
    ]);
  } finally {
    await execution.close();
  }
});

test('under a rate limit of an hour all messages wait without a call; none is dead, and all are done after', async () => {
  expect(await waitAnHour(laboratory, 40)).toEqual([]);
}, 120_000);
