import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import type { Emulator } from '../emulator.ts';
import { type Receiver, startExample, startReceiver, client, mint } from '../testing/example-emulator.ts';

const APP = { owner: 'octo-org', repo: 'app' };
const DAY_MS = 86_400_000;

describe('checks', () => {
  let emulator: Emulator;
  let receiver: Receiver;
  let octokit: Octokit;
  let sha: string;

  beforeEach(async () => {
    receiver = await startReceiver();
    emulator = await startExample({
      webhookUrl: receiver.url,
      permissions: { metadata: 'read', contents: 'read', actions: 'write', issues: 'write', checks: 'write' },
      events: ['workflow_run', 'check_run', 'check_suite'],
    });
    octokit = client(emulator, await mint(emulator, 'octo-org'));
    ({ sha } = await emulator.control.push('octo-org/app', { branch: 'change', files: { 'a.txt': '1' } }));
  });

  afterEach(async () => {
    await emulator.close();
    await receiver.close();
  });

  const create = (fields: Record<string, unknown> = {}) =>
    octokit.request('POST /repos/{owner}/{repo}/check-runs', {
      ...APP,
      name: 'gate',
      head_sha: sha,
      ...fields,
    } as never);
  const update = (id: number | bigint, fields: Record<string, unknown>) =>
    octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...APP,
      check_run_id: Number(id),
      ...fields,
    });
  const list = async (fields: Record<string, unknown> = {}) =>
    (await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { ...APP, ref: sha, ...fields })).data
      .check_runs;
  const gate = (appId?: number) =>
    emulator.control.mergeable('octo-org/app', { sha, check: 'gate', ...(appId === undefined ? {} : { appId }) });

  test('a push opens an empty queued suite for an App with `checks: write`', async () => {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-suites', {
      ...APP,
      ref: sha,
    });
    expect(data.check_suites).toMatchObject([{ status: 'queued', conclusion: null, latest_check_runs_count: 0 }]);
  });

  test.each([
    ['an unknown commit', { head_sha: '0'.repeat(40) }, /No commit found for SHA: 0+/],
    ['no name', { name: undefined }, /name/],
    ['an unknown conclusion', { conclusion: 'stale' }, /not a member/],
    ['`startup_failure`, which only runs have', { conclusion: 'startup_failure' }, /not a member/],
    ['completed without a conclusion', { status: 'completed' }, /conclusion is required/],
    ['a summary of 65,536 characters', { output: { title: 't', summary: 'x'.repeat(65_536) } }, /Validation Failed/],
    ['a title without a summary', { output: { title: 't' } }, /title and a summary/],
    [
      '51 annotations',
      {
        output: {
          title: 't',
          summary: 's',
          annotations: Array.from({ length: 51 }, () => ({
            path: 'a.txt',
            start_line: 1,
            end_line: 1,
            annotation_level: 'notice',
            message: 'm',
          })),
        },
      },
      /No more than 50/,
    ],
    [
      'an action with a label of 21 characters',
      { actions: [{ label: 'x'.repeat(21), description: 'd', identifier: 'i' }] },
      /at most 20/,
    ],
    ['a details_url that is not a URL', { details_url: 'ftp://x' }, /Validation Failed/],
  ])('%s is refused with 422', async (_, fields, message) => {
    await expect(create(fields)).rejects.toMatchObject({ status: 422, message: expect.stringMatching(message) });
    expect(await emulator.control.checkRuns()).toEqual([]);
  });

  test('an archived repository refuses writes', async () => {
    await emulator.control.changeRepository('octo-org/app', { archived: true });
    await expect(create()).rejects.toMatchObject({ status: 403 });
  });

  test('a conclusion completes a check run, and a status opens it again', async () => {
    const { data } = await create();
    expect(data).toMatchObject({ status: 'queued', conclusion: null });
    expect((await update(data.id, { conclusion: 'failure' })).data).toMatchObject({ status: 'completed' });
    const reopened = await update(data.id, { status: 'in_progress' });
    expect(reopened.data).toMatchObject({ status: 'in_progress', conclusion: null, completed_at: null });
  });

  test('annotations of updates are added', async () => {
    const { data } = await create();
    const annotations = [{ path: 'a.txt', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' }];
    await update(data.id, { output: { title: 't', summary: 's', annotations } });
    await update(data.id, { output: { title: 't', summary: 's', annotations } });
    expect((await emulator.control.checkRuns())[0]?.annotations).toHaveLength(2);
  });

  test('the list hides siblings of a name unless it filters `all`, and shows new ones late', async () => {
    await create({ external_id: 'first' });
    await create({ external_id: 'second' });
    await emulator.control.forgeCheck({ repository: 'octo-org/app', sha, name: 'gate' });
    expect((await list({ app_id: 1 })).map(({ external_id: id }) => id)).toEqual(['second']);
    const all = await list({ check_name: 'gate', app_id: 1, filter: 'all' });
    expect(all.map(({ external_id: id }) => id)).toEqual(['second', 'first']);
    expect(await list({ filter: 'all' })).toHaveLength(3);
    await emulator.control.changeSettings({ checkListLagMs: 67_000 });
    await create({ external_id: 'third' });
    expect((await list({ app_id: 1 })).map(({ external_id: id }) => id)).toEqual([]);
    await emulator.control.advanceClock(67_000);
    expect((await list({ app_id: 1 })).map(({ external_id: id }) => id)).toEqual(['third']);
  });

  test.each([
    ['success', true],
    ['neutral', true],
    ['skipped', true],
    ['failure', false],
    ['action_required', false],
    ['cancelled', false],
    ['timed_out', false],
  ] as const)('a required check that concluded with %s lets a pull request merge: %s', async (conclusion, expected) => {
    expect(await gate()).toMatchObject({ mergeable: false, reason: expect.stringContaining('Expected') });
    const { data } = await create();
    expect((await gate()).mergeable).toBe(false);
    await update(data.id, { conclusion });
    expect((await gate(1)).mergeable).toBe(expected);
    await emulator.control.advanceClock(8 * DAY_MS);
    expect((await gate(1)).mergeable).toBe(false);
  });

  test('the newest check run of a name counts, and only that of the expected App', async () => {
    await create({ conclusion: 'failure' });
    await emulator.control.forgeCheck({ repository: 'octo-org/app', sha, name: 'gate', conclusion: 'success' });
    expect((await gate()).mergeable).toBe(true);
    expect((await gate(1)).mergeable).toBe(false);
    const other = { id: 99, slug: 'another-app' };
    await emulator.control.forgeCheck({
      repository: 'octo-org/app',
      sha,
      name: 'gate',
      conclusion: 'success',
      app: other,
    });
    expect((await gate(1)).mergeable).toBe(false);
  });

  test('another App’s check run cannot be changed', async () => {
    const { id } = await emulator.control.forgeCheck({ repository: 'octo-org/app', sha, name: 'gate' });
    await expect(update(id, { conclusion: 'success' })).rejects.toMatchObject({ status: 403 });
  });

  test('an open check run becomes stale after 14 days, and is deleted after 400', async () => {
    await create();
    await emulator.control.advanceClock(14 * DAY_MS);
    expect(await emulator.control.checkRuns()).toMatchObject([{ status: 'completed', conclusion: 'stale' }]);
    await emulator.control.advanceClock(386 * DAY_MS);
    expect(await emulator.control.checkRuns()).toEqual([]);
  });

  test('a check run that is opened again becomes stale 14 days after that', async () => {
    const { data } = await create({ conclusion: 'failure' });
    await emulator.control.advanceClock(13 * DAY_MS);
    octokit = client(emulator, await mint(emulator, 'octo-org', {}, Date.now() + 13 * DAY_MS));
    await update(data.id, { status: 'in_progress' });
    await emulator.control.advanceClock(13 * DAY_MS);
    expect(await emulator.control.checkRuns()).toMatchObject([{ status: 'in_progress', conclusion: null }]);
    await emulator.control.advanceClock(DAY_MS);
    expect(await emulator.control.checkRuns()).toMatchObject([{ status: 'completed', conclusion: 'stale' }]);
  });

  test('"Re-run" sends a webhook for own checks only; "Re-run all" resets the suite until the next write', async () => {
    const { data } = await create({ conclusion: 'failure' });
    const suiteId = Number(data.check_suite?.id);
    const forged = await emulator.control.forgeCheck({ repository: 'octo-org/app', sha, name: 'gate' });
    receiver.received.length = 0;
    await emulator.control.rerequestCheckRun(forged.id);
    expect(receiver.received).toEqual([]);
    await emulator.control.rerequestCheckRun(Number(data.id));
    await emulator.control.rerequestCheckSuite(suiteId);
    expect(receiver.received.map(({ headers }) => headers['x-github-event'])).toEqual(['check_run', 'check_suite']);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      action: 'rerequested',
      check_run: { id: data.id, app: { id: 1 } },
    });
    const suite = { ...APP, check_suite_id: suiteId };
    const read = () => octokit.request('GET /repos/{owner}/{repo}/check-suites/{check_suite_id}', suite);
    expect((await read()).data).toMatchObject({ status: 'queued', conclusion: null });
    await update(data.id, { conclusion: 'success' });
    expect((await read()).data).toMatchObject({ status: 'completed', conclusion: 'success' });
  });
});
