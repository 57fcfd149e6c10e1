import { describe, expect, test } from '@jest/globals';
import type { FileSnapshot } from '@dispatcher/contracts';
import { maxOnBlockBytes, onBlockOf } from './on-block.ts';
import { parseWorkflow, readWorkflowFile } from './parse-workflow.ts';

const steps = 'jobs:\n  a:\n    steps:\n      - run: |\n          on: nothing\n'.concat(
  '      - run: echo\n'.repeat(30_000),
);
const snapshotOf = (text: string): FileSnapshot => ({
  state: 'read',
  blobId: 'b',
  byteSize: text.length,
  isBinary: false,
  isTruncated: false,
  text,
});

describe('the `on` of a workflow file', () => {
  test.each([
    ['a word', 'on: push\n'],
    ['a list', 'on: [push, workflow_dispatch]\n'],
    ['a list that begins in the first column', 'on:\n- push\n- workflow_dispatch\n'],
    ['a map with comments and blank lines', 'on:\n  # a\n\n# b\n  workflow_dispatch:\n    inputs:\n      sha: {}\n'],
    ['a quoted key', '"on":\n  workflow_dispatch:\n'],
    ['a key with a space before the colon', 'on :\n  push:\n'],
  ])('as %s is found between other keys, with any line ends', (_, block) => {
    for (const text of [
      `name: x\n${block}${steps}`,
      `${steps}${block}`,
      `name: x\r\n${block.replaceAll('\n', '\r\n')}jobs: {}`,
    ]) {
      const part = onBlockOf(text);
      expect(part.length).toBeLessThan(200);
      expect(parseWorkflow(part)).toEqual(parseWorkflow(`name: x\n${block}jobs: {}\n`));
    }
  });

  test.each([
    ['in flow style', '{ on: push, jobs: {} }'],
    ['with two `on`', 'on: push\njobs: {}\non: workflow_dispatch\n'],
    ['without `on`', 'jobs: {}\n'],
  ])('of a file %s is the whole file', (_, text) => {
    expect(onBlockOf(text)).toBe(text);
  });

  test('is read from a file of any size that GitHub returns, and not checked if it is too large itself', () => {
    const text = `on:\n  workflow_dispatch:\n    inputs:\n      sha: { required: true }\n${steps}`;
    expect(text.length).toBeGreaterThan(400_000);
    expect(readWorkflowFile(snapshotOf(text))).toMatchObject({ state: 'read', inputs: { sha: { required: true } } });
    const large = `on:\n  workflow_dispatch:\n    inputs:\n${'      a: {}\n'.repeat(maxOnBlockBytes / 10)}jobs: {}\n`;
    expect(readWorkflowFile(snapshotOf(large))).toEqual({ state: 'unknown' });
  });
});
