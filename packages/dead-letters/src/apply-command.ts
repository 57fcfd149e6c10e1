import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Bus } from '@dispatcher/lambda';
import {
  actedFact,
  isSelected,
  type DeadLetterMessage,
  type DeadLetterCommand,
  type DeadLetterOutcome,
  type DeadLetterDisposition,
  dispositionOf,
} from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { type ScannedDeadLetter, scanDeadLetters, type ScanTools } from './scan.ts';

export interface DeadLetterTools extends ScanTools {
  readonly bus: Bus;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or at once where the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface DeadLetterProgress {
  readonly signal: AbortSignal;
  /** Letters a second, at least 1: the readers of the queue must not be flooded. Default 10. */
  readonly perSecond?: number;
  /** Told of each selected letter, and of the problem where it failed. */
  readonly onDeadLetter?: (deadLetter: DeadLetterMessage, outcome: DeadLetterOutcome, problem: string | null) => void;
}

export interface DeadLetterActionResult {
  /** Letters looked at, selected or not. */
  readonly scanned: number;
  /** Of the selected letters; in a dry run what would have become of them. */
  readonly outcomes: Readonly<Record<DeadLetterOutcome, number>>;
  /** Ids that were asked for and not met. */
  readonly notFound: readonly string[];
  /**
   * `through`: every letter that could be received was looked at. `limit` and `stopped`: selected ones may remain, and
   * the same command goes on with them. `failed`: `problem` says why.
   */
  readonly ended: 'completed' | 'limit' | 'stopped' | 'failed';
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
export async function applyDeadLetterCommand(
  tools: DeadLetterTools,
  queue: DeadLetterQueue,
  command: DeadLetterCommand,
  progress: DeadLetterProgress,
): Promise<DeadLetterActionResult> {
  const { select, limit } = command;
  const outcomes = { redriven: 0, discarded: 0, quarantined: 0, misplaced: 0, failed: 0 };
  const missing = new Set('ids' in select ? select.ids : []);
  const pace = createPace(tools, progress);
  let scanned = 0;
  let failures = 0;
  const result = (ended: DeadLetterActionResult['ended'], problem: string | null = null): DeadLetterActionResult => ({
    scanned,
    outcomes,
    notFound: [...missing],
    ended,
    problem,
  });
  try {
    for await (const held of scanDeadLetters(tools, queue, progress.signal)) {
      const { deadLetter } = held;
      scanned += 1;
      if (!isSelected(deadLetter, select, tools.now())) continue;
      // A fact of this very command that EventBridge could not hand over either: each would bring the next, for ever.
      if (deadLetter.message.includes(`"actionId":${JSON.stringify(command.actionId)}`)) continue;
      const verdict = dispositionOf(deadLetter, command);
      const counts = verdict === 'redriven' || verdict === 'discarded';
      if (counts && outcomes.redriven + outcomes.discarded >= limit) return result('limit');
      if (counts && !command.dryRun) await pace();
      if (progress.signal.aborted) return result('stopped');
      const problem = command.dryRun ? null : await carryOut(tools, queue, command, held, verdict);
      const outcome = problem === null ? verdict : 'failed';
      outcomes[outcome] += 1;
      missing.delete(deadLetter.id);
      progress.onDeadLetter?.(deadLetter, outcome, problem);
      failures = problem === null ? 0 : failures + 1;
      if (failures === failuresInARow) return result('failed', problem);
      if ('ids' in select && missing.size === 0) return result('completed');
    }
  } catch (error) {
    return result('failed', sentenceOf(error));
  }
  return result(progress.signal.aborted ? 'stopped' : 'completed');
}

/** Null where it is done, else what went wrong. */
async function carryOut(
  tools: DeadLetterTools,
  queue: DeadLetterQueue,
  command: DeadLetterCommand,
  { deadLetter, remove }: ScannedDeadLetter,
  verdict: DeadLetterDisposition,
): Promise<string | null> {
  if (verdict === 'misplaced') return null;
  try {
    if (verdict === 'redriven') await send(tools, queue, deadLetter);
    await tools.bus.publish([actedFact(deadLetter, command, verdict, tools.now())]);
    if (verdict !== 'quarantined') await remove();
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}

async function send(
  { sqs }: DeadLetterTools,
  { destinations }: DeadLetterQueue,
  deadLetter: DeadLetterMessage,
): Promise<void> {
  const { MessageId: id } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: deadLetter.to === null ? undefined : destinations[deadLetter.to],
      MessageBody: deadLetter.message,
      MessageAttributes: { redrives: { DataType: 'Number', StringValue: String(deadLetter.redrives + 1) } },
      ...(deadLetter.group === null ? {} : { MessageGroupId: deadLetter.group }),
    }),
  );
  // What follows deletes the only other copy.
  if (id === undefined) throw new Error('SQS answered without a message id.');
}

function createPace(
  { now, sleep }: DeadLetterTools,
  { perSecond = 10, signal }: DeadLetterProgress,
): () => Promise<void> {
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
export async function findDeadLetter(
  tools: ScanTools,
  queue: DeadLetterQueue,
  id: string,
  signal: AbortSignal,
): Promise<DeadLetterMessage | null> {
  for await (const { deadLetter } of scanDeadLetters(tools, queue, signal)) if (deadLetter.id === id) return deadLetter;
  return null;
}
