import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { count, flag, guardRailsOf, guardRailVariables, list, readConfiguration } from './configuration.ts';

const Configuration = z.object({ QUEUE_URL: z.string(), CREATE_ISSUES: flag(true), ALLOW: list, LIMIT: count(25) });

describe('configuration', () => {
  test('"false" is false, and anything but true and false is refused', () => {
    const read = (value: string) => readConfiguration(Configuration, { QUEUE_URL: 'q', CREATE_ISSUES: value });
    expect(read('false').CREATE_ISSUES).toBe(false);
    expect(read('true').CREATE_ISSUES).toBe(true);
    expect(() => read('no')).toThrow('CREATE_ISSUES has an invalid value: write true or false');
    expect(() => read('0')).toThrow('CREATE_ISSUES');
  });

  test('all that is missing or wrong is named at once', () => {
    expect(() => readConfiguration(Configuration, { LIMIT: 'many' })).toThrow(
      /QUEUE_URL is missing\..*LIMIT has an invalid value: write a whole number/,
    );
  });

  test('an empty variable is one that is not set', () => {
    expect(readConfiguration(Configuration, { QUEUE_URL: 'q', CREATE_ISSUES: '', ALLOW: '', LIMIT: '' })).toEqual({
      QUEUE_URL: 'q',
      CREATE_ISSUES: true,
      ALLOW: [],
      LIMIT: 25,
    });
    expect(() => readConfiguration(Configuration, { QUEUE_URL: '' })).toThrow('QUEUE_URL is missing.');
  });

  test('guard rails that nobody set limit targets and depth, and nothing else', () => {
    expect(guardRailsOf(readConfiguration(z.object(guardRailVariables), {}))).toEqual({
      sourceRepositories: [],
      targetRepositories: [],
      sourceWorkflows: [],
      maxTargetsPerRun: 25,
      maxDispatchDepth: 5,
      paused: false,
      defaultRef: null,
    });
  });
});
