import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { textTable } from './text-table.ts';

const columns = [{ title: 'run', minWidth: 8 }, { title: 'outcome' }, { title: 'message', minWidth: 12 }];
const rows = [
  ['11-9000000001-1', 'planned', 'The run started octo-org/deploy:cd.yml.'],
  ['11-9000000002-1', 'no-rule', ''],
];

describe('a table', () => {
  test('without a terminal is not cut and has no colours', () => {
    const coloured = rows.map(([run = '', outcome = '', message = '']) => [
      run,
      { text: outcome, style: 'green' } as const,
      message,
    ]);
    expect(textTable(columns, coloured, {})).toBe(
      'RUN              OUTCOME  MESSAGE\n' +
        '11-9000000001-1  planned  The run started octo-org/deploy:cd.yml.\n' +
        '11-9000000002-1  no-rule\n',
    );
  });

  test('on a narrow terminal cuts the widest column first', () => {
    expect(textTable(columns, rows, { columns: 50 })).toBe(
      'RUN              OUTCOME  MESSAGE\n' +
        '11-9000000001-1  planned  The run started octo-or…\n' +
        '11-9000000002-1  no-rule\n',
    );
  });

  test('on a terminal that is too narrow for columns becomes blocks', () => {
    expect(textTable(columns, rows, { columns: 20 })).toBe(
      'run      11-9000000001-1\noutcome  planned\nmessage  The run started octo-org/deploy:cd.yml.\n' +
        '\nrun      11-9000000002-1\noutcome  no-rule\n',
    );
  });

  test('of any texts fits any width that its columns allow, wide characters included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.constant('x'), fc.string({ unit: 'grapheme' }))),
        fc.integer({ min: 31, max: 120 }),
        (generated, width) => {
          const lines = textTable(columns, generated, { columns: width }).split('\n');
          for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  test('with colours styles the cell and not the padding', () => {
    const cell = [{ text: 'ok', style: 'green' } as const, 'x'];
    const text = textTable([{ title: 'state' }, { title: 'y' }], [cell], { hasColors: true });
    expect(text).toContain('\u001b[32mok\u001b[39m     x');
  });

  test('control characters of a response do not reach the terminal', () => {
    expect(textTable([{ title: 'a' }], [['\u001b[2Jx\n']], {})).toBe('A\n\uFFFD[2Jx\uFFFD\n');
  });
});
