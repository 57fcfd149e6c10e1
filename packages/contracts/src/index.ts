export * from './codes.ts';
export * from './facts.ts';
export * from './ids.ts';
export * from './plan.ts';
export * from './readings.ts';
export * from './run-again.ts';
export * from './run-completed.ts';
export * from './workflow-run-webhook.ts';
