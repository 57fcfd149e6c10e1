export { type CronProblem, checkSchedule, minIntervalMinutes, type SchedulePattern } from './check-schedule.ts';
export { createOccurrences, type DueOccurrences, type Occurrences } from './occurrences.ts';
