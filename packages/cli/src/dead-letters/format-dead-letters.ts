import { asciiText } from '@dispatcher/lambda';
import {
  type DeadLetterMessage,
  type DeadLetterActionResult,
  type DeadLetterCommand,
  type MessageCounts,
} from '@dispatcher/dead-letters';
import type { ListedQueue } from './list-dead-letters.ts';

// What letters say goes to a terminal: escaped, so that no message can move its cursor.

export function listText(queues: readonly ListedQueue[]): string {
  return queues.map(queueText).join('\n');
}

function queueText({ queue, recorded, queueDepth, difference, groups }: ListedQueue): string {
  const lines = [`${queue}: ${recorded} recorded, ${heldText(queueDepth)}`, ...differenceText(queue, difference)];
  for (const { reason, count, oldest, newest, sample } of groups) {
    const span = count === 1 ? newest : `${oldest} to ${newest}`;
    const { deadLetterId, state, attempts, redrives, deliveryId, runKey, detail } = sample;
    lines.push(
      `  ${reason}: ${count}, ${span}`,
      `    newest    ${deadLetterId}${state === 'open' ? '' : ` (${state})`}, attempts ${attempts}, redrives ${redrives}`,
      `    delivery  ${asciiText(deliveryId)}${runKey === null ? '' : `, run ${asciiText(runKey)}`}`,
      `    detail    ${asciiText(detail).slice(0, 300)}`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

export function heldText({ waiting, inFlight }: MessageCounts): string {
  return `${waiting + inFlight} in the dead-letter queue${inFlight === 0 ? '' : `, ${inFlight} of them held by somebody`}`;
}

function differenceText(queue: string, difference: number): string[] {
  if (difference === 0) return [];
  if (difference > 0 && queue === 'undelivered-events') {
    return [
      `  DIFFERENCE: ${difference} more than the facts tell of. New ones are told of within a minute or two.`,
      `  To see them: dispatcher dead-letters redrive --queue bus --all --reason look`,
    ];
  }
  return difference > 0
    ? [
        `  DIFFERENCE: ${difference} more than the facts tell of. SQS moved them itself, or their facts are on their way.`,
        `  To see them: dispatcher dead-letters redrive --queue ${queue} --dead-letter-reason unrecorded --reason look`,
      ]
    : [`  DIFFERENCE: ${-difference} fewer than the facts tell of: deleted by hand, or SQS's count is behind.`];
}

export function deadLetterText(deadLetter: DeadLetterMessage): string {
  const fields: readonly [string, string | number | null][] = [
    ['letter', deadLetter.id],
    ['queue', deadLetter.queue],
    ['goes to', deadLetter.to],
    ['came from', deadLetter.misplacedFrom],
    ['reason', deadLetter.reason === 'unrecorded' ? 'unrecorded: nothing says why it is here' : deadLetter.reason],
    ['detail', deadLetter.detail],
    ['attempts', deadLetter.attempts],
    ['redrives', deadLetter.redrives],
    ['since', deadLetter.since],
    ['message id', deadLetter.messageId],
    ['delivery', deadLetter.correlationId],
    ['run', deadLetter.runKey],
  ];
  const known = fields.filter(([, value]) => value !== null);
  const lines = known.map(([name, value]) => `${name.padEnd(11)}${asciiText(String(value))}\n`);
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

/** One selected letter, in one line. */
export function lineOf({ id, queue, to, reason, since, redrives, runKey }: DeadLetterMessage): string {
  const run = runKey === null ? '' : `, run ${asciiText(runKey)}`;
  const target = to === null || to === queue ? '' : `, for ${to}`;
  return `${id}  ${reason}${target}, since ${since}, redrives ${redrives}${run}`;
}

const notDone = {
  quarantined: 'quarantined: redriven three times. Mend the cause, then --id and --quarantined send it back',
  misplaced:
    'left alone: it came from another queue, or is for none that it can be sent to. Inspect it; it can only be discarded here',
  failed: 'failed and still there',
} as const;

export function outcomeText({ outcomes }: DeadLetterActionResult, { action }: DeadLetterCommand): string {
  const { redriven, discarded, ...others } = outcomes;
  const done = action === 'discard' ? `${discarded} discarded` : `${redriven} redriven`;
  const rest = Object.entries(others).filter(([, count]) => count > 0);
  return [done, ...rest.map(([outcome, count]) => `${count} ${outcome}`)].join(', ');
}

/** What is to be said about a letter that stays. */
export function stayText(deadLetter: DeadLetterMessage, outcome: keyof typeof notDone, problem: string | null): string {
  const why = problem === null ? '' : `: ${asciiText(problem)}`;
  return `${deadLetter.id}  ${notDone[outcome]}${why}`;
}

/** How it ended, and what to do about it. */
export function endText(result: DeadLetterActionResult, { dryRun }: DeadLetterCommand): string {
  const again = 'The same command goes on with what is left.';
  const ends: Readonly<Record<DeadLetterActionResult['ended'], string>> = {
    completed: 'All letters that could be received were looked at.',
    limit: `The limit was met. ${again}`,
    stopped: `Stopped. ${again}`,
    failed: `It ended early: ${asciiText(result.problem ?? '')}. ${again}`,
  };
  const missing = result.notFound.map((id) => `Not met: ${asciiText(id)}. Somebody may hold it, or it is gone.\n`);
  const dry = dryRun ? 'Nothing was changed. Add --yes to do it.\n' : '';
  return `${ends[result.ended]}\n${missing.join('')}${dry}`;
}
