export * from './client.ts';
export * from './facts/index.ts';
export * from './projections/answers.ts';
export type { ProjectionReads, RunSearch } from './projections/reads.ts';
export * from './state/index.ts';
export * from './tables.ts';
