import { describe, expect, test } from '@jest/globals';
import { runCommand } from '../run-command.ts';

const consent = `inbound:
  - source: { schedule: nightly }
    targets:
      - { workflow: cd.yml, refs: ['release/*'], inputs: [environment] }
`;
const workflow = 'on: { workflow_dispatch: { inputs: { environment: { type: string } } } }\njobs: {}\n';
const ofJob = (more = '') => `inbound:
  - source: { repository: app, job: release.yml${more} }
    targets: [{ workflow: cd.yml, inputs: [sha] }]
`;
const files: Readonly<Record<string, string>> = {
  'deploy.yml': consent,
  'cd.yml': workflow,
  'app.yml': `outbound:
  - source: { job: release.yml, tags: ['v*'], branches: [main] }
    targets:
      - { repository: deploy, workflow: cd.yml, inputs: { sha: '\${{ job.inputs.sha }}' } }
      - { repository: deploy, workflow: cd.yml, id: eu }
`,
  'accepts-jobs.yml': ofJob(", tags: ['v*'], branches: [main]"),
  'accepts-production.yml': ofJob(', environments: [production]'),
  'accepts-runs.yml': ofJob().replace('job:', 'workflow:'),
};

async function explain(...args: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await runCommand(['explain', ...args], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    readFile: (path) => Buffer.from(files[path] ?? ''),
  });
  return { code, out, err };
}

const start = ['--start', 'octo-org/deploy:cd.yml', '--target', 'octo-org/deploy=deploy.yml'];

describe('explain --trigger', () => {
  test('a schedule that the target names starts its workflow, with its ref and inputs', async () => {
    const { code, out } = await explain(
      '--trigger',
      'schedule:nightly',
      ...start,
      '--workflow',
      'octo-org/deploy:cd.yml=cd.yml',
      '--input',
      'environment=staging',
      '--ref',
      'release/1',
      '--default-branch',
      'octo-org/deploy=release/1',
    );
    expect({ code, first: out.split('\n')[0] }).toEqual({ code: 0, first: 'Starts octo-org/deploy:cd.yml.' });
    expect(out).toContain('schedule nightly');
    expect(out).toContain('input environment: staging');
  });

  test.each([
    ['another schedule', ['--trigger', 'schedule:weekly', ...start], 'inbound-no-match'],
    ['a key of the same name', ['--trigger', 'key:nightly', ...start], 'inbound-no-match'],
    ['a webhook of the same name', ['--trigger', 'webhook:nightly', ...start], 'inbound-no-match'],
    [
      'an input that the rule does not name',
      ['--trigger', 'schedule:nightly', ...start, '--input', 'sha=1'],
      'inbound-',
    ],
    ['a target that is not visible', ['--trigger', 'schedule:nightly', '--start', 'a/b:cd.yml'], 'target-not-visible'],
  ])('%s starts nothing', async (_, args, code) => {
    const { code: exit, out } = await explain(...args, '--json');
    expect(exit).toBe(1);
    const { decisions } = JSON.parse(out) as { decisions: { code: string; effect: string }[] };
    expect(decisions).toMatchObject([{ effect: 'deny', code: expect.stringContaining(code) }]);
  });

  test.each([
    ['an unknown kind', ['--trigger', 'cron:nightly', ...start], /schedule:nightly/],
    ['a name without a kind', ['--trigger', 'nightly', ...start], /schedule:nightly/],
    ['no workflow', ['--trigger', 'schedule:nightly'], /--start/],
    ['a target without an owner', ['--trigger', 'schedule:nightly', '--start', 'deploy:cd.yml'], /--start/],
    ['a commit as ref', ['--trigger', 'schedule:nightly', ...start, '--ref', 'a'.repeat(40)], /--ref: .*commit/],
    ['an input without a value', ['--trigger', 'schedule:nightly', ...start, '--input', 'a'], /name=value/],
    ['a run as well', ['--trigger', 'schedule:nightly', ...start, '--run', 'run.json'], /cannot be combined/],
    ['--live as well', ['--trigger', 'schedule:nightly', ...start, '--live', 'a/b'], /cannot be combined with --live/],
    ['an input of a run', ['--run', 'run.json', '--input', 'a=1'], /add --trigger/],
  ])('%s is a usage error', async (_, args, message) => {
    expect(await explain(...args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
  });
});

describe('explain --trigger job:', () => {
  const job = (target: string, ...more: readonly string[]) =>
    explain(
      '--trigger',
      'job:octo-org/app:release.yml',
      '--source',
      'octo-org/app=app.yml',
      '--target',
      `octo-org/deploy=${target}`,
      ...more,
    );
  const cd = ['--start', 'octo-org/deploy:cd.yml'];
  const withSha = [...cd, '--input', 'sha=abc'];

  test('starts what both sides name, with the inputs of the job', async () => {
    const { code, out } = await job('accepts-jobs.yml', ...cd, '--input', 'sha=one\ntwo');
    expect({ code, first: out.split('\n')[0] }).toEqual({ code: 0, first: 'Starts octo-org/deploy:cd.yml.' });
  });

  test.each<[string, string, readonly string[], number, string]>([
    ['a tag that both sides name', 'accepts-jobs.yml', [...withSha, '--ref', 'v1', '--ref-type', 'tag'], 0, 'allowed'],
    ['the target with an id', 'accepts-jobs.yml', ['--start', 'octo-org/deploy:cd.yml#eu'], 0, 'allowed'],
    ['an id that no target has', 'accepts-jobs.yml', ['--start', 'octo-org/deploy:cd.yml#us'], 1, 'no-match'],
    ['a branch that no rule names', 'accepts-jobs.yml', [...cd, '--ref', 'feature'], 1, 'no-match'],
    ['an event that no rule names', 'accepts-jobs.yml', [...cd, '--event', 'pull_request_target'], 1, 'no-match'],
    ['the environment', 'accepts-production.yml', [...withSha, '--environment', 'production'], 0, 'allowed'],
    ['no environment where one is needed', 'accepts-production.yml', withSha, 1, 'inbound-environment'],
    ['a target that accepts runs', 'accepts-runs.yml', withSha, 1, 'inbound-no-match'],
    ['an input that no rule uses', 'accepts-jobs.yml', [...withSha, '--input', 'other=1'], 1, 'job-input-unused'],
  ])('%s', async (_, target, args, exit, code) => {
    const { code: ended, out } = await job(target, ...args, '--json');
    const plan = JSON.parse(out) as { code: string; decisions: { code: string }[] };
    expect({ ended, code: plan.decisions[0]?.code ?? plan.code }).toEqual({ ended: exit, code });
  });

  test.each<[string, readonly string[], RegExp]>([
    ['no workflow of the job', ['--trigger', 'job:octo-org/app', ...cd], /job:owner\/name:release\.yml/],
    ['no target', ['--trigger', 'job:octo-org/app:release.yml'], /--start/],
    ['no file of the source', ['--trigger', 'job:octo-org/app:release.yml', ...cd], /--source octo-org\/app=FILE/],
    ['a run as well', ['--trigger', 'job:octo-org/app:release.yml', ...cd, '--run', 'run.json'], /--run/],
    ['an environment of a schedule', ['--trigger', 'schedule:a', ...cd, '--environment', 'x'], /--trigger job/],
    ['an event of a run', ['--run', 'run.json', '--event', 'push'], /--trigger job/],
  ])('%s is a usage error', async (_, args, message) => {
    expect(await explain(...args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
  });
});
