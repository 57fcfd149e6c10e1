import { expect, test } from '@jest/globals';
import { silent } from '../testing/index.ts';
import { createKeyUseRecorder, keyUsePrecisionMs } from './key-use.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');

function recorder(recordUse?: (keyId: string) => Promise<void>) {
  const writes: string[] = [];
  const clock = { now: start };
  const record = createKeyUseRecorder({
    recordUse: async (keyId, at) => {
      await recordUse?.(keyId);
      writes.push(`${keyId} ${at}`);
    },
    log: silent,
    now: () => clock.now,
  });
  return { record, writes, clock };
}

test('a key that is used often is recorded once an hour', async () => {
  const { record, writes, clock } = recorder();
  await Promise.all([record({ keyId: 'a' }), record({ keyId: 'a' }), record({ keyId: 'b' })]);
  clock.now += keyUsePrecisionMs - 1;
  await record({ keyId: 'a' });
  clock.now += 1;
  await record({ keyId: 'a' });
  expect(writes).toEqual(['a 2026-11-03T14:00:00.000Z', 'b 2026-11-03T14:00:00.000Z', 'a 2026-11-03T15:00:00.000Z']);
});

test('a use that another process recorded within the hour is not recorded again', async () => {
  const { record, writes } = recorder();
  await record({ keyId: 'a', lastUsedAt: new Date(start - keyUsePrecisionMs + 1).toISOString() });
  expect(writes).toEqual([]);
  await record({ keyId: 'a', lastUsedAt: new Date(start - keyUsePrecisionMs).toISOString() });
  expect(writes).toHaveLength(1);
});

test('a failed write does not fail the request, and the next use is tried again', async () => {
  let fails = true;
  const { record, writes } = recorder(async () => {
    if (fails) throw new Error('the table is gone');
  });
  await record({ keyId: 'a' });
  expect(writes).toEqual([]);
  fails = false;
  await record({ keyId: 'a' });
  expect(writes).toHaveLength(1);
});
