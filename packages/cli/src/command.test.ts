import { describe, expect, test } from '@jest/globals';
import { readConfiguration } from '@dispatcher/lambda';
import * as z from 'zod/mini';
import { BadInput, refusedBySystem } from './command.ts';

function tell(error: unknown) {
  let err = '';
  const code = refusedBySystem(
    { out: () => {}, err: (text) => void (err += text), readFile: () => new Uint8Array() },
    error,
  );
  return { code, err };
}

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('a command that a running system refuses', () => {
  test('in a shell without the system’s variables names them, and says where they come from', () => {
    const { code, err } = tell(errorOf(() => readConfiguration(z.object({ BUS_NAME: z.string() }), {})));
    expect(code).toBe(1);
    expect(err).toContain('BUS_NAME is missing');
    expect(err).toContain('. .dispatcher/environment');
    expect(err).toContain('docs/runbooks/README.md');
  });

  test('says why in a sentence, and nothing of variables that are there', () => {
    const { code, err } = tell(new Error('connect ECONNREFUSED'));
    expect({ code, err }).toEqual({ code: 1, err: 'The system could not be asked: connect ECONNREFUSED\n' });
  });

  test('leaves the caller’s own mistakes to be told as such', () => {
    expect(() => tell(new BadInput('Name one run.'))).toThrow(BadInput);
  });
});
