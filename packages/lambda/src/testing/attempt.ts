import type { Attempt } from '../consumer/consumer.ts';
import type { StepLog } from '../telemetry/logger.ts';

/** A log that discards its lines. */
export const silent: StepLog = { info: () => {}, warn: () => {}, error: () => {}, with: () => silent };

/** The first of several attempts at a message, without a deadline. */
export const attempt: Attempt = {
  messageId: 'm1',
  attempt: 1,
  isLast: false,
  signal: new AbortController().signal,
  log: silent,
};
