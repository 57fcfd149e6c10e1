import type { FunctionName } from './functions.ts';

/** An EventBridge rule with a rate. EventBridge may invoke the function late, twice or concurrently. */
export interface ScheduleDescription {
  readonly name: string;
  readonly function: FunctionName;
  readonly everySeconds: number;
  /** The constant input of the rule's target: what the function is invoked with. */
  readonly input: Readonly<Record<string, string>>;
}

export const schedules: readonly ScheduleDescription[] = [
  { name: 'check-deliveries', function: 'planning', everySeconds: 60, input: { scheduled: 'check-deliveries' } },
  { name: 'due-schedules', function: 'planning', everySeconds: 60, input: { scheduled: 'due-schedules' } },
  {
    name: 'bulk-replays',
    function: 'admin',
    everySeconds: 60,
    input: { scheduled: 'bulk-replays' },
  },
  { name: 'overdue-checks', function: 'dispatch', everySeconds: 3600, input: { scheduled: 'overdue-checks' } },
  { name: 'sweep', function: 'planning', everySeconds: 60, input: { scheduled: 'sweep' } },
  { name: 'roll-up', function: 'facts', everySeconds: 60, input: { scheduled: 'roll-up' } },
];
