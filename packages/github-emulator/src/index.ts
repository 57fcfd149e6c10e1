export {
  type CompletedRun,
  type DeliverRequest,
  type DeliveryResult,
  type EmulatorControl,
  emulatorControl,
  type Push,
  type RepositoryChange,
  type RunReport,
  type RunRequest,
  type SettingsChange,
} from './control.ts';
export type { Settings } from './core.ts';
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator.ts';
export { EXAMPLE_INSTALLATIONS, exampleSeed, type ExampleSeedOptions } from './example-seed.ts';
export type { Fault, FaultMatch, FaultRule, Operation, WebhookFault } from './faults.ts';
export type { FileContent, Files } from './git.ts';
export type { RequestEntry, RequestReport } from './request-log.ts';
export type { Seed, SeedApp, SeedInstallation, SeedOwner, SeedRepository } from './seed.ts';
export type { Conclusion, Delivery, Issue, Permissions, Run, Visibility } from './state.ts';
