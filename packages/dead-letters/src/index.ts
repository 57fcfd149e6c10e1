export * from './apply-command.ts';
export * from './dead-letter.ts';
export * from './dead-letter-queues.ts';
export * from './parse-dead-letter.ts';
export * from './undelivered-events.ts';
export * from './scan.ts';
