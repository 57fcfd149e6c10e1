import { createPreference } from './stored-preference.ts';

export type TimeZone = 'local' | 'utc';

/** Whether exact times are shown in the browser's time zone or in UTC. */
export const timeZone = createPreference<TimeZone>('time-zone', (stored) => (stored === 'utc' ? 'utc' : 'local'));
