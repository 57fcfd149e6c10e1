import { type DeadLetterActed, factId } from '@dispatcher/contracts';
import type { DeadLetterCause, DeadLetterMessage } from './dead-letter.ts';
import { isQuarantined } from './quarantine.ts';

/** Which dead letters of a queue a command applies to. */
export type DeadLetterSelection =
  | { readonly ids: readonly string[] }
  | { readonly reason: DeadLetterCause }
  | { readonly olderThanSeconds: number }
  | { readonly all: true };

export interface DeadLetterCommand {
  readonly action: 'redrive' | 'discard';
  readonly select: DeadLetterSelection;
  /** The same for all dead letters of the command. */
  readonly actionId: string;
  readonly operator: string;
  readonly reason: string;
  /** Redrives quarantined dead letters too; they must be selected by id. */
  readonly quarantined: boolean;
  /**
   * Selects only dead letters that are not newer than this time, unless they are named by id: a redriven message that fails
   * again becomes a new dead letter, which the same command must not redrive again.
   */
  readonly before: string;
  /** The largest number of dead letters to redrive or discard. */
  readonly limit: number;
  /** Reports what would happen and changes nothing. */
  readonly dryRun: boolean;
}

/** What a command does with a dead letter. `quarantined` and `misplaced` ones stay in their dead-letter queue. */
export type DeadLetterDisposition = DeadLetterActed['data']['result'] | 'misplaced';
/** What a command did with a dead letter. `failed` ones stay in their dead-letter queue. */
export type DeadLetterOutcome = DeadLetterDisposition | 'failed';

/** @param now milliseconds since the epoch */
export function isSelected(deadLetter: DeadLetterMessage, select: DeadLetterSelection, now: number): boolean {
  if ('ids' in select) return select.ids.includes(deadLetter.id);
  if ('reason' in select) return deadLetter.reason === select.reason;
  if ('olderThanSeconds' in select) return now - Date.parse(deadLetter.since) >= select.olderThanSeconds * 1_000;
  return select.all;
}

/** Returns whether the message became a dead letter after the time up to which the command selects. */
export function isNewer(deadLetter: DeadLetterMessage, { select, before }: DeadLetterCommand): boolean {
  return !('ids' in select) && Date.parse(deadLetter.since) > Date.parse(before);
}

/** Decides what the command does with a selected dead letter. */
export function dispositionOf(
  deadLetter: DeadLetterMessage,
  { action, quarantined }: DeadLetterCommand,
): DeadLetterDisposition {
  if (action === 'discard') return 'discarded';
  if (deadLetter.to === null) return 'misplaced';
  return isQuarantined(deadLetter) && !quarantined ? 'quarantined' : 'redriven';
}

/** Returns the fact about what a command did with a dead letter: one per dead letter and action. */
export function actedFact(
  deadLetter: DeadLetterMessage,
  command: DeadLetterCommand,
  result: DeadLetterActed['data']['result'],
  now: number,
): DeadLetterActed {
  const { actionId, action, operator, reason } = command;
  const { id, queue, messageId, correlationId, runKey } = deadLetter;
  return {
    version: 1,
    id: factId('dead-letter.acted', id, actionId),
    type: 'dead-letter.acted',
    time: new Date(now).toISOString(),
    correlationId,
    ...(runKey === null ? {} : { runKey }),
    data: {
      actionId,
      deadLetterId: id,
      queue,
      messageId,
      deadLetterReason: deadLetter.reason === 'unrecorded' ? null : deadLetter.reason,
      action,
      operator,
      reason,
      result,
    },
  };
}
