import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { program } from './run-command.ts';
import { referencePage } from './command-line/reference-page.ts';

const page = new URL('../../../docs/reference/commands.md', import.meta.url);

test('the generated reference of the commands is up to date (if not: npm run docs)', () => {
  const silent = { out: () => undefined, err: () => undefined, readFile: () => new Uint8Array() };
  const text = referencePage(program({ terminal: silent, exit: async () => undefined }));
  if (process.env['UPDATE_DOCS'] === 'true') writeFileSync(page, text);
  expect(readFileSync(page, 'utf8')).toBe(text);
});
