import { beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readFigure } from '../figures.ts';
import { type Dollars, dollarsOf, totalOf } from './dollars.ts';
import { measureFacts } from './fact-units.ts';
import { costTable, dollarFigures, requestTable, unitFigures } from './report.ts';
import { measureSituations, type Measurements, type SituationName } from './situations.ts';

const textOf = (name: string): string => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');

let measurements: Measurements;
beforeAll(async () => {
  measurements = await measureSituations();
});

// Sizes depend on the compression of a few bytes of times and ids.
const tolerance = 1.02;

test('write units, requests and dollars do not exceed docs/performance.md', () => {
  const page = textOf('performance.md');
  const figures = [...unitFigures(measurements), ...dollarFigures(measurements)];
  for (const { name, now } of figures) {
    const documented = readFigure(page, name);
    expect(documented).toHaveLength(now.length);
    const exceeded = now.filter((value, index) => !(value <= (documented[index] ?? 0) * tolerance));
    expect([name, exceeded]).toEqual([name, []]);
  }
});

test('no fact takes more write units than docs/performance.md says', async () => {
  const rows = textOf('performance.md').split('\n');
  for (const { type, items, indexes } of await measureFacts()) {
    const row = rows.find((each) => each.startsWith(`| ${type} | `) && each.split(' | ').length === 4) ?? '';
    expect([type, items + indexes <= Number.parseFloat(row.split(' | ').at(-1) ?? '')]).toEqual([type, true]);
  }
});

test('planning and dispatch send no more requests for a run than docs/performance.md says', () => {
  const rows = textOf('performance.md').split('\n');
  for (const computed of requestTable(measurements).slice(2)) {
    const [name = '', ...now] = computed.replaceAll(/^\| | \|$/g, '').split(' | ');
    const row = rows.find((each) => each.startsWith(`| ${name} | `)) ?? '';
    const documented = row.replaceAll(/^\| | \|$/g, '').split(' | ');
    // How many messages of one batch share a request depends on the moment in which each arrives at it.
    const single = now.slice(0, -1);
    const exceeded = single.filter((value, index) => !(Number(value) <= Number(documented[index + 1]) * tolerance));
    expect([name, exceeded]).toEqual([name, []]);
  }
});

test('planning reads the state of a run with two requests, and one more for a denial: it may withdraw consent', () => {
  const readsOf = (name: SituationName) => {
    const { requests, runs } = measurements[name];
    return requests.filter(({ sender, operation }) => sender === 'planning' && /Get/.test(operation)).length / runs;
  };
  expect([readsOf('noRule'), readsOf('twoDenied')]).toEqual([2, 3]);
});

test('docs/deploy.md has the mixes and columns of the computed cost table, at no lower dollars than are computed', () => {
  const page = textOf('deploy.md');
  const rows = page.split('\n').filter((row) => row.startsWith('| '));
  for (const computed of costTable(measurements)) {
    const [name = '', ...values] = computed.split(' | ');
    const documented =
      rows
        .find((row) => row.startsWith(`${name} |`))
        ?.split(' | ')
        .slice(1) ?? [];
    expect([name, documented.length]).toEqual([name, values.length]);
    const [now, then] = [values, documented].map((cells) => Number.parseFloat(cells.at(-1) ?? ''));
    expect([name, (now ?? 0) > (then ?? 0) * tolerance]).toEqual([name, false]);
  }
});

test('a dispatched run costs more than one without a rule in every kind but the API', () => {
  const { quiet, 'all dispatched': dispatched } = dollarsOf(measurements);
  const kinds = Object.keys(quiet) as (keyof Dollars)[];
  expect(kinds.filter((kind) => !(dispatched[kind] > quiet[kind]))).toEqual(['api']);
  expect(totalOf(dispatched)).toBeGreaterThan(totalOf(quiet));
});
