import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Bus } from '../bus.ts';
import {
  actedFact,
  isSelected,
  type Letter,
  type LetterCommand,
  type LetterOutcome,
  type LetterVerdict,
  verdictOf,
} from './letter.ts';
import type { DeadLetterQueue } from './queues.ts';
import { type HeldLetter, walkLetters, type WalkTools } from './walk.ts';

export interface LetterTools extends WalkTools {
  readonly bus: Bus;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or at once where the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface LetterProgress {
  readonly signal: AbortSignal;
  /** Letters a second, at least 1: the readers of the queue must not be flooded. Default 10. */
  readonly perSecond?: number;
  /** Told of each selected letter, and of the problem where it failed. */
  readonly onLetter?: (letter: Letter, outcome: LetterOutcome, problem: string | null) => void;
}

export interface LetterActionResult {
  /** Letters looked at, selected or not. */
  readonly looked: number;
  /** Of the selected letters; in a dry run what would have become of them. */
  readonly outcomes: Readonly<Record<LetterOutcome, number>>;
  /** Ids that were asked for and not met. */
  readonly notFound: readonly string[];
  /**
   * `through`: every letter that could be received was looked at. `limit` and `stopped`: selected ones may remain, and
   * the same command goes on with them. `failed`: `problem` says why.
   */
  readonly ended: 'through' | 'limit' | 'stopped' | 'failed';
  readonly problem: string | null;
}

// One letter may be the trouble itself; several in a row are the system.
const failuresInARow = 3;

/**
 * Redrives or discards the selected letters of a dead-letter queue. A letter leaves the queue last of all: once it was
 * sent to the queue that it is for and once the fact about it is published. So a crash, or a failure at any point,
 * leaves it where it was, and the same command takes it up again. It may then be sent twice, which is harmless: whoever
 * reads it keys the work by what the message says.
 */
export async function actOnLetters(
  tools: LetterTools,
  queue: DeadLetterQueue,
  command: LetterCommand,
  progress: LetterProgress,
): Promise<LetterActionResult> {
  const { select, limit } = command;
  const outcomes = { redriven: 0, discarded: 0, quarantined: 0, misplaced: 0, failed: 0 };
  const missing = new Set('ids' in select ? select.ids : []);
  const pace = createPace(tools, progress);
  let looked = 0;
  let failures = 0;
  const result = (ended: LetterActionResult['ended'], problem: string | null = null): LetterActionResult => ({
    looked,
    outcomes,
    notFound: [...missing],
    ended,
    problem,
  });
  try {
    for await (const held of walkLetters(tools, queue, progress.signal)) {
      const { letter } = held;
      looked += 1;
      if (!isSelected(letter, select, tools.now())) continue;
      // A fact of this very command that EventBridge could not hand over either: each would bring the next, for ever.
      if (letter.message.includes(`"actionId":${JSON.stringify(command.actionId)}`)) continue;
      const verdict = verdictOf(letter, command);
      const counts = verdict === 'redriven' || verdict === 'discarded';
      if (counts && outcomes.redriven + outcomes.discarded >= limit) return result('limit');
      if (counts && !command.dryRun) await pace();
      if (progress.signal.aborted) return result('stopped');
      const problem = command.dryRun ? null : await carryOut(tools, queue, command, held, verdict);
      const outcome = problem === null ? verdict : 'failed';
      outcomes[outcome] += 1;
      missing.delete(letter.id);
      progress.onLetter?.(letter, outcome, problem);
      failures = problem === null ? 0 : failures + 1;
      if (failures === failuresInARow) return result('failed', problem);
      if ('ids' in select && missing.size === 0) return result('through');
    }
  } catch (error) {
    return result('failed', sentenceOf(error));
  }
  return result(progress.signal.aborted ? 'stopped' : 'through');
}

/** Null where it is done, else what went wrong. */
async function carryOut(
  tools: LetterTools,
  queue: DeadLetterQueue,
  command: LetterCommand,
  { letter, remove }: HeldLetter,
  verdict: LetterVerdict,
): Promise<string | null> {
  if (verdict === 'misplaced') return null;
  try {
    if (verdict === 'redriven') await send(tools, queue, letter);
    await tools.bus.publish([actedFact(letter, command, verdict, tools.now())]);
    if (verdict !== 'quarantined') await remove();
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}

async function send({ sqs }: LetterTools, { destinations }: DeadLetterQueue, letter: Letter): Promise<void> {
  const { MessageId: id } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: letter.to === null ? undefined : destinations[letter.to],
      MessageBody: letter.message,
      MessageAttributes: { redrives: { DataType: 'Number', StringValue: String(letter.redrives + 1) } },
      ...(letter.group === null ? {} : { MessageGroupId: letter.group }),
    }),
  );
  // What follows deletes the only other copy.
  if (id === undefined) throw new Error('SQS answered without a message id.');
}

function createPace({ now, sleep }: LetterTools, { perSecond = 10, signal }: LetterProgress): () => Promise<void> {
  let next = 0;
  return async () => {
    const wait = next - now();
    if (wait > 0) await sleep(wait, signal);
    next = Math.max(next, now()) + 1_000 / perSecond;
  };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The letter of this id, whole; null where it could not be received. It is left in the queue, visible. */
export async function findLetter(
  tools: WalkTools,
  queue: DeadLetterQueue,
  id: string,
  signal: AbortSignal,
): Promise<Letter | null> {
  for await (const { letter } of walkLetters(tools, queue, signal)) if (letter.id === id) return letter;
  return null;
}
