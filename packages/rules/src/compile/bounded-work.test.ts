import { describe, expect, test } from '@jest/globals';
import { compileFile } from './compile-file.ts';
import { decide } from '../decide/decide.ts';
import type { CompiledFile } from './compiled-file.ts';
import { harmless, hostile } from '../testing/adversarial-files.ts';
import { processorTimeOf } from '../testing/processor-time.ts';
import { aRepository, aRun, noGuardRails, root } from '../testing/run-scenario.ts';
import { parseWorkflow } from '../workflow-file/parse-workflow.ts';

/**
 * Whether reading the text costs at most as much as 8 harmless files of its size. Both are measured beside each other,
 * up to three times, because a collection of garbage may fall into one of them.
 */
function isBounded(read: (text: string) => void, text: string): boolean {
  const size = Math.max(1, text.length / harmless.length);
  return [1, 2, 3].some(
    () => processorTimeOf(() => read(text)) <= 8 * size * processorTimeOf(() => compileFile(harmless)) + 50,
  );
}

describe('a hostile file costs a small multiple of a harmless one, twice in one process', () => {
  test.each(Object.keys(hostile))('%s', (name) => {
    const text = hostile[name] ?? '';
    expect(isBounded(compileFile, text)).toBe(true);
    expect(isBounded(compileFile, text)).toBe(true);
  });

  test('also where it stands as the target’s workflow file', () => {
    for (const text of Object.values(hostile)) expect(isBounded(parseWorkflow, text)).toBe(true);
  });

  test('the harmless file compiles', () => {
    expect(compileFile(harmless).ok).toBe(true);
  });
});

test('1,000 rules: a second run of the same blob parses nothing', () => {
  const kept = new Map<string, CompiledFile>();
  let compiled = 0;
  const cache = {
    get: (id: string) => kept.get(id),
    set: (id: string, file: CompiledFile) => {
      compiled += 1;
      kept.set(id, file);
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
