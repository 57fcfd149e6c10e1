import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  appOf,
  type FakeGitHub,
  type FakeReply,
  isMinting,
  startFakeGitHub,
  tokenResponse,
} from '../testing/fake-github.ts';
import type { SeenRequest } from '../testing/published-schemas.ts';
import type { CheckAnnotation, CheckClient, CheckContent, NewCheck } from './check-client.ts';

const at = { installationId: 7, repositoryId: 42, owner: 'acme', name: 'app' };
const sha = 'c'.repeat(40);
const responseDeadline = Number.MAX_SAFE_INTEGER;
const annotation: CheckAnnotation = {
  path: 'dispatching.yml',
  startLine: 3,
  endLine: 3,
  level: 'failure',
  title: 'Problem',
  message: 'unknown key',
};
const content: CheckContent = {
  status: 'completed',
  conclusion: 'success',
  title: 'Started 1 workflow',
  summary: 'text',
  detailsUrl: 'https://dispatcher.example/runs/1',
  startedAt: '2026-11-03T14:00:00Z',
  completedAt: '2026-11-03T14:05:00Z',
  annotations: [annotation],
};
const check: NewCheck = { ...content, name: 'Dispatcher', headSha: sha, externalId: 'dispatcher/11-1-1' };

let github: FakeGitHub;
let reply: (request: SeenRequest) => FakeReply;
let checks: CheckClient;

beforeEach(async () => {
  reply = () => ({ body: { id: 1, check_runs: [] } });
  github = await startFakeGitHub((request, before) => (isMinting(request) ? tokenResponse(before) : reply(request)));
  checks = appOf(github).checks;
});
afterEach(async () => {
  await github.close();
  // Each request, of every test, is one that GitHub's published description allows.
  expect(github.violations).toEqual([]);
});

const requests = () => github.seen.filter((request) => !isMinting(request));
const bodies = () => requests().map(({ body }) => body);

describe('a check run', () => {
  test('is created with its commit, its id of Dispatcher and its annotations', async () => {
    reply = () => ({ status: 201, body: { id: 12, external_id: 'dispatcher/11-1-1' } });
    expect(await checks.create(at, { ...check, responseDeadline })).toEqual({ id: 12 });
    expect(github.operations()).toContain('POST /repos/acme/app/check-runs');
    expect(bodies()).toMatchObject([
      {
        name: 'Dispatcher',
        head_sha: sha,
        external_id: 'dispatcher/11-1-1',
        status: 'completed',
        conclusion: 'success',
        output: { annotations: [{ path: 'dispatching.yml', start_line: 3, annotation_level: 'failure' }] },
      },
    ]);
  });

  test.each(['queued', 'in_progress'] as const)(
    'that is %s has no conclusion, and no link if there is none',
    async (status) => {
      await checks.create(at, { ...check, status, conclusion: null, detailsUrl: null, responseDeadline });
      await checks.update(at, 12, { ...content, status, conclusion: null, detailsUrl: null, annotations: undefined });
      for (const body of bodies()) {
        expect(body).toMatchObject({ status });
        expect(body).not.toHaveProperty('conclusion');
        expect(body).not.toHaveProperty('details_url');
      }
    },
  );

  test.each(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'] as const)(
    'is changed to %s',
    async (conclusion) => {
      await checks.update(at, 12, { ...content, conclusion });
      expect(github.operations()).toContain('PATCH /repos/acme/app/check-runs/12');
      expect(bodies()).toMatchObject([{ status: 'completed', conclusion }]);
    },
  );

  test('whose creation gets no response leaves an unknown outcome, after one POST', async () => {
    reply = () => 'reset';
    await expect(checks.create(at, { ...check, responseDeadline })).rejects.toMatchObject({ kind: 'unknown-outcome' });
    expect(requests()).toHaveLength(1);
  });

  test('is not created if its response could arrive after the deadline', async () => {
    const creating = checks.create(at, { ...check, responseDeadline: Date.now() + 1_000 });
    await expect(creating).rejects.toMatchObject({ kind: 'transient', message: expect.stringContaining('Not sent') });
    expect(requests()).toEqual([]);
  });
});

describe('a repository that was renamed', () => {
  const movedTo = (origin: string) => ({
    status: 307,
    headers: { location: `${origin}/repositories/42/check-runs` },
    body: {},
  });

  test('gets its check run under its id, with the same body, in one more request', async () => {
    reply = ({ path }) =>
      path.startsWith('/repos/') ? movedTo(github.url) : { status: 201, body: { id: 12, external_id: 'x' } };
    expect(await checks.create(at, { ...check, responseDeadline })).toEqual({ id: 12 });
    expect(requests().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /repos/acme/app/check-runs',
      'POST /repositories/42/check-runs',
    ]);
    const [first, second] = bodies();
    expect(second).toEqual(first);
  });

  test.each([
    ['another host', 'https://evil.example'],
    ['a host whose name begins like that of GitHub', 'SELF.evil.example'],
  ])('is not followed to %s, which would get the token', async (_, origin) => {
    reply = () => movedTo(origin.replace('SELF', github.url));
    await expect(checks.create(at, { ...check, responseDeadline })).rejects.toMatchObject({ kind: 'permanent' });
    expect(requests()).toHaveLength(1);
  });

  test('is followed once: GitHub that redirects again is refused', async () => {
    reply = () => movedTo(github.url);
    await expect(checks.create(at, { ...check, responseDeadline })).rejects.toMatchObject({ kind: 'permanent' });
    expect(requests()).toHaveLength(2);
  });
});

describe('annotations', () => {
  test('of an update are sent once: a missing response is an unknown outcome, unlike that of another update', async () => {
    reply = () => 'reset';
    await expect(checks.update(at, 12, content)).rejects.toMatchObject({ kind: 'unknown-outcome' });
    const others = { ...content, annotations: [] };
    await expect(checks.update(at, 12, others)).rejects.toMatchObject({ name: 'GitHubUnreachableError' });
    expect(bodies()[1]).not.toHaveProperty('output.annotations');
  });

  test('are not sent if the response could arrive after the deadline', async () => {
    const changing = checks.update(at, 12, { ...content, responseDeadline: Date.now() + 1_000 });
    await expect(changing).rejects.toMatchObject({ kind: 'transient' });
    expect(requests()).toEqual([]);
  });

  test('of a check run are counted', async () => {
    reply = () => ({ body: { id: 12, output: { annotations_count: 51 } } });
    expect(await checks.countAnnotations(at, 12)).toBe(51);
    expect(github.operations()).toContain('GET /repos/acme/app/check-runs/12');
  });
});

describe('the list of check runs', () => {
  const listed = (id: number) => ({ id, external_id: `dispatcher/${id}` });

  test('of a name has this App’s ones of all attempts, oldest first, from every page', async () => {
    const first = Array.from({ length: 100 }, (_, index) => listed(200 - index));
    reply = ({ query }) => ({ body: { check_runs: query['page'] === '1' ? first : [listed(7)] } });
    const found = await checks.list(at, { name: 'Dispatcher / deploy', headSha: sha });
    expect(found).toHaveLength(101);
    expect(found[0]).toMatchObject({ id: 7, externalId: 'dispatcher/7' });
    expect(requests().map(({ path, query }) => ({ path, ...query }))).toEqual(
      ['1', '2'].map((page) => ({
        path: `/repos/acme/app/commits/${sha}/check-runs`,
        check_name: 'Dispatcher / deploy',
        app_id: '4711',
        filter: 'all',
        per_page: '100',
        page,
      })),
    );
  });

  test('of a suite is read with a token that may not write', async () => {
    reply = () => ({ body: { check_runs: [listed(2), listed(1)] } });
    expect((await checks.listOfSuite(at, 42)).map(({ id }) => id)).toEqual([1, 2]);
    const [minted] = github.seen.filter(isMinting);
    expect(minted?.body).toMatchObject({ permissions: { checks: 'read' }, repository_ids: [42] });
  });
});
