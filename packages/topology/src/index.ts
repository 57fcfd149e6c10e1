export * from './event-rules.ts';
export * from './functions.ts';
export * from './published-facts.ts';
export * from './queues.ts';
export * from './schedules.ts';
export * from './tables.ts';
