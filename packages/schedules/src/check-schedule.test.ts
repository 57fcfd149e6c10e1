import { describe, expect, test } from '@jest/globals';
import { checkSchedule } from './check-schedule.ts';

const check = (cron: string, timezone = 'UTC') => checkSchedule({ cron, timezone })?.message ?? null;

describe('a pattern is accepted', () => {
  test.each([
    ['every day at 3:00', '0 3 * * *'],
    ['on weekdays, by number', '0 3 * * 1-5'],
    ['on weekdays, by name in any case', '0 3 * jan-DEC Mon-fri'],
    ['a list', '5,20,35,50 * * * *'],
    ['a list of ranges and values', '0 0-6,12,18-23 * * *'],
    ['a step of all', '*/5 * * * *'],
    ['a step of a range', '0-30/10 */2 * * *'],
    ['Sunday as 0', '0 3 * * 0'],
    ['Sunday as 7', '0 3 * * 7'],
    ['a range that ends on Sunday as 7', '0 3 * * 5-7'],
    ['the leap day', '0 3 29 2 *'],
    ['a day that some months do not have', '0 3 31 * *'],
    ['day of month or day of week', '0 3 30 2 MON'],
    ['two minutes apart at midnight, on days that do not follow each other', '1,59 0,23 1 * *'],
    ['leading zeros', '00 03 01 01 *'],
  ])('%s', (_, cron) => {
    expect(check(cron)).toBeNull();
  });

  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'America/New_York'])(
    'in the time zone %s',
    (timezone) => {
      expect(check('0 3 * * *', timezone)).toBeNull();
    },
  );
});

describe('a pattern is refused', () => {
  test.each([
    ['seconds', '0 0 3 * * *', /6 fields. Seconds and years are not supported/],
    ['a year', '0 0 3 * * * 2027', /7 fields/],
    ['four fields', '0 3 * *', /4 fields: write five/],
    ['one field', '5', /1 field: write five/],
    ['nothing', '', /one space/],
    ['two spaces', '0  3 * * *', /one space/],
    ['a space at the end', '0 3 * * * ', /one space/],
    ['a line break', '0 3 * *\n*', /one space/],
    ['a tab', '0\t3 * * *', /one space/],
    ['@daily', '@daily', /`@daily` is not supported: write five fields/],
    ['@reboot', '@reboot', /not supported/],
    ['L as day of month', '0 3 L * *', /`L` in the field day of month is not supported/],
    ['L behind a weekday', '0 3 * * 5L', /`L` in the field day of week is not supported/],
    ['W', '0 3 15W * *', /`W` in the field day of month is not supported/],
    ['LW', '0 3 LW * *', /is not supported/],
    ['#', '0 3 * * MON#2', /`#` in the field day of week is not supported/],
    ['+', '0 3 1 * +MON', /`\+` in the field day of week is not supported/],
    ['?', '0 3 ? * MON', /`\?` in the field day of month is not supported/],
    ['a step without a range', '5/15 * * * *', /step and no range: write `5-59\/15` or `\*\/15`/],
    ['a step of zero', '*/0 * * * *', /step/],
    ['a step beyond the field', '0 */24 * * *', /from 1 to 23/],
    ['a reversed range', '0 22-2 * * *', /ends before it begins: write two ranges, as `22-23,0-2`/],
    ['minute 60', '60 3 * * *', /`60` in the field minute is out of range: write a number from 0 to 59/],
    ['hour 24', '0 24 * * *', /hour is out of range/],
    ['day 0', '0 3 0 * *', /day of month is out of range/],
    ['month 13', '0 3 1 13 *', /month is out of range/],
    ['weekday 8', '0 3 * * 8', /day of week is out of range/],
    ['a name in the wrong field', '0 3 MON * *', /day of month/],
    ['an unknown name', '0 3 * * MOO', /`MOO` in the field day of week is not valid: write `1`, `MON`/],
    ['an empty part of a list', '0,,30 3 * * *', /minute is not valid/],
    ['a negative number', '-5 3 * * *', /minute is not valid/],
    ['a decimal', '1.5 3 * * *', /minute is not valid/],
    ['Arabic digits', '٥ 3 * * *', /minute is not valid/],
    ['300 characters and more', `${'0,'.repeat(160)}0 3 * * *`, /more than 300 characters/],
    ['30 February', '0 3 30 2 *', /never occurs/],
    ['31 in months of 30 days', '0 3 31 4,6,9,11 *', /never occurs/],
    ['every minute', '* * * * *', /every minute: at least 5 minutes/],
    ['every four minutes', '*/4 * * * *', /every 4 minutes/],
    ['two minutes of a list', '0,3 3 * * *', /every 3 minutes/],
    ['a step that is short at the end of the hour', '*/7 * * * *', /every 4 minutes/],
    ['two minutes apart at midnight', '1,59 0,23 * * *', /every 2 minutes/],
    ['two minutes apart at midnight, on two days of the week', '1,59 0,23 * * 6,0', /every 2 minutes/],
  ])('%s', (_, cron, message) => {
    expect(check(cron)).toMatch(message);
  });

  test.each(['', 'Berlin', 'Europe/Atlantis', '+01:00', 'GMT+1', 'Europe/Berlin ', 'local', '../etc/localtime'])(
    'in the time zone “%s”',
    (timezone) => {
      expect(checkSchedule({ cron: '0 3 * * *', timezone })).toMatchObject({
        field: 'timezone',
        message: expect.stringContaining('is not a time zone'),
      });
    },
  );
});
