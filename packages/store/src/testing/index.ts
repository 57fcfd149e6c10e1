export { itemSize } from '../facts/item-size.ts';
export { type Capacity, indexUnits, inIndex, noCapacity, readUnits, writeUnits } from './capacity.ts';
export * from './stored-counters.ts';
export * from './local-dynamo.ts';
export * from './faults.ts';
export * from './folding-store.ts';
export * from './in-process-requests.ts';
export * from './intents.ts';
export * from './memory-dynamo.ts';
export { putPlan } from './plans.ts';
export { meterWrites, type MeteredWrite } from './write-meter.ts';
export {
  accepted,
  completed,
  deadLettered,
  failed,
  planFacts,
  sampleDecision,
  samplePlan,
  sampleRoute,
  sampleRun,
} from '@dispatcher/projections/testing';
