import { expect, test } from '@jest/globals';
import { csvFileName, toCsv } from './csv.ts';

test('cells with commas, quotes and line breaks are quoted', () => {
  const columns = [
    ['Reason', ({ reason }: { reason: string }) => reason],
    ['Count', () => 7],
    ['None', () => null],
  ] as const;
  expect(toCsv(columns, [{ reason: 'a "b", c\nd' }])).toBe('Reason,Count,None\r\n"a ""b"", c\nd",7,\r\n');
});

test('a cell that a spreadsheet would execute is text', () => {
  const columns = [['Reason', ({ reason }: { reason: string }) => reason]] as const;
  const cells = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', 'plain'].map((reason) => ({ reason }));
  for (const start of ['\t', '\r', '\n', '＝', '＋', '－', '＠'])
    expect(toCsv(columns, [{ reason: `${start}1` }])).toContain(`'${start}1`);
  expect(toCsv(columns, cells)).toBe(`Reason\r\n"'=HYPERLINK(""http://x"")"\r\n'+1\r\n'-1\r\n'@SUM(A1)\r\nplain\r\n`);
});

test('the file name says what it holds and from when it is', () => {
  expect(csvFileName('inbound acme/deploy', new Date('2026-11-28T09:05:59Z'))).toBe(
    'inbound-acme-deploy-2026-11-28T0905.csv',
  );
});
