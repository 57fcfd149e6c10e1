import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { deadLetterQueueNames } from '@dispatcher/dead-letters';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestContext, run, type TestContext } from '../testing/test-context.ts';
import { deadLettersCommand } from './dead-letters-command.ts';

// Responses of the API that a running system does not give on request. The commands run against it in
// packages/local/src/end-to-end/dead-letters.test.ts.

interface Response {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

const before = '2026-11-20T12:00:00.000Z';

let server: Server;
let context: TestContext;
/** The requests without those for the depth of a queue. */
let requests: { readonly path: string; readonly body: Record<string, unknown>; readonly key: unknown }[];
/** The responses, one after the other; the last one repeats. */
let responses: Response[];
let sleeps: number[];
let stopAfterSleeps: number;
let isDirect: boolean;
beforeEach(async () => {
  requests = [];
  responses = [];
  sleeps = [];
  stopAfterSleeps = Infinity;
  isDirect = false;
  server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void (async () => {
      const body = await text(request);
      const path = request.url ?? '';
      const isDepth = path.endsWith('/depth');
      if (!isDepth) {
        const key = request.headers['idempotency-key'];
        requests.push({ path, body: body === '' ? {} : (JSON.parse(body) as Record<string, unknown>), key });
      }
      const next = responses.length > 1 ? responses.shift() : responses[0];
      const {
        status = 200,
        headers,
        body: sent,
      } = isDepth ? { body: { waiting: 0, inFlight: 0 } } : (next as Response);
      const type = status === 200 ? 'application/json' : 'application/problem+json';
      response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(sent));
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

function deadLetters(...args: string[]) {
  const controller = new AbortController();
  const command = deadLettersCommand({
    operations: () => {
      isDirect = true;
      return Promise.reject(new Error('AWS is not used'));
    },
    user: () => 'octocat',
    now: context.now,
    newId: () => 'local-action',
    stopped: () => controller.signal,
    context,
    sleep: async (ms) => {
      sleeps.push(ms);
      await context.wait(ms);
      if (sleeps.length >= stopAfterSleeps) controller.abort();
    },
  });
  return run(command, args);
}

const redrive = (...args: string[]) =>
  deadLetters('redrive', '--queue', 'decisions', '--reason', 'the target is back', ...args);

function deadLetter(id: string, outcome = 'redriven', problem: string | null = null) {
  const common = { to: 'decisions', reason: 'died', since: before, redrives: 0, runKey: null };
  return { id, ...common, outcome, problem };
}

function actionOf(ended: string, outcomes: Record<string, number>, change: object = {}): Response {
  const common = { actionId: `action-${ended}`, before, scanned: 1, newer: 0, deadLetters: [], notFound: [] };
  return { body: { ...common, outcomes, ended, problem: null, ...change } };
}

const heldProblem: Response = {
  status: 503,
  headers: { 'retry-after': '2' },
  body: { detail: 'Dead letter d-1 was not received: another reader holds 1 of its messages. Try again in 2 seconds.' },
};

describe('a redrive over the API', () => {
  test('sends as many requests as it takes, with the `before` of the first, and an Idempotency-Key each', async () => {
    responses = [
      actionOf('stopped', { redriven: 2 }, { deadLetters: [deadLetter('d-1'), deadLetter('d-2')] }),
      actionOf('limit', { redriven: 2 }, { deadLetters: [deadLetter('d-3'), deadLetter('d-4')] }),
      actionOf('completed', { redriven: 1 }, { deadLetters: [deadLetter('d-5')] }),
    ];
    const { code, out } = await redrive('--all', '--yes', '--per-second', '4');
    expect(code).toBe(0);
    expect(out).toContain('Actions action-stopped and 2 more: 5 redriven. All dead letters were scanned.');
    expect(requests.map(({ path }) => path)).toEqual(Array(3).fill('/api/dead-letters/redrive'));
    expect(requests.map(({ body }) => body['before'])).toEqual([undefined, before, before]);
    expect(requests[0]?.body).toEqual({
      queue: 'decisions',
      select: { all: true },
      reason: 'the target is back',
      dryRun: false,
      limit: 20,
      perSecond: 4,
      quarantined: false,
    });
    expect(new Set(requests.map(({ key }) => key)).size).toBe(3);
    expect(sleeps).toEqual([250, 250]);
    expect(isDirect).toBe(false);
  });

  test('changes no more than --limit over all requests', async () => {
    responses = [
      actionOf('limit', { redriven: 100 }, { deadLetters: [deadLetter('d-1')] }),
      actionOf('limit', { redriven: 30 }, { deadLetters: [deadLetter('d-2')] }),
    ];
    const { code, out } = await redrive('--all', '--yes', '--limit', '130', '--per-second', '100');
    expect(code).toBe(0);
    expect(requests.map(({ body }) => body['limit'])).toEqual([100, 30]);
    expect(out).toContain(`130 redriven. The limit was reached. Run the same command again with --before ${before}`);
  });

  test('a dry run is one request with the same limit, and prints the `before` of the API', async () => {
    const event = { ...deadLetter('d-1'), to: 'facts' };
    responses = [actionOf('completed', { redriven: 1 }, { deadLetters: [event] })];
    const { code, out } = await redrive('--older-than', '1h');
    expect(code).toBe(0);
    expect(requests).toMatchObject([{ body: { dryRun: true, limit: 1_000, select: { olderThanSeconds: 3_600 } } }]);
    expect(out).toContain('d-1  died, for facts, since');
    expect(out).toContain(`Dry run: 1 redriven. All dead letters were scanned.`);
    expect(out).toContain(`add: --before ${before} --yes`);
  });

  test('a dead letter that stays is reported once, however many requests read it', async () => {
    const quarantined = deadLetter('d-9', 'quarantined');
    responses = [
      actionOf('limit', { redriven: 1, quarantined: 1 }, { deadLetters: [quarantined, deadLetter('d-1')] }),
      actionOf('completed', { quarantined: 1 }, { deadLetters: [quarantined] }),
    ];
    const { out, err } = await redrive('--all', '--yes');
    expect(out).toContain('1 redriven, 1 quarantined.');
    expect(err.match(/d-9/g)).toHaveLength(1);
  });

  test('more ids than one request takes are sent in several, without those that are done', async () => {
    const ids = Array.from({ length: 130 }, (_, number) => `d-${number}`);
    responses = [
      actionOf('stopped', { redriven: 98 }, { deadLetters: [deadLetter('d-0')], notFound: ['d-98', 'd-99'] }),
      actionOf('completed', { redriven: 31 }, { deadLetters: [deadLetter('d-98')], notFound: ['d-99'] }),
    ];
    const { code, out } = await redrive(...ids.flatMap((id) => ['--id', id]), '--yes', '--per-second', '100');
    expect(requests.map(({ body }) => (body['select'] as { ids: string[] }).ids)).toEqual([
      ids.slice(0, 100),
      ids.slice(98),
    ]);
    expect(code).toBe(1);
    expect(out).toContain('129 redriven.');
    expect(out).toContain('Not in the queue: d-99.');
  });

  test('while another reader holds messages, it says so once, waits, and goes on', async () => {
    responses = [actionOf('held', {}), actionOf('held', {}), actionOf('completed', { redriven: 1 })];
    const { code, out, err } = await redrive('--all', '--yes');
    expect(code).toBe(0);
    expect(out).toContain('1 redriven.');
    expect(err).toBe('Another reader holds messages of decisions. Waiting for up to 60 s …\n');
  });

  test('after a minute of waiting in vain it says that messages are held, and exits with 1', async () => {
    responses = [actionOf('held', {})];
    const { code, out } = await redrive('--all', '--yes');
    expect(code).toBe(1);
    expect(out).toContain('Another reader still holds messages of this queue');
    const waited = sleeps.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(60_000);
    expect(waited).toBeLessThan(90_000);
  });

  test('Ctrl-C ends it before the next request', async () => {
    stopAfterSleeps = 1;
    responses = [actionOf('limit', { redriven: 10 }, { deadLetters: [deadLetter('d-1')] })];
    const { code, out } = await redrive('--all', '--yes');
    expect(code).toBe(130);
    expect(requests).toHaveLength(1);
    expect(out).toContain(`10 redriven. Stopped. Run the same command again with --before ${before} to continue.`);
  });

  test('a request that fails after others prints what was done, and how to continue', async () => {
    responses = [
      actionOf('limit', { redriven: 10 }, { deadLetters: [deadLetter('d-1')] }),
      { status: 500, body: { detail: 'Internal error. See the log for request r-1.' } },
    ];
    const { code, out } = await redrive('--all', '--yes');
    expect(code).toBe(1);
    expect(out).toContain('10 redriven. The action failed: Internal error. See the log for request r-1.');
    expect(out).toContain(`again with --before ${before} to continue`);
  });

  test('requests that end before they reach a selected dead letter are not repeated for ever', async () => {
    responses = [actionOf('stopped', { redriven: 0 })];
    const { code, out } = await redrive('--dead-letter-reason', 'died', '--yes');
    expect(code).toBe(1);
    expect(requests).toHaveLength(3);
    expect(out).toContain('reached its time limit before all dead letters were read');
  });

  test('a key without the role is refused in plain words, and nothing is said to be done', async () => {
    const detail =
      'This request needs the role `operator`; you have the role `viewer`. Ask an administrator for `operator`.';
    responses = [{ status: 403, body: { detail } }];
    const { code, out, err } = await redrive('--all', '--yes');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(`${detail}\n`);
  });

  test('--as is refused: the API records the principal', async () => {
    expect(await redrive('--all', '--as', 'ada')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--as needs --direct'),
    });
    expect(requests).toEqual([]);
  });
});

describe('inspect over the API', () => {
  test('waits in short requests while another reader holds messages, and then shows the dead letter', async () => {
    const found = { ...deadLetter('d-1'), queue: 'decisions', body: '{"version":1}' };
    responses = [heldProblem, heldProblem, { body: found }];
    const { code, out, err } = await deadLetters('inspect', 'd-1', '--queue', 'decisions');
    expect(code).toBe(0);
    expect(out).toContain('"version": 1');
    expect(err).toBe('Another reader holds messages of decisions. Waiting for up to 60 s …\n');
    expect(sleeps).toEqual([2_000, 2_000]);
  });

  test('does not say that a dead letter is gone while another reader holds messages', async () => {
    responses = [heldProblem];
    const { code, err } = await deadLetters('inspect', 'd-1', '--queue', 'decisions');
    expect(code).toBe(1);
    expect(err).toContain('another reader holds 1 of its messages');
    expect(err).not.toContain('is in no');
  });

  test('looks into every queue, and exits with 1 if none has it', async () => {
    responses = [{ status: 404, body: { detail: 'Dead letter d-1 was not received.' } }];
    const { code, err } = await deadLetters('inspect', 'd-1');
    expect(code).toBe(1);
    expect(err).toContain('Dead letter d-1 is in no dead-letter queue');
    expect(new Set(requests.map(({ body }) => body['queue']))).toEqual(new Set(deadLetterQueueNames));
  });

  test('Ctrl-C ends the wait', async () => {
    stopAfterSleeps = 1;
    responses = [heldProblem];
    expect((await deadLetters('inspect', 'd-1', '--queue', 'decisions')).code).toBe(130);
  });
});

test('list reads every page of the recorded dead letters, and the depth of the queue', async () => {
  const stored = { queue: 'decisions', reason: 'died', state: 'open', attempts: 1, redrives: 0, detail: 'x' };
  const item = (deadLetterId: string, deadLetteredAt: string) => ({
    ...stored,
    deadLetterId,
    deadLetteredAt,
    deliveryId: 'guid-1',
    runKey: null,
  });
  responses = [
    { body: { deadLetters: [item('d-2', '2026-11-20T11:02:00.000Z')], cursor: 'next' } },
    { body: { deadLetters: [item('d-1', '2026-11-20T11:01:00.000Z')], cursor: null } },
  ];
  const { code, out } = await deadLetters('list', '--queue', 'decisions');
  expect(code).toBe(0);
  expect(out).toContain('decisions: 2 recorded, 0 in the dead-letter queue\n  DIFFERENCE: 2 fewer than recorded');
  expect(out).toContain('died: 2, 2026-11-20T11:01:00.000Z to 2026-11-20T11:02:00.000Z');
  expect(requests.map(({ path }) => new URL(path, 'http://x').searchParams.get('cursor'))).toEqual([null, 'next']);
});
