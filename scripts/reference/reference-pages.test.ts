import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { limitsPage } from './limits-page.ts';
import { settingsOf, settingsPage, variablesOf } from './settings-page.ts';

const directory = fileURLToPath(new URL('../../docs/reference/', import.meta.url));

test.each([
  ['limits.md', limitsPage],
  ['settings.md', settingsPage],
])('docs/reference/%s matches the code (update: npm run docs)', (name, page) => {
  if (process.env['UPDATE_DOCS'] === 'true') writeFileSync(directory + name, page());
  expect(readFileSync(directory + name, 'utf8')).toBe(page());
});

test('a variable of .env.example has the comment above it, which variables without a blank line between share', () => {
  expect(variablesOf('# About the file.\n\n# The first.\n# Two lines.\nA=1\nB=\n# Another.\nC=x y\n')).toEqual([
    { name: 'A', value: '1', meaning: 'The first. Two lines.' },
    { name: 'B', value: '', meaning: 'The first. Two lines.' },
    { name: 'C', value: 'x y', meaning: 'Another.' },
  ]);
});

test('a setting of Terraform has the comment above it', () => {
  const text =
    'variable "settings" {\n  type = object({\n    # Days.\n    # Two lines.\n    days = number\n\n    # Some.\n    map = optional(object({\n      inner = number\n    }))\n  })\n';
  expect(settingsOf(text)).toEqual([
    { name: 'days', meaning: 'Days. Two lines.' },
    { name: 'map', meaning: 'Some.' },
  ]);
});
