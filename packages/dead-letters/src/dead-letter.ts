import { type DeadLetterActed, DeadLetterReason, factId } from '@dispatcher/contracts';

/** As often as this a message goes back to its queue; afterwards it is quarantined. */
export const maxRedrives = 3;

/** `unrecorded`: SQS moved it, so that no attribute and no fact says why. */
export type DeadLetterCause = DeadLetterReason | 'unrecorded';
export const deadLetterCauses = [
  ...DeadLetterReason.options,
  'unrecorded',
] as const satisfies readonly DeadLetterCause[];

/** One message of a dead-letter queue. */
export interface DeadLetterMessage {
  /** The id of the fact that told of it; of an unrecorded one, SQS's message id. */
  readonly id: string;
  /** Among whose dead letters it lies; `bus`: EventBridge could not hand it over. */
  readonly queue: string;
  /** The queue that a redrive sends it to; null where that is none that it may be sent to from here. */
  readonly to: string | null;
  /** The queue it says it came from, where that is another one. */
  readonly misplacedFrom: string | null;
  readonly reason: DeadLetterCause;
  /** The last error. */
  readonly detail: string | null;
  readonly attempts: number | null;
  readonly redrives: number;
  /** Of the message that failed. */
  readonly messageId: string;
  /** When it became a dead letter; of an unrecorded one, when the message was first sent. */
  readonly since: string;
  readonly correlationId: string;
  readonly runKey: string | null;
  /** SQS's message group: whose share of the queue it takes. */
  readonly group: string | null;
  /** What lies there, as it is: the message, or of the bus the whole event around it. */
  readonly body: string;
  /** What a redrive sends: the message, as its reader expects it. */
  readonly message: string;
}

/** What one letter says of itself, by whoever put it among the dead letters. */
export type DeadLetterOrigin = Pick<
  DeadLetterMessage,
  'id' | 'to' | 'misplacedFrom' | 'reason' | 'detail' | 'attempts' | 'messageId' | 'message'
>;

/** Which letters are meant. */
export type DeadLetterSelection =
  | { readonly ids: readonly string[] }
  | { readonly reason: DeadLetterCause }
  | { readonly olderThanSeconds: number }
  | { readonly all: true };

/** @param now milliseconds since 1970 */
export function isSelected(deadLetter: DeadLetterMessage, select: DeadLetterSelection, now: number): boolean {
  if ('ids' in select) return select.ids.includes(deadLetter.id);
  if ('reason' in select) return deadLetter.reason === select.reason;
  if ('olderThanSeconds' in select) return now - Date.parse(deadLetter.since) >= select.olderThanSeconds * 1_000;
  return select.all;
}

export interface DeadLetterCommand {
  readonly action: 'redrive' | 'discard';
  readonly select: DeadLetterSelection;
  /** One for all letters of the command. */
  readonly actionId: string;
  readonly operator: string;
  readonly reason: string;
  /** Sends quarantined letters back all the same; they are to be named by id. */
  readonly quarantined: boolean;
  /** At most so many letters are sent back or discarded. */
  readonly limit: number;
  /** Says what would become of the letters, and changes nothing. */
  readonly dryRun: boolean;
}

/** `quarantined` and `misplaced` letters stay where they are, and so do `failed` ones. */
export type DeadLetterDisposition = DeadLetterActed['data']['result'] | 'misplaced';
export type DeadLetterOutcome = DeadLetterDisposition | 'failed';

/** What the command is to do with a letter. */
export function dispositionOf(
  deadLetter: DeadLetterMessage,
  { action, quarantined }: DeadLetterCommand,
): DeadLetterDisposition {
  if (action === 'discard') return 'discarded';
  if (deadLetter.to === null) return 'misplaced';
  return deadLetter.redrives >= maxRedrives && !quarantined ? 'quarantined' : 'redriven';
}

/** The fact that tells what an action did with a letter: one for each of the two. */
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
