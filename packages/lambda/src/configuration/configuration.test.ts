import { describe, expect, jest, test } from '@jest/globals';
import * as z from 'zod/mini';
import { count, flag, guardRailsOf, guardRailVariables, list, readConfiguration } from './configuration.ts';
import { findMisspelledVariables } from './variable-names.ts';

const Configuration = z.object({ QUEUE_URL: z.string(), CREATE_ISSUES: flag(true), ALLOW: list, LIMIT: count(25) });

describe('configuration', () => {
  test('a flag accepts true and false only', () => {
    const read = (value: string) => readConfiguration(Configuration, { QUEUE_URL: 'q', CREATE_ISSUES: value });
    expect(read('false').CREATE_ISSUES).toBe(false);
    expect(read('true').CREATE_ISSUES).toBe(true);
    expect(() => read('no')).toThrow('CREATE_ISSUES is "no": write true or false.');
    expect(() => read('0')).toThrow('CREATE_ISSUES');
  });

  test('the error names every missing or invalid variable', () => {
    expect(() => readConfiguration(Configuration, { LIMIT: 'many' })).toThrow(
      /^QUEUE_URL is missing\.\nLIMIT is "many": write a whole number from 1 to 999999999\.$/,
    );
  });

  test('the error shows no secret, and the beginning of a long value', () => {
    const error = 'write a URL';
    const Strict = z.object({
      WEBHOOK_SECRET: z.url({ error }),
      ADMIN_PASSWORD: z.url({ error }),
      LONG: z.url({ error }),
    });
    const read = () =>
      readConfiguration(Strict, { WEBHOOK_SECRET: 'hunter2', ADMIN_PASSWORD: 'hunter3', LONG: 'x'.repeat(5_000) });
    expect(read).toThrow(
      `WEBHOOK_SECRET is not valid: write a URL.\nADMIN_PASSWORD is not valid: write a URL.\nLONG is "${'x'.repeat(60)}…": write a URL.`,
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

  test.each([
    ['DISPATCH_MAX_TARGETS_PER_RUN', /MAX_TARGETS_PER_RUN\.$/],
    ['DISPATCH_MAX_RETRIES', /Remove it/],
    ['ALLOWED_SOURCE_CONCLUSIONS', /`conclusions`/],
    ['ENFORCE_SOURCE_DEFAULT_BRANCH', /`branches`/],
    ['ADMIN_IP_ALLOWLIST', /ADMIN_AUTHENTICATION/],
  ])('%s of an earlier dispatcher is refused with its replacement', (name, replacement) => {
    const read = (value: string) => () => readConfiguration(Configuration, { QUEUE_URL: 'q', [name]: value });
    expect(read('5')).toThrow(new RegExp(`^${name} is not a variable`));
    expect(read('5')).toThrow(replacement);
    expect(read('')).not.toThrow();
  });

  test.each([
    ['missing', 'CREATE_ISUES'],
    ['added', 'CREATE_ISSUESS'],
    ['different', 'CREATE-ISSUES'],
    ['swapped', 'CRAETE_ISSUES'],
  ])('a name with a %s character is a warning that names the variable: %s', (_, name) => {
    const known = Object.keys(Configuration.shape);
    expect(findMisspelledVariables({ [name]: 'true' }, known)).toEqual([expect.stringContaining('CREATE_ISSUES')]);
    expect(findMisspelledVariables({ [name]: '' }, known)).toEqual([]);
    const warnings: string[] = [];
    const emitWarning = jest
      .spyOn(process, 'emitWarning')
      .mockImplementation((text) => void warnings.push(String(text)));
    readConfiguration(Configuration, { QUEUE_URL: 'q', [name]: 'true' });
    emitWarning.mockRestore();
    expect(warnings).toEqual([expect.stringContaining(name)]);
  });

  test('other variables are not mistaken for misspelled ones', () => {
    const env = { CREATE_ISSUES: 'true', CREATE_RELEASES: 'x', LIMITS: '1', PATH: '/bin', ISSUES_CREATE: 'x' };
    expect(findMisspelledVariables(env, Object.keys(Configuration.shape))).toEqual([]);
  });

  describe('an allowlist', () => {
    const read = (name: string, value: string) => readConfiguration(z.object(guardRailVariables), { [name]: value });

    test.each(['*', 'acme', 'acme/*,*', '/', 'acme/', 'a/b/c', 'https://github.com/acme/app', 'acme/***', 'acme/[ab]'])(
      'of repositories with %s is refused: the entry matches none',
      (value) => {
        for (const name of ['SOURCE_REPO_ALLOWLIST', 'TARGET_REPO_ALLOWLIST'])
          expect(() => read(name, value)).toThrow(new RegExp(`^${name} is ".*": .*\\*/\\*`));
      },
    );

    test.each(['*/*', 'acme/*', 'Acme/app, acme-labs/*-service', '**', 'acme/**'])(
      'of repositories with %s is accepted',
      (value) => {
        expect(read('SOURCE_REPO_ALLOWLIST', value).SOURCE_REPO_ALLOWLIST).toEqual(value.split(', '));
      },
    );

    test('of workflows accepts file names and their paths, and refuses other paths', () => {
      const value = 'ci.yml,build-*.yml,.github/workflows/cd.yml,*';
      expect(read('SOURCE_WORKFLOW_ALLOWLIST', value).SOURCE_WORKFLOW_ALLOWLIST).toEqual(value.split(','));
      expect(() => read('SOURCE_WORKFLOW_ALLOWLIST', 'acme/app:ci.yml')).toThrow(/matches no workflow.*ci\.yml/);
    });
  });

  test('unset guard rails limit targets and depth only', () => {
    expect(guardRailsOf(readConfiguration(z.object(guardRailVariables), {}))).toEqual({
      sourceRepositories: [],
      targetRepositories: [],
      sourceWorkflows: [],
      maxTargetsPerRun: 25,
      maxDispatchDepth: 5,
      paused: false,
      dryRun: false,
      allowPatterns: false,
      requirePolicy: [],
      defaultRef: null,
    });
  });
});
