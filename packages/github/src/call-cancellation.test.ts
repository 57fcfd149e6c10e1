import { afterEach, describe, expect, test } from '@jest/globals';
import type { GitHubApp } from './github-app.ts';
import {
  appOf,
  type FakeGitHub,
  type FakeReply,
  isMinting,
  startFakeGitHub,
  tokenResponse,
} from './testing/fake-github.ts';
import type { CallOptions } from './transport/options.ts';

const at = { installationId: 7, repositoryId: 42, owner: 'acme', name: 'app' };
const responseDeadline = Number.MAX_SAFE_INTEGER;
const workflow = { ...at, workflow: 'cd.yml', ref: 'main' };
const issue = { title: 'Deploy', body: 'x', labels: [] };

type Call = (app: GitHubApp, options: CallOptions) => Promise<unknown>;
const sentOnce: [string, Call][] = [
  ['startWorkflow', (app, options) => app.startWorkflow({ ...workflow, inputs: {}, responseDeadline }, options)],
  [
    'sendEvent',
    (app, options) => app.sendEvent({ ...at, eventType: 'deploy', clientPayload: null, responseDeadline }, options),
  ],
  ['issues.open', (app, options) => app.issues.open(at, issue, options)],
  ['issues.comment', (app, options) => app.issues.comment(at, 1, { body: 'x' }, options)],
];
const repeatable: [string, Call][] = [
  ['slug', (app, options) => app.slug(options)],
  ['installationOf', (app, options) => app.installationOf('acme', options)],
  ['permissionsOf', (app, options) => app.permissionsOf(7, options)],
  ['startedRuns', (app, options) => app.startedRuns({ ...workflow, since: 0 }, options)],
  ['jobCount', (app, options) => app.jobCount({ ...at, workflowRunId: 5 }, options)],
  ['issues.find', (app, options) => app.issues.find(at, 'label', 'marker', options)],
  ['issues.update', (app, options) => app.issues.update(at, 1, { state: 'closed' }, options)],
  ['deliveries.page', (app, options) => app.deliveries.page(null, options)],
  ['deliveries.payload', (app, options) => app.deliveries.payload('1', options)],
  ['deliveries.redeliver', (app, options) => app.deliveries.redeliver('1', options)],
  ['readSource', (app, options) => app.createReader().readSource(at, options)],
  [
    'readTargets',
    (app, options) => app.createReader().readTargets(at, [{ ...at, workflows: ['cd.yml'], refs: [] }], options),
  ],
];

let github: FakeGitHub;
afterEach(() => github.close());

/** Starts a fake GitHub that mints tokens, calls `arrived` at every other request, and then sends the reply. */
async function start({ reply, arrived }: { reply: FakeReply; arrived?: () => void }) {
  github = await startFakeGitHub((seen, before) => {
    if (isMinting(seen)) return tokenResponse(before);
    arrived?.();
    return reply;
  });
  return appOf(github, { requestTimeoutMs: 60_000 });
}

describe('a call whose signal aborts', () => {
  test.each([...sentOnce, ...repeatable])(
    'before %s begins sends nothing and rejects as transient',
    async (_, call) => {
      const app = await start({ reply: 'hang' });
      await expect(call(app, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        kind: 'transient',
        status: null,
      });
      expect(github.operations()).toEqual([]);
    },
  );

  test.each(sentOnce)('while GitHub handles %s leaves an unknown outcome', async (_, call) => {
    const controller = new AbortController();
    const app = await start({ reply: 'hang', arrived: () => controller.abort() });
    await expect(call(app, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'unknown-outcome',
      message: 'Cancelled by the caller before GitHub responded.',
    });
  });

  test.each(repeatable)('while GitHub handles %s rejects as transient', async (_, call) => {
    const controller = new AbortController();
    const app = await start({ reply: 'hang', arrived: () => controller.abort() });
    await expect(call(app, { signal: controller.signal })).rejects.toMatchObject({ kind: 'transient', status: null });
  });

  test('with a reason that looks like a refused connection leaves the outcome of a POST unknown', async () => {
    const controller = new AbortController();
    const reason = Object.assign(new Error('no connection'), { code: 'ECONNREFUSED' });
    const app = await start({ reply: 'hang', arrived: () => controller.abort(reason) });
    await expect(
      app.startWorkflow({ ...workflow, inputs: {}, responseDeadline }, { signal: controller.signal }),
    ).rejects.toMatchObject({ kind: 'unknown-outcome' });
  });

  test('while its token is minted sends no POST, and the next call uses the token', async () => {
    const controller = new AbortController();
    github = await startFakeGitHub((seen, before) => {
      if (!isMinting(seen)) return { status: 204 };
      controller.abort();
      return tokenResponse(before);
    });
    const app = appOf(github);
    const request = { ...workflow, inputs: {}, responseDeadline };
    await expect(app.startWorkflow(request, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'transient',
    });
    await app.startWorkflow(request);
    expect(github.operations()).toEqual([
      'POST /app/installations/7/access_tokens',
      'POST /repos/acme/app/actions/workflows/cd.yml/dispatches',
    ]);
  });

  test('after GitHub responded keeps the result', async () => {
    const controller = new AbortController();
    const app = await start({ reply: { status: 204 } });
    const request = { ...workflow, inputs: {}, responseDeadline };
    await expect(app.startWorkflow(request, { signal: controller.signal })).resolves.toMatchObject({ htmlUrl: null });
    controller.abort();
  });

  test('does not abort the request that it shares with another read', async () => {
    const controller = new AbortController();
    const app = await start({ reply: { body: { data: { r0: null } } }, arrived: () => controller.abort() });
    const reader = app.createReader();
    const cancelled = reader.readSource(at, { signal: controller.signal });
    const other = reader.readSource({ ...at, name: 'app' });
    await expect(cancelled).rejects.toMatchObject({ kind: 'transient' });
    await expect(other).resolves.toMatchObject({ state: 'absent' });
    expect(github.seen.filter((seen) => !isMinting(seen))).toHaveLength(1);
  });
});

test('a call with a signal that never aborts still ends by the client’s own timeout', async () => {
  await start({ reply: 'hang' });
  const app = appOf(github, { requestTimeoutMs: 200 });
  const { signal } = new AbortController();
  await expect(app.startWorkflow({ ...workflow, inputs: {}, responseDeadline }, { signal })).rejects.toMatchObject({
    kind: 'unknown-outcome',
    message: 'GitHub did not respond in time.',
  });
});
