import { setTimeout as delay } from 'node:timers/promises';

/** Longer than the slowest machine needs, and shorter than jest's timeout. */
export const maxWaitMs = 300_000;

/** Returns how long to wait before the next look, from when the wait began: what takes long is looked at less often. */
const pauseMs = (startedAt: number): number => Math.min(250, 20 + (Date.now() - startedAt) / 20);

/**
 * Polls until the condition holds. A look that fails is repeated: on a busy machine a request can end with an error.
 * @throws the last error, or an Error that shows the condition, so that a failed test says what it waited for
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const startedAt = Date.now();
  for (;;) {
    let problem: unknown;
    try {
      if (await condition()) return;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > startedAt + maxWaitMs)
      throw problem ?? new Error(`The condition did not hold within ${maxWaitMs} ms: ${String(condition)}`);
    await delay(pauseMs(startedAt));
  }
}

/**
 * Repeats an assertion until it holds, or throws its last error. For results of several functions, which arrive in any
 * order.
 */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  const startedAt = Date.now();
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > startedAt + maxWaitMs) throw error;
      await delay(pauseMs(startedAt));
    }
  }
}
