import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completedRunExample, part } from '@dispatcher/contracts/testing';
import type { RecordedFact } from '@dispatcher/store';
import type { CompletedRun } from '@dispatcher/github-emulator';
import { completeRun } from '../app/emulator.ts';
import { readFacts } from '../demo/timeline.ts';
import { startSystem, type System } from '../app/system.ts';
import { addCommit, control, deliveryHeaders, dispatchedRuns } from '../testing/github.ts';
import * as timeline from '../testing/delivery-timeline.ts';
import { untilSwept } from '../testing/sweeps.ts';
import { eventually, until } from '../testing/until.ts';

// Sends signed deliveries to the running system, and reads the results from the emulator and the admin API.

let dataDir: string;
let system: System;
let github: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'end-to-end-'));
  system = await startSystem({ dataDir, port: 0, env: {} });
  github = system.emulatorUrl ?? '';
  // Tests below count the reads of one plan.
  await untilSwept(system.url);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

async function post(body: string, headers: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${system.url}/webhooks/github`, { method: 'POST', headers, body });
  return { status: response.status, body: await response.json() };
}

const timelineOf = (deliveryId: string) => timeline.timelineOf(system.url, deliveryId);

function decisionsOf(facts: readonly RecordedFact[]) {
  return facts.flatMap((fact) => (fact.type === 'route.decided' ? [fact.data.decision] : []));
}

/** Returns GitHub's example of a completed run, changed to complete now: a run of 2020 is too old. */
async function completedRunOfToday(): Promise<string> {
  const payload = completedRunExample();
  const head_sha = await addCommit(github, 'octo-org/octo-repo');
  return JSON.stringify({
    ...payload,
    workflow_run: { ...part(payload, 'workflow_run'), head_sha, updated_at: new Date().toISOString() },
    // The example is of a repository webhook, so it names no installation.
    installation: { id: 51_000_001 },
  });
}

test('a completed run starts the workflow that both sides allow, and the other target is denied with a reason', async () => {
  const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
  expect(delivery?.statusCode).toBe(202);
  const facts = await timelineOf(delivery?.guid ?? '');
  expect(decisionsOf(facts)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ effect: 'allow', ref: 'main' }),
      expect.objectContaining({ effect: 'deny', code: 'inbound-no-match', responsible: 'target' }),
    ]),
  );
  const [started, ...more] = await dispatchedRuns(github, 'octo-org/deploy');
  expect(more).toEqual([]);
  expect(started).toMatchObject({ workflow: 'cd.yml', actor: 'dispatcher-local[bot]', headBranch: 'main' });
  expect(facts).toContainEqual(
    expect.objectContaining({
      type: 'dispatch.accepted',
      data: expect.objectContaining({ workflowRunId: started?.id }),
    }),
  );
  expect(await dispatchedRuns(github, 'octo-org/docs')).toEqual([]);
  expect(await control(github, 'GET', '/issues')).toMatchObject([{ repository: 'octo-org/app', state: 'open' }]);
});

test('the end of a started run is recorded under the delivery that led to it', async () => {
  const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
  await timelineOf(delivery?.guid ?? '');
  const started = (await dispatchedRuns(github, 'octo-org/deploy')).at(-1);
  await control(github, 'POST', `/runs/${started?.id}/complete`, { conclusion: 'failure' });
  await until(async () =>
    (await readFacts(system.url, delivery?.guid ?? '')).some(
      (fact) => fact.type === 'dispatch.completed' && fact.data.conclusion === 'failure',
    ),
  );
});

test('a started run that GitHub ends at start-up completes its dispatch, although it belongs to no workflow file', async () => {
  const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
  await timelineOf(delivery?.guid ?? '');
  const started = (await dispatchedRuns(github, 'octo-org/deploy')).at(-1);
  const before = await control<object[]>(github, 'GET', '/runs');
  const ended = await control<CompletedRun>(github, 'POST', `/runs/${started?.id}/fail-at-startup`);
  expect(JSON.parse(ended.delivery?.responseBody ?? '')).toEqual({
    ignored: 'not-a-workflow-file',
    recorded: expect.stringContaining(`-${started?.id}-1`),
  });
  await eventually(async () => {
    expect(await readFacts(system.url, delivery?.guid ?? '')).toContainEqual(
      expect.objectContaining({
        type: 'dispatch.completed',
        data: expect.objectContaining({ conclusion: 'startup_failure', code: 'run-not-started', jobs: 0 }),
      }),
    );
  });
  expect(await timelineOf(ended.delivery?.guid ?? '')).toMatchObject([
    { type: 'delivery.ignored', data: { path: 'BuildFailed', repository: 'octo-org/deploy' } },
  ]);
  expect(await control<object[]>(github, 'GET', '/runs')).toHaveLength(before.length);
});

test('a run of a managed workflow starts nothing, and the admin API says why for its delivery and its URL', async () => {
  const { run, delivery } = await control<CompletedRun>(github, 'POST', '/runs', {
    repository: 'octo-org/app',
    workflow: 'dynamic/pages/pages-build-deployment',
    event: 'dynamic',
  });
  const [fact, ...more] = await timelineOf(delivery?.guid ?? '');
  expect(more).toEqual([]);
  expect(fact).toMatchObject({
    type: 'delivery.ignored',
    data: {
      reason: 'not-a-workflow-file',
      path: 'dynamic/pages/pages-build-deployment',
      message: expect.stringContaining('Runs of managed workflows start nothing'),
    },
  });
  const listed = await (await fetch(`${system.url}/api/deliveries?limit=20`)).json();
  expect(listed).toMatchObject({
    deliveries: expect.arrayContaining([
      expect.objectContaining({ kind: 'ignored', deliveryId: delivery?.guid, reason: 'not-a-workflow-file' }),
    ]),
  });
  const found = await (await fetch(`${system.url}/api/runs?run=${encodeURIComponent(run.htmlUrl)}`)).json();
  expect(found).toMatchObject({ runs: [{ deliveryId: delivery?.guid, runKey: fact?.runKey, outcome: null }] });
});

test('GitHub’s example of a completed run starts a run, and its redelivery starts nothing', async () => {
  const body = await completedRunOfToday();
  const first = deliveryHeaders(body, system.webhookSecret);
  expect(await post(body, first)).toMatchObject({ status: 202, body: { accepted: expect.any(String) } });
  const facts = await timelineOf(first['x-github-delivery'] ?? '');
  const [decision, ...more] = decisionsOf(facts);
  expect([decision, ...more]).toMatchObject([{ effect: 'allow' }]);
  const target = decision?.route.target.repository ?? '';
  const runs = await dispatchedRuns(github, target);
  expect(facts).toContainEqual(
    expect.objectContaining({
      type: 'dispatch.accepted',
      data: expect.objectContaining({ workflowRunId: runs.at(-1)?.id }),
    }),
  );

  const redelivery = deliveryHeaders(body, system.webhookSecret);
  expect((await post(body, redelivery)).status).toBe(202);
  expect(await timelineOf(redelivery['x-github-delivery'] ?? '')).toMatchObject([
    { type: 'delivery.repeated', data: { firstDeliveryId: first['x-github-delivery'] } },
  ]);
  expect(await dispatchedRuns(github, target)).toHaveLength(runs.length);
});

test('two concurrent deliveries of one run are planned once and start one run, and the other delivery refers to the first', async () => {
  const payload = JSON.parse(await completedRunOfToday()) as { workflow_run: { id: number } };
  payload.workflow_run.id += 1;
  const body = JSON.stringify(payload);
  const before = (await dispatchedRuns(github, 'octo-org/deploy')).length;
  const both = [deliveryHeaders(body, system.webhookSecret), deliveryHeaders(body, system.webhookSecret)];
  const responses = await Promise.all(both.map((headers) => post(body, headers)));
  expect(responses.map(({ status }) => status)).toEqual([202, 202]);
  const timelines = await Promise.all(both.map((headers) => timelineOf(headers['x-github-delivery'] ?? '')));
  const types = timelines.map((facts) => facts.map(({ type }) => type));
  expect(types.filter((of) => of.includes('run.planned'))).toHaveLength(1);
  expect(types).toContainEqual(['delivery.repeated']);
  expect(await dispatchedRuns(github, 'octo-org/deploy')).toHaveLength(before + 1);
});

test('a failed run starts nothing under the default rules, and its plan says why', async () => {
  const { delivery } = await completeRun(github, {
    repository: 'octo-org/app',
    workflow: 'ci.yml',
    conclusion: 'failure',
  });
  expect(await timelineOf(delivery?.guid ?? '')).toMatchObject([
    { type: 'run.planned', data: { outcome: 'no-match' } },
  ]);
});

test('a run of a fork is rejected', async () => {
  const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml', fork: true });
  expect(await timelineOf(delivery?.guid ?? '')).toMatchObject([{ type: 'run.planned', data: { code: 'fork-run' } }]);
});

describe('an invalid or irrelevant delivery receives', () => {
  const sha256 = (body: string, secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const cases: readonly [name: string, body: string, headers: () => Record<string, string>, status: number][] = [
    ['401 with a wrong signature', '{}', () => ({ 'x-hub-signature-256': sha256('{}', 'wrong') }), 401],
    ['401 with only a SHA-1 signature', '{}', () => ({ 'x-hub-signature': 'sha1=00' }), 401],
    ['400 if the body is empty', '', () => ({ 'x-hub-signature-256': sha256('', system.webhookSecret) }), 400],
    ['400 if the body is not JSON', 'no', () => ({ 'x-hub-signature-256': sha256('no', system.webhookSecret) }), 400],
    [
      '400 if the body is not an object',
      '[]',
      () => ({ 'x-hub-signature-256': sha256('[]', system.webhookSecret) }),
      400,
    ],
  ];
  test.each(cases)('%s', async (_, body, headers, status) => {
    const common = { 'x-github-event': 'workflow_run', 'x-github-delivery': randomUUID() };
    expect((await post(body, { ...common, ...headers() })).status).toBe(status);
  });

  test.each([
    ['an issue', 'issues', 'event-not-workflow-run'],
    ['a push without an installation', 'push', 'no-installation'],
  ])('202 with `ignored` if it is %s', async (_, event, ignored) => {
    const body = '{"ref":"refs/heads/main"}';
    expect(await post(body, deliveryHeaders(body, system.webhookSecret, event))).toEqual({
      status: 202,
      body: { ignored },
    });
  });

  test('no record if it is a push: the admin API says where to look instead', async () => {
    const body = '{"ref":"refs/heads/main"}';
    const headers = deliveryHeaders(body, system.webhookSecret, 'push');
    await post(body, headers);
    const response = await fetch(`${system.url}/api/deliveries/${headers['x-github-delivery']}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      detail: expect.stringMatching(
        /Only deliveries of completed workflow runs are recorded.*log of the ingress function/,
      ),
    });
  });
});

describe('a fan-out', () => {
  async function create(fullName: string, files: Record<string, string>): Promise<void> {
    const [owner, name] = fullName.split('/');
    await control(github, 'POST', '/repositories', { owner, name, branches: { main: { files } } });
  }

  /** Creates a source with `count` targets. Of more than two, the last does not exist and the one before has another owner. */
  async function createFan(count: number): Promise<string> {
    const source = `octo-org/fan-${count}`;
    const targets = Array.from({ length: count }, (_, index) => `octo-org/fan-${count}-${index}`);
    if (count > 2) targets.splice(-2, 2, `octo-partner/fan-${count}`, 'octo-org/nowhere');
    for (const target of targets.filter((each) => each !== 'octo-org/nowhere')) {
      await create(target, {
        'dispatching.yml': `inbound: [{ source: { repository: ${source}, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]`,
        '.github/workflows/cd.yml': 'on: { workflow_dispatch: {} }\njobs: {}\n',
      });
    }
    const list = targets.map((repository) => `{ repository: ${repository}, workflow: cd.yml }`).join(', ');
    await create(source, {
      'dispatching.yml': `outbound: [{ source: { workflow: ci.yml }, targets: [${list}] }]`,
      '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
    });
    return source;
  }

  // One read of the source; then its targets in concurrent chunks of at most ten for each owner.
  test.each([
    { count: 1, reads: 2, posts: 1 },
    { count: 5, reads: 3, posts: 4 },
    { count: 25, reads: 5, posts: 24 },
  ])('to $count targets needs $reads GraphQL reads and one POST for each dispatch', async ({ count, reads, posts }) => {
    const repository = await createFan(count);
    await control(github, 'DELETE', '/requests');
    const { delivery } = await completeRun(github, { repository, workflow: 'ci.yml' });
    const facts = await timelineOf(delivery?.guid ?? '');
    const decisions = decisionsOf(facts);
    expect(decisions.filter(({ effect }) => effect === 'allow')).toHaveLength(posts);
    expect(decisions.filter(({ effect }) => effect === 'deny')).toHaveLength(count - posts);
    const { counts } = await control<{ counts: Record<string, number> }>(github, 'GET', '/requests');
    expect(counts).toMatchObject({ graphql: reads, dispatch: posts });
  });
});

test('the admin API lists deliveries newest first, and the health endpoint is public', async () => {
  const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml', attempt: 7 });
  await timelineOf(delivery?.guid ?? '');
  const list = (await (await fetch(`${system.url}/api/deliveries`)).json()) as { deliveries: object[] };
  expect(JSON.stringify(list.deliveries[0])).toContain(delivery?.guid);
  expect(await (await fetch(`${system.url}/health`)).json()).toMatchObject({ status: 'ok' });
});
