import { parseReason } from '../operator-reason.ts';
import {
  type DeadLetterQueueName,
  deadLetterQueueNames,
  deadLetterCauses,
  type DeadLetterCommand,
  type DeadLetterSelection,
} from '@dispatcher/dead-letters';
import { UsageError } from '../command.ts';

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

/** The options of `list` and `inspect`. */
export interface ReadOptions {
  readonly queue?: string | undefined;
  readonly json: boolean;
}

/** The options of `redrive` and `discard`. */
export interface CommandOptions {
  readonly queue?: string | undefined;
  readonly id: readonly string[];
  readonly deadLetterReason?: string | undefined;
  readonly olderThan?: string | undefined;
  readonly before?: number | undefined;
  readonly all: boolean;
  readonly reason: string;
  readonly as?: string | undefined;
  readonly quarantined?: boolean;
  readonly limit: number;
  readonly perSecond: number;
  readonly yes: boolean;
}

export function listArguments({ queue, json }: ReadOptions): DeadLetterArguments {
  return { action: 'list', queue: queueOf(queue), json };
}

/** @throws UsageError if no dead letter is named */
export function inspectArguments(deadLetterId: string | undefined, { queue, json }: ReadOptions): DeadLetterArguments {
  if (deadLetterId === undefined) throw new UsageError('Name one dead letter by its id.');
  return { action: 'inspect', deadLetterId, queue: queueOf(queue), json };
}

/** @throws UsageError that says what to write instead */
export function commandArguments(action: DeadLetterCommand['action'], options: CommandOptions): DeadLetterArguments {
  const queue = queueOf(options.queue);
  if (queue === undefined) throw new UsageError(`Name the queue with --queue: ${deadLetterQueueNames.join(', ')}.`);
  const reason = parseReason(options.reason);
  const ids = options.id.length === 0 ? undefined : options.id;
  const select = selectionOf(ids, options.deadLetterReason, options.olderThan, options.all);
  const { as, quarantined = false, limit, perSecond, before, yes } = options;
  if (quarantined && (action !== 'redrive' || !('ids' in select))) {
    throw new UsageError('--quarantined needs redrive and --id.');
  }
  return { action, queue, select, reason, as, quarantined, limit, perSecond, before, dryRun: !yes };
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

/** Parses `--before`. @throws UsageError if it is not a time in UTC */
export function timeOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError('--before needs a time in UTC as a dry run prints it, such as 2026-11-20T12:00:00.000Z.');
}
