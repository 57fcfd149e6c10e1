import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMalformedLines } from './environment-file.ts';
import { repositoryRoot } from './running-file.ts';

test('.env.example is well-formed', () => {
  expect(findMalformedLines(readFileSync(join(repositoryRoot, '.env.example'), 'utf8'))).toEqual([]);
});

test.each([
  ['empty', ''],
  ['a comment, a blank line and an assignment', '# PORT\n\nPORT=1\n'],
  ['Windows line ends', 'PORT=1\r\nLOG_LEVEL=info\r\n'],
  ['a byte order mark', '\uFEFFPORT=1\n'],
  ['export and spaces', 'export PORT = 1\n  LOG_LEVEL=info # why\n'],
  ['a quoted value of several lines', 'KEY="-----BEGIN\nabc=\n-----END"\nPORT=1\n'],
  ['a quote inside a value', 'NAME=it’s "here"\n'],
])('%s is well-formed', (_, text) => {
  expect(findMalformedLines(text)).toEqual([]);
});

test.each([
  ['a name alone', 'PORT=1\nDEBUG\n', ['line 2 is not NAME=value.']],
  ['a colon instead of =', 'PORT: 3000\n', ['line 1 is not NAME=value.']],
  ['a key without quotes', 'KEY=-----BEGIN\nabc\ndef\n-----END\nPORT=1\nX\n', ['line 2 is', 'line 6 is']],
  ['an open quote', 'PORT=1\nKEY="-----BEGIN\nabc\n', ['line 2: the quote at the beginning of the value of KEY']],
  ['UTF-16', 'P\0O\0R\0T\0', ['the file is not UTF-8 text']],
])('%s is reported with the number of its line, and without its value', (_, text, sentences) => {
  const found = findMalformedLines(text);
  expect(found).toEqual(sentences.map((sentence) => expect.stringContaining(sentence)));
  expect(found.join()).not.toContain('abc');
});
