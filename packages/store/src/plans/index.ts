export {
  createPlanReads,
  createPlanStore,
  type PlanReads,
  type PlanStore,
  type PlanStoreOptions,
} from './plan-store.ts';
export {
  createFileReads,
  createFileStore,
  type FileReads,
  type FileStore,
  type StoredFile,
} from './file-store.ts';
export {
  createFileCheckStore,
  type FileCheckStore,
  type FileCheckStoreOptions,
} from './file-check-store.ts';
export { createOpenChecks, type OpenChecks, type OpenGroup } from './open-checks.ts';
export { filesOfPlan, type ReadFile, withFiles } from './plan-files.ts';
export { decodePlan, encodePlan } from './plan-encoding.ts';
export { completedStatus, planKey, planPayload, PlanFile, planPersistence, StoredPlan } from './stored-plan.ts';
