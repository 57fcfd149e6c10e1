import { DispatchRequested, type Fact, type Schedule } from '@dispatcher/contracts';
import { silent } from '@dispatcher/lambda/testing';
import { createOccurrences } from '@dispatcher/schedules';
import { createAccessStore, type Schedules } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type DueSchedulesDependencies, runDueSchedules } from './run-due-schedules.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 4, 4, 8);
const iso = (time: number) => new Date(time).toISOString();

let dynamo: TestDynamo;
let schedules: Schedules;
let now: number;
let sent: DispatchRequested[];
let published: Fact[];
let counted: Record<string, number>;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const { access: table } = await dynamo.createTables();
  ({ schedules } = createAccessStore({ client: dynamo.client, table, now: () => now }));
  now = start;
  sent = [];
  published = [];
  counted = {};
});
afterAll(() => dynamo.close());

const deps = (change: Partial<DueSchedulesDependencies> = {}): DueSchedulesDependencies => ({
  schedules,
  runs: { send: async (message) => void sent.push(DispatchRequested.parse(message)) },
  bus: { publish: async (facts) => void published.push(...facts) },
  meter: {
    count: (name, _, by = 1) => void (counted[name] = (counted[name] ?? 0) + by),
    milliseconds: () => {},
  },
  log: silent,
  now: () => now,
  ...change,
});

const tick = (change?: Partial<DueSchedulesDependencies>) => runDueSchedules(deps(change), () => true);

async function createSchedule(change: Partial<Schedule> = {}): Promise<Schedule> {
  const schedule = {
    scheduleId: '0123456789abcdef',
    name: 'nightly',
    cron: '*/15 * * * *',
    timezone: 'UTC',
    repository: 'octo-org/deploy',
    workflow: 'cd.yml',
    ref: null,
    inputs: { environment: 'staging' },
    createdAt: iso(now),
    createdBy: 'ada',
    ...change,
  };
  const { scheduleId } = schedule;
  const nextAt = iso(createOccurrences(schedule).nextAfter(now));
  const progress = { scheduleId, nextAt, pending: null, last: null, missed: null };
  await schedules.create({ schedule, pausedAt: null, progress });
  return schedule;
}

/** The due times of the requests that were sent, each once: a repeated request has the same id. */
function dueTimes(): string[] {
  const byId = new Map(sent.map(({ requestId, deliveryId }) => [requestId, deliveryId]));
  return [...byId.values()].map((deliveryId) => deliveryId.slice(deliveryId.indexOf('2026-')));
}

describe('a schedule that is due', () => {
  test('requests the dispatch of its workflow, and moves on to its next time', async () => {
    const { scheduleId } = await createSchedule();
    now = start + 14 * minute + 59_000;
    await tick();
    expect(sent).toEqual([]);
    now = start + 15 * minute + 17_000;
    await tick();
    expect(sent).toEqual([
      {
        type: 'dispatch.requested',
        version: 1,
        deliveryId: `schedule-${scheduleId}-2026-05-04T08:15:00.000Z`,
        receivedAt: '2026-05-04T08:15:17.000Z',
        requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
        schedule: { id: scheduleId, name: 'nightly', targets: ['octo-org/deploy:cd.yml'] },
        request: {
          kind: 'workflow',
          repository: 'octo-org/deploy',
          workflow: 'cd.yml',
          ref: null,
          inputs: { environment: 'staging' },
        },
      },
    ]);
    expect(published).toEqual([]);
    const { progress } = (await schedules.getSchedule('nightly')) ?? {};
    expect(progress).toEqual({
      scheduleId,
      nextAt: '2026-05-04T08:30:00.000Z',
      pending: null,
      last: {
        dueAt: '2026-05-04T08:15:00.000Z',
        requestedAt: '2026-05-04T08:15:17.000Z',
        runKey: `request-${sent[0]?.requestId}`,
      },
      missed: null,
    });
  });

  test('a day of minutes, each handled by two workers at once: each time is requested once', async () => {
    await createSchedule({ cron: '0 * * * *' });
    for (now = start + 17_000; now < start + 24 * hour; now += minute) await Promise.all([tick(), tick()]);
    const hours = Array.from({ length: 23 }, (_, index) => iso(start + (index + 1) * hour));
    expect(dueTimes()).toEqual(hours);
    expect(published).toEqual([]);
  });

  test('on the day of a change of clocks in Berlin, a fixed time is requested once', async () => {
    for (const [at, due] of [
      [Date.UTC(2026, 2, 28, 12), '2026-03-29T01:00:00.000Z'],
      [Date.UTC(2026, 9, 24, 12), '2026-10-25T00:30:00.000Z'],
    ] as const) {
      now = at;
      sent = [];
      await createSchedule({ name: `at-${at}`, cron: '30 2 * * *', timezone: 'Europe/Berlin' });
      for (; now < at + 18 * hour; now += 5 * minute) await tick();
      expect(dueTimes()).toContain(due);
      expect(sent.filter(({ schedule }) => schedule?.name === `at-${at}`)).toHaveLength(1);
    }
  });
});

describe('after three hours without a check', () => {
  test('the newest time is requested, and the eleven others are recorded as missed', async () => {
    const { scheduleId } = await createSchedule();
    now = start + 3 * hour + 5 * minute;
    await tick();
    await tick();
    expect(dueTimes()).toEqual(['2026-05-04T11:00:00.000Z']);
    const missed = { count: 11, firstAt: '2026-05-04T08:15:00.000Z', lastAt: '2026-05-04T10:45:00.000Z' };
    expect(published).toMatchObject([
      {
        type: 'schedule.missed',
        time: iso(now),
        data: { scheduleId, name: 'nightly', ...missed, dueAt: '2026-05-04T11:00:00.000Z' },
      },
    ]);
    expect(counted).toMatchObject({ MissedOccurrences: 11 });
    expect((await schedules.getSchedule('nightly'))?.progress).toMatchObject({
      nextAt: '2026-05-04T11:15:00.000Z',
      missed,
    });
  });

  test('a single time that fell into them is requested, and none was missed', async () => {
    await createSchedule({ cron: '0 9 * * *' });
    now = start + 3 * hour;
    await tick();
    expect(dueTimes()).toEqual(['2026-05-04T09:00:00.000Z']);
    expect(published).toEqual([]);
    expect(counted).not.toHaveProperty('MissedOccurrences');
  });
});

describe('a worker that dies', () => {
  const dies = () => Promise.reject(new Error('died'));

  test.each([
    ['before its claim is stored', { claim: dies }, {}],
    ['after its claim, before the request is sent', {}, { runs: { send: dies } }],
    ['after the request was sent, before the missed times are recorded', {}, { bus: { publish: dies } }],
    ['after everything, before it is recorded', { complete: dies }, {}],
  ])('%s: the next minute requests the same time, and no other', async (_, storeFails, fails) => {
    await createSchedule();
    now = start + 40 * minute;
    await tick({ ...fails, schedules: { ...schedules, ...storeFails } });
    expect(counted).toMatchObject({ ScheduleFailures: 1 });
    now += 7 * minute;
    // The next time has passed meanwhile: the one that was claimed comes first, and its request is not counted as missed.
    await tick();
    await tick();
    const isClaimed = !('claim' in storeFails);
    expect(dueTimes()).toEqual(
      isClaimed ? ['2026-05-04T08:30:00.000Z', '2026-05-04T08:45:00.000Z'] : ['2026-05-04T08:45:00.000Z'],
    );
    const counts = published.map(({ data }) => (data as { count: number }).count);
    expect(new Set(published.map(({ id }) => id)).size).toBe(1);
    expect(counts.at(-1)).toBe(isClaimed ? 1 : 2);
    expect((await schedules.getSchedule('nightly'))?.progress).toMatchObject({
      pending: null,
      nextAt: '2026-05-04T09:00:00.000Z',
      last: { dueAt: '2026-05-04T08:45:00.000Z' },
    });
  });
});

test('a schedule that fails does not keep the others from running', async () => {
  await createSchedule({ name: 'broken', scheduleId: 'f'.repeat(16) });
  await createSchedule();
  const broken = await schedules.getSchedule('broken');
  if (broken === null) throw new Error('not stored');
  await schedules.delete(broken.schedule);
  const schedule = { ...broken.schedule, timezone: 'Europe/Atlantis' };
  await schedules.create({ ...broken, schedule });
  now = start + 15 * minute;
  await tick();
  expect(sent.map(({ schedule: requester }) => requester?.name)).toEqual(['nightly']);
  expect(counted).toMatchObject({ ScheduleFailures: 1 });
});

test('if time runs out, the schedules that are overdue longest were run, and the others run in the next minute', async () => {
  for (let index = 0; index < 25; index += 1) {
    const late = index >= 15;
    await createSchedule({
      name: `s-${String(index).padStart(2, '0')}`,
      scheduleId: index.toString(16).padStart(16, '0'),
      cron: late ? '10 * * * *' : '15 * * * *',
    });
  }
  now = start + 16 * minute;
  let batches = 0;
  await runDueSchedules(deps(), () => (batches += 1) === 1);
  expect(sent).toHaveLength(10);
  expect(new Set(sent.map(({ schedule }) => Number(schedule?.name.slice(2)) >= 15))).toEqual(new Set([true]));
  await tick();
  expect(sent).toHaveLength(25);
});

test('a paused schedule requests nothing, and continues with its next time once it is resumed', async () => {
  const schedule = await createSchedule();
  await schedules.pause(schedule, iso(now));
  now = start + 2 * hour;
  await tick();
  expect(sent).toEqual([]);
  await schedules.resume(schedule, iso(createOccurrences(schedule).nextAfter(now)));
  now += 15 * minute;
  await tick();
  expect(dueTimes()).toEqual(['2026-05-04T10:15:00.000Z']);
  expect(published).toEqual([]);
});
