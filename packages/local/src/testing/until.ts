import { setTimeout as delay } from 'node:timers/promises';

/** How long anything is waited for: far beyond what the slowest machine needs, and below jest's own limit. */
export const patienceMs = 180_000;

/** Polls until the condition holds. @throws Error that shows the condition, so that a test says what it waited for. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`The condition did not hold within ${patienceMs} ms: ${String(condition)}`);
    await delay(20);
  }
}

/**
 * Asserts again and again until it holds; in the end it throws what the last assertion threw. For what several
 * functions write, each in its own time: to wait for one of them says nothing about the others.
 */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + patienceMs;
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
