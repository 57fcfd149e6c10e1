export * from './completed-run.ts';
export * from './ignored-run.ts';
export * from './snapshots.ts';
export * from './webhook-examples.ts';
export * from './webhook-variants.ts';
