import { parseArgs } from 'node:util';
import {
  type DeadLetterQueueName,
  deadLetterQueueNames,
  deadLetterCauses,
  type DeadLetterCommand,
  type DeadLetterSelection,
} from '@dispatcher/dead-letters';
import { BadInput, parsed } from '../command.ts';

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
      readonly dryRun: boolean;
    };

const queueOption = { queue: { type: 'string' } } as const;
const json = { json: { type: 'boolean', default: false } } as const;

/** @throws BadInput that says what to write instead */
export function askedOf([action, ...args]: readonly string[]): DeadLetterArguments {
  switch (action) {
    case 'list': {
      const { values } = parsed(() => parseArgs({ args, options: { ...queueOption, ...json } }));
      return { action, queue: queueOf(values.queue), json: values.json };
    }
    case 'inspect': {
      const options = { args, allowPositionals: true, options: { ...queueOption, ...json } } as const;
      const { values, positionals } = parsed(() => parseArgs(options));
      const [deadLetterId] = positionals;
      if (deadLetterId === undefined || positionals.length > 1) throw new BadInput('Name one letter, by its id.');
      return { action, deadLetterId, queue: queueOf(values.queue), json: values.json };
    }
    case 'redrive':
    case 'discard':
      return { action, ...commandOf(action, args) };
    default:
      throw new BadInput('Say what to do: list, inspect, redrive or discard.');
  }
}

function commandOf(action: DeadLetterCommand['action'], args: readonly string[]) {
  const { values } = parsed(() =>
    parseArgs({
      args: [...args],
      options: {
        ...queueOption,
        id: { type: 'string', multiple: true },
        'dead-letter-reason': { type: 'string' },
        'older-than': { type: 'string' },
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
  if (queue === undefined) throw new BadInput(`Name the queue with --queue: ${deadLetterQueueNames.join(', ')}.`);
  const reason = values.reason.trim();
  if (reason === '' || reason.length > 1_000) {
    throw new BadInput('Say why with --reason TEXT, in at most 1,000 characters; it is recorded.');
  }
  const select = selectionOf(values.id, values['dead-letter-reason'], values['older-than'], values.all);
  const { quarantined } = values;
  if (quarantined && (action !== 'redrive' || !('ids' in select))) {
    throw new BadInput('--quarantined is for redrive, and with --id only.');
  }
  const limit = wholeNumber('--limit', values.limit, 1_000_000);
  const perSecond = wholeNumber('--per-second', values['per-second'], 100);
  return { queue, select, reason, as: values.as, quarantined, limit, perSecond, dryRun: !values.yes };
}

function selectionOf(
  ids: readonly string[] | undefined,
  reason: string | undefined,
  age: string | undefined,
  all: boolean,
): DeadLetterSelection {
  const given: DeadLetterSelection[] = [
    ...(ids === undefined ? [] : [{ ids }]),
    ...(reason === undefined ? [] : [{ reason: reasonOf(reason) }]),
    ...(age === undefined ? [] : [{ olderThanSeconds: secondsOf(age) }]),
    ...(all ? [{ all: true as const }] : []),
  ];
  const [only] = given;
  if (only === undefined || given.length > 1) {
    throw new BadInput('Select letters with one of --id, --dead-letter-reason, --older-than and --all.');
  }
  return only;
}

function queueOf(name: string | undefined): DeadLetterQueueName | undefined {
  if (name === undefined) return undefined;
  const queue = deadLetterQueueNames.find((each) => each === name);
  if (queue === undefined) throw new BadInput(`There is no queue ${name}: ${deadLetterQueueNames.join(', ')}.`);
  return queue;
}

function reasonOf(name: string) {
  const reason = deadLetterCauses.find((each) => each === name);
  if (reason === undefined) throw new BadInput(`There is no letter reason ${name}: ${deadLetterCauses.join(', ')}.`);
  return reason;
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function secondsOf(age: string): number {
  const [, number = '', unit = ''] = /^(\d{1,7})([smhd])$/.exec(age) ?? [];
  const seconds = unitSeconds[unit];
  if (seconds === undefined) throw new BadInput('Write --older-than as 90s, 30m, 2h or 1d.');
  return Number(number) * seconds;
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw new BadInput(`${option} is a whole number from 1 to ${most}.`);
  return number;
}
