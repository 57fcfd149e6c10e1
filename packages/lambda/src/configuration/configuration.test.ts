import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { count, flag, guardRailsOf, guardRailVariables, list, readConfiguration } from './configuration.ts';

const Configuration = z.object({ QUEUE_URL: z.string(), CREATE_ISSUES: flag(true), ALLOW: list, LIMIT: count(25) });

describe('configuration', () => {
  test('a flag accepts true and false only', () => {
    const read = (value: string) => readConfiguration(Configuration, { QUEUE_URL: 'q', CREATE_ISSUES: value });
    expect(read('false').CREATE_ISSUES).toBe(false);
    expect(read('true').CREATE_ISSUES).toBe(true);
    expect(() => read('no')).toThrow('CREATE_ISSUES has an invalid value: write true or false');
    expect(() => read('0')).toThrow('CREATE_ISSUES');
  });

  test('the error names every missing or invalid variable', () => {
    expect(() => readConfiguration(Configuration, { LIMIT: 'many' })).toThrow(
      /QUEUE_URL is missing\..*LIMIT has an invalid value: write a whole number/,
    );
  });

  test('an empty variable counts as unset', () => {
    expect(readConfiguration(Configuration, { QUEUE_URL: 'q', CREATE_ISSUES: '', ALLOW: '', LIMIT: '' })).toEqual({
      QUEUE_URL: 'q',
      CREATE_ISSUES: true,
      ALLOW: [],
      LIMIT: 25,
    });
    expect(() => readConfiguration(Configuration, { QUEUE_URL: '' })).toThrow('QUEUE_URL is missing.');
  });

  test('unset guard rails limit targets and depth only', () => {
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
