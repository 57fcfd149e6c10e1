import { setTimeout as delay } from 'node:timers/promises';

/** Polls until the condition holds; throws after `limitMs`, so that a test says what it waited for by its stack. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`The condition did not hold within ${limitMs} ms: ${String(condition)}`);
    await delay(20);
  }
}

/**
 * Asserts again and again until it holds; after `limitMs` it throws what the last assertion threw. For what several
 * functions write, each in its own time: to wait for one of them says nothing about the others.
 */
export async function eventually(assertion: () => Promise<void>, limitMs = 40_000): Promise<void> {
  const deadline = Date.now() + limitMs;
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
