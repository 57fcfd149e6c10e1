import { EXAMPLE_INSTALLATIONS } from '@dispatcher/github-emulator';
import { until } from './until.ts';

/** Waits for the first sweep of the example organization. It reads the files of the installations; the next one is hours later. */
export async function untilSwept(systemUrl: string): Promise<void> {
  await until(async () => {
    const response = await fetch(`${systemUrl}/api/sweeps`);
    const { sweeps } = (await response.json()) as { sweeps: { state: string }[] };
    return sweeps.filter(({ state }) => state === 'done').length === Object.keys(EXAMPLE_INSTALLATIONS).length;
  });
}
