import { setTimeout as delay } from 'node:timers/promises';

/** Polls until the condition holds; throws after `limitMs`, so that a test says what it waited for by its stack. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`The condition did not hold within ${limitMs} ms: ${String(condition)}`);
    await delay(20);
  }
}
