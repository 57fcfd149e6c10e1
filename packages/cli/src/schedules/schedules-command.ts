import { type ApiClient } from '../client/api-client.ts';
import { runWithApi } from '../client/run-with-api.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { addNotes } from '../command-line/notes.ts';
import { collect, parsePairs, parseRequesterName } from '../command-line/option-values.ts';
import { textTable } from '../command-line/text-table.ts';
import { type Command, type Terminal, UsageError } from '../command.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';
import { parseReason, printNotice } from '../operator-reason.ts';

/** A schedule as the API returns it. Times are ISO 8601. */
interface ListedSchedule {
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
  readonly target: string;
  readonly ref: string | null;
  readonly inputs: Readonly<Record<string, string>>;
  readonly pausedAt: string | null;
  readonly next: readonly string[];
  readonly last: { readonly dueAt: string; readonly runKey: string } | null;
  readonly missed: { readonly count: number; readonly firstAt: string; readonly lastAt: string } | null;
}

interface CreateOptions {
  readonly cron?: string | undefined;
  readonly timezone: string;
  readonly target?: string | undefined;
  readonly ref?: string | undefined;
  readonly input: string[];
  readonly reason: string;
}

export interface SchedulesDependencies {
  /** Finds the API. */
  readonly context: CommandContext;
}

type ChangeName = 'pause' | 'resume' | 'run' | 'delete';
type ApiAction = (api: ApiClient) => Promise<number>;

export const schedules = schedulesCommand({ context: processContext });

const nameArgument = ['[name]', 'the name of the schedule'] as const;
const reasonOption = ['--reason <text>', 'your reason; recorded', ''] as const;

export function schedulesCommand({ context }: SchedulesDependencies): Command {
  return defineCommand('schedules', (table, { terminal, exit }) => {
    const run = (work: ApiAction) => exit(runWithApi(context, terminal, work));
    table
      .summary('start workflows at the times of a cron pattern')
      .description(
        'A schedule starts one workflow at the times of a cron pattern, if the target’s inbound rules allow it with ' +
          '`source: { schedule: NAME }`. Every change is recorded as schedule.changed with operator, time and reason.',
      );
    table
      .command('create')
      .description('Creates a schedule and prints its next times.')
      .argument('[name]', 'at most 64 lower-case letters and digits, with . _ - in between')
      .option('--cron <pattern>', 'minute, hour, day of month, month and day of week; at least five minutes apart')
      .option('--timezone <name>', 'a time zone such as Europe/Berlin', 'UTC')
      .option('--target <target>', 'the workflow to start: owner/name:workflow.yml')
      .option('--ref <ref>', 'a branch or tag of the target; its default branch unless given')
      .option('--input <name=value>', 'an input of the workflow; can be repeated', collect, [])
      .option(...reasonOption)
      .action((name, options) => run(createAction(name, options, terminal)));
    table
      .command('list')
      .description('Lists the schedules with their next five times.')
      .option('--json', 'print JSON', false)
      .action(({ json }) => run(listAction(json, terminal)));
    table
      .command('pause')
      .description('Pauses a schedule. Its requests that wait start nothing any more.')
      .argument(...nameArgument)
      .option(...reasonOption)
      .action((name, { reason }) => run(changeAction('pause', name, reason, terminal)));
    table
      .command('resume')
      .description('Resumes a schedule with its next time. Times during the pause are not made up for.')
      .argument(...nameArgument)
      .option(...reasonOption)
      .action((name, { reason }) => run(changeAction('resume', name, reason, terminal)));
    table
      .command('run')
      .description('Requests the dispatch of a schedule now. Its next time stays the same.')
      .argument(...nameArgument)
      .option(...reasonOption)
      .action((name, { reason }) => run(changeAction('run', name, reason, terminal)));
    table
      .command('delete')
      .description('Deletes a schedule. Its requests that wait start nothing any more.')
      .argument(...nameArgument)
      .option(...reasonOption)
      .action((name, { reason }) => run(changeAction('delete', name, reason, terminal)));
    return addNotes(table, {
      more: [
        'Environment: DISPATCHER_URL and DISPATCHER_API_KEY; a system that `npm start` runs is found without them.',
      ],
      examples: [
        'dispatcher schedules create nightly --cron "0 3 * * 1-5" --timezone Europe/Berlin --target octo-org/deploy:cd.yml --input environment=staging --reason "nightly deployment"',
        'dispatcher schedules list',
        'dispatcher schedules run nightly --reason "the night before failed"',
      ],
      exitCodes: {
        0: 'success',
        1: 'Dispatcher could not be reached, or refused the request',
        2: 'invalid arguments',
      },
    });
  });
}

function createAction(name: string | undefined, options: CreateOptions, terminal: Terminal): ApiAction {
  const { cron, timezone, target, ref } = options;
  if (cron === undefined) throw new UsageError('Say when: --cron "0 3 * * 1-5" for weekdays at 3:00.');
  if (target === undefined) throw new UsageError('Name the workflow to start: --target owner/name:workflow.yml.');
  const reason = parseReason(options.reason);
  const body = {
    name: parseRequesterName('schedule', name),
    cron,
    timezone,
    target,
    ...(ref === undefined ? {} : { ref }),
    inputs: parsePairs('--input', options.input),
    reason,
  };
  return async (api) => {
    printNotice(terminal, reason);
    const { schedule } = await api.post<{ schedule: ListedSchedule }>('/api/schedules', body);
    terminal.out(`Schedule ${schedule.name} starts ${schedule.target} at\n${timesText(schedule)}`);
    terminal.err(
      `Its target must allow it: add \`source: { schedule: ${schedule.name} }\` to an inbound rule of the target.\n`,
    );
    return 0;
  };
}

function listAction(asJson: boolean, terminal: Terminal): ApiAction {
  return async (api) => {
    const all: ListedSchedule[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { cursor, limit: '100' };
      const page: { schedules: ListedSchedule[]; cursor: string | null } = await api.get('/api/schedules', query);
      all.push(...page.schedules);
      cursor = page.cursor;
    }
    if (asJson) terminal.out(`${JSON.stringify({ schedules: all }, null, 2)}\n`);
    else if (all.length === 0) terminal.out('There is no schedule.\n');
    else printSchedules(all, terminal);
    return 0;
  };
}

function printSchedules(all: readonly ListedSchedule[], terminal: Terminal): void {
  const columns = [
    { title: 'name', minWidth: 8 },
    { title: 'state' },
    { title: 'cron' },
    { title: 'time zone', minWidth: 8 },
    { title: 'target', minWidth: 10 },
    { title: 'last' },
    { title: 'missed' },
    { title: 'next five times', minWidth: 16 },
  ];
  const rows = all.map((schedule) => [
    schedule.name,
    schedule.pausedAt === null
      ? { text: 'active', style: 'green' as const }
      : { text: 'paused', style: 'yellow' as const },
    schedule.cron,
    schedule.timezone,
    schedule.target,
    schedule.last === null ? 'never' : timeIn(schedule.last.dueAt, schedule.timezone),
    schedule.missed === null
      ? 'none'
      : `${schedule.missed.count}, last ${timeIn(schedule.missed.lastAt, schedule.timezone)}`,
    schedule.next.map((time) => timeIn(time, schedule.timezone)).join(', '),
  ]);
  terminal.out(textTable(columns, rows, terminal));
}

function timesText({ next, timezone }: ListedSchedule): string {
  return next.map((time) => `  ${timeIn(time, timezone)} ${timezone}\n`).join('');
}

/** Returns the time on the clocks of a time zone: `2026-11-30 03:00`. */
export function timeIn(time: string, timezone: string): string {
  // The Swedish format is that of ISO 8601.
  return new Date(time).toLocaleString('sv-SE', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
}

function changeAction(change: ChangeName, name: string | undefined, text: string, terminal: Terminal): ApiAction {
  const path = `/api/schedules/${parseRequesterName('schedule', name)}/${change}`;
  const reason = parseReason(text);
  return async (api) => {
    printNotice(terminal, reason);
    const response = await api.post<{ schedule?: ListedSchedule; runKey?: string }>(path, { reason });
    terminal.out(resultOf(change, name ?? '', response));
    return 0;
  };
}

function resultOf(
  change: ChangeName,
  name: string,
  { schedule, runKey }: { readonly schedule?: ListedSchedule; readonly runKey?: string },
): string {
  switch (change) {
    case 'pause':
      return `Schedule ${name} is paused.\n`;
    case 'resume':
      return `Schedule ${name} is active. Its next times:\n${schedule === undefined ? '' : timesText(schedule)}`;
    case 'run':
      return `Schedule ${name} requested its dispatch. See the result: dispatcher why ${runKey ?? ''}\n`;
    default:
      return `Schedule ${name} was deleted.\n`;
  }
}
