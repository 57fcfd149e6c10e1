import { expect, test } from '@jest/globals';
import type { RunResult } from './run-result.ts';
import { answerLines } from './run-text.ts';

/** Returns a run with one denied route. */
function deniedWith(code: string, message: string): RunResult {
  const route = {
    source: { repository: 'octo-org/app', workflow: 'ci.yml' },
    target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
  };
  const decision = { effect: 'deny', code, message, route };
  return {
    planned: { data: { code: 'planned', message: 'planned' } },
    ignored: null,
    delayed: null,
    routes: [{ decision, revision: 0, accepted: null, failed: null, completed: null }],
    deadLetters: [],
    actions: [],
  } as unknown as RunResult;
}

test.each([
  ['waiting-for-needs', 'octo-org/deploy:cd.yml waits for other workflows on the commit: security.yml (in progress).'],
  ['already-dispatched', 'octo-org/deploy:cd.yml was already dispatched for this commit, by the run 7.'],
])('a route that is left to another run of the commit is not called refused: %s', (code, message) => {
  const [line = ''] = answerLines(deniedWith(code, message), { hasColors: false });
  expect(line).toContain(`${message} (${code})`);
  expect(line).not.toContain('was not started');
});

test('a route that is refused was not started', () => {
  const [line] = answerLines(deniedWith('inbound-no-match', 'No inbound rule accepts it.'), { hasColors: false });
  expect(line).toContain('octo-org/deploy:cd.yml was not started: No inbound rule accepts it. (inbound-no-match)');
});
