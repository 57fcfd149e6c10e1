// How queues of dead letters, their reasons and what is done about them are named.
import type { State } from './states.ts';

export const queueNames = ['runs', 'hints', 'decisions', 'facts', 'undelivered-events'] as const;
export type QueueName = (typeof queueNames)[number];

export const isQueueName = (text: string | undefined): text is QueueName =>
  (queueNames as readonly (string | undefined)[]).includes(text);

const queues: Readonly<Record<QueueName, readonly [title: string, text: string]>> = {
  runs: ['Runs', 'Completed runs that were not planned.'],
  hints: ['Hints', 'Webhooks that say where a dispatching.yml may have changed, and that nobody looked at.'],
  decisions: ['Decisions', 'Allowed dispatches that were not carried out.'],
  facts: ['Facts', 'Facts that were not recorded.'],
  'undelivered-events': ['Undelivered events', 'Events that EventBridge could not deliver to their queue.'],
};

export const titleOfQueue = (queue: string): string => (isQueueName(queue) ? queues[queue][0] : queue);
export const textOfQueue = (queue: QueueName): string => queues[queue][1];

const reasons: Readonly<Record<string, readonly [title: string, next: string]>> = {
  'message-invalid': [
    'Invalid message',
    'Inspect the message. If Dispatcher never sent it, discard it; a redrive fails again.',
  ],
  'message-version-unknown': ['Unknown message version', 'Deploy the release that sent the message, then redrive.'],
  'attempts-exhausted': ['Attempts exhausted', 'Remove the cause that the detail names, then redrive.'],
  died: ['Function ended', 'Look at the log of the function for a timeout or too little memory, then redrive.'],
  'permanent-error': ['Permanent error', 'Correct what GitHub or AWS rejected, then redrive.'],
  'decision-not-in-plan': [
    'Decision not in the plan',
    'The message is not from the planning function. Find out who may send to the queue, then discard.',
  ],
  'no-permissions': ['No permission', 'Apply Terraform to restore the policy of the queue, then redrive.'],
  'no-resource': ['No such queue', 'Apply Terraform to create the queue, then redrive.'],
  undelivered: ['Not delivered', 'Remove the cause that the detail names, then redrive.'],
  unrecorded: ['Not recorded', 'SQS moved the message, and no fact says why. Inspect it, then redrive.'],
};

export const deadLetterReasons = Object.keys(reasons);
/** The reasons that a list can be filtered by: those that facts record. */
export const reasonChoices = deadLetterReasons
  .filter((reason) => reason !== 'unrecorded')
  .map((reason) => [reason, reasons[reason]![0]] as const);

export const titleOfReason = (reason: string): string => reasons[reason]?.[0] ?? reason;

/** Returns what to do about dead letters with this reason. */
export const nextStepOf = (reason: string): string => reasons[reason]?.[1] ?? 'Inspect the message.';

const states: Readonly<Record<string, State>> = {
  open: { icon: 'dead-letter', tone: 'danger', word: 'Open' },
  quarantined: { icon: 'stop', tone: 'attention', word: 'Quarantined' },
  redriven: { icon: 'check', tone: 'success', word: 'Redriven' },
  discarded: { icon: 'skip', tone: 'quiet', word: 'Discarded' },
  misplaced: { icon: 'warning', tone: 'attention', word: 'In the wrong queue' },
  failed: { icon: 'failed', tone: 'danger', word: 'Failed' },
};

/** Returns the state of a dead letter, or the result of an action for it. */
export const stateOfDeadLetter = (state: string): State =>
  states[state] ?? { icon: 'question', tone: 'quiet', word: state };

export const deadLetterStateChoices = ['open', 'quarantined', 'redriven', 'discarded'].map(
  (each) => [each, stateOfDeadLetter(each).word] as const,
);
