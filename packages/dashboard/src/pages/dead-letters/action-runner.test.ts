import { expect, test } from '@jest/globals';
import type { ActionRequest, ActionResponse, Command } from './action.ts';
import { createActionRunner, type RunnerDependencies } from './action-runner.ts';

const command: Command = {
  kind: 'discard',
  queue: 'runs',
  select: { all: true },
  quarantined: false,
  reason: 'duplicates',
  before: '2026-11-28T09:00:00.000Z',
  estimate: 2,
};

const response = (id: string, more: boolean): ActionResponse => ({
  actionId: 'action-1',
  dryRun: false,
  before: command.before,
  scanned: 1,
  newer: 0,
  outcomes: { discarded: 1 },
  deadLetters: [
    {
      id,
      to: 'runs',
      reason: 'died',
      since: command.before,
      redrives: 0,
      runKey: null,
      outcome: 'discarded',
      problem: null,
    },
  ],
  notFound: [],
  ended: more ? 'limit' : 'completed',
  problem: null,
  more,
  queueDepth: null,
});

function createStorage(): RunnerDependencies['storage'] {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

const rest = (storage: RunnerDependencies['storage']) => ({
  storage,
  now: () => new Date(command.before),
  createId: () => 'action-1',
  pause: () => Promise.resolve(),
});

/** Resolves once the action has ended. */
const ended = (runner: ReturnType<typeof createActionRunner>) =>
  new Promise<void>((resolve) => {
    const stop = runner.subscribe(() => {
      if (runner.get('action-1')?.endedAt === null) return;
      stop();
      resolve();
    });
  });

test('requests follow each other until none is left, each with its own key', async () => {
  const sent: (readonly [ActionRequest, string])[] = [];
  const send: RunnerDependencies['send'] = (_kind, body, key) => {
    sent.push([body, key]);
    return Promise.resolve(response(`dead-letter-${sent.length}`, sent.length < 3));
  };
  const runner = createActionRunner({ send, ...rest(createStorage()) });
  const done = ended(runner);
  runner.start(command);
  await done;
  expect(runner.get('action-1')).toMatchObject({ state: 'completed', requests: 3 });
  expect(new Set(sent.map(([, key]) => key)).size).toBe(3);
  expect(new Set(sent.map(([body]) => body.actionId))).toEqual(new Set(['action-1']));
});

test('a request without a response ends the action; to continue repeats it under the same key', async () => {
  const keys: string[] = [];
  const send: RunnerDependencies['send'] = (_kind, _body, key) => {
    keys.push(key);
    return keys.length === 1
      ? Promise.reject(new Error('Could not reach Dispatcher.'))
      : Promise.resolve(response('a', false));
  };
  const runner = createActionRunner({ send, ...rest(createStorage()) });
  const failed = ended(runner);
  runner.start(command);
  await failed;
  expect(runner.get('action-1')).toMatchObject({ state: 'failed', problem: 'Could not reach Dispatcher.' });
  const done = ended(runner);
  runner.resume('action-1');
  await done;
  expect(runner.get('action-1')?.state).toBe('completed');
  expect(keys[1]).toBe(keys[0]);
});

test('an action that is stopped during the pause between two requests sends no further one', async () => {
  let requests = 0;
  const send: RunnerDependencies['send'] = () => {
    requests += 1;
    return Promise.resolve({ ...response('a', true), deadLetters: [], ended: 'held' });
  };
  const runner = createActionRunner({
    send,
    ...rest(createStorage()),
    pause: async () => {
      if (requests === 2) runner.stop('action-1');
    },
  });
  const stopped = ended(runner);
  runner.start(command);
  await stopped;
  expect(runner.get('action-1')).toMatchObject({ state: 'stopped', requests: 2, endedAt: command.before });
  expect(requests).toBe(2);
});

test('after a reload an action in progress is shown as stopped, with what it had done', async () => {
  const storage = createStorage();
  let requests = 0;
  const send: RunnerDependencies['send'] = () => {
    requests += 1;
    return requests === 1 ? Promise.resolve(response('a', true)) : new Promise(() => undefined);
  };
  const first = createActionRunner({ send, ...rest(storage) });
  const answered = new Promise<void>((resolve) => {
    first.subscribe(() => {
      if (first.get('action-1')?.requests === 1) resolve();
    });
  });
  first.start(command);
  await answered;
  const second = createActionRunner({ send, ...rest(storage) });
  expect(second.get('action-1')).toMatchObject({ state: 'stopped', handled: { a: { outcome: 'discarded' } } });
  expect(second.get('other')).toBeUndefined();
});
