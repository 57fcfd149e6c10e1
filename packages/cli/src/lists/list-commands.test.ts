import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestContext, run, type TestContext } from '../testing/test-context.ts';
import { listCommand } from './list-commands.ts';
import { deliveries, routes } from './list-definitions.ts';

// How often `--follow` asks, of an API whose whole list is 20 pages long and has a row that the filter selects now and then.

interface Poll {
  readonly since: string | null;
  readonly cursor: string | null;
}

const hourMs = 60 * 60_000;
const pages = 20;

let server: Server;
let context: TestContext;
let polls: Poll[];
let rows: Readonly<Record<string, unknown>>[];
beforeEach(async () => {
  polls = [];
  rows = [];
  context = createTestContext();
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const [since, cursor] = [searchParams.get('since'), searchParams.get('cursor')];
    const parameters = ['since', 'until', 'outcome', 'cursor', 'limit', 'repository', 'state', 'code', 'kind'];
    const operation = { get: { parameters: parameters.map((name) => ({ name, in: 'query' })) } };
    if (pathname === '/api/openapi.json') {
      response.end(
        JSON.stringify({ openapi: '3.1.0', paths: { '/api/deliveries': operation, '/api/routes': operation } }),
      );
      return;
    }
    polls.push({ since, cursor });
    const page = Number(cursor ?? 0) + 1;
    const isLast = since !== null || page === pages;
    const found = cursor === null ? rows.filter(({ time }) => since === null || String(time) >= since) : [];
    const field = pathname.slice('/api/'.length);
    response.end(JSON.stringify({ [field]: found, cursor: isLast ? null : String(page) }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  context.env['DISPATCHER_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  context.remove();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const delivery = (deliveryId: string, time: number, updatedAt = time) => ({
  deliveryId,
  runKey: '1-2-1',
  kind: 'planned',
  outcome: 'config-unreadable',
  code: 'config-unreadable',
  time: new Date(time).toISOString(),
  updatedAt: new Date(updatedAt).toISOString(),
});

/** Follows for some polls. @param between what happens after each one */
async function follow(definition: typeof deliveries, args: readonly string[], between: readonly (() => void)[]) {
  const controller = new AbortController();
  let done = 0;
  const wait = async (milliseconds: number) => {
    await context.wait(milliseconds);
    between[done]?.();
    done += 1;
    if (done > between.length) controller.abort();
  };
  const command = listCommand(definition, { ...context, wait, stopped: () => controller.signal });
  return run(command, ['--follow', '--json', ...args]);
}

test('--follow with a filter that selects few rows reads the list once, and then only its last hour', async () => {
  const start = context.now();
  const nothing = () => undefined;
  const { code } = await follow(deliveries, ['--outcome', 'config-unreadable'], [nothing, nothing]);
  expect(code).toBe(130);
  const [first, later] = [polls.filter(({ since }) => since === null), polls.filter(({ since }) => since !== null)];
  expect(first).toHaveLength(pages);
  expect(later).toEqual(
    [2_000, 4_000].map((ms) => ({ since: new Date(start + ms - hourMs).toISOString(), cursor: null })),
  );
});

test('--follow prints a new row once, and a row that changes again', async () => {
  const start = context.now();
  rows = [delivery('first', start - 1_000)];
  const add = () => void rows.unshift(delivery('second', start));
  const change = () => void rows.splice(1, 1, delivery('first', start - 1_000, start));
  const { out } = await follow(deliveries, [], [add, change]);
  const printed = out
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { deliveryId: string }).deliveryId);
  expect(printed).toEqual(['first', 'second', 'first']);
});

test('--follow with a later --since keeps it', async () => {
  await follow(deliveries, ['--since', '1m'], [() => undefined]);
  expect(new Set(polls.map(({ since }) => since)).size).toBe(1);
});

test('--follow of a list without times asks without one', async () => {
  await follow(routes as unknown as typeof deliveries, [], [() => undefined]);
  expect(polls.every(({ since }) => since === null)).toBe(true);
});

test('a route that is left to another run of the commit does not count as refused', async () => {
  rows = [
    {
      ...delivery('d', context.now()),
      outcome: 'planned',
      code: 'planned',
      allowed: 1,
      denied: 2,
      leftToAnotherRun: 2,
    },
  ];
  const { out } = await run(listCommand(deliveries, { ...context, stopped: () => new AbortController().signal }), []);
  expect(out).toContain('planned 1 allowed, 0 denied, 2 left to another run');
});

test.each([
  [{ key: 'nightly' }, 'key:nightly → acme/deploy:cd.yml'],
  [{ schedule: 'nightly' }, 'schedule:nightly → acme/deploy:cd.yml'],
  [{ webhook: 'ecr' }, 'webhook:ecr → acme/deploy:cd.yml'],
])('a request of %j is listed with what made it', async (requester, source) => {
  const nobody = { repository: null, workflow: null, key: null, schedule: null, webhook: null };
  rows = [{ ...delivery('d1', Date.now()), ...nobody, kind: 'requested', target: 'acme/deploy:cd.yml', ...requester }];
  const { out } = await run(listCommand(deliveries, { ...context, stopped: () => new AbortController().signal }), []);
  expect(out).toContain(source);
});
