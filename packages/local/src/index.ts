export * from './aws-endpoint.ts';
export type { EventRule } from './event-bridge.ts';
export type { EventPattern } from './event-pattern.ts';
