import { setTimeout as delay } from 'node:timers/promises';

/** Longer than the slowest machine needs, and shorter than jest's timeout. */
export const maxWaitMs = 180_000;

/** Polls until the condition holds. @throws Error that shows the condition, so that a failed test says what it waited for */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + maxWaitMs;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`The condition did not hold within ${maxWaitMs} ms: ${String(condition)}`);
    await delay(20);
  }
}

/**
 * Repeats an assertion until it holds, or throws its last error. For results of several functions, which arrive in any
 * order.
 */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + maxWaitMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}
