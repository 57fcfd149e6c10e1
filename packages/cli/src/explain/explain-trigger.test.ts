import { describe, expect, test } from '@jest/globals';
import { runCommand } from '../run-command.ts';

const consent = `inbound:
  - source: { schedule: nightly }
    targets:
      - { workflow: cd.yml, refs: ['release/*'], inputs: [environment] }
`;
const workflow = 'on: { workflow_dispatch: { inputs: { environment: { type: string } } } }\njobs: {}\n';
const files: Readonly<Record<string, string>> = { 'deploy.yml': consent, 'cd.yml': workflow };

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
