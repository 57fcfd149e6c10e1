import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dispatchId, routeId, runKey } from '@dispatcher/contracts';
import { completedRun, completedRunExample, part } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { runCommand } from './run-command.ts';

const source = `outbound:
  - source: { workflow: test.yml }
    targets:
      - { repository: deploy, workflow: cd.yml }
`;
const target = `inbound:
  - source: { repository: octo-repo, workflow: test.yml }
    targets:
      - { workflow: cd.yml }
`;
const pushRun = () => {
  const payload = structuredClone(completedRunExample());
  Object.assign(part(payload, 'workflow_run'), { event: 'push', head_branch: 'main' });
  return payload;
};

/** A run of the same workflow, as the ingress function sends it. */
const runCompleted = completedRun(
  {},
  { repository: { id: 5, owner: 'octo-org', name: 'octo-repo', defaultBranch: 'main' }, workflow: 'test.yml' },
);

/** Runs a command with in-memory files. */
async function run(args: string, files: Readonly<Record<string, string | Uint8Array>> = {}) {
  let out = '';
  let err = '';
  const code = await runCommand(
    args.split(' ').filter((arg) => arg !== ''),
    {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      readFile: (path) => {
        const file = files[path];
        if (file === undefined) throw new Error('no such file');
        return typeof file === 'string' ? new TextEncoder().encode(file) : file;
      },
    },
  );
  return { code, out, err };
}

const files = { 'run.json': JSON.stringify(pushRun()), 's.yml': source, 't.yml': target };
const both = '--source octo-org/octo-repo=s.yml --target octo-org/deploy=t.yml';

describe('explain', () => {
  test('if both sides agree, it exits with 0 and the tree names every side', async () => {
    const { code, out } = await run(`explain --run run.json ${both}`, files);
    expect(code).toBe(0);
    expect(out).toContain('✓ allow octo-org/deploy:cd.yml');
    for (const title of ['the run', 'the operator’s guard rails', 'the source', 'the target'])
      expect(out).toContain(title);
  });

  test('--json has the documented keys', async () => {
    const { out } = await run(`explain --run run.json ${both} --json`, files);
    const shown = JSON.parse(out) as { outcome: string; decisions: { checks: object[] }[] };
    expect(shown.outcome).toBe('planned');
    expect(shown.decisions[0]).toMatchObject({
      effect: 'allow',
      code: 'allowed',
      responsible: 'nobody',
      target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
      ref: 'main',
      inputs: {},
    });
    expect(Object.keys(shown.decisions[0]?.checks[0] ?? {})).toEqual([
      'side',
      'name',
      'satisfied',
      'expected',
      'actual',
    ]);
  });

  test('a denial exits with 1 and prints expected, actual, what to change and who is responsible', async () => {
    const { code, out } = await run(`explain --run run.json ${both}`, {
      ...files,
      't.yml': target.replace('test.yml', 'test.yml, events: [schedule]'),
    });
    expect(code).toBe(1);
    expect(out).toContain('✗ deny octo-org/deploy:cd.yml');
    expect(out).toContain('✗ inbound-event: expected schedule; actual push');
    expect(out).toContain('what to change: Add the event');
    expect(out).toContain('responsible: the maintainers of the target repository');
  });

  test('a run that no rule matches exits with 1 and says why each rule does not match', async () => {
    const { code, out } = await run(`explain --run run.json ${both} --default-branch octo-org/octo-repo=trunk`, files);
    expect(code).toBe(1);
    expect(out).toContain(
      'outbound[0] does not match:\n  └─ ✗ source-branch: expected trunk (the default branch); actual main',
    );
  });

  test('`repository-id` of the source is compared with the run, and that of a target is assumed to be right', async () => {
    const texts = (sourceId: number) => ({
      ...files,
      'run.json': JSON.stringify(runCompleted),
      's.yml': source.replace('repository: deploy', 'repository: deploy, repository-id: 4711'),
      't.yml': target.replace('octo-repo', `octo-repo, repository-id: ${sourceId}`),
    });
    expect((await run(`explain --run run.json ${both}`, texts(5))).code).toBe(0);
    const { code, out } = await run(`explain --run run.json ${both}`, texts(6));
    expect(code).toBe(1);
    expect(out).toContain('✗ inbound-source-id: expected repository 6; actual repository 5');
  });

  test('--ref-type tag decides as for a tag with the name of the branch, and releases are of tags without it', async () => {
    const asTag = await run(`explain --run run.json ${both} --ref-type tag`, files);
    expect(asTag.code).toBe(1);
    expect(asTag.out).toContain('✗ source-ref-type: expected a branch; actual a tag');
    const tags = {
      's.yml': source.replace('test.yml', "test.yml, tags: ['v*']"),
      't.yml': target.replace('test.yml', "test.yml, tags: ['v*']"),
    };
    const release = { ...runCompleted, run: { ...runCompleted.run, event: 'release', headBranch: 'v1' } };
    const ofRelease = await run(`explain --run run.json ${both}`, { ...tags, 'run.json': JSON.stringify(release) });
    expect(ofRelease.out).toContain('✓ allow octo-org/deploy:cd.yml');
    const invalid = await run(`explain --run run.json ${both} --ref-type commit`, files);
    expect(invalid).toMatchObject({ code: 2, err: expect.stringContaining('--ref-type is `branch` or `tag`') });
  });

  test('--default-branch applies to its repository; names are not case-sensitive', async () => {
    const { out } = await run(`explain --run run.json ${both} --default-branch OCTO-org/Deploy=live --json`, files);
    expect(JSON.parse(out)).toMatchObject({ decisions: [{ effect: 'allow', ref: 'live' }] });
  });

  test('dispatch id and inputs are those of the given generation, as planning computes them', async () => {
    const texts = {
      'run.json': JSON.stringify(runCompleted),
      's.yml': source.replace('cd.yml', "cd.yml, inputs: { id: '${{ dispatch.id }}' }"),
      't.yml': target.replace('cd.yml', 'cd.yml, inputs: [id]'),
    };
    const route = routeId({
      source: { repository: 'octo-org/octo-repo', workflow: 'test.yml' },
      target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
    });
    for (const [option, generation] of [
      ['', 0],
      ['--generation 2', 2],
    ] as const) {
      const id = dispatchId(runKey(runCompleted), route, generation);
      const { out } = await run(`explain --run run.json ${both} ${option}`, texts);
      expect(out).toContain(`dispatch id: ${id} (generation ${generation})\n`);
      expect(out).toContain(`input id: ${id}\n`);
      const json = await run(`explain --run run.json ${both} ${option} --json`, texts);
      expect(JSON.parse(json.out)).toMatchObject({ decisions: [{ dispatchId: id, generation, inputs: { id } }] });
    }
    expect((await run(`explain --run run.json ${both} --generation x`, texts)).code).toBe(2);
  });

  test('a given workflow file is checked, others are left to GitHub', async () => {
    const withWorkflow = `explain --run run.json ${both} --workflow octo-org/deploy:cd.yml=cd.yml --json`;
    const { code, out } = await run(withWorkflow, { ...files, 'cd.yml': 'on: push' });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ decisions: [{ code: 'workflow-trigger-missing' }] });
    expect((await run(withWorkflow, { ...files, 'cd.yml': 'on: [workflow_dispatch]' })).code).toBe(0);
  });

  test('a target without an option is not visible to the App', async () => {
    const { code, out } = await run('explain --run run.json --source octo-org/octo-repo=s.yml --json', files);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ decisions: [{ code: 'target-not-visible' }] });
  });

  test('the source can be its own target, with another workflow', async () => {
    const own = `${source.replace('deploy', 'octo-repo')}${target}`;
    expect(
      (await run('explain --run run.json --source octo-org/octo-repo=s.yml', { ...files, 's.yml': own })).code,
    ).toBe(0);
  });

  test('a RunCompleted is accepted as well as a payload', async () => {
    expect(
      (await run(`explain --run run.json ${both}`, { ...files, 'run.json': JSON.stringify(runCompleted) })).code,
    ).toBe(0);
  });

  test('a run of a fork exits with 1 and has no decision', async () => {
    const payload = pushRun();
    Object.assign(part(payload, 'workflow_run'), { head_repository: { id: 999 } });
    const { code, out } = await run(`explain --run run.json ${both} --json`, {
      ...files,
      'run.json': JSON.stringify(payload),
    });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'source-refused', code: 'fork-run', decisions: [] });
  });

  test('an invalid source file exits with 2 and lists every error', async () => {
    const broken = source.replace('workflow: test.yml', 'workflow: test.yml, brances: [x]').replace('cd.yml', 'cd');
    const { code, out } = await run(`explain --run run.json ${both}`, { ...files, 's.yml': broken });
    expect(code).toBe(2);
    expect(out).toContain('unknown key `brances`; did you mean `branches`?');
    expect(out).toContain('s.yml:4:41: workflow `cd` does not end in');
  });

  test('an invalid source file with --json exits with 2 and lists the errors', async () => {
    const { code, out } = await run(`explain --run run.json ${both} --json`, { ...files, 's.yml': 'outbound: 3' });
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'config-invalid',
      decisions: [],
      errors: [{ file: 's.yml', line: 1, column: 11 }],
    });
  });

  test('a run is identified by the path of its workflow file, with or without @ref, not by its name or title', async () => {
    for (const path of ['.github/workflows/test.yml', '.github/workflows/test.yml@refs/heads/main']) {
      const payload = pushRun();
      Object.assign(part(payload, 'workflow_run'), { name: 'cd.yml', display_title: 'evil.yml', path });
      const { code } = await run(`explain --run run.json ${both}`, { ...files, 'run.json': JSON.stringify(payload) });
      expect({ path, code }).toEqual({ path, code: 0 });
    }
    const other = pushRun();
    Object.assign(part(other, 'workflow_run'), { name: 'test.yml', path: '.github/workflows/other.yml' });
    expect((await run(`explain --run run.json ${both}`, { ...files, 'run.json': JSON.stringify(other) })).code).toBe(1);
  });

  test.each([
    [
      'a managed workflow',
      'dynamic/pages/pages-build-deployment',
      /path of the run is `dynamic\/pages\/pages-build-deployment`.*managed workflows start nothing/,
    ],
    ['a start-up failure', 'BuildFailed', /path of the run is `BuildFailed`.*start-up failure starts nothing/],
    ['no workflow file', null, /The run has no path/],
    ['a path with escape sequences', 'dynamic/\u001b[2J', /dynamic\/\uFFFD\[2J/],
  ])('a run of %s is ignored with the reason, and exits with 1', async (_, path, message) => {
    const payload = { ...pushRun(), workflow: null };
    Object.assign(part(payload, 'workflow_run'), { path });
    const texts = { ...files, 'run.json': JSON.stringify(payload) };
    const { code, out, err } = await run(`explain --run run.json ${both}`, texts);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^ignored: not-a-workflow-file\n/);
    expect(out).toMatch(message);
    expect(out).not.toContain('completed');
    const json = await run(`explain --run run.json ${both} --json`, texts);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ outcome: 'ignored', reason: 'not-a-workflow-file', decisions: [] });
  });

  test('escape sequences in a branch name do not reach the terminal', async () => {
    const payload = pushRun();
    Object.assign(part(payload, 'workflow_run'), { head_branch: 'x\u001b[2Jy' });
    const { out } = await run(`explain --run run.json ${both}`, { ...files, 'run.json': JSON.stringify(payload) });
    expect(out).toContain('x\uFFFD[2Jy');
  });

  test.each([
    ['no run', both, /--run/],
    ['a run that is not JSON', `--run s.yml ${both}`, /not valid JSON/],
    ['a payload of another kind', `--run other.json ${both}`, /neither a `workflow_run` payload nor a run of `gh api`/],
    ['a run of gh api in progress', `--run running.json ${both}`, /status `in_progress`.*Only completed runs/],
    ['a list of runs', `--run list.json ${both}`, /is a list of runs/],
    ['a run that is not completed', `--run requested.json ${both}`, /action-not-completed/],
    [
      'no source file for the run’s repository',
      '--run run.json --source a/b=s.yml',
      /--source octo-org\/octo-repo=FILE/,
    ],
    ['a source without a file', '--run run.json --source octo-org/octo-repo', /does not have the form/],
    ['a file that does not exist', '--run run.json --source octo-org/octo-repo=none.yml', /Cannot read none\.yml/],
    ['an unknown option', '--what 1', /what/],
    [
      'a file that is not text',
      '--run run.json --source octo-org/octo-repo=binary.yml',
      /Cannot read binary\.yml: .*utf-8/,
    ],
  ])('invalid arguments exit with 2 and one message: %s', async (_, args, message) => {
    const requested = JSON.stringify({ ...pushRun(), action: 'requested' });
    const { code, out, err } = await run(`explain ${args}`, {
      ...files,
      'other.json': '[]',
      'running.json': JSON.stringify({ ...part(pushRun(), 'workflow_run'), status: 'in_progress', repository: {} }),
      'list.json': JSON.stringify({ total_count: 0, workflow_runs: [] }),
      'requested.json': requested,
      'binary.yml': new Uint8Array([0xff, 0xfe, 0]),
    });
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
  });
});

describe('validate', () => {
  const broken = source.replace('test.yml', 'test.yml, brances: [x], a,b: 1');

  test('valid files exit with 0', async () => {
    expect(await run('validate s.yml t.yml', files)).toEqual({ code: 0, out: 's.yml: valid\nt.yml: valid\n', err: '' });
  });

  test('errors exit with 1, each with file, line and column', async () => {
    const { code, out } = await run('validate t.yml s.yml', { ...files, 's.yml': broken });
    expect(code).toBe(1);
    expect(out).toContain('t.yml: valid\n');
    expect(out).toContain('s.yml:2:35: unknown key `brances`; did you mean `branches`?\n');
  });

  test('--json names each file and its errors', async () => {
    const { code, out } = await run('validate --json s.yml t.yml', { ...files, 's.yml': broken });
    expect(code).toBe(1);
    const shown = JSON.parse(out) as { files: { errors: object[] }[] };
    expect(shown).toMatchObject({
      valid: false,
      files: [
        { file: 's.yml', valid: false },
        { file: 't.yml', valid: true, errors: [] },
      ],
    });
    expect(shown.files[0]?.errors[0]).toMatchObject({ line: 2, column: 35, text: 'brances' });
  });

  test('--format github prints annotations, and escapes what could start another workflow command', async () => {
    const malicious = 'a: 1\n"x\\n::warning::y%0A": 1\n';
    const { code, out } = await run('validate --format github a,b:c.yml', { 'a,b:c.yml': malicious });
    expect(code).toBe(1);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toMatch(/^::error file=a%2Cb%3Ac\.yml,line=[12],col=1,title=dispatching\.yml::unknown key /);
    expect(lines[1]).toContain('y%250A');
  });

  test('a warning is printed in every format, and the file stays valid', async () => {
    const path = '.github/dispatching.yaml';
    const fix = 'a file named `dispatching.yaml` is never read; rename it to `dispatching.yml`';
    const withWarning = { [path]: source };
    expect(await run(`validate ${path}`, withWarning)).toEqual({
      code: 0,
      out: `${path}: valid\nwarning: ${path}:1:1: ${fix}\n`,
      err: '',
    });
    const github = await run(`validate --format github ${path}`, withWarning);
    expect(github.code).toBe(0);
    expect(github.out).toBe(`::warning file=${path},line=1,col=1,title=dispatching.yml::${fix}\n`);
    const json = await run(`validate --json ${path}`, withWarning);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.out)).toMatchObject({
      valid: true,
      files: [{ valid: true, errors: [], warnings: [{ file: path, line: 1, fix: 'rename it to `dispatching.yml`' }] }],
    });
  });

  test('braces that are sent as text are a warning with line and column', async () => {
    const text =
      'outbound: [{ source: { workflow: a.yml }, targets: [{ repository: b, workflow: c.yml, inputs: { v: "{{ x }}" } }] }]';
    const { code, out } = await run('validate s.yml', { 's.yml': text });
    expect(code).toBe(0);
    expect(out).toContain('warning: s.yml:1:100: `{{ x }}` is sent as text;');
  });

  test('a warning about the name is printed beside the errors of the file', async () => {
    const { code, out } = await run('validate dispatching.yaml', { 'dispatching.yaml': 'outbound: 3' });
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
  });

  test.each([['validate'], ['validate none.yml'], ['validate --format xml s.yml'], ['nothing'], ['']])(
    'invalid arguments exit with 2: %s',
    async (args) => {
      expect((await run(args, files)).code).toBe(2);
    },
  );
});

test('commands have a help text', async () => {
  for (const name of ['explain', 'validate']) {
    const { code, out } = await run(`${name} --help`);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: dispatcher ${name}`);
    expect((await run('--help')).out).toContain(name);
  }
});

test('the executable reads files and returns the exit code', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dispatcher-cli-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const start = (...args: string[]) =>
      spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' });
    const explained = start('explain', '--run', 'run.json', ...both.split(' '), '--json');
    expect({ status: explained.status, stderr: explained.stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(explained.stdout)).toMatchObject({ outcome: 'planned' });
    expect(start('validate', 'none.yml').status).toBe(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
