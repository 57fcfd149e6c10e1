export * from './completed-run.ts';
export * from './ignored-run.ts';
export * from './sample-graph.ts';
export * from './sample-snapshots.ts';
export * from './webhook-examples.ts';
export * from './webhook-variants.ts';
