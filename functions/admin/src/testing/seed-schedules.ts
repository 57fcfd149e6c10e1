import type { Schedules } from '@dispatcher/store';

/** A schedule that a test may pause, resume and run. */
export const seededSchedule = 'hourly';
/** A schedule that a test may delete. */
export const obsoleteSchedule = 'obsolete';

const times = { createdAt: '2026-11-03T14:00:00.000Z', createdBy: 'ada' };

/** Stores four schedules, so that the list has several pages. */
export async function seedSchedules(schedules: Pick<Schedules, 'create'>): Promise<void> {
  for (const [at, name] of [seededSchedule, 'nightly', obsoleteSchedule, 'weekly'].entries()) {
    const scheduleId = `000000000000000${at + 1}`;
    await schedules.create({
      schedule: {
        scheduleId,
        name,
        cron: '0 * * * *',
        timezone: 'Europe/Berlin',
        repository: 'octo-org/deploy',
        workflow: 'cd.yml',
        ref: null,
        inputs: { environment: 'staging' },
        ...times,
      },
      pausedAt: null,
      progress: {
        scheduleId,
        nextAt: '2026-11-03T15:00:00.000Z',
        pending: null,
        last: {
          dueAt: '2026-11-03T14:00:00.000Z',
          requestedAt: '2026-11-03T14:00:17.000Z',
          runKey: `request-${'a'.repeat(32)}`,
        },
        missed: { count: 2, firstAt: '2026-11-03T12:00:00.000Z', lastAt: '2026-11-03T13:00:00.000Z' },
      },
    });
  }
}
