import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault, Operation } from '@dispatcher/github-emulator';
import type { TestRoute } from '../workload/test-routes.ts';
import { signal } from './signals.ts';
import { type ChaosWorld, openWorld } from './live-system.ts';

const route: TestRoute = {
  name: 'deploy',
  source: 'octo-org/app',
  target: 'octo-org/deploy',
  workflow: 'cd.yml',
  ref: 'main',
  end: 'started',
};
/** Long enough to be seen under way and stopped in it, and shorter than a request's time-out: planning needs tokens, too. */
const slow: Fault = { delayMs: 4_000, when: 'after' };
/** So that a worker that is woken finds no answer, however long that took. */
const unanswered: Fault = { delayMs: 600_000, when: 'after' };

async function until(isReached: () => Promise<boolean>, state: () => Promise<unknown>): Promise<void> {
  const giveUpAt = performance.now() + 120_000;
  while (!(await isReached())) {
    if (performance.now() > giveUpAt) throw new Error(`That did not happen: ${String(await state())}`);
    await delay(20);
  }
}

describe('a process of dispatch that SIGSTOP holds past its lease and window, and SIGCONT wakes', () => {
  let world: ChaosWorld;
  beforeEach(async () => {
    // Nobody but the test ends a process that is stopped.
    world = await openWorld([route], { dispatch: 900 });
  });
  afterEach(() => world.close());

  const operations = async (): Promise<readonly Operation[]> =>
    (await world.control.requests()).requests.map(({ operation }) => operation);

  /** Stops the one process there is, once GitHub has seen what `isReached` looks for. */
  async function stopWhen(isReached: (seen: readonly Operation[]) => boolean): Promise<number> {
    await until(async () => isReached(await operations()), operations);
    const [pid, ...others] = world.system.processes('dispatch');
    if (pid === undefined || others.length > 0) throw new Error(`Which of ${[pid, ...others].join(', ')} is at work?`);
    signal(pid, 'SIGSTOP');
    return pid;
  }

  /** Stops whoever dispatches the run at that moment, wakes it when another has done the work, and says what was wrong. */
  async function stopAndWake(isReached: (seen: readonly Operation[]) => boolean): Promise<readonly string[]> {
    const completed = await world.complete(route.source);
    const pid = await stopWhen(isReached);
    await world.control.clearFaults();
    await world.untilRest([completed], () => undefined);
    expect(world.system.processes('dispatch')).toContain(pid);
    expect((await world.control.runs()).map(({ inputs }) => inputs['run'])).toContain(String(completed.runId));
    expect(await logged()).not.toContain(endOfAttempt);
    signal(pid, 'SIGCONT');
    await until(async () => (await logged()).includes(endOfAttempt), logged);
    return world.judge([completed]);
  }

  /** What the woken worker says when what it was about has come to an end. */
  const endOfAttempt = 'attempt failed; the message is tried again';
  const logged = () => readFile(join(world.system.logDir, 'dispatch.log'), 'utf8');

  test('before its POST sends nothing any more', async () => {
    // Planning reads twice before it decides, so the next token is for the POST.
    await world.control.setFaults([{ match: { operation: 'token', times: 0 }, fault: slow }]);
    const isForThePost = (seen: readonly Operation[]) =>
      seen.includes('graphql') && seen.lastIndexOf('token') > seen.lastIndexOf('graphql');
    expect(await stopAndWake(isForThePost)).toEqual([]);
    expect((await operations()).filter((operation) => operation === 'dispatch')).toHaveLength(1);
  });

  test('with its POST on the way leaves its run to be found, and sends no other', async () => {
    await world.control.setFaults([{ match: { operation: 'dispatch' }, fault: unanswered }]);
    expect(await stopAndWake((seen) => seen.includes('dispatch'))).toEqual([]);
    expect((await operations()).filter((operation) => operation === 'dispatch')).toHaveLength(1);
    expect(await operations()).toContain('run-list');
  });
});
