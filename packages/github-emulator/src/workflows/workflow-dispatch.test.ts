import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import type { Emulator } from '../emulator.ts';
import { EXAMPLE_INSTALLATIONS } from '../state/example-seed.ts';
import { client, mint, refusal, startExample } from '../testing/example-emulator.ts';

const DISPATCH = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches';
const CD = { owner: 'octo-org', repo: 'deploy', workflow_id: 'cd.yml', ref: 'main' };
const WORKFLOW = (inputs: string): string => `on:\n  workflow_dispatch:\n    inputs:\n${inputs}`;
let emulator: Emulator;
let octokit: Octokit;

beforeEach(async () => {
  emulator = await startExample();
  octokit = client(emulator, await mint(emulator, 'octo-org', { permissions: { actions: 'write', contents: 'read' } }));
});
afterEach(() => emulator.close());

/** The refusal of a dispatch, having checked that it started nothing. */
async function refused(request: Record<string, unknown>): Promise<{ status: number; message: string }> {
  const answer = await refusal(octokit.request(DISPATCH, { ...CD, ...request }));
  expect(await emulator.control.runs()).toEqual([]);
  return answer;
}

describe('a workflow that may be started', () => {
  test('is a queued run of the App, with its inputs, defaults filled in', async () => {
    const inputs = { sha: 'abc' };
    const { status, data } = await octokit.request(DISPATCH, { ...CD, inputs, return_run_details: true });
    const [run] = await emulator.control.runs();
    expect(status).toBe(200);
    expect(data).toEqual({
      workflow_run_id: run?.id,
      run_url: `${emulator.url}/repos/octo-org/deploy/actions/runs/${run?.id}`,
      html_url: `${emulator.url}/octo-org/deploy/actions/runs/${run?.id}`,
    });
    expect(run).toMatchObject({
      repository: 'octo-org/deploy',
      workflow: 'cd.yml',
      event: 'workflow_dispatch',
      status: 'queued',
      headBranch: 'main',
      actor: 'org-repo-workflows-runner-alpha[bot]',
      inputs: { sha: 'abc', environment: 'staging' },
      startedByInstallation: EXAMPLE_INSTALLATIONS['octo-org'],
    });
    expect(run?.id).toBeGreaterThan(2 ** 31);
  });

  test('is answered 204 unless details are asked for', async () => {
    expect(await octokit.request(DISPATCH, CD)).toMatchObject({ status: 204 });
    expect(await emulator.control.runs()).toHaveLength(1);
  });

  test('may be named by its id, and stand on a tag or another branch, with the commit of that ref', async () => {
    const { sha } = await emulator.control.push('octo-org/deploy', {
      branch: 'release/1',
      files: { x: 'y' },
      tag: 'v1',
    });
    const { data } = await octokit.actions.listRepoWorkflows({ owner: 'octo-org', repo: 'deploy' });
    await octokit.request(DISPATCH, { ...CD, workflow_id: data.workflows[0]?.id ?? 0, ref: 'v1' });
    await octokit.request(DISPATCH, { ...CD, ref: 'release/1' });
    const runs = await emulator.control.runs();
    expect(runs.map(({ headBranch, headSha }) => [headBranch, headSha])).toEqual([
      ['v1', sha],
      ['release/1', sha],
    ]);
  });
});

describe('a workflow that may not be started says so in the words of GitHub', () => {
  test.each([
    ['the repository is hidden', { repo: 'nowhere' }],
    [
      'the repository is private and of another installation',
      { owner: 'octo-partner', repo: 'service', workflow_id: 'deploy.yml' },
    ],
    ['there is no such file', { workflow_id: 'nothing.yml' }],
  ])('where %s', async (_situation, request) => {
    expect(await refused(request)).toEqual({ status: 404, message: 'Not Found' });
  });

  test('where the file stands on another branch only', async () => {
    await emulator.control.push('octo-org/deploy', {
      branch: 'feature',
      files: { '.github/workflows/new.yml': 'on: workflow_dispatch' },
    });
    expect((await refused({ workflow_id: 'new.yml', ref: 'feature' })).status).toBe(404);
  });

  test('where the ref is none, is a commit id, or is not given', async () => {
    const { sha } = await emulator.control.push('octo-org/deploy', { files: { x: 'y' } });
    expect(await refused({ ref: 'nope' })).toEqual({ status: 422, message: 'No ref found for: nope' });
    expect(await refused({ ref: sha })).toEqual({ status: 422, message: `No ref found for: ${sha}` });
    expect((await refused({ ref: undefined })).message).toBe('Invalid request.\n\n"ref" wasn\'t supplied.');
  });

  test('where it does not have the trigger, on that ref', async () => {
    const message = "Workflow does not have 'workflow_dispatch' trigger";
    await emulator.control.push('octo-org/deploy', {
      branch: 'old',
      files: { '.github/workflows/cd.yml': 'on: push' },
    });
    expect(await refused({ ref: 'old' })).toEqual({ status: 422, message });
    expect(await refused({ repo: 'app', workflow_id: 'ci.yml' })).toEqual({ status: 422, message });
    await emulator.control.push('octo-org/deploy', {
      branch: 'old',
      files: { '.github/workflows/cd.yml': ': [ no yaml' },
    });
    expect(await refused({ ref: 'old' })).toEqual({ status: 422, message });
  });

  test('where it is disabled', async () => {
    await emulator.control.setWorkflowState('octo-org/deploy', 'cd.yml', 'disabled_manually');
    const message = "Cannot trigger a 'workflow_dispatch' on a disabled workflow";
    expect(await refused({})).toEqual({ status: 422, message });
  });

  test('where the repository is archived', async () => {
    await emulator.control.changeRepository('octo-org/deploy', { archived: true });
    expect(await refused({})).toEqual({ status: 403, message: 'Repository was archived so is read-only.' });
  });

  test('where inputs are unexpected, missing, of a wrong value, no text, or too many', async () => {
    const inputs =
      '      must: { required: true }\n      pick: { type: choice, options: [a, b] }\n      flag: { type: boolean }\n';
    await emulator.control.push('octo-org/deploy', { files: { '.github/workflows/cd.yml': WORKFLOW(inputs) } });
    const tooMany = Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`i${index}`, 'x']));
    const messages = [];
    for (const sent of [
      { must: 'x', foo: 'y', bar: 'z' },
      {},
      { must: 'x', pick: 'c' },
      { must: 'x', flag: 'maybe' },
      { must: 1 },
      tooMany,
    ]) {
      messages.push((await refused({ inputs: sent })).message);
    }
    expect(messages).toEqual([
      'Unexpected inputs provided: ["foo","bar"]',
      "Required input 'must' not provided",
      "Provided value 'c' for input 'pick' not in the list of allowed values",
      "Provided value 'maybe' for input 'flag' not in the list of allowed values",
      "Invalid request.\n\nFor 'properties/must', 1 is not a string.",
      'Invalid request.\n\nNo more than 25 properties are allowed; 26 were supplied.',
    ]);
  });

  test('where it is GHES 3.20, which does not know return_run_details', async () => {
    await emulator.control.changeSettings({ dispatchApi: 'ghes-3.20' });
    const answer = await refused({ return_run_details: true });
    expect(answer.status).toBe(422);
    expect(answer.message).toContain('"return_run_details" is not a permitted key.');
    expect((await octokit.request(DISPATCH, CD)).status).toBe(204);
  });
});

describe('the list of runs', () => {
  test('is filtered by event, branch, actor, workflow and time, newest first, by pages', async () => {
    await emulator.control.push('octo-org/deploy', { branch: 'release', files: { x: 'y' } });
    await emulator.control.run({ repository: 'octo-org/deploy', workflow: 'cd.yml' });
    await emulator.control.advanceClock(60_000);
    await octokit.request(DISPATCH, CD);
    await octokit.request(DISPATCH, { ...CD, ref: 'release' });
    const all = await emulator.control.runs();
    const at = { owner: 'octo-org', repo: 'deploy', workflow_id: 'cd.yml' };
    const listed = async (filter: object) =>
      (await octokit.actions.listWorkflowRuns({ ...at, ...filter })).data.workflow_runs.map(({ id }) =>
        all.findIndex((run) => run.id === id),
      );
    expect(await listed({})).toEqual([2, 1, 0]);
    expect(await listed({ event: 'push' })).toEqual([0]);
    expect(await listed({ branch: 'release' })).toEqual([2]);
    expect(await listed({ actor: 'org-repo-workflows-runner-alpha[bot]' })).toEqual([2, 1]);
    expect(await listed({ created: `>=${all[1]?.createdAt}` })).toEqual([2, 1]);
    expect(await listed({ created: `*..${all[0]?.createdAt}` })).toEqual([0]);
    expect(await listed({ status: 'queued' })).toEqual([2, 1]);
    expect(await listed({ per_page: 2, page: 2 })).toEqual([0]);
    const paged = await octokit.paginate(octokit.actions.listWorkflowRuns, { ...at, per_page: 1 });
    expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toReversed());
  });

  test('lags behind the runs where that is asked for, while the run itself can be read', async () => {
    await emulator.control.changeSettings({ runListLagMs: 30_000 });
    await octokit.request(DISPATCH, CD);
    const [run] = await emulator.control.runs();
    const at = { owner: 'octo-org', repo: 'deploy' };
    expect((await octokit.actions.listWorkflowRunsForRepo(at)).data.total_count).toBe(0);
    expect((await octokit.actions.getWorkflowRun({ ...at, run_id: run?.id ?? 0 })).data.status).toBe('queued');
    await emulator.control.advanceClock(31_000);
    expect((await octokit.actions.listWorkflowRunsForRepo(at)).data.total_count).toBe(1);
  });
});

describe('the jobs of a run', () => {
  const at = { owner: 'octo-org', repo: 'deploy' };
  const file = (jobs: string) => ({ '.github/workflows/cd.yml': `on: workflow_dispatch\njobs:${jobs}\n` });
  const twoJobs = file('\n  build: { name: Build it, steps: [] }\n  ship: { steps: [] }');

  async function startOne(files: Record<string, string>): Promise<number> {
    await emulator.control.push('octo-org/deploy', { files });
    await octokit.request(DISPATCH, CD);
    return (await emulator.control.runs()).at(-1)?.id ?? 0;
  }

  async function jobsOf(runId: number) {
    const { data } = await octokit.actions.listJobsForWorkflowRun({ ...at, run_id: runId });
    return { count: data.total_count, jobs: data.jobs.map(({ name, conclusion }) => [name, conclusion]) };
  }

  test('are those of its file, and end as it does', async () => {
    const runId = await startOne(twoJobs);
    const names = ['Build it', 'ship'];
    expect(await jobsOf(runId)).toEqual({ count: 2, jobs: names.map((name) => [name, null]) });
    await emulator.control.complete(runId, 'failure');
    expect(await jobsOf(runId)).toEqual({ count: 2, jobs: names.map((name) => [name, 'failure']) });
  });

  test('are listed by pages, and have other ids in its next attempt', async () => {
    const runId = await startOne(twoJobs);
    await emulator.control.complete(runId);
    const all = { ...at, run_id: runId, per_page: 1 };
    const before = await octokit.paginate(octokit.actions.listJobsForWorkflowRun, all);
    await emulator.control.rerun(runId);
    const after = await octokit.paginate(octokit.actions.listJobsForWorkflowRun, all);
    expect(new Set([...before, ...after].map(({ id }) => id)).size).toBe(4);
    expect(after.map(({ run_attempt: attempt }) => attempt)).toEqual([2, 2]);
  });

  test('are none where workflow execution protections stopped it, until it is run again', async () => {
    const runId = await startOne(twoJobs);
    const { run } = await emulator.control.stop(runId);
    expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(await jobsOf(runId)).toEqual({ count: 0, jobs: [] });
    await expect(emulator.control.stop(runId)).rejects.toThrow('(409)');
    await emulator.control.rerun(runId);
    expect((await jobsOf(runId)).count).toBe(2);
  });

  test('are none where its file has none, or could not be started', async () => {
    expect(await jobsOf(await startOne(file(' {}')))).toEqual({ count: 0, jobs: [] });
    const runId = await startOne(twoJobs);
    await emulator.control.complete(runId, 'startup_failure');
    expect(await jobsOf(runId)).toEqual({ count: 0, jobs: [] });
  });

  test('are not those of a run of another repository', async () => {
    const runId = await startOne(twoJobs);
    const elsewhere = octokit.actions.listJobsForWorkflowRun({ ...at, repo: 'docs', run_id: runId });
    await expect(elsewhere).rejects.toMatchObject({ status: 404 });
  });
});
