import { expect, test } from '@jest/globals';
import { GitHubRateLimitedError } from '@dispatcher/github';
import { deferOnRateLimit } from './defer-on-rate-limit.ts';
import { run } from '../testing/fixtures.ts';

const limited = () =>
  Promise.reject(
    new GitHubRateLimitedError('slow down', 429, { retryAfterMs: 60_000, scope: 'secondary', installationId: 5 }),
  );

/** A fairness queue in memory. */
function memoryFairnessQueue() {
  const next = new Map<string, number>();
  return {
    reserve: async (queue: string, from: number, stepMs: number) => {
      const reserved = Math.max(from, next.get(queue) ?? 0);
      next.set(queue, reserved + stepMs);
      return reserved;
    },
  };
}

test('a rate-limited run is deferred as long as GitHub demands, behind other runs of its repository only', async () => {
  const deps = { fairnessQueue: memoryFairnessQueue(), now: () => 1_000 };
  const of = (id: number) => run({ repository: { id, owner: 'octo-org', name: `r${id}`, defaultBranch: 'main' } });
  const waits: number[] = [];
  for (const id of [11, 11, 11, 12]) {
    await deferOnRateLimit(deps, of(id), limited).catch((error: { afterMs: number }) => {
      waits.push(error.afterMs);
    });
  }
  expect(waits).toEqual([60_000, 60_100, 60_200, 60_000]);
});

test('any other error is rethrown unchanged', async () => {
  const error = new Error('something else');
  const deps = { fairnessQueue: memoryFairnessQueue(), now: () => 0 };
  await expect(deferOnRateLimit(deps, run(), () => Promise.reject(error))).rejects.toBe(error);
});
