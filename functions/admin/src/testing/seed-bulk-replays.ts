import type { Fact } from '@dispatcher/contracts';
import type { BulkReplays, SelectedRun } from '@dispatcher/store';
import { planFacts, sampleRun } from '@dispatcher/store/testing';
import { newBulkReplay } from '../bulk-replays/bulk-replay-changes.ts';

/** Returns the fact of a run whose files could not be read. */
export function unreadablePlan(number: number, time: string): Fact {
  const [planned] = planFacts(sampleRun(number, time), [], time);
  const code = 'config-unreadable' as const;
  return { ...planned, data: { ...planned.data, outcome: code, code } };
}

function unreadableRun(runKey: string, time: string): SelectedRun {
  const code = 'config-unreadable';
  const workflow = '.github/workflows/ci.yml';
  return { runKey, deliveryId: runKey, time, repository: 'octo-org/app', workflow, target: null, outcome: code, code };
}

/** The bulk replay of the seed that has three pages of runs. */
export const seededBulkReplayId = '20261103T150003-00000003';

/** The bulk replay of the seed that is stopped. */
export const stoppedBulkReplayId = '20261103T150001-00000001';

/** Stores three bulk replays that have ended, so that the next can be started; the newest has three pages of runs. */
export async function seedBulkReplays(store: BulkReplays, now: number): Promise<void> {
  for (const number of [1, 2, 3]) {
    const time = new Date(now).toISOString();
    const started = newBulkReplay(
      {
        bulkReplayId: `20261103T15000${number}-0000000${number}`,
        mode: 're-evaluate',
        selection: { repository: null, outcome: 'config-unreadable', code: null, since: time, until: time },
        perMinute: 60,
        operator: 'ada',
        reason: 'GitHub was down.',
        requestHash: `request-${number}`,
      },
      now,
    );
    await store.create(started);
    let stored = started;
    const move = async (change: Partial<typeof stored>, runs?: readonly SelectedRun[]) => {
      await store.update(stored, change, runs);
      stored = { ...stored, ...change, version: stored.version + 1 };
    };
    for (const page of [1, 2, 3]) {
      const replay = { ...stored.replay, selected: page };
      await move({ pages: page, replay }, [unreadableRun(`11-900000000${page}-1`, time)]);
    }
    const end =
      number === 1 ? ({ state: 'stopped', requested: 1 } as const) : ({ state: 'completed', requested: 3 } as const);
    const replay = { ...stored.replay, ...end };
    await store.deactivate(stored, { replay, isSelected: true });
  }
}
