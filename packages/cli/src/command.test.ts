import { describe, expect, test } from '@jest/globals';
import { readConfiguration } from '@dispatcher/lambda';
import * as z from 'zod/mini';
import { readFileSync } from 'node:fs';
import { UsageError, readText, reportUnreachable } from './command.ts';

function report(error: unknown) {
  let err = '';
  const code = reportUnreachable(
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

test.each([
  ['that does not exist', 'none/dispatching.yml', 'Cannot read none/dispatching.yml: it does not exist'],
  ['that is a directory', '/', 'Cannot read /: it is a directory'],
])('a file %s is refused without the words of the operating system', (_, path, message) => {
  const terminal = { out: () => {}, err: () => {}, readFile: (file: string) => readFileSync(file) };
  expect(errorOf(() => readText(terminal, path))).toEqual(new UsageError(message));
});

describe('a command that cannot reach Dispatcher', () => {
  test('in a shell without the system’s variables names them and their source', () => {
    const { code, err } = report(errorOf(() => readConfiguration(z.object({ BUS_NAME: z.string() }), {})));
    expect(code).toBe(1);
    expect(err).toContain('BUS_NAME is missing');
    expect(err).toContain('. .dispatcher/environment');
    expect(err).toContain('docs/runbooks/README.md');
  });

  test('prints the reason, and no hint if the variables are set', () => {
    const { code, err } = report(new Error('connect ECONNREFUSED'));
    expect({ code, err }).toEqual({ code: 1, err: 'Could not reach Dispatcher: connect ECONNREFUSED\n' });
  });

  test('rethrows usage errors', () => {
    expect(() => report(new UsageError('Name one run.'))).toThrow(UsageError);
  });
});
