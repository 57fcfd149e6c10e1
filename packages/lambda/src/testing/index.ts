export * from './attempt.ts';
