import { parseReason } from '../operator-reason.ts';
import { parseArgs } from 'node:util';
import {
  type DeadLetterQueueName,
  deadLetterQueueNames,
  deadLetterCauses,
  type DeadLetterCommand,
  type DeadLetterSelection,
} from '@dispatcher/dead-letters';
import { UsageError, orUsageError } from '../command.ts';

export type DeadLetterArguments =
  | { readonly action: 'list'; readonly queue: DeadLetterQueueName | undefined; readonly json: boolean }
  | {
      readonly action: 'inspect';
      readonly deadLetterId: string;
      readonly queue: DeadLetterQueueName | undefined;
      readonly json: boolean;
    }
  | {
      readonly action: DeadLetterCommand['action'];
      readonly queue: DeadLetterQueueName;
      readonly select: DeadLetterSelection;
      readonly reason: string;
      readonly as: string | undefined;
      readonly quarantined: boolean;
      readonly limit: number;
      readonly perSecond: number;
      /** Selects no dead letters that are newer, in milliseconds since the epoch; undefined: the time of the command. */
      readonly before: number | undefined;
      readonly dryRun: boolean;
    };

const queueOption = { queue: { type: 'string' } } as const;
const json = { json: { type: 'boolean', default: false } } as const;

/** Parses the arguments of `dead-letters`. @throws UsageError that says what to write instead */
export function parseDeadLetterArguments([action, ...args]: readonly string[]): DeadLetterArguments {
  switch (action) {
    case 'list': {
      const { values } = orUsageError(() => parseArgs({ args, options: { ...queueOption, ...json } }));
      return { action, queue: queueOf(values.queue), json: values.json };
    }
    case 'inspect': {
      const options = { args, allowPositionals: true, options: { ...queueOption, ...json } } as const;
      const { values, positionals } = orUsageError(() => parseArgs(options));
      const [deadLetterId] = positionals;
      if (deadLetterId === undefined || positionals.length > 1) throw new UsageError('Name one dead letter by its id.');
      return { action, deadLetterId, queue: queueOf(values.queue), json: values.json };
    }
    case 'redrive':
    case 'discard':
      return { action, ...commandOf(action, args) };
    default:
      throw new UsageError('Choose an action: list, inspect, redrive or discard.');
  }
}

function commandOf(action: DeadLetterCommand['action'], args: readonly string[]) {
  const { values } = orUsageError(() =>
    parseArgs({
      args: [...args],
      options: {
        ...queueOption,
        id: { type: 'string', multiple: true },
        'dead-letter-reason': { type: 'string' },
        'older-than': { type: 'string' },
        before: { type: 'string' },
        all: { type: 'boolean', default: false },
        reason: { type: 'string', default: '' },
        as: { type: 'string' },
        quarantined: { type: 'boolean', default: false },
        limit: { type: 'string', default: '1000' },
        'per-second': { type: 'string', default: '10' },
        yes: { type: 'boolean', default: false },
      },
    }),
  );
  const queue = queueOf(values.queue);
  if (queue === undefined) throw new UsageError(`Name the queue with --queue: ${deadLetterQueueNames.join(', ')}.`);
  const reason = parseReason(values.reason);
  const select = selectionOf(values.id, values['dead-letter-reason'], values['older-than'], values.all);
  const { quarantined } = values;
  if (quarantined && (action !== 'redrive' || !('ids' in select))) {
    throw new UsageError('--quarantined needs redrive and --id.');
  }
  const limit = parseWholeNumber('--limit', values.limit, 1_000_000);
  const perSecond = parseWholeNumber('--per-second', values['per-second'], 100);
  const before = timeOf(values.before);
  return { queue, select, reason, as: values.as, quarantined, limit, perSecond, before, dryRun: !values.yes };
}

function selectionOf(
  ids: readonly string[] | undefined,
  reason: string | undefined,
  age: string | undefined,
  all: boolean,
): DeadLetterSelection {
  const selections: DeadLetterSelection[] = [
    ...(ids === undefined ? [] : [{ ids }]),
    ...(reason === undefined ? [] : [{ reason: reasonOf(reason) }]),
    ...(age === undefined ? [] : [{ olderThanSeconds: secondsOf(age) }]),
    ...(all ? [{ all: true as const }] : []),
  ];
  const [only] = selections;
  if (only === undefined || selections.length > 1) {
    throw new UsageError('Select dead letters with exactly one of --id, --dead-letter-reason, --older-than and --all.');
  }
  return only;
}

function queueOf(name: string | undefined): DeadLetterQueueName | undefined {
  if (name === undefined) return undefined;
  const queue = deadLetterQueueNames.find((each) => each === name);
  if (queue === undefined)
    throw new UsageError(`Unknown queue ${name}. The queues are ${deadLetterQueueNames.join(', ')}.`);
  return queue;
}

function reasonOf(name: string) {
  const reason = deadLetterCauses.find((each) => each === name);
  if (reason === undefined)
    throw new UsageError(`Unknown dead-letter reason ${name}. The reasons are ${deadLetterCauses.join(', ')}.`);
  return reason;
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function secondsOf(age: string): number {
  const [, number = '', unit = ''] = /^(\d{1,7})([smhd])$/.exec(age) ?? [];
  const seconds = unitSeconds[unit];
  if (seconds === undefined) throw new UsageError('--older-than needs an age such as 90s, 30m, 2h or 1d.');
  return Number(number) * seconds;
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError('--before needs a time in UTC as a dry run prints it, such as 2026-11-20T12:00:00.000Z.');
}

function parseWholeNumber(option: string, text: string, max: number): number {
  const number = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > max) throw new UsageError(`${option} needs a whole number from 1 to ${max}.`);
  return number;
}
