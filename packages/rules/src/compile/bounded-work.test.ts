import { describe, expect, test } from '@jest/globals';
import { compileFile } from './compile-file.ts';
import { decide } from '../decide/decide.ts';
import type { CompiledFile } from './compiled-file.ts';
import { adversarialFiles, ordinaryFile } from '../testing/adversarial-files.ts';
import { processorTimeOf } from '../testing/processor-time.ts';
import { aRepository, aRun, noGuardRails, root } from '../testing/run-scenario.ts';
import { onBlockOf } from '../workflow-file/on-block.ts';
import { parseWorkflow } from '../workflow-file/parse-workflow.ts';

/**
 * Returns whether reading the text costs at most as much as 8 ordinary files of its size. Measures both one after the
 * other, up to three times, because a garbage collection can fall into one of the measurements.
 */
function isBounded(read: (text: string) => void, text: string): boolean {
  const size = Math.max(1, text.length / ordinaryFile.length);
  return [1, 2, 3].some(
    () => processorTimeOf(() => read(text)) <= 8 * size * processorTimeOf(() => compileFile(ordinaryFile)) + 50,
  );
}

describe('an adversarial file costs at most a small multiple of an ordinary file, also the second time', () => {
  test.each(Object.keys(adversarialFiles))('%s', (name) => {
    const text = adversarialFiles[name] ?? '';
    expect(isBounded(compileFile, text)).toBe(true);
    expect(isBounded(compileFile, text)).toBe(true);
  });

  test('the same holds for a workflow file of the target', () => {
    for (const text of Object.values(adversarialFiles)) expect(isBounded(parseWorkflow, text)).toBe(true);
  });

  test('the same holds for what stands before the `on` of a workflow file', () => {
    for (const text of Object.values(adversarialFiles)) {
      expect(isBounded(onBlockOf, `${text.replaceAll('\n', '')}\non: push\n`)).toBe(true);
      expect(isBounded(onBlockOf, `${text}\non: push\n`)).toBe(true);
    }
  });

  test('the ordinary file compiles', () => {
    expect(compileFile(ordinaryFile).ok).toBe(true);
  });
});

test('the second run with a cached blob of 1,000 rules compiles nothing', () => {
  const files = new Map<string, CompiledFile>();
  let compiled = 0;
  const cache = {
    get: (id: string) => files.get(id),
    set: (id: string, file: CompiledFile) => {
      compiled += 1;
      files.set(id, file);
    },
  };
  const source = aRepository(
    'octo/app',
    `outbound:\n${'  - source: { workflow: a.yml }\n    targets: [{ repository: b, workflow: c.yml }]\n'.repeat(1000)}`,
    { id: 1 },
  );
  const input = { run: aRun(), lineage: root, source, targets: {}, guardRails: noGuardRails, cache };
  const first = decide(input);
  const second = decide({ ...input, run: aRun({ id: 102 }) });
  expect(compiled).toBe(1);
  expect(second.unmatched).toEqual(first.unmatched);
});
