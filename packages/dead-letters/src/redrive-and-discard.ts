import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Bus } from '@dispatcher/lambda';
import {
  actedFact,
  type DeadLetterCommand,
  type DeadLetterDisposition,
  type DeadLetterOutcome,
  dispositionOf,
  isSelected,
} from './dead-letter-command.ts';
import type { DeadLetterMessage } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { scanDeadLetters, type ScannedDeadLetter, type ScanTools } from './scan.ts';

export interface DeadLetterTools extends ScanTools {
  readonly bus: Bus;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or at once if the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface DeadLetterCommandOptions {
  /** Stops the command before its next dead letter. */
  readonly signal: AbortSignal;
  /** The rate limit, at least 1: a redrive must not flood the queue's consumer. Default: 10. */
  readonly perSecond?: number;
  /** Called for each selected dead letter, with the error if it failed. */
  readonly onDeadLetter?: (deadLetter: DeadLetterMessage, outcome: DeadLetterOutcome, problem: string | null) => void;
}

export interface DeadLetterActionResult {
  /** Dead letters that were read, selected or not. */
  readonly scanned: number;
  /** Numbers of selected dead letters; in a dry run, what would have happened to them. */
  readonly outcomes: Readonly<Record<DeadLetterOutcome, number>>;
  /** Selected ids that the scan did not receive. */
  readonly notFound: readonly string[];
  /**
   * `completed`: every dead letter that could be received was read. `limit` and `stopped`: selected ones may remain, and
   * the same command continues with them. `failed`: see `problem`.
   */
  readonly ended: 'completed' | 'limit' | 'stopped' | 'failed';
  readonly problem: string | null;
}

// A single failure may be caused by the dead letter; several in a row are caused by the system.
const maxConsecutiveFailures = 3;

/**
 * Redrives or discards the selected dead letters of a queue. A dead letter is deleted last: after it was sent to its
 * queue and after the fact about it was published. So after a crash or a failure at any point it is still there, and
 * the same command continues. It may then be sent twice, which is harmless: consumers are idempotent.
 */
export async function applyDeadLetterCommand(
  tools: DeadLetterTools,
  queue: DeadLetterQueue,
  command: DeadLetterCommand,
  progress: DeadLetterCommandOptions,
): Promise<DeadLetterActionResult> {
  const { select, limit } = command;
  const outcomes = { redriven: 0, discarded: 0, quarantined: 0, misplaced: 0, failed: 0 };
  const missing = new Set('ids' in select ? select.ids : []);
  const waitForRate = createRateLimiter(tools, progress);
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
    for await (const scannedDeadLetter of scanDeadLetters(tools, queue, progress.signal)) {
      const { deadLetter } = scannedDeadLetter;
      scanned += 1;
      if (!isSelected(deadLetter, select, tools.now())) continue;
      // A fact about this command that EventBridge could not deliver: redriving it would publish another one, forever.
      if (deadLetter.message.includes(`"actionId":${JSON.stringify(command.actionId)}`)) continue;
      const disposition = dispositionOf(deadLetter, command);
      const leavesQueue = disposition === 'redriven' || disposition === 'discarded';
      if (leavesQueue && outcomes.redriven + outcomes.discarded >= limit) return result('limit');
      if (leavesQueue && !command.dryRun) await waitForRate();
      if (progress.signal.aborted) return result('stopped');
      const problem = command.dryRun ? null : await carryOut(tools, queue, command, scannedDeadLetter, disposition);
      const outcome = problem === null ? disposition : 'failed';
      outcomes[outcome] += 1;
      missing.delete(deadLetter.id);
      progress.onDeadLetter?.(deadLetter, outcome, problem);
      failures = problem === null ? 0 : failures + 1;
      if (failures === maxConsecutiveFailures) return result('failed', problem);
      if ('ids' in select && missing.size === 0) return result('completed');
    }
  } catch (error) {
    return result('failed', describeError(error));
  }
  return result(progress.signal.aborted ? 'stopped' : 'completed');
}

/** Returns null on success, otherwise the error. */
async function carryOut(
  tools: DeadLetterTools,
  queue: DeadLetterQueue,
  command: DeadLetterCommand,
  { deadLetter, remove }: ScannedDeadLetter,
  disposition: DeadLetterDisposition,
): Promise<string | null> {
  if (disposition === 'misplaced') return null;
  try {
    if (disposition === 'redriven') await redrive(tools, queue, deadLetter);
    await tools.bus.publish([actedFact(deadLetter, command, disposition, tools.now())]);
    if (disposition !== 'quarantined') await remove();
    return null;
  } catch (error) {
    return describeError(error);
  }
}

async function redrive(
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
  // The dead letter, the only other copy, is deleted next.
  if (id === undefined) throw new Error('The response of SQS contains no message id.');
}

/** Returns a function that resolves at most `perSecond` times per second. */
function createRateLimiter(
  { now, sleep }: DeadLetterTools,
  { perSecond = 10, signal }: DeadLetterCommandOptions,
): () => Promise<void> {
  let next = 0;
  return async () => {
    const wait = next - now();
    if (wait > 0) await sleep(wait, signal);
    next = Math.max(next, now()) + 1_000 / perSecond;
  };
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
