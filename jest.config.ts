import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/functions', '<rootDir>/scripts'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { experimental: { keepImportAttributes: true }, target: 'es2024', parser: { syntax: 'typescript' } } },
    ],
  },
  setupFilesAfterEnv: ['<rootDir>/scripts/random-tests.ts'],
  coverageProvider: 'v8',
  // End-to-end tests wait for a running system rather than for the processor: more of them run at once than there are cores.
  // A number, because Jest reads a percentage above 100 as a number of workers: '150%' means 150.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  testSequencer: '<rootDir>/scripts/test-sequencer.mjs',
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  // Only ends a test that hangs: no test may fail because a machine is slow. Tests that take minutes set their own.
  testTimeout: 600_000,
  reporters: ['default', '<rootDir>/scripts/count-reporter.mjs'],
};

export default config;
