import { setTimeout as delay } from 'node:timers/promises';
import type { System } from '@dispatcher/local/system';
import type { PauseWindow } from '../checker/check-interventions.ts';

/** How long dispatches stay paused after the pause has taken effect. */
const holdMs = 5_000;

/** Pauses all dispatches as an operator, and resumes them. Returns the time in which nothing may start. */
export async function pauseAndResume({ url }: Pick<System, 'url'>): Promise<PauseWindow> {
  const { effectiveAt } = await change(url, 'pause');
  const from = Date.parse(String(effectiveAt));
  await delay(Math.max(0, from - Date.now()) + holdMs);
  const until = Date.now();
  await change(url, 'resume');
  return { from, until };
}

async function change(url: string, action: 'pause' | 'resume'): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${url}/api/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'an experiment' }),
  });
  if (!response.ok) throw new Error(`POST /api/${action}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Readonly<Record<string, unknown>>;
}
