import { printNotice } from '../operator-reason.ts';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import {
  type DeadLetterQueueName,
  deadLetterCauses,
  deadLetterQueueNames,
  type DeadLetterCommand,
  maxHoldSeconds,
} from '@dispatcher/dead-letters';
import { type Command as OptionTable, Option } from '@commander-js/extra-typings';
import { setTimeout as delay } from 'node:timers/promises';
import { asDescription, checkDirect, directDescription, type DirectOptions } from '../client/direct-option.ts';
import { runWithApi } from '../client/run-with-api.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { collect, wholeNumber } from '../command-line/option-values.ts';
import {
  commandArguments,
  type DeadLetterArguments,
  inspectArguments,
  listArguments,
  timeOf,
} from './dead-letter-arguments.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { createDeadLetterApi } from './dead-letter-api.ts';
import type { DeadLetterOperations, FoundDeadLetter } from './dead-letter-operations.ts';
import {
  actionText,
  endingText,
  depthText,
  deadLetterText,
  selectedText,
  listText,
  notFoundText,
  outcomeText,
  remainingText,
  waitingText,
} from './format-dead-letters.ts';
import { type Command, reportUnreachable, type Terminal } from '../command.ts';

export interface DeadLettersDependencies {
  /** The operations on AWS itself, for `--direct`. */
  readonly operations: (warn: (sentence: string) => void) => Promise<DeadLetterOperations>;
  readonly user: () => string;
  readonly now: () => number;
  readonly newId: () => string;
  /** Returns a signal that aborts when the operator presses Ctrl-C. */
  readonly stopped: () => AbortSignal;
  /** Finds the API. */
  readonly context: CommandContext;
  /** Resolves after so many milliseconds, or at once if the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Loads the AWS clients on demand: most commands do not need them. */
export const deadLetters = deadLettersCommand({
  operations: async (warn) =>
    (await import('./dead-letter-operations.ts')).createDeadLetterOperations(process.env, warn),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
  stopped: () => {
    const controller = new AbortController();
    // Once: a second Ctrl-C ends the process, and its messages become visible again after a minute.
    process.once('SIGINT', () => controller.abort());
    return controller.signal;
  },
  context: processContext,
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
});

export function deadLettersCommand(deps: DeadLettersDependencies): Command {
  return defineCommand('dead-letters', (table, { terminal, exit }) => {
    table
      .summary('list, inspect, redrive or discard messages that could not be processed')
      .description(
        'Manage dead letters: messages that could not be processed. A queue is the source queue: runs, hints, decisions or facts; ' +
          'or undelivered-events, for events that EventBridge could not deliver to decisions or facts.',
      );
    const run = (parsed: DeadLetterArguments, options: DirectOptions) => {
      checkDirect(options);
      return exit(options.direct ? runDirectly(deps, parsed, terminal) : runOverApi(deps, parsed, terminal));
    };
    const direct = ['--direct', directDescription, false] as const;
    const json = ['--json', 'print JSON', false] as const;
    table
      .command('list')
      .description('Lists the recorded dead letters by queue and reason, and the depth of each dead-letter queue.')
      .addOption(queueOption())
      .option(...json)
      .option(...direct)
      .action((options) => run(listArguments(options), options));
    table
      .command('inspect')
      .description('Prints one dead letter with its whole message.')
      .argument('[deadLetterId]', 'the id of the dead letter')
      .addOption(queueOption())
      .option(...json)
      .option(...direct)
      .action((deadLetterId, options) => run(inspectArguments(deadLetterId, options), options));
    const redrive = withSelection(table.command('redrive'))
      .description(
        'Returns messages to their source queue, undelivered events to their target queue. What was completed before is ' +
          'not executed again.',
      )
      .option('--quarantined', 'with --id: include dead letters that were redriven three times before', false)
      .action((options) => run(commandArguments('redrive', options), options));
    const discard = withSelection(table.command('discard'))
      .description('Deletes messages permanently.')
      .action((options) => run(commandArguments('discard', options), options));
    const more = [
      'Select dead letters with exactly one of --id, --dead-letter-reason, --older-than and --all.',
      'Each action on a dead letter is recorded as dead-letter.acted with operator, time and reason. The command sends as ' +
        'many requests as it takes; each is one action, changes at most 100 dead letters and takes about 5 seconds. Ctrl-C ' +
        'stops after the current request, with --direct after the current dead letter; run the same command again to ' +
        'continue. While another reader holds messages of the ' +
        'queue (the minutely scan of undelivered events, or another operator’s command), the command waits for up to a minute.',
    ];
    const example = 'dispatcher dead-letters redrive --queue runs --older-than 1h --reason "GitHub is back"';
    addNotes(redrive, { more, examples: [example, `${example} --yes`] });
    addNotes(discard, { more });
    return addNotes(table, {
      more: [
        '--direct needs RUNS_QUEUE_URL and RUNS_DEAD_LETTER_QUEUE_URL, the same for HINTS, DECISIONS and FACTS, ' +
          'UNDELIVERED_EVENTS_QUEUE_URL, BUS_NAME, FACTS_TABLE, PROJECTIONS_TABLE, and the AWS SDK’s variables. A local ' +
          'system writes them to a file: . .dispatcher/environment',
      ],
      exitCodes: {
        0: 'success',
        1: 'Dispatcher could not be reached, a dead letter was not found, or some failed',
        2: 'invalid arguments',
        130: 'stopped by Ctrl-C',
      },
    });
  });
}

function queueOption() {
  return new Option('--queue <queue>', 'the source queue').choices(deadLetterQueueNames).argParser(String);
}

/** Adds the options of `redrive` and `discard`. */
function withSelection(table: OptionTable) {
  return table
    .addOption(queueOption())
    .option('--id <deadLetterId>', 'this dead letter; can be repeated', collect, [])
    .addOption(
      new Option('--dead-letter-reason <reason>', 'the dead letters with this reason')
        .choices(deadLetterCauses)
        .argParser(String),
    )
    .option('--older-than <age>', 'dead letters older than, for example, 90s, 30m, 2h or 1d')
    .option('--all', 'every dead letter of the queue', false)
    .option(
      '--before <time>',
      'leave out dead letters that are newer, for example those that appeared after a dry run (default: the time of this ' +
        'command, so that it redrives no message twice)',
      timeOf,
    )
    .option('--reason <text>', 'your reason; recorded', '')
    .option('--direct', directDescription, false)
    .option('--as <name>', asDescription)
    .option('--yes', 'execute the action; without it, only show what would be done', false)
    .option('--limit <n>', 'the maximum number of dead letters', wholeNumber('--limit', 1_000_000), 1000)
    .option('--per-second <n>', 'the maximum number of dead letters per second', wholeNumber('--per-second', 100), 10);
}

function runOverApi(deps: DeadLettersDependencies, parsed: DeadLetterArguments, terminal: Terminal): Promise<number> {
  const { context, now, sleep } = deps;
  return runWithApi(context, terminal, (api) =>
    runAction(deps, createDeadLetterApi(api, { now, sleep }), parsed, terminal),
  );
}

async function runDirectly(
  deps: DeadLettersDependencies,
  parsed: DeadLetterArguments,
  terminal: Terminal,
): Promise<number> {
  try {
    return await runAction(deps, await deps.operations((sentence) => terminal.err(`${sentence}\n`)), parsed, terminal);
  } catch (error) {
    return reportUnreachable(terminal, error);
  }
}

async function runAction(
  deps: DeadLettersDependencies,
  operations: DeadLetterOperations,
  parsed: DeadLetterArguments,
  terminal: Terminal,
): Promise<number> {
  if (parsed.action === 'list') return list(deps, operations, parsed, terminal);
  if (parsed.action === 'inspect') return inspect(deps, operations, parsed, terminal);
  return applyCommand(deps, operations, parsed, terminal);
}

type ArgumentsOf<A extends DeadLetterArguments['action']> = Extract<DeadLetterArguments, { readonly action: A }>;

async function list(
  { now }: DeadLettersDependencies,
  operations: DeadLetterOperations,
  { queue, json }: ArgumentsOf<'list'>,
  terminal: Terminal,
): Promise<number> {
  const queues = await listDeadLetters(operations, queue === undefined ? undefined : [queue], now());
  terminal.out(json ? `${JSON.stringify({ queues }, null, 2)}\n` : listText(queues));
  return 0;
}

async function inspect(
  { stopped }: DeadLettersDependencies,
  operations: DeadLetterOperations,
  { deadLetterId, queue, json }: ArgumentsOf<'inspect'>,
  terminal: Terminal,
): Promise<number> {
  const queues = queue === undefined ? deadLetterQueueNames : [queue];
  const signal = stopped();
  const { deadLetter, held } = await findIn(operations, queues, deadLetterId, signal, terminal);
  if (deadLetter === null) {
    if (signal.aborted) return 130;
    terminal.err(`${notFoundText(deadLetterId, held)}\n`);
    return 1;
  }
  terminal.out(json ? `${JSON.stringify(deadLetter, null, 2)}\n` : deadLetterText(deadLetter));
  return 0;
}

/** Searches all queues once, then waits for the messages that other readers hold. */
async function findIn(
  operations: DeadLetterOperations,
  queues: readonly DeadLetterQueueName[],
  deadLetterId: string,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<{ readonly deadLetter: FoundDeadLetter | null; readonly held: number }> {
  let held = 0;
  for (const mayWait of queues.length === 1 ? [true] : [false, true]) {
    for (const queue of queues) {
      const search = await operations.find(queue, deadLetterId, {
        signal,
        ...(mayWait ? { waitForHeld: waitForHeld(queue, terminal) } : {}),
      });
      if (search.state === 'found') return { deadLetter: search.deadLetter, held };
      if (search.state === 'held') held += search.held ?? 1;
    }
  }
  return { deadLetter: null, held };
}

/** Waits for as long as a scan can hold a message, and says so. */
function waitForHeld(queue: DeadLetterQueueName, terminal: Terminal) {
  return {
    // The scans of the search itself take time, too.
    maxMs: (maxHoldSeconds + 5) * 1_000,
    onWait: (held: number | null) => terminal.err(`${waitingText(queue, held)}\n`),
  };
}

const maxDryRunLines = 50;
const deadLettersPerProgressLine = 10;

async function applyCommand(
  deps: DeadLettersDependencies,
  operations: DeadLetterOperations,
  parsed: ArgumentsOf<DeadLetterCommand['action']>,
  terminal: Terminal,
): Promise<number> {
  const { action, queue, select, reason, as, quarantined, limit, perSecond, dryRun } = parsed;
  const startedAt = deps.now();
  const before = new Date(Math.min(parsed.before ?? startedAt, startedAt)).toISOString();
  printNotice(terminal, reason);
  const operator = as ?? deps.user();
  const command = { action, select, actionId: deps.newId(), operator, reason, quarantined, before, limit, dryRun };
  let selected = 0;
  const result = await operations.apply(queue, command, {
    signal: deps.stopped(),
    perSecond,
    waitForHeld: waitForHeld(queue, terminal),
    isBeforeGiven: parsed.before !== undefined,
    onDeadLetter: (deadLetter, outcome, problem) => {
      selected += 1;
      if (outcome !== 'redriven' && outcome !== 'discarded')
        terminal.err(`${remainingText(deadLetter, outcome, problem)}\n`);
      else if (dryRun && selected <= maxDryRunLines) terminal.out(`${selectedText(deadLetter)}\n`);
      else if (!dryRun && selected % deadLettersPerProgressLine === 0) terminal.out(`${selected} dead letters …\n`);
    },
  });
  if (dryRun && selected > maxDryRunLines) terminal.out(`… and ${selected - maxDryRunLines} more\n`);
  const label = dryRun ? 'Dry run: ' : `${actionText(result.actionIds)}: `;
  // A failed count must not hide the result of the action.
  const depth = await operations.count(queue).then(depthText, () => 'an unknown number in the dead-letter queue');
  terminal.out(`${label}${outcomeText(result, command)}. ${endingText(result, command)}Now ${depth} of ${queue}.\n`);
  if (result.ended === 'stopped') return 130;
  return result.ended === 'failed' ||
    result.ended === 'held' ||
    result.outcomes.failed > 0 ||
    result.notFound.length > 0
    ? 1
    : 0;
}
