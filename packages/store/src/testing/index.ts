export * from './dynamo.ts';
export * from './faults.ts';
export * from './intents.ts';
export * from './samples.ts';
