export * from './histories.ts';
export * from './samples.ts';
