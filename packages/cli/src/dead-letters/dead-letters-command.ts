import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import {
  type DeadLetterQueueName,
  deadLetterQueueNames,
  type DeadLetterMessage,
  type DeadLetterCommand,
} from '@dispatcher/dead-letters';
import { type DeadLetterArguments, askedOf } from './dead-letter-arguments.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import type { DeadLetterOperations } from './dead-letter-operations.ts';
import { endText, heldText, deadLetterText, lineOf, listText, outcomeText, stayText } from './format-dead-letters.ts';
import { type Command, refusedBySystem, type Terminal } from '../command.ts';

const help = `Usage: dispatcher dead-letters list [--queue QUEUE] [--json]
       dispatcher dead-letters inspect LETTER [--queue QUEUE] [--json]
       dispatcher dead-letters redrive|discard --queue QUEUE SELECTION --reason TEXT [--yes] [options]

Messages that could not be handled. QUEUE is the queue they came from: runs, decisions or facts. Of the queue bus they
are events that EventBridge could not hand over to decisions or facts.

  list       by queue and reason, as the facts tell of them, beside what the dead-letter queues hold
  inspect    everything about one letter, the message included
  redrive    sends messages back to their queue, of the bus to the queue that they were for; what was finished before
             is not done again
  discard    deletes messages for good

SELECTION, one of
  --id LETTER            this letter; may be repeated
  --dead-letter-reason R      message-invalid, message-version-unknown, attempts-exhausted, died, permanent-error, unrecorded;
                         of the bus no-permissions, no-resource, attempts-exhausted, undelivered, unrecorded
  --older-than AGE       dead for longer than 90s, 30m, 2h, 1d
  --all                  every letter of the queue

  --reason TEXT          why; recorded
  --as NAME              who; default: the user of this machine
  --yes                  do it; without it, it is only said what would be done
  --limit N              at most so many letters; default 1000
  --per-second N         at most so many letters a second; default 10
  --quarantined          with --id: send back a message although it was redriven three times before

Each letter is recorded as dead-letter.acted, with who, when and why. Ctrl-C stops after the letter at hand; the same
command goes on with what is left.

Environment: RUNS_QUEUE_URL, RUNS_DEAD_LETTER_QUEUE_URL and the same of DECISIONS and FACTS, UNDELIVERED_EVENTS_QUEUE_URL,
BUS_NAME, FACTS_TABLE, PROJECTIONS_TABLE, and what the AWS SDK needs. A local system writes all of it to a file: . .dispatcher/environment

Exit code: 0 it is done, or said; 1 the system could not be asked, the letter was not met, or letters failed;
2 the arguments cannot be used; 130 it was stopped.
`;

export interface DeadLettersDependencies {
  readonly operations: (warn: (sentence: string) => void) => Promise<DeadLetterOperations>;
  readonly user: () => string;
  readonly now: () => number;
  readonly newId: () => string;
  /** Aborts when the operator presses Ctrl-C. */
  readonly stopped: () => AbortSignal;
}

/** The AWS clients are loaded only here: the other commands need none. */
export const deadLetters = createDeadLetters({
  operations: async (warn) =>
    (await import('./dead-letter-operations.ts')).createDeadLetterOperations(process.env, warn),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
  stopped: () => {
    const controller = new AbortController();
    // Once: a second Ctrl-C ends the process, and what it held is back after a minute.
    process.once('SIGINT', () => controller.abort());
    return controller.signal;
  },
});

export function createDeadLetters(deps: DeadLettersDependencies): Command {
  return {
    summary: 'list, inspect, redrive or discard messages that could not be handled',
    help,
    async run(args, terminal) {
      const asked = askedOf(args);
      try {
        const operations = await deps.operations((sentence) => terminal.err(`${sentence}\n`));
        if (asked.action === 'list') return await list(deps, operations, asked, terminal);
        if (asked.action === 'inspect') return await inspect(deps, operations, asked, terminal);
        return await applyCommand(deps, operations, asked, terminal);
      } catch (error) {
        return refusedBySystem(terminal, error);
      }
    },
  };
}

type AskedFor<A extends DeadLetterArguments['action']> = Extract<DeadLetterArguments, { readonly action: A }>;

async function list(
  { now }: DeadLettersDependencies,
  operations: DeadLetterOperations,
  { queue, json }: AskedFor<'list'>,
  terminal: Terminal,
): Promise<number> {
  const queues = await listDeadLetters(operations, queue === undefined ? undefined : [queue], now());
  terminal.out(json ? `${JSON.stringify({ queues }, null, 2)}\n` : listText(queues));
  return 0;
}

async function inspect(
  { stopped }: DeadLettersDependencies,
  operations: DeadLetterOperations,
  { deadLetterId, queue, json }: AskedFor<'inspect'>,
  terminal: Terminal,
): Promise<number> {
  const deadLetter = await findIn(
    operations,
    queue === undefined ? deadLetterQueueNames : [queue],
    deadLetterId,
    stopped(),
  );
  if (deadLetter === null) {
    terminal.err(
      `No dead-letter queue gave the letter ${deadLetterId}. Somebody may hold it for a minute, or it is gone.\n`,
    );
    return 1;
  }
  // The body holds the message already.
  const { message: _, ...shown } = deadLetter;
  terminal.out(json ? `${JSON.stringify(shown, null, 2)}\n` : deadLetterText(deadLetter));
  return 0;
}

async function findIn(
  operations: DeadLetterOperations,
  queues: readonly DeadLetterQueueName[],
  deadLetterId: string,
  signal: AbortSignal,
): Promise<DeadLetterMessage | null> {
  for (const queue of queues) {
    const deadLetter = await operations.find(queue, deadLetterId, signal);
    if (deadLetter !== null) return deadLetter;
  }
  return null;
}

const linesOfDryRun = 50;
const lettersPerLine = 10;

async function applyCommand(
  deps: DeadLettersDependencies,
  operations: DeadLetterOperations,
  asked: AskedFor<DeadLetterCommand['action']>,
  terminal: Terminal,
): Promise<number> {
  const { action, queue, select, reason, as, quarantined, limit, perSecond, dryRun } = asked;
  const operator = as ?? deps.user();
  const command = { action, select, actionId: deps.newId(), operator, reason, quarantined, limit, dryRun };
  let met = 0;
  const result = await operations.apply(queue, command, {
    signal: deps.stopped(),
    perSecond,
    onDeadLetter: (deadLetter, outcome, problem) => {
      met += 1;
      if (outcome !== 'redriven' && outcome !== 'discarded')
        terminal.err(`${stayText(deadLetter, outcome, problem)}\n`);
      else if (dryRun && met <= linesOfDryRun) terminal.out(`${lineOf(deadLetter)}\n`);
      else if (!dryRun && met % lettersPerLine === 0) terminal.out(`${met} letters …\n`);
    },
  });
  if (dryRun && met > linesOfDryRun) terminal.out(`… and ${met - linesOfDryRun} more\n`);
  const would = dryRun ? 'It would be: ' : `Action ${command.actionId}: `;
  const left = heldText(await operations.count(queue));
  terminal.out(`${would}${outcomeText(result, command)}. ${endText(result, command)}Now ${left} of ${queue}.\n`);
  if (result.ended === 'stopped') return 130;
  return result.ended === 'failed' || result.outcomes.failed > 0 || result.notFound.length > 0 ? 1 : 0;
}
