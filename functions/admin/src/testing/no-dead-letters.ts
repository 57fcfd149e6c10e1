import type { DeadLetterDependencies } from '../resources/dead-letter-actions.ts';

const nobody = async () => Promise.reject(new Error('This test has no dead letters.'));
const none = (name: string) => ({ name, deadLetterUrl: '', destinations: {} });

/** For tests in which nobody asks for dead letters. */
export const noDeadLetters: DeadLetterDependencies = {
  queues: {
    runs: none('runs'),
    decisions: none('decisions'),
    facts: none('facts'),
    'undelivered-events': none('undelivered-events'),
  },
  deadLetters: { sqs: { send: nobody }, bus: { publish: nobody }, warn: () => {}, now: Date.now, sleep: nobody },
};
