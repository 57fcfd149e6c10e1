import { expect, test } from '@jest/globals';
import { readConfiguration } from '@dispatcher/lambda';
import * as z from 'zod/mini';
import { Configuration } from './configuration.ts';

const { FACT_RETENTION_DAYS } = Configuration.shape;
const read = (env: NodeJS.ProcessEnv) => readConfiguration(z.object({ FACT_RETENTION_DAYS }), env).FACT_RETENTION_DAYS;

test('facts are kept for 400 days unless FACT_RETENTION_DAYS is set', () => {
  expect(read({})).toBe(400);
  expect(read({ FACT_RETENTION_DAYS: '90' })).toBe(90);
});

test.each(['30', '0', 'forever'])('FACT_RETENTION_DAYS=%s is refused with its value', (value) => {
  expect(() => read({ FACT_RETENTION_DAYS: value })).toThrow(`FACT_RETENTION_DAYS is "${value}": write `);
});
