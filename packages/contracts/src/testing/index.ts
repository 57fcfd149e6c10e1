export * from './completed-run.ts';
export * from './readings.ts';
export * from './webhook-examples.ts';
export * from './webhook-variants.ts';
