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

/** Returns the refusal of a dispatch after checking that it started nothing. */
async function refused(request: Record<string, unknown>): Promise<{ status: number; message: string }> {
  const response = await refusal(octokit.request(DISPATCH, { ...CD, ...request }));
  expect(await emulator.control.runs()).toEqual([]);
  return response;
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

  test('responds with 204 unless run details are requested', async () => {
    expect(await octokit.request(DISPATCH, CD)).toMatchObject({ status: 204 });
    expect(await emulator.control.runs()).toHaveLength(1);
  });

  test('can be given by its id and started on a tag or another branch, with the commit of that ref', async () => {
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

  test('can be on another branch only, if it has run before', async () => {
    const path = '.github/workflows/release.yml';
    const text = 'on: workflow_dispatch';
    await emulator.control.push('octo-org/deploy', { branch: 'release/1', files: { [path]: text } });
    await emulator.control.push('octo-org/deploy', { files: { [path]: text } });
    await octokit.request(DISPATCH, { ...CD, workflow_id: 'release.yml' });
    await emulator.control.push('octo-org/deploy', { files: { [path]: null } });
    await octokit.request(DISPATCH, { ...CD, workflow_id: 'release.yml', ref: 'release/1' });
    const runs = await emulator.control.runs();
    expect(runs.map(({ workflow, headBranch }) => [workflow, headBranch])).toEqual([
      ['release.yml', 'main'],
      ['release.yml', 'release/1'],
    ]);
  });
});

describe('a workflow file that a strict YAML parser refuses or warns about is started, as on GitHub', () => {
  test.each([
    ['a comment directly after a bracket', 'on: [push, workflow_dispatch]# both\njobs: {}\n'],
    ['a quoted text that continues in the column of its key', 'on: workflow_dispatch\nname: "a\nb"\njobs: {}\n'],
    ['a flow map that ends in the first column', 'on:\n  workflow_dispatch: {\n  inputs: {}\n}\njobs: {}\n'],
    ['a flow map that is indented with tabs', 'on: {\n\tworkflow_dispatch: {}\n}\njobs: {}\n'],
    ['a %YAML 1.1 directive, in which `on` is a boolean', '%YAML 1.1\n---\non: workflow_dispatch\njobs: {}\n'],
    ['a duplicate key', 'on: workflow_dispatch\njobs: {}\njobs: {}\n'],
    [
      'an anchor with more than a hundred aliases',
      `on: workflow_dispatch\nenv: &a { b: c }\njobs: [${'*a,'.repeat(200)}]\n`,
    ],
  ])('%s', async (_situation, text) => {
    await emulator.control.push('octo-org/deploy', { files: { '.github/workflows/cd.yml': text } });
    expect((await octokit.request(DISPATCH, CD)).status).toBeLessThan(300);
    expect(await emulator.control.runs()).toHaveLength(1);
  });
});

describe('starting a workflow is refused with GitHub’s message', () => {
  test.each([
    ['the repository is hidden', { repo: 'nowhere' }],
    [
      'the repository is private and of another installation',
      { owner: 'octo-partner', repo: 'service', workflow_id: 'deploy.yml' },
    ],
    ['there is no such file', { workflow_id: 'nothing.yml' }],
  ])('when %s', async (_situation, request) => {
    expect(await refused(request)).toEqual({ status: 404, message: 'Not Found' });
  });

  test('when the file is only on another branch and has never run', async () => {
    await emulator.control.push('octo-org/deploy', {
      branch: 'feature',
      files: { '.github/workflows/new.yml': 'on: workflow_dispatch' },
    });
    expect((await refused({ workflow_id: 'new.yml', ref: 'feature' })).status).toBe(404);
  });

  test('when the ref is unknown, a commit id, or missing', async () => {
    const { sha } = await emulator.control.push('octo-org/deploy', { files: { x: 'y' } });
    expect(await refused({ ref: 'nope' })).toEqual({ status: 422, message: 'No ref found for: nope' });
    expect(await refused({ ref: sha })).toEqual({ status: 422, message: `No ref found for: ${sha}` });
    expect((await refused({ ref: undefined })).message).toBe('Invalid request.\n\n"ref" wasn\'t supplied.');
  });

  test('when the file on the ref does not have the trigger', async () => {
    const message = "Workflow does not have 'workflow_dispatch' trigger";
    await emulator.control.push('octo-org/deploy', {
      branch: 'old',
      files: { '.github/workflows/cd.yml': 'on: push' },
    });
    expect(await refused({ ref: 'old' })).toEqual({ status: 422, message });
    expect(await refused({ repo: 'app', workflow_id: 'ci.yml' })).toEqual({ status: 422, message });
  });

  test.each([
    ['a flow list without its end', 'on: workflow_dispatch\njobs: [\n'],
    ['two documents', 'on: workflow_dispatch\n---\njobs: {}\n'],
    ['a plain text that begins with @', 'on: workflow_dispatch\nname: @x\n'],
    ['an alias without an anchor', 'on: workflow_dispatch\nname: *x\n'],
  ])('when the file is not valid YAML: %s', async (_situation, text) => {
    await emulator.control.push('octo-org/deploy', { branch: 'old', files: { '.github/workflows/cd.yml': text } });
    expect(await refused({ ref: 'old' })).toEqual({
      status: 422,
      message: expect.stringMatching(/^Invalid Argument - failed to parse workflow: \(Line: \d+, Col: \d+\): ./),
    });
  });

  test('when the workflow is disabled', async () => {
    await emulator.control.setWorkflowState('octo-org/deploy', 'cd.yml', 'disabled_manually');
    const message = "Cannot trigger a 'workflow_dispatch' on a disabled workflow";
    expect(await refused({})).toEqual({ status: 422, message });
  });

  test('when the repository is archived', async () => {
    await emulator.control.changeRepository('octo-org/deploy', { archived: true });
    expect(await refused({})).toEqual({ status: 403, message: 'Repository was archived so is read-only.' });
  });

  test('when inputs are unexpected, missing, invalid, not strings, or too many', async () => {
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

  test('when GHES 3.20 receives return_run_details', async () => {
    await emulator.control.changeSettings({ dispatchApi: 'ghes-3.20' });
    const response = await refused({ return_run_details: true });
    expect(response.status).toBe(422);
    expect(response.message).toContain('"return_run_details" is not a permitted key.');
    expect((await octokit.request(DISPATCH, CD)).status).toBe(204);
  });
});

describe('the run list', () => {
  test('is filtered by event, branch, actor, workflow and time, newest first, in pages', async () => {
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

  test('lags behind when set, while the run itself can be read', async () => {
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

  test('are those of its file, with the conclusion of the run', async () => {
    const runId = await startOne(twoJobs);
    const names = ['Build it', 'ship'];
    expect(await jobsOf(runId)).toEqual({ count: 2, jobs: names.map((name) => [name, null]) });
    await emulator.control.complete(runId, 'failure');
    expect(await jobsOf(runId)).toEqual({ count: 2, jobs: names.map((name) => [name, 'failure']) });
  });

  test('are listed in pages and have other ids in the next attempt', async () => {
    const runId = await startOne(twoJobs);
    await emulator.control.complete(runId);
    const all = { ...at, run_id: runId, per_page: 1 };
    const before = await octokit.paginate(octokit.actions.listJobsForWorkflowRun, all);
    await emulator.control.rerun(runId);
    const after = await octokit.paginate(octokit.actions.listJobsForWorkflowRun, all);
    expect(new Set([...before, ...after].map(({ id }) => id)).size).toBe(4);
    expect(after.map(({ run_attempt: attempt }) => attempt)).toEqual([2, 2]);
  });

  test('are none after workflow execution protections stopped it, until it is run again', async () => {
    const runId = await startOne(twoJobs);
    const { run } = await emulator.control.stop(runId);
    expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(await jobsOf(runId)).toEqual({ count: 0, jobs: [] });
    await expect(emulator.control.stop(runId)).rejects.toThrow('(409)');
    await emulator.control.rerun(runId);
    expect((await jobsOf(runId)).count).toBe(2);
  });

  test('are none after it failed at start-up, and it belongs to no workflow file', async () => {
    const runId = await startOne(twoJobs);
    const { run } = await emulator.control.failAtStartup(runId);
    expect(run).toMatchObject({ status: 'completed', conclusion: 'startup_failure', workflow: 'BuildFailed' });
    expect(await jobsOf(runId)).toEqual({ count: 0, jobs: [] });
    const { data } = await octokit.actions.getWorkflowRun({ ...at, run_id: runId });
    expect(data).toMatchObject({ path: 'BuildFailed', name: '', conclusion: 'startup_failure' });
    const ofWorkflow = await octokit.actions.listWorkflowRuns({ ...at, workflow_id: 'cd.yml' });
    expect(ofWorkflow.data.workflow_runs.map(({ id }) => id)).not.toContain(runId);
    await expect(emulator.control.failAtStartup(runId)).rejects.toThrow('(409)');
  });

  test('are none when its file has none or could not be started', async () => {
    expect(await jobsOf(await startOne(file(' {}')))).toEqual({ count: 0, jobs: [] });
    const runId = await startOne(twoJobs);
    await emulator.control.complete(runId, 'startup_failure');
    expect(await jobsOf(runId)).toEqual({ count: 0, jobs: [] });
  });

  test('are not found through another repository', async () => {
    const runId = await startOne(twoJobs);
    const otherRepository = octokit.actions.listJobsForWorkflowRun({ ...at, repo: 'docs', run_id: runId });
    await expect(otherRepository).rejects.toMatchObject({ status: 404 });
  });
});
