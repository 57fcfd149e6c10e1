export * from './webhook-examples.ts';
export * from './webhook-variants.ts';
