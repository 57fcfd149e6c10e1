import { describe, expect, test } from '@jest/globals';
import type { RequestEntry } from '@dispatcher/github-emulator';
import { findPrematurePosts } from './check-posts.ts';

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
    'may follow response %d at once, because its result is known',
    (status) => {
      expect(findPrematurePosts([post(0, status), post(1, 200)], 60_000)).toEqual([]);
    },
  );

  test.each([null, 500, 502])('may not follow response %p before the runs were listed', (status) => {
    expect(findPrematurePosts([post(0, status), post(90, 200)], 60_000)).toEqual([
      expect.stringContaining('the runs were not listed before it'),
    ]);
    expect(findPrematurePosts([post(0, status), list(89), post(90, 200)], 60_000)).toEqual([]);
  });

  test('may not follow a lost response before the window is over, even if the runs were listed', () => {
    expect(findPrematurePosts([post(0, null), list(1), post(2, 200)], 60_000)).toEqual([
      `another POST ${workflow}/dispatches was sent 2000 ms after no response`,
    ]);
  });

  test('to another workflow is unrestricted', () => {
    const other = '/repos/octo-org/deploy/actions/workflows/release.yml/dispatches';
    expect(findPrematurePosts([post(0, null), post(1, 200, other)], 60_000)).toEqual([]);
  });
});
