import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { checkSchedule } from './check-schedule.ts';
import { createOccurrences } from './occurrences.ts';
import { minutesOf, plainOccurrences, type PlainPattern } from './testing/plain-model.ts';

const minuteMs = 60_000;
const start = Date.UTC(2026, 0, 1);
const end = Date.UTC(2027, 0, 1);
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago'] as const;
const yearOf = new Map(zones.map((zone) => [zone, minutesOf(zone, start, end)]));

/** One field, as text and as the set of its values. */
interface Field {
  readonly text: string;
  readonly values: ReadonlySet<number>;
}

function rangeOf(from: number, to: number, step = 1): Field['values'] {
  return new Set(Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step));
}

const any = (min: number, max: number): Field => ({ text: '*', values: rangeOf(min, max) });
const listOf = (min: number, max: number, maxLength: number): fc.Arbitrary<Field> =>
  fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength })
    .map((list) => ({ text: list.join(','), values: new Set(list) }));
const range = (min: number, max: number): fc.Arbitrary<Field> =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([one, two]) => [Math.min(one, two), Math.max(one, two)] as const)
    .map(([from, to]) => ({ text: `${from}-${to}`, values: rangeOf(from, to) }));
const stepped = (min: number, max: number, step: fc.Arbitrary<number>): fc.Arbitrary<Field> =>
  step.map((every) => ({ text: `*/${every}`, values: rangeOf(min, max, every) }));

const pattern = fc
  .record({
    minute: fc.oneof(listOf(0, 59, 3), stepped(0, 59, fc.constantFrom(5, 10, 15, 20, 30))),
    hour: fc.oneof(
      fc.constant(any(0, 23)),
      listOf(0, 4, 3),
      listOf(0, 23, 3),
      range(0, 23),
      stepped(0, 23, fc.integer({ min: 1, max: 6 })),
    ),
    dayOfMonth: fc.oneof({ weight: 3, arbitrary: fc.constant(any(1, 31)) }, listOf(1, 31, 4), range(1, 31)),
    month: fc.oneof({ weight: 3, arbitrary: fc.constant(any(1, 12)) }, listOf(1, 12, 4)),
    dayOfWeek: fc.oneof({ weight: 3, arbitrary: fc.constant(any(0, 6)) }, listOf(0, 6, 3), range(0, 6)),
  })
  .map(({ minute, hour, dayOfMonth, month, dayOfWeek }) => {
    const plain: PlainPattern = {
      minutes: minute.values,
      hours: hour.values,
      isDay: (date) => {
        if (!month.values.has(date.getUTCMonth() + 1)) return false;
        const [isDate, isWeekday] = [dayOfMonth.values.has(date.getUTCDate()), dayOfWeek.values.has(date.getUTCDay())];
        if (dayOfMonth.text === '*') return isWeekday;
        return dayOfWeek.text === '*' ? isDate : isDate || isWeekday;
      },
      isFixed: !/[*/]/.test(minute.text + hour.text),
    };
    return { cron: [minute, hour, dayOfMonth, month, dayOfWeek].map(({ text }) => text).join(' '), plain };
  });

function occurrencesIn(cron: string, timezone: string, from: number, to: number): number[] {
  const { nextAfter } = createOccurrences({ cron, timezone });
  const times: number[] = [];
  for (let next = nextAfter(from - 1); next < to; next = nextAfter(next)) times.push(next);
  return times;
}

/** The days on which clocks change in one of the zones, and one after which they do not. */
const notable = [
  Date.UTC(2026, 2, 7), // New York, in spring
  Date.UTC(2026, 2, 28), // Berlin, in spring
  Date.UTC(2026, 3, 4), // Lord Howe and Santiago, in autumn
  Date.UTC(2026, 8, 5), // Santiago, in spring, at midnight
  Date.UTC(2026, 9, 3), // Lord Howe, in spring, by half an hour
  Date.UTC(2026, 9, 24), // Berlin, in autumn
  Date.UTC(2026, 9, 31), // New York, in autumn
];
const dayMs = 24 * 60 * minuteMs;
const window = fc
  .oneof(
    fc.constantFrom(...notable),
    fc.integer({ min: 1, max: 350 }).map((day) => start + day * dayMs),
  )
  .map((from) => ({ from, to: from + 4 * dayMs }));

test.each(zones)('any pattern in %s is due exactly when the plain model of all minutes says', (timezone) => {
  const year = yearOf.get(timezone);
  if (year === undefined) throw new Error('no such zone');
  fc.assert(
    fc.property(pattern, window, ({ cron, plain }, { from, to }) => {
      fc.pre(checkSchedule({ cron, timezone }) === null);
      const expected = plainOccurrences(year, plain, from, to);
      expect(occurrencesIn(cron, timezone, from, to)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test.each(['Europe/Berlin', 'America/New_York'] as const)(
  'a year of minutes in %s is as the plain model says',
  (timezone) => {
    const year = yearOf.get(timezone);
    if (year === undefined) throw new Error('no such zone');
    const daily = { hours: new Set([2]), isDay: () => true, isFixed: true };
    const plains: readonly (readonly [string, PlainPattern])[] = [
      ['30 2 * * *', { ...daily, minutes: new Set([30]) }],
      ['0,30 2 * * *', { ...daily, minutes: new Set([0, 30]) }],
      ['*/20 2 * * *', { ...daily, minutes: new Set([0, 20, 40]), isFixed: false }],
      ['0 2 * * 1-5', { ...daily, minutes: new Set([0]), isDay: (date) => date.getUTCDay() % 6 !== 0 }],
    ];
    for (const [cron, plain] of plains) {
      expect(occurrencesIn(cron, timezone, start, end)).toEqual(plainOccurrences(year, plain, start, end));
    }
  },
);

describe('on the day of a change of clocks in Europe/Berlin', () => {
  const spring = [Date.UTC(2026, 2, 28, 22), Date.UTC(2026, 2, 29, 4)] as const;
  const autumn = [Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 4)] as const;
  const timesOf = (cron: string, [from, to]: readonly [number, number]) =>
    occurrencesIn(cron, 'Europe/Berlin', from, to).map((time) => new Date(time).toISOString().slice(11, 16));

  test.each([
    ['a fixed time in the gap occurs at its end', '30 2 * * *', spring, ['01:00']],
    ['a list of times in the gap occurs once', '0,30 2 * * *', spring, ['01:00']],
    ['a fixed time in the doubled hour occurs in the first of both', '30 2 * * *', autumn, ['00:30']],
    ['a list of times occurs once each', '0,30 2 * * *', autumn, ['00:00', '00:30']],
    ['steps skip the gap', '*/30 1,2,3 * * *', spring, ['00:00', '00:30', '01:00', '01:30']],
    ['steps follow the doubled hour twice', '*/30 2 * * *', autumn, ['00:00', '00:30', '01:00', '01:30']],
    ['every hour follows the clock', '15 * * * *', autumn, ['22:15', '23:15', '00:15', '01:15', '02:15', '03:15']],
  ])('%s', (_, cron, range, expected) => {
    expect(timesOf(cron, range)).toEqual(expected);
  });
});

describe('what is due', () => {
  /** Checks the schedule at these times, as the planning function does each minute. */
  function check(cron: string, timezone: string, times: Iterable<number>, from = start) {
    const { dueAt, nextAfter } = createOccurrences({ cron, timezone });
    let next = nextAfter(from - 1);
    const fired: number[] = [];
    const missed: { readonly count: number; readonly firstAt: number; readonly lastAt: number }[] = [];
    for (const now of times) {
      const due = dueAt(next, now);
      if (due === null) continue;
      fired.push(due.dueAt);
      if (due.missed !== null) missed.push(due.missed);
      next = nextAfter(due.dueAt);
    }
    return { fired, missed };
  }

  function* minutes(from: number, to: number, isDown: (time: number) => boolean = () => false): Generator<number> {
    // Checked some seconds after the full minute.
    for (let time = from + 17_000; time < to; time += minuteMs) if (!isDown(time)) yield time;
  }

  test.each(['Europe/Berlin', 'America/New_York'])(
    'a year of minutes in %s, each checked twice: each occurrence is due once',
    (timezone) => {
      function* twice() {
        for (const time of minutes(start, end)) yield* [time, time + 1_000];
      }
      for (const cron of ['0 * * * *', '30 2 * * *', '0 3 * * 1-5']) {
        const { fired, missed } = check(cron, timezone, twice());
        expect(missed).toEqual([]);
        expect(fired).toEqual(occurrencesIn(cron, timezone, start, end));
      }
    },
  );

  test('after three hours without a check, the newest occurrence is due, and the others were missed', () => {
    const [downFrom, downUntil] = [Date.UTC(2026, 4, 4, 9, 1), Date.UTC(2026, 4, 4, 12, 1)];
    const [from, to] = [Date.UTC(2026, 4, 3), Date.UTC(2026, 4, 6)];
    const all = occurrencesIn('*/15 * * * *', 'UTC', from, to);
    const { fired, missed } = check(
      '*/15 * * * *',
      'UTC',
      minutes(from, to, (time) => time >= downFrom && time < downUntil),
      from,
    );
    expect(missed).toEqual([{ count: 11, firstAt: Date.UTC(2026, 4, 4, 9, 15), lastAt: Date.UTC(2026, 4, 4, 11, 45) }]);
    const isMissed = (time: number) => time >= Date.UTC(2026, 4, 4, 9, 15) && time <= Date.UTC(2026, 4, 4, 11, 45);
    expect(fired).toEqual(all.filter((time) => !isMissed(time)));
  });

  test('a single occurrence that fell into the outage is due afterwards, and nothing was missed', () => {
    const isDown = (time: number) => time >= Date.UTC(2026, 4, 4, 9) && time < Date.UTC(2026, 4, 4, 12);
    const { fired, missed } = check('0 10 * * *', 'UTC', minutes(start, end, isDown));
    expect(fired).toHaveLength(365);
    expect(missed).toEqual([]);
  });
});

test('lists the next times, without the time itself', () => {
  const { listAfter } = createOccurrences({ cron: '0 3 * * *', timezone: 'Europe/Berlin' });
  expect(listAfter(Date.UTC(2026, 10, 28, 2), 2)).toEqual([Date.UTC(2026, 10, 29, 2), Date.UTC(2026, 10, 30, 2)]);
});

test('a time zone that no longer exists is an error', () => {
  const { nextAfter } = createOccurrences({ cron: '0 3 * * *', timezone: 'Europe/Atlantis' });
  expect(() => nextAfter(start)).toThrow();
});
