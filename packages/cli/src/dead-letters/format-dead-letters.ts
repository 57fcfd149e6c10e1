import { counted } from '@dispatcher/contracts';
import { asciiText } from '@dispatcher/lambda';
import { type DeadLetterCommand, type MessageCounts, maxHoldSeconds } from '@dispatcher/dead-letters';
import type { ActionResult, FoundDeadLetter, ReportedDeadLetter } from './dead-letter-operations.ts';
import type { ListedQueue } from './list-dead-letters.ts';

// Texts of messages are escaped, so that they cannot control the terminal.

export function listText(queues: readonly ListedQueue[]): string {
  return queues.map(queueText).join('\n');
}

function queueText({ queue, recorded, queueDepth, difference, groups }: ListedQueue): string {
  const lines = [`${queue}: ${recorded} recorded, ${depthText(queueDepth)}`, ...differenceText(queue, difference)];
  for (const { reason, count, oldest, newest, sample } of groups) {
    const span = count === 1 ? newest : `${oldest} to ${newest}`;
    const { deadLetterId, state, attempts, redrives, deliveryId, runKey, detail } = sample;
    lines.push(
      `  ${reason}: ${count}, ${span}`,
      `    newest    ${deadLetterId}${state === 'open' ? '' : ` (${state})`}, attempts ${attempts}, redrives ${redrives}`,
      `    delivery  ${asciiText(deliveryId)}${runKey === null ? '' : `, run ${asciiText(runKey)}`}`,
      `    detail    ${cutText(asciiText(detail), 300)}`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** Returns the beginning of an escaped text. It does not end inside an escape such as `\u00e9`. */
function cutText(escaped: string, maxLength: number): string {
  if (escaped.length <= maxLength) return escaped;
  return `${escaped.slice(0, maxLength).replace(/\\(?:u[0-9a-f]{0,3})?$/i, '')}…`;
}

/** Names the actions in the facts `dead-letter.acted`. */
export function actionText(actionIds: readonly string[]): string {
  const [first, ...others] = actionIds;
  return others.length === 0 ? `Action ${first}` : `Actions ${first} and ${others.length} more`;
}

export function depthText({ waiting, inFlight }: MessageCounts): string {
  return `${waiting + inFlight} in the dead-letter queue${inFlight === 0 ? '' : `, ${inFlight} of them in flight`}`;
}

function differenceText(queue: string, difference: number): string[] {
  if (difference === 0) return [];
  if (difference > 0 && queue === 'undelivered-events') {
    return [
      `  DIFFERENCE: ${difference} more than recorded. New ones are recorded within two minutes.`,
      `  To list them: dispatcher dead-letters redrive --queue undelivered-events --all --reason "dry run"`,
    ];
  }
  return difference > 0
    ? [
        `  DIFFERENCE: ${difference} more than recorded. SQS moved them itself, or their facts are not recorded yet.`,
        `  To list them: dispatcher dead-letters redrive --queue ${queue} --dead-letter-reason unrecorded --reason "dry run"`,
      ]
    : [`  DIFFERENCE: ${-difference} fewer than recorded: deleted manually, or SQS's approximate count lags.`];
}

export function deadLetterText(deadLetter: FoundDeadLetter): string {
  const fields: readonly [string, string | number | null][] = [
    ['dead letter', deadLetter.id],
    ['queue', deadLetter.queue],
    ['redrives to', deadLetter.to],
    ['came from', deadLetter.misplacedFrom],
    ['reason', deadLetter.reason === 'unrecorded' ? 'unrecorded: no fact says why it is here' : deadLetter.reason],
    ['detail', deadLetter.detail],
    ['attempts', deadLetter.attempts],
    ['redrives', deadLetter.redrives],
    ['since', deadLetter.since],
    ['message id', deadLetter.messageId],
    ['delivery', deadLetter.correlationId],
    ['run', deadLetter.runKey],
  ];
  const known = fields.filter(([, value]) => value !== null);
  const lines = known.map(([name, value]) => `${name.padEnd(13)}${asciiText(String(value))}\n`);
  return `${lines.join('')}\n${bodyText(deadLetter.body)}\n`;
}

function bodyText(body: string): string {
  try {
    const text = JSON.stringify(JSON.parse(body), null, 2);
    return text.split('\n').map(asciiText).join('\n');
  } catch {
    return asciiText(body);
  }
}

/** Describes one selected dead letter in one line. */
export function selectedText({ id, queue, to, reason, since, redrives, runKey }: ReportedDeadLetter): string {
  const run = runKey === null ? '' : `, run ${asciiText(runKey)}`;
  const target = to === null || to === queue ? '' : `, for ${to}`;
  return `${id}  ${reason}${target}, since ${since}, redrives ${redrives}${run}`;
}

const remainingReasons = {
  quarantined: 'quarantined: redriven three times. Fix the cause, then redrive it with --id and --quarantined',
  misplaced:
    'misplaced: it names another source queue, or no queue that it can be sent to. Inspect it; here it can only be discarded',
  failed: 'failed, and remains in the queue',
} as const;

export function outcomeText({ outcomes }: ActionResult, { action }: DeadLetterCommand): string {
  const { redriven, discarded, ...others } = outcomes;
  const done = action === 'discard' ? `${discarded} discarded` : `${redriven} redriven`;
  const rest = Object.entries(others).filter(([, count]) => count > 0);
  return [done, ...rest.map(([outcome, count]) => `${count} ${outcome}`)].join(', ');
}

/** Says why a dead letter remains in its queue. */
export function remainingText(
  deadLetter: ReportedDeadLetter,
  outcome: keyof typeof remainingReasons,
  problem: string | null,
): string {
  const why = problem === null ? '' : `: ${asciiText(problem)}`;
  return `${deadLetter.id}  ${remainingReasons[outcome]}${why}`;
}

/** Says how the action ended and what to do next. */
export function endingText(result: ActionResult, { dryRun, select }: DeadLetterCommand): string {
  const { before } = result;
  const again = 'ids' in select ? 'Run the same command again' : `Run the same command again with --before ${before}`;
  const endings: Readonly<Record<ActionResult['ended'], string>> = {
    completed: 'All dead letters were scanned.',
    held: `Another reader still holds messages of this queue: another redrive or discard may be running. ${again} when it has ended.`,
    limit: `The limit was reached. ${again} to continue.`,
    stopped: `Stopped. ${again} to continue.`,
    failed: `The action failed: ${asciiText(result.problem ?? '')}. ${again} to continue.`,
  };
  const newer =
    result.newer === 0 ? '' : `${result.newer} newer than ${before} ${result.newer === 1 ? 'was' : 'were'} left out.\n`;
  const missing = result.notFound.map((id) =>
    result.ended === 'completed'
      ? `Not in the queue: ${asciiText(id)}. It was redriven, discarded or deleted, or was never there.\n`
      : `Not received: ${asciiText(id)}.\n`,
  );
  const exactly = 'ids' in select ? '--yes' : `--before ${before} --yes`;
  const hint = dryRun ? `Nothing was changed. To execute it for exactly these, add: ${exactly}\n` : '';
  return `${endings[result.ended]}\n${newer}${missing.join('')}${hint}`;
}

/** Says why a command does not answer yet. */
export function waitingText(queue: string, held: number | null): string {
  const messages = held === null ? 'messages' : counted(held, 'message');
  return `Another reader holds ${messages} of ${queue}. Waiting for up to ${maxHoldSeconds} s …`;
}

/** Says why a dead letter could not be shown. @param held the number of messages that other readers still hold */
export function notFoundText(deadLetterId: string, held: number): string {
  const id = asciiText(deadLetterId);
  return held === 0
    ? `Dead letter ${id} is in no dead-letter queue that was searched: it was redriven, discarded or deleted, or was never there.`
    : `Dead letter ${id} was not received within ${maxHoldSeconds} s: another reader still holds ${counted(held, 'message')}. If a redrive or discard is running, try again when it has ended.`;
}
