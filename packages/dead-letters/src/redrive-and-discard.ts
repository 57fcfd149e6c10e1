import { createHash } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Bus } from '@dispatcher/lambda';
import {
  actedFact,
  type DeadLetterCommand,
  type DeadLetterDisposition,
  type DeadLetterOutcome,
  dispositionOf,
  isNewer,
  isSelected,
} from './dead-letter-command.ts';
import type { DeadLetterMessage } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { scanDeadLetters, type ScannedDeadLetter, type ScanTools, type WaitForHeld } from './scan.ts';

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
  /** How long to wait for messages that other readers hold. Without it they are ignored. */
  readonly waitForHeld?: Pick<WaitForHeld, 'maxMs' | 'onWait'>;
  /** Called for each selected dead letter, with the error if it failed. */
  readonly onDeadLetter?: (deadLetter: DeadLetterMessage, outcome: DeadLetterOutcome, problem: string | null) => void;
}

export interface DeadLetterActionResult {
  /** Dead letters that were read, selected or not. */
  readonly scanned: number;
  /** Numbers of selected dead letters; in a dry run, what would have happened to them. */
  readonly outcomes: Readonly<Record<DeadLetterOutcome, number>>;
  /** Number of dead letters that would be selected, but are newer than `before`. They stay. */
  readonly newer: number;
  /** Selected ids that the scan did not receive. */
  readonly notFound: readonly string[];
  /**
   * `completed`: every dead letter was read. `held`: other readers still hold some. `limit` and `stopped`: selected ones
   * may remain. After these three the same command continues with the rest. `failed`: see `problem`.
   */
  readonly ended: 'completed' | 'held' | 'limit' | 'stopped' | 'failed';
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
  const waitForHeld =
    progress.waitForHeld === undefined ? undefined : { now: tools.now, sleep: tools.sleep, ...progress.waitForHeld };
  const { isOwn, addOwn } = createOwnMessages();
  let scanned = 0;
  let newer = 0;
  let failures = 0;
  const result = (ended: DeadLetterActionResult['ended'], problem: string | null = null): DeadLetterActionResult => ({
    scanned,
    outcomes,
    newer,
    notFound: [...missing],
    ended,
    problem,
  });
  const scan = scanDeadLetters(tools, queue, {
    signal: progress.signal,
    ...(waitForHeld === undefined ? {} : { waitForHeld }),
  });
  try {
    for (let next = await scan.next(); ; next = await scan.next()) {
      if (next.done === true)
        return result(progress.signal.aborted ? 'stopped' : next.value > 0 ? 'held' : 'completed');
      const { deadLetter } = next.value;
      scanned += 1;
      if (!isSelected(deadLetter, select, tools.now())) continue;
      // A fact about this command that EventBridge could not deliver: redriving it would publish another one, forever.
      if (deadLetter.message.includes(`"actionId":${JSON.stringify(command.actionId)}`)) continue;
      if (isNewer(deadLetter, command) || isOwn(deadLetter)) {
        newer += 1;
        continue;
      }
      const disposition = dispositionOf(deadLetter, command);
      const leavesQueue = disposition === 'redriven' || disposition === 'discarded';
      if (leavesQueue && outcomes.redriven + outcomes.discarded >= limit) return result('limit');
      if (leavesQueue && !command.dryRun) await waitForRate();
      if (progress.signal.aborted) return result('stopped');
      if (disposition === 'redriven' && !command.dryRun) addOwn(deadLetter);
      const problem = command.dryRun ? null : await carryOut(tools, queue, command, next.value, disposition);
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
  } finally {
    await scan.return(0);
  }
}

/**
 * Recognizes the messages that this command has redriven, if they fail and return as dead letters while it runs. Their times
 * alone do not show it where the operator's clock is ahead of SQS's.
 */
function createOwnMessages() {
  /** The number of redrives with which each message was found, by a hash of the message. */
  const found = new Map<string, number>();
  return {
    addOwn: (deadLetter: DeadLetterMessage) => void found.set(hashOf(deadLetter), deadLetter.redrives),
    isOwn: (deadLetter: DeadLetterMessage) => deadLetter.redrives > (found.get(hashOf(deadLetter)) ?? Infinity),
  };
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

function hashOf({ message }: DeadLetterMessage): string {
  return createHash('sha256').update(message).digest('base64');
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
