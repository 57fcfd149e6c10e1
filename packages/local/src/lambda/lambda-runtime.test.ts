import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FunctionDescription, type LambdaFunction, startFunction } from './lambda-runtime.ts';
import { sourceFile } from './child-process.ts';

let directory: string;
let log: number;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lambda-runtime-'));
  log = openSync(join(directory, 'function.log'), 'a');
});
afterAll(() => {
  closeSync(log);
  rmSync(directory, { recursive: true });
});

function describeFunction(more: Partial<FunctionDescription> = {}): FunctionDescription {
  return {
    name: 'fixture',
    directory: sourceFile('testing/function'),
    timeoutMs: 120_000,
    environment: { GREETING: 'hello' },
    log,
    ...more,
  };
}

async function withFunction<T>(
  use: (fixture: LambdaFunction) => Promise<T>,
  more: Partial<FunctionDescription> = {},
  concurrency = 1,
): Promise<T> {
  const fixture = await startFunction(describeFunction(more), concurrency);
  try {
    return await use(fixture);
  } finally {
    await fixture.close();
  }
}

function processOf(outcome: unknown): number {
  return (outcome as { payload: { process: number } }).payload.process;
}

describe('a function under the Runtime API', () => {
  test('handles sequential invocations in one process, with its name and remaining time in the context', async () => {
    await withFunction(async (fixture) => {
      const first = await fixture.invoke({ do: 'one' });
      const second = await fixture.invoke({ do: 'two' });
      expect(first).toMatchObject({ state: 'succeeded', payload: { function: 'fixture', echo: 'one' } });
      expect(second).toMatchObject({ state: 'succeeded', payload: { echo: 'two' } });
      expect(processOf(second)).toBe(processOf(first));
      const { remaining } = (first as { payload: { remaining: number } }).payload;
      expect(remaining).toBeGreaterThan(0);
      expect(remaining).toBeLessThanOrEqual(120_000);
    });
    expect(readFileSync(join(directory, 'function.log'), 'utf8')).toContain('hello one\nhello two\n');
  });

  test('an error of the handler fails that invocation and keeps the process', async () => {
    await withFunction(async (fixture) => {
      const before = await fixture.invoke({ do: 'before' });
      expect(await fixture.invoke({ do: 'fail' })).toEqual({
        state: 'failed',
        error: expect.objectContaining({ errorType: 'TypeError', errorMessage: 'the event requested a failure' }),
      });
      expect(processOf(await fixture.invoke({ do: 'after' }))).toBe(processOf(before));
    });
  });

  test('a process that crashes fails its invocation and is replaced', async () => {
    await withFunction(async (fixture) => {
      const before = await fixture.invoke({ do: 'before' });
      expect(await fixture.invoke({ do: 'die' })).toEqual({
        state: 'failed',
        error: { errorType: 'Runtime.ExitError', errorMessage: 'The process ended with SIGKILL.' },
      });
      expect(processOf(await fixture.invoke({ do: 'after' }))).not.toBe(processOf(before));
    });
  });

  test('a handler that exceeds its timeout is killed', async () => {
    await withFunction(
      async (fixture) => {
        expect(await fixture.invoke({ do: 'hang' })).toEqual({
          state: 'failed',
          error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 3.00 seconds' },
        });
        expect(await fixture.invoke({ do: 'after' })).toMatchObject({ state: 'succeeded' });
      },
      // Long enough for the replacement process to respond.
      { timeoutMs: 3_000 },
    );
  });

  test('with a concurrency of two, two invocations run in two processes and a third one waits', async () => {
    await withFunction(
      async (fixture) => {
        const outcomes = await Promise.all(['a', 'b', 'c'].map((what) => fixture.invoke({ do: what })));
        expect(outcomes).toMatchObject([
          { payload: { echo: 'a' } },
          { payload: { echo: 'b' } },
          { payload: { echo: 'c' } },
        ]);
        expect(new Set(outcomes.map(processOf)).size).toBe(2);
      },
      {},
      2,
    );
  });

  test('a bundle that rejects its configuration fails the start with its own message', async () => {
    await expect(startFunction(describeFunction({ environment: {} }), 1)).rejects.toThrow(
      'fixture cannot start: GREETING is missing.',
    );
  });
});
