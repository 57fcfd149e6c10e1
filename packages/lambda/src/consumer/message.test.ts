import { expect, test } from '@jest/globals';
import { fieldsOf } from './message.ts';

const repository = { id: 11, fullName: 'octo-org/app' };

test.each([
  ['a message with a run key', { runKey: '11-1-1' }, '11-1-1'],
  ['a completed run', { type: 'run.completed', repository, run: { id: 1, attempt: 2 } }, '11-1-2'],
  ['a request', { type: 'dispatch.requested', requestId: 'a'.repeat(32) }, `request-${'a'.repeat(32)}`],
  ['a hint, which is of no run', { type: 'repository.hinted', repository }, undefined],
  ['a run with a damaged number', { repository, run: { id: -1.5, attempt: 1 } }, undefined],
  ['a request with a damaged id', { requestId: '../other' }, undefined],
  ['no object', null, undefined],
])('an operator finds the run of %s', (_situation, value, expected) => {
  expect(fieldsOf(value).runKey).toBe(expected);
});
