import type { Attempt } from '../consumer.ts';
import type { StepLog } from '../logger.ts';

/** A log that keeps nothing. */
export const silent: StepLog = { info: () => {}, warn: () => {}, error: () => {}, with: () => silent };

/** The first of several attempts at a message, with all the time in the world. */
export const attempt: Attempt = {
  messageId: 'm1',
  attempt: 1,
  isLast: false,
  signal: new AbortController().signal,
  log: silent,
};
