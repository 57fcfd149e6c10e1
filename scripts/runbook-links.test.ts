import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  renderRunbook,
  type RunbookElement,
  type RunbookNode,
  runbookNames,
  runbooksDirectory,
} from '../packages/dashboard/build/runbooks.ts';
import { type StatusFigures, statusOf } from '../packages/projections/src/read-models/status.ts';

// The runbooks are pages of the dashboard, which the checks of the API and the alarms link.

const names = runbookNames();
const pages = new Map(
  names.map((name) => [name, renderRunbook(readFileSync(join(runbooksDirectory, name), 'utf8'), name, names)]),
);

const elementsOf = (nodes: readonly RunbookNode[]): readonly RunbookElement[] =>
  nodes.flatMap((node) => (typeof node === 'string' ? [] : [node, ...elementsOf(node.children)]));

/** Whether a runbook is a page of the dashboard, with the heading that follows `#`. */
function exists(runbook: string): boolean {
  const [name = '', heading] = runbook.split('#');
  const page = pages.get(name);
  return page !== undefined && (heading === undefined || elementsOf(page.content).some(({ id }) => id === heading));
}

const figures: StatusFigures = {
  rolledUpAt: '2026-11-28T09:00:00Z',
  lastDeliveryAt: null,
  checkedUntil: null,
  queues: [{ queue: 'runs', waiting: 0, lastEmptyAt: null }],
  deadLetters: 0,
  started: 0,
  failed: 0,
  startedP95Ms: null,
  unseenPolicies: [],
};

test('the runbook of every check of the API is a page of the dashboard, with its heading', () => {
  const linked = statusOf(figures, 0).checks.map(({ runbook }) => runbook);
  expect(linked.length).toBeGreaterThanOrEqual(9);
  expect(linked.filter((runbook) => !exists(runbook))).toEqual([]);
});

test('every link between runbooks leads to a page of the dashboard and to its heading', () => {
  const linked = [...pages.values()].flatMap(({ content }) =>
    elementsOf(content).flatMap(({ runbook = [] }) => runbook),
  );
  expect(linked.length).toBeGreaterThan(30);
  expect(linked.filter((runbook) => !exists(runbook))).toEqual([]);
});

test('a runbook keeps its commands as they are, and has only the links that the dashboard can follow', () => {
  const text = [
    '# A *title*',
    'See [the other](other.md#part-two), [this](#a-part), [GitHub](https://github.com/) and [the guide](../guide/x.md).',
    '## A `part`',
    '- one',
    '',
    '```sh',
    'dispatcher status <x>',
    '```',
  ].join('\n');
  const { title, content } = renderRunbook(text, 'this.md', ['this.md', 'other.md']);
  expect(title).toBe('A title');
  expect(elementsOf(content).filter(({ tag }) => tag === 'a')).toEqual([
    { tag: 'a', runbook: 'other.md#part-two', children: ['the other'] },
    { tag: 'a', runbook: 'this.md#a-part', children: ['this'] },
    { tag: 'a', href: 'https://github.com/', children: ['GitHub'] },
  ]);
  expect(content.slice(1)).toEqual([
    { tag: 'h2', id: 'a-part', children: ['A ', { tag: 'code', children: ['part'] }] },
    { tag: 'ul', children: [{ tag: 'li', children: ['one'] }] },
    { tag: 'pre', children: ['dispatcher status <x>'] },
  ]);
  expect(() => renderRunbook('no title', 'x.md', [])).toThrow('x.md does not begin with a title');
});
