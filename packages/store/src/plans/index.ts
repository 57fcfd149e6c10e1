export {
  createPlanReads,
  createPlanStore,
  type PlanReads,
  type PlanStore,
  type PlanStoreOptions,
} from './plan-store.ts';
export { decodePlan, encodePlan } from './plan-encoding.ts';
export { completedStatus, planKey, planPayload, planPersistence, StoredPlan } from './stored-plan.ts';
