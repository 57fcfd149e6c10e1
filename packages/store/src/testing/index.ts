export { type Capacity, noCapacity } from './capacity.ts';
export * from './stored-counters.ts';
export * from './local-dynamo.ts';
export * from './faults.ts';
export * from './intents.ts';
export * from './memory-dynamo.ts';
export { putPlan } from './plans.ts';
export * from './samples.ts';
