export * from './client.ts';
export * from './facts/index.ts';
export * from './state/index.ts';
export * from './tables.ts';
