import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readFigure } from './figures.ts';
import { performancePage, updatedPage } from './performance-page.ts';

const figure = (name: string, now: number, reason = 'It costs what it does.') => ({
  name,
  before: [4],
  goal: [2],
  now: [now],
  command: 'npm run bench -- units',
  reason,
});
const table = '| item | units |\n| --- | --: |\n| fact | 4 |\n';
const page = performancePage([figure('first', 1), figure('second', 3, 'It costs too much.')], {
  units: table,
  rules: 'decide: 2 µs\n',
});

test('one part that is measured again replaces its own figures and text only', () => {
  const changed = updatedPage(page, [figure('second', 2.5, 'It still costs too much.')], { rules: 'decide: 1 µs\n' });
  expect([readFigure(changed, 'first'), readFigure(changed, 'second')]).toEqual([[1], [2.5]]);
  expect(changed).toBe(
    page.replace('3 (missed)', '2.5 (missed)').replace('It costs', 'It still costs').replace('2 µs', '1 µs'),
  );
});

test('a figure that reaches its goal leaves the missed goals', () => {
  const changed = updatedPage(page, [figure('second', 2, 'It costs too much.')], {});
  expect(changed).toContain('## Missed goals\n\nNone.\n');
});

test('a new figure and a new part are added', () => {
  const changed = updatedPage(page, [figure('third', 1)], { growth: table });
  expect(readFigure(changed, 'third')).toEqual([1]);
  expect(changed.split('\n').filter((line) => line.startsWith('### '))).toEqual([
    '### units',
    '### rules',
    '### growth',
  ]);
});

test('a new page keeps only the figures and parts that it was not measured with and that are named', () => {
  const kept = { page, figures: ['second'], parts: ['rules', 'suite'] };
  const changed = performancePage([figure('first', 2)], { units: table }, kept);
  expect([readFigure(changed, 'first'), readFigure(changed, 'second')]).toEqual([[2], [3]]);
  expect(changed).toContain('**second**. It costs too much.');
  expect(changed.match(/^### .+$/gm)).toEqual(['### units', '### rules']);
  expect(() => readFigure(performancePage([figure('first', 2)], {}, { ...kept, figures: [] }), 'second')).toThrow();
});

test('each missed goal of docs/performance.md is explained below the table', () => {
  const stored = readFileSync(new URL('../../../docs/performance.md', import.meta.url), 'utf8');
  const missed = [...stored.matchAll(/^\| (.+?) \| .*\(missed\) \| .*$/gm)].map(([, name]) => name);
  const [, section = ''] = /## Missed goals\n(.*?)\n## /s.exec(stored) ?? [];
  const explained = [...section.matchAll(/^\*\*(.+?)\*\*\. .+$/gm)].map(([, name]) => name);
  expect(new Set(explained)).toEqual(new Set(missed));
});

test('docs/performance.md is as it is written, so that a part of it can be measured again', () => {
  const stored = readFileSync(new URL('../../../docs/performance.md', import.meta.url), 'utf8');
  expect(updatedPage(stored, [], {})).toBe(stored);
});
