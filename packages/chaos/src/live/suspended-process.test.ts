import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault, Operation } from '@dispatcher/github-emulator';
import type { TestRoute } from '../workload/test-routes.ts';
import { type LiveSystem, startLiveSystem } from './live-system.ts';
import { signal } from './signals.ts';

const route: TestRoute = {
  name: 'deploy',
  source: 'octo-org/app',
  target: 'octo-org/deploy',
  workflow: 'cd.yml',
  ref: 'main',
  outcome: 'started',
};
/** Long enough to suspend the process during the request; shorter than a request timeout, because planning needs tokens too. */
const slow: Fault = { delayMs: 4_000, when: 'after' };
/** So that the resumed worker finds no response, however long the suspension took. */
const neverAnswered: Fault = { delayMs: 600_000, when: 'after' };

async function until(isReached: () => Promise<boolean>, state: () => Promise<unknown>): Promise<void> {
  const giveUpAt = performance.now() + 300_000;
  while (!(await isReached())) {
    if (performance.now() > giveUpAt)
      throw new Error(`The expected state was not reached within 300 s. It is: ${String(await state())}`);
    await delay(20);
  }
}

describe('a dispatch process that is suspended past its lease and window and then resumed', () => {
  let live: LiveSystem;
  beforeEach(async () => {
    // A long function timeout, so that nothing else ends the suspended process. Check runs would need a token, too.
    live = await startLiveSystem([route], { dispatch: 900 }, { CREATE_CHECKS: 'none' });
  });
  afterEach(() => live.close());

  const operations = async (): Promise<readonly Operation[]> =>
    (await live.control.requests()).requests.map(({ operation }) => operation);

  /**
   * Suspends the dispatch process that handles the run once GitHub's log of requests satisfies `isReached`. Another one may
   * have looked at the checks of the run, and is idle then.
   */
  async function suspendWhen(isReached: (seen: readonly Operation[]) => boolean): Promise<number> {
    const busy = () => live.system.processes('dispatch', 'busy');
    await until(async () => isReached(await operations()) && busy().length === 1, operations);
    const [pid] = busy();
    if (pid === undefined) throw new Error('No dispatch process handles the run.');
    signal(pid, 'SIGSTOP');
    return pid;
  }

  /** Suspends the process that dispatches the run, resumes it once another process has finished, and checks the invariants. */
  async function suspendAndResume(isReached: (seen: readonly Operation[]) => boolean): Promise<void> {
    const completed = await live.complete(route.source);
    const pid = await suspendWhen(isReached);
    await live.control.clearFaults();
    await live.waitUntilIdle([completed], () => undefined);
    expect(live.system.processes('dispatch')).toContain(pid);
    expect((await live.control.runs()).map(({ inputs }) => inputs['run'])).toContain(String(completed.runId));
    expect(await readDispatchLog()).not.toMatch(endOfAttempt);
    signal(pid, 'SIGCONT');
    await until(async () => endOfAttempt.test(await readDispatchLog()), readDispatchLog);
    // The projections follow with the next roll-up.
    let violations: readonly string[] = [];
    const isCorrect = async () => (violations = await live.check([completed])).length === 0;
    await until(isCorrect, async () => violations);
  }

  /**
   * The resumed worker logs one of these when its attempt ends: the second if its request failed as in an outage, because
   * the message that it defers was deleted by the other worker meanwhile.
   */
  const endOfAttempt = /attempt failed; the message is retried|could not handle a message; it returns to the queue/;
  const readDispatchLog = () => readFile(join(live.system.logDir, 'dispatch.log'), 'utf8');

  test('before its POST sends nothing', async () => {
    // Planning requests its tokens before its GraphQL reads, so the next token after them is for the POST.
    await live.control.setFaults([{ match: { operation: 'token', times: 0 }, fault: slow }]);
    const isTokenForPost = (seen: readonly Operation[]) =>
      seen.includes('graphql') && seen.lastIndexOf('token') > seen.lastIndexOf('graphql');
    await suspendAndResume(isTokenForPost);
    expect((await operations()).filter((operation) => operation === 'dispatch')).toHaveLength(1);
  });

  test('during its POST sends no other; its run is found in the list of runs', async () => {
    await live.control.setFaults([{ match: { operation: 'dispatch' }, fault: neverAnswered }]);
    await suspendAndResume((seen) => seen.includes('dispatch'));
    expect((await operations()).filter((operation) => operation === 'dispatch')).toHaveLength(1);
    expect(await operations()).toContain('run-list');
  });
});
