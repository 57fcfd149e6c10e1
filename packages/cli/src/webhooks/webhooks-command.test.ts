import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestContext, run as runCommand, type TestContext } from '../testing/test-context.ts';
import { webhooksCommand } from './webhooks-command.ts';

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

const run = (...args: string[]) => runCommand(webhooksCommand({ context }), args);

const grafana = {
  name: 'grafana',
  path: '/webhooks/grafana',
  verify: 'standard-webhooks',
  target: 'octo-org/deploy:cd.yml',
  ref: null,
  inputs: {},
  when: {},
  pausedAt: null,
  formerSecretUntil: null,
  last: null,
  refusedInARow: 0,
  refused: null,
};
const valid = ['--verify', 'standard-webhooks', '--target', 'octo-org/deploy:cd.yml', '--reason', 'scale out'];

describe('create', () => {
  test('sends what was given, and prints the secret alone and the address and what the target needs beside it', async () => {
    response = { status: 201, body: { actionId: 'a', webhook: grafana, secret: 'whsec_generated' } };
    const values = [
      '--input',
      'alert=/alerts/0/name',
      '--input',
      'query=a=b',
      '--when',
      '/status=firing',
      '--ref',
      'main',
    ];
    const { code, out, err } = await run('create', 'grafana', ...valid, ...values);
    expect({ code, out }).toEqual({ code: 0, out: 'whsec_generated\n' });
    expect(err).toContain(
      `Messages to ${context.env['DISPATCHER_URL']}/webhooks/grafana start octo-org/deploy:cd.yml.`,
    );
    expect(err).toContain('source: { webhook: grafana }');
    expect(requests).toEqual([
      {
        method: 'POST',
        url: '/api/webhooks',
        body: {
          name: 'grafana',
          verify: 'standard-webhooks',
          target: 'octo-org/deploy:cd.yml',
          ref: 'main',
          inputs: { alert: '/alerts/0/name', query: 'a=b' },
          when: { '/status': 'firing' },
          reason: 'scale out',
        },
      },
    ]);
  });

  test('with --secret-stdin sends the sender’s secret, and prints none', async () => {
    context.input = 'whsec_of_the_sender\n';
    response = { status: 201, body: { actionId: 'a', webhook: { ...grafana, verify: 'token' }, secret: null } };
    const { code, out, err } = await run('create', 'grafana', ...valid, '--secret-stdin');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('/webhooks/grafana/TOKEN');
    expect(requests[0]?.body).toMatchObject({ secret: 'whsec_of_the_sender' });
  });

  test('an empty standard input is a usage error, and nothing is sent', async () => {
    expect(await run('create', 'grafana', ...valid, '--secret-stdin')).toMatchObject({
      code: 2,
      err: expect.stringContaining('standard input'),
    });
    expect(requests).toEqual([]);
  });

  test.each([
    ['no name', [...valid], /Name the webhook/],
    ['a name with capitals', ['Grafana', ...valid], /lower-case/],
    ['no scheme', ['grafana', '--target', 'a/b:c.yml', '--reason', 'x'], /--verify/],
    ['no target', ['grafana', '--verify', 'stripe', '--reason', 'x'], /--target/],
    ['no reason', ['grafana', '--verify', 'stripe', '--target', 'a/b:c.yml'], /--reason/],
    ['an input without a value', ['grafana', ...valid, '--input', 'alert'], /--input needs name=value/],
    ['a condition that is given twice', ['grafana', ...valid, '--when', '/a=1', '--when', '/a=2'], /twice/],
  ])('%s is a usage error, and nothing is sent', async (_, args, message) => {
    expect(await run('create', ...args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
    expect(requests).toEqual([]);
  });
});

describe('list', () => {
  test('prints the state, the last message, and why messages are refused', async () => {
    const last = { receivedAt: '2026-11-28T12:00:00.000Z', runKey: 'request-1' };
    const refused = { at: '2026-11-28T12:05:00.000Z', reason: 'The signature does not match.' };
    const paused = { ...grafana, name: 'stripe', pausedAt: '2026-11-28T12:00:00.000Z' };
    const body = { webhooks: [{ ...grafana, last, refusedInARow: 3, refused }, paused], cursor: null };
    response = { status: 200, body };
    const { code, out } = await run('list');
    expect(code).toBe(0);
    expect(out).toMatch(
      /grafana +active +standard-webhooks .*12:00:00.000Z +3 in a row, last .*: The signature does not match\./,
    );
    expect(out).toMatch(/stripe +paused .*never +none/);
  });

  test('says that there is none, and prints JSON', async () => {
    response = { status: 200, body: { webhooks: [], cursor: null } };
    expect((await run('list')).out).toBe('There is no webhook.\n');
    expect(JSON.parse((await run('list', '--json')).out)).toEqual({ webhooks: [] });
  });
});

describe('rotate', () => {
  test('prints the new secret, and until when the former one is accepted', async () => {
    const webhook = { ...grafana, formerSecretUntil: '2026-11-28T13:00:00.000Z' };
    response = { status: 200, body: { webhook, secret: 'whsec_new' } };
    const { code, out, err } = await run('rotate', 'grafana', '--keep-hours', '1', '--reason', 'leaked');
    expect({ code, out }).toEqual({ code: 0, out: 'whsec_new\n' });
    expect(err).toContain('accepted until 2026-11-28T13:00:00.000Z');
    expect(requests[0]).toMatchObject({
      url: '/api/webhooks/grafana/rotate',
      body: { keepHours: 1, reason: 'leaked' },
    });
  });

  test.each(['-1', '169', 'a day'])('--keep-hours %s is a usage error', async (hours) => {
    expect(await run('rotate', 'grafana', `--keep-hours=${hours}`, '--reason', 'x')).toMatchObject({ code: 2 });
    expect(requests).toEqual([]);
  });
});

describe('test', () => {
  const testWith = (content: string, ...args: string[]) => {
    const file = join(context.root, 'message.json');
    writeFileSync(file, content);
    return run('test', 'grafana', '--message', file, '--reason', 'a first try', ...args);
  };

  test('prints the inputs that a message gives', async () => {
    response = { status: 200, body: { result: 'matched', inputs: { alert: 'High CPU' }, detail: null, runKey: null } };
    expect(await testWith('{"status":"firing"}')).toMatchObject({
      code: 0,
      out: 'The message gives:\n  alert=High CPU\n',
    });
    expect(requests[0]?.body).toEqual({ message: { status: 'firing' }, run: false, reason: 'a first try' });
  });

  test('with --yes prints the command that shows the result', async () => {
    response = { status: 200, body: { result: 'matched', inputs: {}, detail: null, runKey: 'request-1' } };
    expect(await testWith('{}', '--yes')).toMatchObject({
      code: 0,
      out: expect.stringContaining('dispatcher why request-1'),
    });
  });

  test('prints why a message starts nothing, with exit code 1', async () => {
    const detail = 'The message has "resolved" at /status, and the condition is "firing".';
    response = { status: 200, body: { result: 'unmatched', inputs: null, detail, runKey: null } };
    expect(await testWith('{}')).toMatchObject({ code: 1, out: `The message starts nothing. ${detail}\n` });
  });

  test('a file that is not JSON is a usage error', async () => {
    expect(await testWith('{')).toMatchObject({ code: 2, err: expect.stringContaining('is not valid JSON') });
  });
});

test.each([
  ['pause', 'Webhook grafana is paused.\n'],
  ['resume', 'Webhook grafana is active.\n'],
  ['delete', 'Webhook grafana was deleted.\n'],
])('%s sends the reason and prints the result', async (change, out) => {
  response = { status: 200, body: { webhook: grafana } };
  expect(await run(change, 'grafana', '--reason', 'because')).toMatchObject({ code: 0, out });
  expect(requests).toEqual([{ method: 'POST', url: `/api/webhooks/grafana/${change}`, body: { reason: 'because' } }]);
});

test('a webhook that does not exist is an error of the API', async () => {
  response = { status: 404, body: { detail: 'There is no webhook grafana.' } };
  const { code, err } = await run('pause', 'grafana', '--reason', 'because');
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('no webhook grafana') });
});
