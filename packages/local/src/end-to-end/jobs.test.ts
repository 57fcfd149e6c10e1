import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HistoryFact } from '@dispatcher/store';
import { startSystem, type System } from '../app/system.ts';
import { sourceFile } from '../lambda/child-process.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, inheritedVariables, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { until } from '../testing/until.ts';

// Jobs of running workflows request dispatches with the script of actions/dispatch, as GitHub's runner would run it.

const exec = promisify(execFile);
const script = sourceFile('../../../actions/dispatch/dispatch.mjs');
const workflow = `on: { push: {}, workflow_dispatch: { inputs: { digest: { type: string } } } }
permissions: { id-token: write }
jobs: { release: { steps: [] }, test: { permissions: {}, steps: [] } }
`;

let dataDir: string;
let system: System;
let github: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'jobs-'));
  system = await startSystem({ dataDir, port: 0, env: { MAX_DISPATCH_DEPTH: '2', CREATE_ISSUES: 'false' } });
  github = system.emulatorUrl ?? '';
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

/** Creates a repository whose jobs may start the next one's workflow, and whose workflow every other repository may start. */
async function createLink(name: string, next: string, inbound = "'octo-org/*', job: ci.yml"): Promise<void> {
  const files = {
    '.github/workflows/ci.yml': workflow,
    'dispatching.yml': `outbound:
  - source: { job: ci.yml }
    targets: [{ repository: ${next}, workflow: ci.yml, inputs: { digest: '\${{ job.inputs.digest }}' } }]
inbound:
  - source: { repository: ${inbound} }
    targets: [{ workflow: ci.yml, inputs: [digest] }]
`,
  };
  await control(github, 'POST', '/repositories', { owner: 'octo-org', name, branches: { main: { files } } });
}

interface Job {
  readonly variables: Readonly<Record<string, string>>;
}

const startRun = (name: string) =>
  control<{ id: number }>(github, 'POST', '/runs/start', { repository: `octo-org/${name}`, workflow: 'ci.yml' });
const startJob = (runId: number, job?: string) =>
  control<Job>(github, 'POST', `/runs/${runId}/jobs`, job === undefined ? {} : { job });

interface Result {
  readonly code: number;
  readonly out: string;
  readonly outputs: Readonly<Record<string, string>>;
}

async function runAction(job: Job, target: string, change: Readonly<Record<string, string>> = {}): Promise<Result> {
  const output = join(dataDir, `output-${Math.random()}`);
  const env = {
    ...inheritedVariables,
    ...job.variables,
    GITHUB_OUTPUT: output,
    DISPATCHER_URL: system.url,
    TARGET_REPOSITORY: `octo-org/${target}`,
    TARGET_WORKFLOW: 'ci.yml',
    TARGET_INPUTS: '{"digest":"sha256:0123"}',
    ...change,
  };
  const { code, stdout } = await exec(process.execPath, [script], { env }).then(
    (ended) => ({ ...ended, code: 0 }),
    (error: { code: number; stdout: string }) => error,
  );
  const written = await readFile(output, 'utf8').catch(() => '');
  const outputs = [...written.matchAll(/^([\w-]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
  return { code, out: stdout, outputs: Object.fromEntries(outputs) };
}

async function factOf<T extends HistoryFact['type']>(
  runKey: string,
  type: T,
): Promise<Extract<HistoryFact, { type: T }>> {
  let found: Extract<HistoryFact, { type: T }> | undefined;
  await until(async () => {
    [found] = ofType(await factsOfRun(system.url, runKey), type);
    return found !== undefined;
  });
  return found as Extract<HistoryFact, { type: T }>;
}

describe('a job', () => {
  test('starts a workflow while its run is in progress, once, and its timeline shows how the run ended', async () => {
    await createLink('build', 'ship');
    await createLink('ship', 'build');
    const run = await startRun('build');
    const job = await startJob(run.id);
    const first = await runAction(job, 'ship');
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('octo-org/ship:ci.yml is started') });
    const runKey = first.outputs['run-key'] ?? '';
    const { data } = await factOf(runKey, 'dispatch.accepted');
    expect(data.dispatchId).toBe(first.outputs['dispatch-id']);

    expect((await runAction(job, 'ship')).outputs).toEqual(first.outputs);
    // Another request, which ends after anything that the repetition could have started.
    const other = await runAction(job, 'ship', { IDEMPOTENCY_KEY: 'again' });
    await factOf(other.outputs['run-key'] ?? '', 'dispatch.accepted');
    const started = await dispatchedRuns(github, 'octo-org/ship');
    expect(started).toHaveLength(2);
    expect(started[0]).toMatchObject({ inputs: { digest: 'sha256:0123' } });

    await control(github, 'POST', `/runs/${data.workflowRunId}/complete`, { conclusion: 'success' });
    expect(await factOf(runKey, 'dispatch.completed')).toMatchObject({
      data: { conclusion: 'success', sourceRunUrl: expect.stringContaining(`/octo-org/build/actions/runs/${run.id}`) },
    });
    expect(await factOf(runKey, 'run.planned')).toMatchObject({
      data: { trigger: { type: 'job.requested', run: { id: run.id } } },
    });
  });

  test('is listed with its run, and an operator can replay its request after the run has ended', async () => {
    await createLink('replayed', 'replayed-target');
    await createLink('replayed-target', 'replayed');
    const run = await startRun('replayed');
    const runKey = (await runAction(await startJob(run.id), 'replayed-target')).outputs['run-key'] ?? '';
    await factOf(runKey, 'dispatch.accepted');
    await control(github, 'POST', `/runs/${run.id}/complete`, { conclusion: 'success' });
    const environment = await operatorEnvironment(dataDir);
    expect(await runCommandLine(environment, 'why', runKey)).toContain('octo-org/replayed-target:ci.yml was started');

    const again = ['--dispatch-again', '--reason', 'a test', '--timeout', '300'];
    await runCommandLine(environment, 'replay', runKey, ...again);
    await until(async () => (await dispatchedRuns(github, 'octo-org/replayed-target')).length === 2);
    const started = await dispatchedRuns(github, 'octo-org/replayed-target');
    expect(started.map(({ inputs }) => inputs['digest'])).toEqual(['sha256:0123', 'sha256:0123']);
  });

  test('that the target does not accept fails with the code and what to do, and starts nothing', async () => {
    await createLink('refused-source', 'refused-target');
    await createLink('refused-target', 'refused-source', 'website, job: ci.yml');
    const { code, out } = await runAction(await startJob((await startRun('refused-source')).id), 'refused-target');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^::error title=Request a dispatch::Dispatcher refused the request \(403\)\..*\(target-refused\)/,
    );
    expect(await dispatchedRuns(github, 'octo-org/refused-target')).toEqual([]);
  });

  test('without id-token: write fails with what is missing, and one whose run has ended gets no token', async () => {
    await createLink('ended', 'ended-target');
    const run = await startRun('ended');
    const without = await runAction(await startJob(run.id, 'test'), 'ended-target');
    expect(without).toMatchObject({ code: 1, out: expect.stringContaining('id-token: write') });
    const job = await startJob(run.id);
    await control(github, 'POST', `/runs/${run.id}/complete`, { conclusion: 'success' });
    expect(await runAction(job, 'ended-target')).toMatchObject({ code: 1, out: expect.stringContaining('::error') });
  });

  test('repeats its request while the issuer of its token is down, and succeeds', async () => {
    await createLink('patient', 'patient-target');
    await createLink('patient-target', 'patient');
    const job = await startJob((await startRun('patient')).id);
    const rules = [{ match: { operation: 'run-read', times: 1 }, fault: { status: 503 } }];
    await control(github, 'POST', '/faults', { rules, seed: 1 });
    const { code, out } = await runAction(job, 'patient-target');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Trying again') });
  });

  test.each([
    ['inputs that are not JSON', { TARGET_INPUTS: 'digest=1' }, 'inputs'],
    ['no target', { TARGET_REPOSITORY: '' }, 'repository is missing'],
    ['a time that is not a number', { TIMEOUT_SECONDS: 'soon' }, 'timeout-seconds'],
  ])('whose step has %s fails before it requests anything', async (_, change, message) => {
    const { code, out } = await runAction({ variables: {} }, 'ship', change);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining(message) });
  });
});

describe('a chain of jobs', () => {
  /** Requests a dispatch from a job of the run that was started in the repository. */
  async function requestFromStarted(name: string, target: string): Promise<Result> {
    await until(async () => (await dispatchedRuns(github, `octo-org/${name}`)).length > 0);
    const [run] = await dispatchedRuns(github, `octo-org/${name}`);
    return runAction(await startJob(run?.id ?? 0), target);
  }

  test('ends where it comes back, and at the limit of its depth', async () => {
    await createLink('chain-a', 'chain-b');
    await createLink('chain-b', 'chain-a');
    expect((await runAction(await startJob((await startRun('chain-a')).id), 'chain-b')).code).toBe(0);
    const back = await requestFromStarted('chain-b', 'chain-a');
    expect(back).toMatchObject({ code: 1, out: expect.stringContaining('(route-loop)') });
    expect(await dispatchedRuns(github, 'octo-org/chain-a')).toEqual([]);

    await createLink('deep-a', 'deep-b');
    await createLink('deep-b', 'deep-c');
    await createLink('deep-c', 'deep-d');
    await createLink('deep-d', 'deep-a');
    expect((await runAction(await startJob((await startRun('deep-a')).id), 'deep-b')).code).toBe(0);
    expect((await requestFromStarted('deep-b', 'deep-c')).code).toBe(0);
    expect(await requestFromStarted('deep-c', 'deep-d')).toMatchObject({
      code: 1,
      out: expect.stringContaining('(depth-exceeded)'),
    });
    expect(await dispatchedRuns(github, 'octo-org/deep-d')).toEqual([]);
  });
});
