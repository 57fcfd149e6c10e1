import { expect, test } from '@jest/globals';
import { partsOfRunKey, shortCommit, workflowFile } from './names.ts';

test('a commit has seven characters, a workflow its file name', () => {
  expect(shortCommit('0123456789abcdef0123456789abcdef01234567')).toBe('0123456');
  expect(workflowFile('.github/workflows/ci.yml')).toBe('ci.yml');
  expect(workflowFile('ci.yml')).toBe('ci.yml');
});

test('a run key names run and attempt; a request has neither', () => {
  expect(partsOfRunKey('11-9000000001-2')).toEqual({ runId: '9000000001', attempt: 2 });
  expect(partsOfRunKey('request-0123456789abcdef0123456789abcdef')).toBeNull();
});
