import { DeadLetterReason } from '@dispatcher/contracts';

/** Why a message became a dead letter. `unrecorded`: SQS moved it, so neither attributes nor a fact state the reason. */
export type DeadLetterCause = DeadLetterReason | 'unrecorded';
export const deadLetterCauses = [
  ...DeadLetterReason.options,
  'unrecorded',
] as const satisfies readonly DeadLetterCause[];

/** One message of a dead-letter queue. */
export interface DeadLetterMessage {
  /** The id of its `message.dead-lettered` fact; for an unrecorded one, SQS's message id. */
  readonly id: string;
  /** Name of the queue that the message failed in; `undelivered-events` if EventBridge could not deliver it. */
  readonly queue: string;
  /** Name of the queue that a redrive sends it to; null if it is not one of the queue's destinations. */
  readonly to: string | null;
  /** Name of the queue that its attributes give as its source, if it differs from `queue`. */
  readonly misplacedFrom: string | null;
  readonly reason: DeadLetterCause;
  /** The last error. */
  readonly detail: string | null;
  readonly attempts: number | null;
  /** How often operators have redriven it. */
  readonly redrives: number;
  /** SQS's id of the message that failed. */
  readonly messageId: string;
  /** When it became a dead letter; for an unrecorded one, when the message was first sent. */
  readonly since: string;
  readonly correlationId: string;
  readonly runKey: string | null;
  /** SQS message group, by which the queue shares its throughput fairly. */
  readonly group: string | null;
  /** The body as stored: the message, or the whole event that EventBridge could not deliver. */
  readonly body: string;
  /** What a redrive sends: the message as the queue's consumer expects it. */
  readonly message: string;
}

/** The part of a dead letter that depends on who moved it there: a function, SQS or EventBridge. */
export type DeadLetterOrigin = Pick<
  DeadLetterMessage,
  'id' | 'to' | 'misplacedFrom' | 'reason' | 'detail' | 'attempts' | 'messageId' | 'message'
>;
