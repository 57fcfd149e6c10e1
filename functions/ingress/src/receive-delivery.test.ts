import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { completedRunExample, part } from '@dispatcher/contracts/testing';
import { createLogger } from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import { toDelivery } from './http.ts';
import { type Delivery, type ReceiveDependencies, receive } from './receive-delivery.ts';

const secret = 'first-secret';

const completed = completedRunExample();

function bodyOf(change: object = {}): string {
  return JSON.stringify({ ...completed, installation: { id: 7 }, ...change });
}

/** Returns a push to main of repository 9, which changes its dispatching.yml. */
function pushBody(change: object = {}): string {
  return JSON.stringify({
    ref: 'refs/heads/main',
    after: 'c'.repeat(40),
    commits: [{ added: [], modified: ['dispatching.yml'], removed: [] }],
    repository: { id: 9, name: 'app', owner: { login: 'octo-org' }, default_branch: 'main' },
    installation: { id: 7 },
    ...change,
  });
}

function sign(body: string, key = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

function dependencies(overrides: Partial<ReceiveDependencies> = {}) {
  const sent: object[] = [];
  const hints: object[] = [];
  const deps: ReceiveDependencies = {
    secret: async () => secret,
    previousSecret: null,
    appId: 1,
    runs: {
      send: async (message) => {
        sent.push(message);
      },
    },
    hints: {
      send: async (message) => {
        hints.push(message);
      },
    },
    log: silent,
    now: () => Date.parse('2026-01-02T03:04:05.678Z'),
    ...overrides,
  };
  return { deps, sent, hints };
}

function request(body: string, headers: Record<string, string | undefined> = {}) {
  return toDelivery({
    body,
    isBase64Encoded: false,
    headers: {
      'x-github-event': 'workflow_run',
      'x-github-delivery': '0d1e2f3a-0000-4000-8000-000000000000',
      'x-hub-signature-256': sign(body),
      ...headers,
    },
  });
}

describe('receiving a delivery', () => {
  test('GitHub’s example of a completed workflow_run is stored once, in less than 2 KB, and gets 202 with its run key', async () => {
    const { deps, sent } = dependencies();
    const response = await receive(deps, request(bodyOf()));
    expect(response).toEqual({ status: 202, body: { accepted: '300029405-289782451-1' } });
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent[0]).length).toBeLessThan(2_000);
    expect(sent[0]).toMatchObject({
      workflow: 'test.yml',
      receivedAt: '2026-01-02T03:04:05.678Z',
      run: { conclusion: 'success' },
    });
  });

  test('a base64 body is verified over its decoded bytes', async () => {
    const body = bodyOf({ note: 'žluťoučký 🐎' });
    const { deps, sent } = dependencies();
    const encoded = toDelivery({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true, headers: {} });
    expect(await receive(deps, { ...request(body), body: encoded.body })).toMatchObject({ status: 202 });
    expect(sent).toHaveLength(1);
  });

  test('a wrong signature, a signature of other bytes and a missing signature get 401, and nothing is stored', async () => {
    const { deps, sent } = dependencies();
    const body = bodyOf();
    const wrong = [sign(body, 'other'), sign(`${body} `), 'sha256=', 'nonsense', undefined];
    for (const signature of wrong) {
      expect(await receive(deps, request(body, { 'x-hub-signature-256': signature }))).toMatchObject({ status: 401 });
    }
    expect(sent).toEqual([]);
  });

  test('a delivery signed with SHA-1 only gets 401', async () => {
    const { deps } = dependencies();
    const body = bodyOf();
    const sha1 = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;
    expect(
      await receive(deps, request(body, { 'x-hub-signature-256': undefined, 'x-hub-signature': sha1 })),
    ).toMatchObject({ status: 401 });
    expect(await receive(deps, request(body, { 'x-hub-signature-256': sha1 }))).toMatchObject({ status: 401 });
  });

  test('the previous secret is valid during a rotation and invalid after it', async () => {
    const body = bodyOf();
    const old = request(body, { 'x-hub-signature-256': sign(body, 'old-secret') });
    const rotating = dependencies({ previousSecret: async () => 'old-secret' });
    expect(await receive(rotating.deps, old)).toMatchObject({ status: 202 });
    expect(await receive(dependencies().deps, old)).toMatchObject({ status: 401 });
  });

  test.each([
    ['an empty body', ''],
    ['a body that is not JSON', 'payload=%7B%7D'],
    ['a JSON array', '[]'],
    ['a JSON string', '"run"'],
    ['null', 'null'],
  ])('%s with a valid signature gets 400', async (_, body) => {
    const { deps, sent } = dependencies();
    expect(await receive(deps, request(body))).toMatchObject({ status: 400 });
    expect(sent).toEqual([]);
  });

  test('a run without required fields gets 400, and the field is named', async () => {
    const { deps } = dependencies();
    const response = await receive(deps, request(bodyOf({ repository: {} })));
    expect(response).toMatchObject({ status: 400, body: { error: expect.stringContaining('repository') } });
  });

  test('another event with a valid signature is ignored with the reason', async () => {
    const { deps, sent, hints } = dependencies();
    expect(await receive(deps, request('{"action":"created"}', { 'x-github-event': 'star' }))).toEqual({
      status: 202,
      body: { ignored: 'event-not-workflow-run' },
    });
    expect([sent, hints]).toEqual([[], []]);
  });

  test.each(['workflow_run', 'push', 'star'])(
    'a form in place of JSON gets 400 for the event %s, and the response names the content type',
    async (event) => {
      const { deps } = dependencies();
      const form = new URLSearchParams({ payload: bodyOf() }).toString();
      expect(await receive(deps, request(form, { 'x-github-event': event }))).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining('content type to application/json') },
      });
    },
  );

  test('a push that changes a dispatching.yml is stored on the queue of hints, in the group of its installation', async () => {
    const groups: string[] = [];
    const { deps, sent } = dependencies({ hints: { send: async (_, group) => void groups.push(group) } });
    expect(await receive(deps, request(pushBody(), { 'x-github-event': 'push' }))).toEqual({
      status: 202,
      body: { hint: 'repository-9' },
    });
    expect(groups).toEqual(['7']);
    expect(sent).toEqual([]);
  });

  test('a push that changes no dispatching.yml is ignored with the reason', async () => {
    const { deps, sent, hints } = dependencies();
    const body = pushBody({ commits: [{ added: [], modified: ['src/dispatching.yml'], removed: [] }] });
    expect(await receive(deps, request(body, { 'x-github-event': 'push' }))).toEqual({
      status: 202,
      body: { ignored: 'file-not-changed' },
    });
    expect([sent, hints]).toEqual([[], []]);
  });

  test('a hint without a required field gets 400, and a hint that cannot be stored 503', async () => {
    const { deps } = dependencies();
    const malformed = await receive(deps, request(pushBody({ ref: undefined }), { 'x-github-event': 'push' }));
    expect(malformed).toMatchObject({ status: 400, body: { error: expect.stringContaining('ref') } });
    const noQueue = dependencies({ hints: { send: () => Promise.reject(new Error('down')) } });
    expect(await receive(noQueue.deps, request(pushBody(), { 'x-github-event': 'push' }))).toMatchObject({
      status: 503,
    });
  });

  test('a queue of hints that is down refuses no run', async () => {
    const { deps, sent } = dependencies({ hints: { send: () => Promise.reject(new Error('down')) } });
    expect(await receive(deps, request(bodyOf()))).toMatchObject({ status: 202 });
    expect(sent).toHaveLength(1);
  });

  test('a completed run without a workflow file is ignored with the reason, and stored to be recorded', async () => {
    const { deps, sent } = dependencies();
    const body = bodyOf({ workflow: null, workflow_run: { ...part(completed, 'workflow_run'), path: 'BuildFailed' } });
    expect(await receive(deps, request(body))).toEqual({
      status: 202,
      body: { ignored: 'not-a-workflow-file', recorded: '300029405-289782451-1' },
    });
    expect(sent).toMatchObject([{ type: 'run.ignored', path: 'BuildFailed', run: { id: 289782451 } }]);
    const noQueue = dependencies({ runs: { send: () => Promise.reject(new Error('down')) } });
    expect(await receive(noQueue.deps, request(body))).toMatchObject({ status: 503 });
  });

  test('a completed run of a webhook that is not the App’s is stored in a message group of its repository', async () => {
    const groups: string[] = [];
    const { deps } = dependencies({ runs: { send: async (_, group) => void groups.push(group) } });
    expect(await receive(deps, request(bodyOf({ installation: undefined })))).toMatchObject({
      body: { ignored: 'no-installation', recorded: expect.any(String) },
    });
    await receive(deps, request(bodyOf()));
    expect(groups).toEqual(['repository-300029405', '7']);
  });

  test('a run that is not completed is ignored without a message', async () => {
    const { deps, sent } = dependencies();
    expect(await receive(deps, request(bodyOf({ action: 'requested' })))).toEqual({
      status: 202,
      body: { ignored: 'action-not-completed' },
    });
    expect(sent).toEqual([]);
  });

  test('a body larger than Lambda accepts gets 413 before its signature is verified', async () => {
    const { deps } = dependencies();
    expect(await receive(deps, request('x'.repeat(4_500_001), { 'x-hub-signature-256': 'none' }))).toMatchObject({
      status: 413,
    });
  });

  test('a failure of SQS or of the secret gets 503, so that GitHub shows the delivery as failed', async () => {
    const noQueue = dependencies({ runs: { send: () => Promise.reject(new Error('down')) } });
    expect(await receive(noQueue.deps, request(bodyOf()))).toMatchObject({ status: 503 });
    const noSecret = dependencies({ secret: () => Promise.reject(new Error('down')) });
    expect(await receive(noSecret.deps, request(bodyOf()))).toMatchObject({ status: 503 });
  });
});

describe('the log of a delivery', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  function linesOf(stream: NodeJS.WriteStream): string[] {
    const lines: string[] = [];
    jest.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    return lines;
  }

  test.each([
    ['a stored run', bodyOf(), 'workflow_run', '202'],
    ['a run that is not completed', bodyOf({ action: 'requested' }), 'workflow_run', 'ignored'],
    ['another event', '{}', 'star', 'ignored'],
    ['a hint', pushBody(), 'push', 'hint'],
  ])(
    '%s is one line of at most 300 bytes, with the response that the metric counts',
    async (_, body, event, logged) => {
      const lines = linesOf(process.stdout);
      const { deps } = dependencies({ log: createLogger('ingress') });
      await receive(deps, request(body, { 'x-github-event': event }));
      expect(lines).toHaveLength(1);
      expect(lines[0]?.length).toBeLessThanOrEqual(300);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'delivery received', response: logged });
    },
  );

  test('a wrong signature is one warning with the response 401', async () => {
    const lines = linesOf(process.stderr);
    const { deps } = dependencies({ log: createLogger('ingress') });
    await receive(deps, request(bodyOf(), { 'x-hub-signature-256': 'sha256=0' }));
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ level: 'WARN', response: '401' }]);
  });
});

describe('webhooks about checks', () => {
  const common = {
    installation: { id: 5 },
    repository: { id: 11, name: 'app', owner: { login: 'octo-org' } },
    sender: { login: 'octocat' },
  };
  const checkRun = (appId: number) => ({
    id: 41,
    external_id: 'dispatcher/11-77-1',
    app: { id: appId },
    check_suite: { id: 42 },
  });
  const deliver = (event: string, payload: object) => {
    const { deps, sent } = dependencies();
    const body = JSON.stringify({ ...common, ...payload });
    const delivery: Delivery = { body, event, deliveryId: 'guid', signature: sign(body) };
    return receive(deps, delivery).then((response) => ({ response, sent }));
  };

  test.each([
    ['check_run', { action: 'rerequested', check_run: checkRun(1) }, 'dispatcher/11-77-1'],
    ['check_suite', { action: 'rerequested', check_suite: { id: 42, app: { id: 1 } } }, null],
  ])(
    '`%s` `rerequested` of this App is stored, with the id that Dispatcher gave the check',
    async (event, payload, id) => {
      const { response, sent } = await deliver(event, payload);
      expect(response).toEqual({ status: 202, body: { accepted: 'checks-42' } });
      expect(sent).toMatchObject([
        { type: 'checks.rerequested', installationId: 5, suiteId: 42, externalId: id, sender: 'octocat' },
      ]);
    },
  );

  test.each([
    ['of another App', 'check_run', { action: 'rerequested', check_run: checkRun(2) }],
    ['that the App caused itself', 'check_run', { action: 'completed', check_run: checkRun(1) }],
    ['about a new check run', 'check_run', { action: 'created', check_run: checkRun(1) }],
    ['about a completed suite', 'check_suite', { action: 'completed', check_suite: { id: 42, app: { id: 1 } } }],
    ['without an App', 'check_suite', { action: 'rerequested', check_suite: { id: 42 } }],
  ])('one %s is ignored', async (_, event, payload) => {
    const { response, sent } = await deliver(event, payload);
    expect(response).toEqual({ status: 202, body: { ignored: 'event-not-workflow-run' } });
    expect(sent).toEqual([]);
  });
});
