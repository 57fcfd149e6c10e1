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
  maxWorkers: '150%',
  testSequencer: '<rootDir>/scripts/test-sequencer.mjs',
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  // Only ends a test that hangs: no test may fail because a machine is slow. Tests that take minutes set their own.
  testTimeout: 600_000,
  reporters: ['default', '<rootDir>/scripts/count-reporter.mjs'],
};

export default config;
