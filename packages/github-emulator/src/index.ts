export {
  type CompletedRun,
  type DeliverRequest,
  type DeliveryResult,
  type EmulatorControl,
  createEmulatorControl,
  type Push,
  type RepositoryChange,
  type RunRequest,
  type StartedJob,
  type StartedRunRequest,
  type SettingsChange,
} from './control/control-client.ts';
export type { Settings } from './server/context.ts';
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator.ts';
export { EXAMPLE_INSTALLATIONS, exampleSeed, type ExampleSeedOptions } from './state/example-seed.ts';
export type { Fault, FaultMatch, FaultRule, WebhookFault } from './faults/faults.ts';
export type { Operation } from './faults/operations.ts';
export type { FileContent, Files } from './state/git-objects.ts';
export type { RefChange } from './state/refs.ts';
export type { RequestEntry, RequestReport } from './server/request-log.ts';
export type { Seed, SeedApp, SeedInstallation, SeedOwner, SeedRepository } from './state/seed.ts';
export type { Conclusion, Delivery, Issue, Permissions, Run, Visibility } from './state/entities.ts';
export type { RunReport } from './render/render-runs.ts';
