import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFile, maxRules } from './compile-file.ts';
import { formatFileError } from '../values/problem.ts';
import { inbound, outbound } from '../testing/run-scenario.ts';

const errorsOf = (text: string): string[] => {
  const compiled = compileFile(text);
  return compiled.ok ? [] : compiled.errors.map(formatFileError);
};

describe('an error says file, line, column and what to write instead', () => {
  test.each<[string, string, string]>([
    [
      'a misspelled key',
      outbound.replace('ci.yml', 'ci.yml, brances: [main]'),
      '2:33: unknown key `brances`; did you mean `branches`?',
    ],
    [
      'a key of the other side',
      inbound.replace('cd.yml', 'cd.yml, ref: main'),
      '4:29: unknown key `ref`; did you mean `refs`?',
    ],
    [
      'a key in another style',
      outbound.replace('ci.yml', 'ci.yml, Events: [push]'),
      '2:33: unknown key `Events`; did you mean `events`?',
    ],
    [
      'a key like nothing here',
      outbound.replace('ci.yml', 'ci.yml, cron: 1'),
      '2:33: unknown key `cron`; keys here are `workflow`, `branches`, `events`, `conclusions`',
    ],
    [
      'a duplicate key',
      `${outbound}outbound: []\n`,
      '5:1: duplicate key `outbound`; keep one of the two: only one would count',
    ],
    ['a missing key', outbound.replace('repository: deploy, ', ''), '4:9: `repository` is missing; add `repository:`'],
    [
      'neither a repository nor a key',
      inbound.replace('repository: app, ', ''),
      '2:13: `repository` is missing; add `repository:`, or `key:`',
    ],
    [
      'a repository without a workflow',
      inbound.replace(', workflow: ci.yml', ''),
      '2:13: `workflow` is missing; add `workflow:`',
    ],
    [
      'a key beside a repository',
      inbound.replace('repository: app, workflow: ci.yml', 'repository: app, key: nightly'),
      '2:27: `repository` does not go with `key`; remove one of the two',
    ],
    [
      'a key with branches',
      inbound.replace('repository: app, workflow: ci.yml', 'key: nightly, branches: [main]'),
      '2:39: `branches` does not go with `key`; remove one of the two',
    ],
    [
      'a key’s name with a glob',
      inbound.replace('repository: app, workflow: ci.yml', "key: 'nightly*'"),
      '2:20: this is no key’s name; write the one name it was created with: up to 64 letters, digits, `.`, `_` and `-`, a letter or digit first',
    ],
    [
      'an event type in another style',
      inbound.replace('repository: app, workflow: ci.yml', 'key: nightly').replace('cd.yml', 'cd.yml, event_type: x'),
      '4:29: unknown key `event_type`; did you mean `event-type`?',
    ],
    [
      'an event type with inputs',
      inbound
        .replace('repository: app, workflow: ci.yml', 'key: nightly')
        .replace('workflow: cd.yml', 'event-type: deploy, inputs: [a]'),
      '4:39: `inputs` does not go with `event-type`; remove one of the two',
    ],
    [
      'an event type for the runs of a repository',
      inbound.replace('workflow: cd.yml', 'event-type: deploy'),
      '4:23: an event type needs `source: { key: … }`; name the `workflow` that the runs of a repository may start',
    ],
    [
      'a target that starts nothing',
      inbound.replace('workflow: cd.yml', 'inputs: [a]'),
      '4:9: `workflow` is missing; add `workflow:`, or `event-type:`',
    ],
    [
      'a number for text',
      outbound.replace('cd.yml', 'cd.yml, id: 7'),
      "4:53: this is a number; put it into quotes to make it text: '7'",
    ],
    [
      'text for a list',
      outbound.replace('ci.yml', 'ci.yml, branches: main'),
      '2:43: this is text; write a list: `[…]`, or one line with `- ` for each entry',
    ],
    [
      'a word for true',
      outbound.replace('cd.yml', 'cd.yml, enabled: yes'),
      '4:58: this is text; write `true` or `false`',
    ],
    [
      'an event that does not exist',
      outbound.replace('ci.yml', 'ci.yml, events: [pusj]'),
      '2:42: `pusj` is not known here; did you mean `push`?',
    ],
    [
      'an unknown template field',
      outbound.replace('cd.yml', "cd.yml, inputs: { x: '${{ source.sha }}' }"),
      '4:62: unknown template field `source.sha`; did you mean `source.head_sha`?',
    ],
    [
      'an input’s name',
      outbound.replace('cd.yml', 'cd.yml, inputs: { a b: x }'),
      '4:59: this is no input’s name; use letters, digits, `_` and `-`, a letter or `_` first, as in the target’s workflow',
    ],
    [
      'a list of `!` alone',
      outbound.replace('ci.yml', "ci.yml, branches: ['!x']"),
      "2:43: a list of `!` patterns alone accepts nothing; put what is accepted before them, such as '**'",
    ],
    [
      'an empty list',
      'outbound:\n  - source: { workflow: ci.yml }\n    targets: []\n',
      '3:14: the list is empty; name at least one, or remove the key',
    ],
    [
      'a key without a value',
      'outbound:\n',
      '1:10: this is empty; write a list: `[…]`, or one line with `- ` for each entry',
    ],
    ['a list instead of a map', '- a\n', '1:1: this is a list; write a map: `key: value` lines'],
    [
      'a tab',
      'outbound:\n\t- a\n',
      '2:1: this is no valid YAML: Tabs are not allowed as indentation; correct the line; often the indentation or a quote is wrong',
    ],
    [
      'CRLF',
      outbound.replace('cd.yml', 'cd.yml, x: 1').replaceAll('\n', '\r\n'),
      '4:49: unknown key `x`; keys here are `repository`, `workflow`, `id`, `ref`, `inputs`, `enabled`',
    ],
  ])('%s', (_, text, error) => {
    expect(errorsOf(text)).toEqual([`dispatching.yml:${error}`]);
  });

  test('the offending text goes with it, on one line and cut short', () => {
    const compiled = compileFile(`${'k'.repeat(300)}: 1\n`, { path: '.github/dispatching.yml' });
    expect(compiled).toMatchObject({ ok: false, errors: [{ file: '.github/dispatching.yml', line: 1, column: 1 }] });
    expect(compiled.ok ? '' : compiled.errors[0]?.text).toMatch(/^k{79}…$/);
  });

  test('all errors of a file come at once, in its order', () => {
    const text = `outbound:
  - source: { workflow: ci, brances: [main] }
    targets:
      - { repository: a/b/c, workflow: cd.yml, ref: refs/heads/x }
      - { workflow: cd.yml, inputs: { a: 3, 'b c': x } }
    targets: []
inbound: 3
`;
    expect(errorsOf(text).map((error) => error.split(':').slice(1, 3).join(':'))).toEqual([
      '2:25',
      '2:29',
      '4:23',
      '4:53',
      '5:9',
      '5:42',
      '5:45',
      '6:5',
      '7:10',
    ]);
  });

  test('at most 100 errors', () => {
    const text = Array.from({ length: 500 }, (_, index) => `k${index}: 1\n`).join('');
    expect(errorsOf(text)).toHaveLength(100);
  });
});

describe('what is a file', () => {
  test.each([
    '',
    '\n',
    '# nothing\n',
    '{}',
    'null',
    '---\n',
    '\uFEFF',
    '\uFEFFoutbound: []\n',
    'outbound: []\r\ninbound: []\r\n',
  ])('a file without content has no rules: %j', (text) => {
    expect(compileFile(text)).toEqual({ ok: true, file: { outbound: [], inbound: [] } });
  });

  test('a file with a byte-order mark or CRLF means what it shows', () => {
    const plain = compileFile(outbound);
    expect(compileFile(`\uFEFF${outbound}`)).toEqual(plain);
    expect(compileFile(outbound.replaceAll('\n', '\r\n'))).toEqual(plain);
  });

  test('1,000 rules are read, 1,001 are not', () => {
    const rules = (count: number) =>
      `outbound:\n${'  - source: { workflow: a.yml }\n    targets: [{ repository: b, workflow: c.yml }]\n'.repeat(count)}`;
    expect(compileFile(rules(maxRules)).ok).toBe(true);
    expect(errorsOf(rules(maxRules + 1))).toEqual([
      'dispatching.yml:1:1: the file has 1001 rules; at most 1000 are read',
    ]);
  });

  test('more than 256 KB are refused, counted in bytes', () => {
    expect(compileFile(`#${' '.repeat(256 * 1024 - 1)}`).ok).toBe(true);
    expect(compileFile(`#${' '.repeat(256 * 1024)}`).ok).toBe(false);
    expect(compileFile(`#${'€'.repeat(100 * 1024)}`).ok).toBe(false);
  });

  test('a compiled file survives being kept as JSON', () => {
    const text = `${outbound.replace('cd.yml', "cd.yml, inputs: { a: 'x ${{ source.id }}' }")}${inbound.replace('ci.yml', "ci.yml, branches: ['r/**', '!r/[0-9]+']")}`;
    const compiled = compileFile(text);
    expect(compiled.ok).toBe(true);
    expect(JSON.parse(JSON.stringify(compiled))).toEqual(compiled);
  });
});

test('no text makes it throw, and every error has a place', () => {
  const pieces = fc.constantFrom(
    'outbound',
    'inbound',
    'source',
    'targets',
    'workflow',
    ':',
    ' ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&a',
    '*a',
    '!!',
    '<<',
    '|',
    '>',
    '"',
    "'",
    '#',
    '%',
    '---',
    '...',
    '?',
    '\t',
    '\0',
    '\uFEFF',
    '\uD800',
    'ci.yml',
    '__proto__',
    'constructor',
    '${{',
    '}}',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (text) => {
      const compiled = compileFile(text);
      if (compiled.ok) return;
      expect(compiled.errors.length).toBeGreaterThan(0);
      for (const { line, column, message, fix } of compiled.errors) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(message).not.toBe('');
        expect(fix).not.toBe('');
      }
    }),
    { numRuns: 3000 },
  );
});
