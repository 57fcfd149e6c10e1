import { describe, expect, test } from '@jest/globals';
import type { RequestEntry } from '@dispatcher/github-emulator';
import { impatientPosts } from './check-posts.ts';

const workflow = '/repos/octo-org/deploy/actions/workflows/cd.yml';
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();

function post(seconds: number, status: number | null, path = `${workflow}/dispatches`): RequestEntry {
  return { method: 'POST', path, operation: 'dispatch', at: at(seconds), installationId: 1, status };
}

function list(seconds: number): RequestEntry {
  const path = `${workflow}/runs?event=workflow_dispatch&page=1`;
  return { method: 'GET', path, operation: 'run-list', at: at(seconds), installationId: 1, status: 200 };
}

describe('a second POST to one workflow', () => {
  test.each([200, 204, 401, 403, 404, 422, 429])(
    'may follow the answer %d at once: it is known what came of it',
    (status) => {
      expect(impatientPosts([post(0, status), post(1, 200)], 60_000)).toEqual([]);
    },
  );

  test.each([null, 500, 502])('may not follow the answer %p without a look at the list of runs', (status) => {
    expect(impatientPosts([post(0, status), post(90, 200)], 60_000)).toEqual([
      expect.stringContaining('the list of runs was not asked for'),
    ]);
    expect(impatientPosts([post(0, status), list(89), post(90, 200)], 60_000)).toEqual([]);
  });

  test('may not follow a lost answer before the window is over, whatever the list showed', () => {
    expect(impatientPosts([post(0, null), list(1), post(2, 200)], 60_000)).toEqual([
      `another POST ${workflow}/dispatches was sent 2000 ms after no answer`,
    ]);
  });

  test('is not one to another workflow', () => {
    const elsewhere = '/repos/octo-org/deploy/actions/workflows/release.yml/dispatches';
    expect(impatientPosts([post(0, null), post(1, 200, elsewhere)], 60_000)).toEqual([]);
  });
});
