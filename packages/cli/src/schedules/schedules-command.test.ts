import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestContext, run as runCommand, type TestContext } from '../testing/test-context.ts';
import { schedulesCommand, timeIn } from './schedules-command.ts';

// The API itself is tested with the admin function, and both together in packages/local.

let server: Server;
let requests: { readonly method: string; readonly url: string; readonly body: unknown }[];
let response: { readonly status: number; readonly body: object };
let context: TestContext;
beforeEach(async () => {
  requests = [];
  server = createServer({ keepAliveTimeout: 0 }, (request, answer) => {
    void (async () => {
      const body = await text(request);
      requests.push({
        method: request.method ?? '',
        url: request.url ?? '',
        body: body === '' ? null : (JSON.parse(body) as unknown),
      });
      const type = response.status < 400 ? 'application/json' : 'application/problem+json';
      answer.writeHead(response.status, { 'content-type': type }).end(JSON.stringify(response.body));
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  context = createTestContext();
  context.env['DISPATCHER_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  context.remove();
});

const run = (...args: string[]) => runCommand(schedulesCommand({ context }), args);

const nightly = {
  name: 'nightly',
  cron: '0 3 * * 1-5',
  timezone: 'Europe/Berlin',
  target: 'octo-org/deploy:cd.yml',
  ref: null,
  inputs: {},
  pausedAt: null,
  next: ['2026-11-30T02:00:00.000Z', '2026-12-01T02:00:00.000Z'],
  last: null,
  missed: null,
};
const valid = ['--cron', '0 3 * * 1-5', '--target', 'octo-org/deploy:cd.yml', '--reason', 'nightly deployment'];

describe('create', () => {
  test('sends what was given, prints the next times on the clocks of the time zone, and what the target needs', async () => {
    response = { status: 201, body: { actionId: 'a', schedule: nightly } };
    const inputs = ['--input', 'environment=staging', '--input', 'query=a=b', '--ref', 'main'];
    const { code, out, err } = await run('create', 'nightly', ...valid, '--timezone', 'Europe/Berlin', ...inputs);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'Schedule nightly starts octo-org/deploy:cd.yml at\n  2026-11-30 03:00 Europe/Berlin\n  2026-12-01 03:00 Europe/Berlin\n',
    });
    expect(err).toContain('source: { schedule: nightly }');
    expect(requests).toEqual([
      {
        method: 'POST',
        url: '/api/schedules',
        body: {
          name: 'nightly',
          cron: '0 3 * * 1-5',
          timezone: 'Europe/Berlin',
          target: 'octo-org/deploy:cd.yml',
          ref: 'main',
          inputs: { environment: 'staging', query: 'a=b' },
          reason: 'nightly deployment',
        },
      },
    ]);
  });

  test('prints why a pattern is refused', async () => {
    response = { status: 400, body: { detail: 'The field `cron` is refused: `@daily` is not supported.' } };
    const { code, out, err } = await run('create', 'nightly', ...valid);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('`@daily` is not supported');
  });

  test.each([
    ['no name', [...valid], /Name the schedule/],
    ['a name with capitals', ['Nightly', ...valid], /lower-case/],
    ['no pattern', ['nightly', '--target', 'a/b:c.yml', '--reason', 'x'], /--cron/],
    ['no target', ['nightly', '--cron', '0 3 * * *', '--reason', 'x'], /--target/],
    ['no reason', ['nightly', '--cron', '0 3 * * *', '--target', 'a/b:c.yml'], /--reason/],
    ['an input without a value', ['nightly', ...valid, '--input', 'environment'], /name=value/],
    ['an input that is given twice', ['nightly', ...valid, '--input', 'a=1', '--input', 'a=2'], /twice/],
  ])('%s is a usage error, and nothing is sent', async (_, args, message) => {
    expect(await run('create', ...args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
    expect(requests).toEqual([]);
  });
});

describe('list', () => {
  test('prints every page, with state, last and missed times', async () => {
    const paused = { ...nightly, name: 'weekly', pausedAt: '2026-11-28T12:00:00.000Z', next: [] };
    const last = { dueAt: '2026-11-27T02:00:00.000Z', runKey: 'request-1' };
    const missed = { count: 3, firstAt: '2026-11-24T02:00:00.000Z', lastAt: '2026-11-26T02:00:00.000Z' };
    response = { status: 200, body: { schedules: [{ ...nightly, last, missed }, paused], cursor: null } };
    const { code, out } = await run('list');
    expect(code).toBe(0);
    expect(out).toMatch(
      /nightly +active +0 3 \* \* 1-5 .*2026-11-27 03:00 +3, last 2026-11-26 03:00 +2026-11-30 03:00, /,
    );
    expect(out).toMatch(/weekly +paused/);
  });

  test('says that there is none, and prints JSON', async () => {
    response = { status: 200, body: { schedules: [], cursor: null } };
    expect((await run('list')).out).toBe('There is no schedule.\n');
    expect(JSON.parse((await run('list', '--json')).out)).toEqual({ schedules: [] });
  });
});

test.each([
  ['pause', { schedule: { ...nightly, next: [] } }, 'Schedule nightly is paused.'],
  ['resume', { schedule: nightly }, '2026-11-30 03:00 Europe/Berlin'],
  ['run', { runKey: 'request-1' }, 'dispatcher why request-1'],
  ['delete', { name: 'nightly' }, 'Schedule nightly was deleted.'],
])('%s sends the reason and prints the result', async (change, body, expected) => {
  response = { status: 200, body };
  const { code, out } = await run(change, 'nightly', '--reason', 'because');
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining(expected) });
  expect(requests).toEqual([{ method: 'POST', url: `/api/schedules/nightly/${change}`, body: { reason: 'because' } }]);
});

test('a schedule that does not exist is an error of the API', async () => {
  response = { status: 404, body: { detail: 'There is no schedule nightly.' } };
  const { code, err } = await run('pause', 'nightly', '--reason', 'because');
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('no schedule nightly') });
});

test('a time is that of the clocks in the time zone, in winter and in summer', () => {
  expect(timeIn('2026-11-30T02:00:00.000Z', 'Europe/Berlin')).toBe('2026-11-30 03:00');
  expect(timeIn('2026-07-01T01:00:00.000Z', 'Europe/Berlin')).toBe('2026-07-01 03:00');
});
