import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/local-dynamo.ts';
import { createAccessStore, currentSchedule, type Schedules, type StoredSchedule } from './index.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
const hour = 3_600_000;

let dynamo: TestDynamo;
let schedules: Schedules;
beforeAll(async () => {
  dynamo = await startDynamo();
  const { access: table } = await dynamo.createTables();
  ({ schedules } = createAccessStore({ client: dynamo.client, table, now: () => start }));
});
afterAll(() => dynamo.close());

function sample(name: string, scheduleId = '0123456789abcdef'): StoredSchedule {
  return {
    schedule: {
      scheduleId,
      name,
      cron: '0 * * * *',
      timezone: 'UTC',
      repository: 'octo-org/deploy',
      workflow: 'cd.yml',
      ref: 'main',
      inputs: { environment: 'staging' },
      createdAt: iso(start),
      createdBy: 'ada',
    },
    pausedAt: null,
    progress: { scheduleId, nextAt: iso(start + hour), pending: null, last: null, missed: null },
  };
}

async function created(name: string): Promise<StoredSchedule> {
  const stored = sample(name);
  expect(await schedules.create(stored)).toBe(true);
  return stored;
}

const pendingAt = (time: number) => ({ dueAt: iso(time), claimedAt: iso(time + 17_000), missed: null });

test('a created schedule is returned unchanged, and its name is in use until it is deleted', async () => {
  const stored = await created('nightly');
  expect(await schedules.getSchedule('nightly')).toEqual(stored);
  expect(await schedules.create(sample('nightly', 'f'.repeat(16)))).toBe(false);
  expect(await schedules.delete({ name: 'nightly', scheduleId: 'f'.repeat(16) })).toBe(false);
  expect(await schedules.delete(stored.schedule)).toBe(true);
  expect(await schedules.getSchedule('nightly')).toBeNull();
  expect(await schedules.create(sample('nightly', 'f'.repeat(16)))).toBe(true);
});

test('pages are by name', async () => {
  for (const name of ['zz-2', 'zz-1', 'zz-3']) await created(name);
  const names: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await schedules.list(cursor === undefined ? { limit: 1 } : { limit: 1, cursor });
    names.push(...page.items.map(({ schedule }) => schedule.name));
    cursor = page.cursor;
  }
  expect(names.filter((name) => name.startsWith('zz'))).toEqual(['zz-1', 'zz-2', 'zz-3']);
});

test('of two workers that claim an occurrence at once, one does', async () => {
  const stored = await created('raced');
  const claims = [0, 1].map(() => schedules.claim(stored, pendingAt(start + hour), iso(start + 2 * hour)));
  expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
  const { progress } = (await schedules.getSchedule('raced')) ?? stored;
  expect(progress).toMatchObject({ nextAt: iso(start + 2 * hour), pending: { dueAt: iso(start + hour) } });
});

test('an occurrence is completed once; a worker that comes late changes nothing', async () => {
  const stored = await created('completed');
  const pending = { ...pendingAt(start + hour), missed: { count: 2, firstAt: iso(start), lastAt: iso(start + 1) } };
  await schedules.claim(stored, pending, iso(start + 2 * hour));
  await schedules.complete(stored, pending, { requestedAt: iso(start + hour), runKey: 'request-1' });
  await schedules.complete(stored, pending, { requestedAt: iso(start + 9 * hour), runKey: 'request-2' });
  expect((await schedules.getSchedule('completed'))?.progress).toEqual({
    scheduleId: stored.schedule.scheduleId,
    nextAt: iso(start + 2 * hour),
    pending: null,
    last: { dueAt: iso(start + hour), requestedAt: iso(start + hour), runKey: 'request-1' },
    missed: pending.missed,
  });
});

test('a paused schedule has no next occurrence and none that is pending, and cannot be claimed', async () => {
  const stored = await created('paused');
  await schedules.claim(stored, pendingAt(start + hour), iso(start + 2 * hour));
  expect(await schedules.pause(stored.schedule, iso(start + 1))).toBe(true);
  expect(await schedules.pause(stored.schedule, iso(start + 2))).toBe(true);
  const paused = await schedules.getSchedule('paused');
  expect(paused).toMatchObject({ pausedAt: iso(start + 1), progress: { nextAt: null, pending: null } });
  expect(await schedules.claim(stored, pendingAt(start + hour), iso(start + 2 * hour))).toBe(false);
  expect(await schedules.resume(stored.schedule, iso(start + 5 * hour))).toBe(true);
  expect(await schedules.getSchedule('paused')).toMatchObject({
    pausedAt: null,
    progress: { nextAt: iso(start + 5 * hour), pending: null },
  });
  // It is active: its next occurrence stays.
  expect(await schedules.resume(stored.schedule, iso(start + 9 * hour))).toBe(true);
  expect((await schedules.getSchedule('paused'))?.progress.nextAt).toBe(iso(start + 5 * hour));
});

test('nothing is written to a schedule that was created again under the same name', async () => {
  const stored = await created('again');
  await schedules.delete(stored.schedule);
  const other = sample('again', 'f'.repeat(16));
  await schedules.create(other);
  expect(await schedules.claim(stored, pendingAt(start + hour), iso(start + 2 * hour))).toBe(false);
  await schedules.complete(stored, pendingAt(start + hour), { requestedAt: iso(start), runKey: 'request-1' });
  expect(await schedules.pause(stored.schedule, iso(start))).toBe(false);
  expect(await schedules.resume(stored.schedule, iso(start))).toBe(false);
  expect(await schedules.getSchedule('again')).toEqual(other);
});

test('a schedule has ended while it is paused, and once it was deleted or replaced', () => {
  const stored = sample('nightly');
  const { scheduleId } = stored.schedule;
  expect(currentSchedule(stored, scheduleId)).toEqual({ targets: ['octo-org/deploy:cd.yml'], ended: null });
  expect(currentSchedule({ ...stored, pausedAt: iso(start) }, scheduleId).ended).toBe(`paused since ${iso(start)}`);
  expect(currentSchedule(stored, 'f'.repeat(16)).ended).toBe('deleted');
  expect(currentSchedule(null, scheduleId).ended).toBe('deleted');
});
