import { expect, test } from '@jest/globals';
import { changedLines } from './changed-lines.ts';

const show = (before: string, after: string) => changedLines(before, after).map(({ sign, text }) => sign + text);

test.each([
  ['a new file', '', 'a\nb\n', ['+a', '+b']],
  ['a deleted file', 'a\n', '', ['-a']],
  [
    'a changed line, with three lines around it',
    '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
    '1\n2\n3\n4\nx\n6\n7\n8\n9\n',
    [' 2', ' 3', ' 4', '-5', '+x', ' 6', ' 7', ' 8'],
  ],
  ['a repeated line that was added', 'a\na\n', 'a\na\na\n', [' a', ' a', '+a']],
  ['an unchanged file', 'a\n', 'a\n', [' a']],
])('%s', (_, before, after, lines) => {
  expect(show(before, after)).toEqual(lines);
});
