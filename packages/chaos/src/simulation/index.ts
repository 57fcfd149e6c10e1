// What other packages use of the simulation: the whole system, with every request that its workers send.
export { createFaultPlan } from './system/fault-plan.ts';
export { type Harness, startHarness } from './system/harness.ts';
export { type Call, createClient, tableName } from './system/simulated-dynamodb.ts';
export { type Simulation, startSimulation } from './system/simulation.ts';
export type { Observe, WorkerName, WorkerRequest } from './system/workers.ts';
export type { TestRoute } from '../workload/test-routes.ts';
export { measureSweeps, type SweepCost } from './sweep-cost.ts';
