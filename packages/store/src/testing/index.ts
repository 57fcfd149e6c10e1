export * from './dynamo.ts';
export * from './faults.ts';
export * from './samples.ts';
