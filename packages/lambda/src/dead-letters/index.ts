export * from './act.ts';
export * from './letter.ts';
export * from './queues.ts';
export * from './read.ts';
export * from './undelivered.ts';
export * from './walk.ts';
