import { describe, expect, test } from '@jest/globals';
import { jsonSchema } from '@dispatcher/rules';
import { describePlace, type JsonSchema, keysAt, valuesAt } from './schema-lookup.ts';
import { keyAt, placeAt } from './yaml-place.ts';

const schema = jsonSchema() as JsonSchema;
/** The place of the character `|`. */
const at = (text: string) => placeAt(text.replace('|', ''), text.indexOf('|'));
const labels = (text: string) => {
  const { path, kind } = at(text);
  return [...(kind === 'key' ? keysAt(schema, path) : []), ...valuesAt(schema, path)].map(({ label }) => label);
};

describe('the place of the cursor', () => {
  test.each([
    ['|', [], 'key', ''],
    ['outb|', [], 'key', 'outb'],
    ['outbound:\n  - |', ['outbound', '-'], 'key', ''],
    ['outbound:\n- so|', ['outbound', '-'], 'key', 'so'],
    ['outbound:\n  - source:\n      work|', ['outbound', '-', 'source'], 'key', 'work'],
    ['outbound:\n  - source:\n      workflow: ci|', ['outbound', '-', 'source', 'workflow'], 'value', 'ci'],
    ['outbound:\n  - source: { workflow: ci.yml, ev|', ['outbound', '-', 'source'], 'key', 'ev'],
    ['outbound:\n  - source: { events: [push, re|', ['outbound', '-', 'source', 'events', '-'], 'value', 're'],
    ['outbound:\n  - source: { workflow: a.yml }\n    tar|', ['outbound', '-'], 'key', 'tar'],
    [
      'outbound:\n  - source: { workflow: a.yml }\n    targets:\n      - repo|',
      ['outbound', '-', 'targets', '-'],
      'key',
      'repo',
    ],
    ['outbound: # comment: here\n  - id: x\ninb|', [], 'key', 'inb'],
  ])('%j', (text, path, kind, word) => {
    expect(at(text)).toEqual({ path, kind, word });
  });
});

test('keys and values come from the schema', () => {
  expect(labels('|')).toEqual(['outbound', 'inbound']);
  expect(labels('outbound:\n  - source:\n      |')).toEqual(expect.arrayContaining(['workflow', 'branches', 'events']));
  expect(labels('outbound:\n  - source: { conclusions: [|')).toEqual(expect.arrayContaining(['success', 'failure']));
  expect(labels('outbound:\n  - nothing: |')).toEqual([]);
});

test('hover finds the key under the pointer and what it is for', () => {
  const text = 'outbound:\n  - source: { workflow: ci.yml, branches: [main] }\n';
  const key = keyAt(text, text.indexOf('branches') + 3);
  expect(key?.path).toEqual(['outbound', '-', 'source', 'branches']);
  expect(describePlace(schema, key?.path ?? [])).toContain('Accepted branches');
  expect(keyAt(text, text.indexOf('main'))).toBeNull();
});
