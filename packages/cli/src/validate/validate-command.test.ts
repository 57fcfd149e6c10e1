import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { repositoryOfUrl } from './repository-of.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const valid = `outbound:
  - source: { workflow: ci.yml }
    targets: [{ repository: deploy, workflow: cd.yml }]
`;
const selfDispatch = valid.replace('deploy, workflow: cd.yml', 'app, workflow: ci.yml');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dispatcher-validate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string | Uint8Array): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Starts the command in the folder. */
function validate(args: readonly string[] = [], input: string | Uint8Array = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'validate', ...args], { cwd: folder, input });
  return { status, out: stdout.toString(), err: stderr.toString() };
}

describe('without arguments', () => {
  test.each(['dispatching.yml', '.github/dispatching.yml'])(
    'the file of the current directory is validated: %s',
    (path) => {
      write(path, valid);
      expect(validate()).toEqual({ status: 0, out: `${path}: valid\n`, err: '' });
    },
  );

  test('a directory without a file exits with 2 and names both paths', () => {
    const { status, err } = validate();
    expect(status).toBe(2);
    expect(err).toContain('no dispatching.yml and no .github/dispatching.yml');
  });

  test('a file with the wrong extension is found, and the warning says so', () => {
    write('dispatching.yaml', valid);
    expect(validate().out).toContain('warning: dispatching.yaml:1:1: a file named `dispatching.yaml` is never read');
  });
});

describe('the policy of an owner', () => {
  test('is validated by its name, also without arguments in the repository `.github`', () => {
    write('dispatching-policy.yml', 'sources: [app]\n');
    expect(validate()).toEqual({ status: 0, out: 'dispatching-policy.yml: valid\n', err: '' });
    expect(validate(['.']).out).toBe('dispatching-policy.yml: valid\n');
  });

  test('with an error exits with 1, and the annotation names the file', () => {
    write('dispatching-policy.yml', 'source: [app]\n');
    const { status, out } = validate(['--format', 'github', 'dispatching-policy.yml']);
    expect(status).toBe(1);
    expect(out).toContain(
      '::error file=dispatching-policy.yml,line=1,col=1,title=dispatching-policy.yml::unknown key `source`; did you mean `sources`?',
    );
  });
});

describe('a directory', () => {
  test('stands for every dispatching.yml below it, but not for those of dependencies', () => {
    write('a/dispatching.yml', valid);
    write('b/.github/dispatching.yml', 'outbound: 3\n');
    write('b/node_modules/x/dispatching.yml', 'outbound: 3\n');
    write('b/other.yml', 'outbound: 3\n');
    const { status, out } = validate(['--json', '.']);
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      files: [
        { file: 'a/dispatching.yml', valid: true },
        { file: 'b/.github/dispatching.yml', errors: [{ line: 1, column: 11 }] },
      ],
    });
  });

  test('without any exits with 2', () => {
    expect(validate(['.'])).toMatchObject({ status: 2, err: expect.stringContaining('contains no dispatching.yml') });
  });
});

test('a repository with both files has an error in each, as when a run is planned', () => {
  write('dispatching.yml', valid);
  write('.github/dispatching.yml', valid);
  const { status, out } = validate();
  expect(status).toBe(1);
  expect(out).toMatch(/^dispatching\.yml:1:1: \.github\/dispatching\.yml exists too/);
  expect(out).toContain('.github/dispatching.yml:1:1: dispatching.yml exists too');
  expect(validate(['dispatching.yml']).status).toBe(1);
});

describe('the standard input', () => {
  test('is read for -, and is named in messages', () => {
    expect(validate(['-'], valid)).toEqual({ status: 0, out: '<stdin>: valid\n', err: '' });
    expect(validate(['-'], 'outbound: 3\n')).toMatchObject({
      status: 1,
      out: expect.stringMatching(/^<stdin>:1:11: /),
    });
  });

  test('that is empty is a file without rules', () => {
    expect(validate(['-'])).toMatchObject({
      status: 0,
      out: expect.stringContaining('warning: <stdin>:1:1: the file has no rules'),
    });
  });
});

test('a file in UTF-16 is an error that names the encoding, in every format', () => {
  write('dispatching.yml', new Uint8Array(Buffer.from(`\uFEFF${valid}`, 'utf16le')));
  expect(validate()).toEqual({
    status: 1,
    out: 'dispatching.yml:1:1: the file is UTF-16, not UTF-8; save it as UTF-8 text\n',
    err: '',
  });
  expect(validate(['--format', 'github']).out).toBe(
    '::error file=dispatching.yml,line=1,col=1,title=dispatching.yml::the file is UTF-16, not UTF-8; save it as UTF-8 text\n',
  );
});

describe('a malicious file', () => {
  /** Commands of the runner of GitHub Actions and of terminals, in every place that a message quotes or names. */
  const content = [
    '"::set-output name=x::y\\n::stop-commands::t\\e[31m ##[set-output name=a]b": 1',
    'outbound:',
    '  - source: { workflow: "ci\\n::add-mask::x.yml" }',
    '    targets: [{ repository: "a\\n##[error]b", workflow: "cd\\r::warning::x.yml", id: "\\e]0;title\\a##[add-mask]c" }]',
    '',
  ].join('\n');

  /** Returns the commands that the runner would find in a log: `::` begins a line, `##[` is anywhere. */
  const commandsIn = (log: string) => log.split(/[\r\n]+/).filter((line) => /^\s*::|##\[/.test(line));

  beforeEach(() => {
    write('dispatching.yml', content);
    write('d\n::error::dir/dispatching.yml', content);
    write('::warning::dir/dispatching.yml', content);
    write('##[debug]dir/dispatching.yml', content);
    write('\u001B[2Jvalid/dispatching.yml', valid);
  });

  test.each(['text', 'json'])('causes no command of the runner or the terminal with --format %s', (format) => {
    const { status, out, err } = validate(['--format', format, '.']);
    expect([status, err]).toEqual([1, '']);
    expect(commandsIn(out)).toEqual([]);
    expect(out).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(out).toContain('unknown key');
  });

  test('keeps its text in JSON', () => {
    const { files } = JSON.parse(validate(['--json', '.']).out) as { files: readonly { file: string }[] };
    expect(files.map(({ file }) => file)).toContain('d\n::error::dir/dispatching.yml');
    expect(files.map(({ file }) => file)).toContain('##[debug]dir/dispatching.yml');
  });

  test('causes annotations only with --format github, of errors and warnings, whose files are escaped', () => {
    const { out } = validate(['--format', 'github', '.']);
    for (const line of out.trimEnd().split('\n')) {
      expect(line).toMatch(/^::(?:error|warning) file=[^:,]+,line=\d+,col=\d+,title=dispatching\.yml::/);
    }
    expect(out).toContain('file=d%0A%3A%3Aerror%3A%3Adir/dispatching.yml,');
  });

  test.each([
    ['huge', `outbound:\n${'  - sauce: {}\n'.repeat(1_000_000)}`, 'the file is larger than 192 KB'],
    ['with thousands of errors', `outbound:\n${'  - sauce: {}\n'.repeat(9_000)}`, 'unknown key `sauce`'],
    ['nested very deeply', `a: ${'['.repeat(60_000)}`, 'nested deeper than 40 levels'],
    [
      'with aliases that multiply',
      `a: &a [x, x]\n${'bcdefghijklmnop'
        .split('')
        .map((name, at) => `${name}: &${name} [*${'abcdefghijklmno'[at]}, *${'abcdefghijklmno'[at]}]`)
        .join('\n')}\n`,
      'anchors are not allowed',
    ],
  ])('%s has few lines of errors', (_, text, message) => {
    rmSync(folder, { recursive: true });
    write('dispatching.yml', text);
    const { status, out } = validate();
    expect(status).toBe(1);
    expect(out).toContain(message);
    expect(out.length).toBeLessThan(20_000);
  });
});

describe('warnings', () => {
  test('fail with --strict only', () => {
    write('dispatching.yml', valid + valid.replace('outbound:\n', ''));
    const { status, out } = validate();
    expect(status).toBe(0);
    expect(out).toContain('warning: dispatching.yml:5:15: the target never starts: `outbound[0].targets[0]`');
    expect(validate(['--strict'])).toMatchObject({
      status: 1,
      out,
      err: '1 warning; with --strict, warnings are errors.\n',
    });
    write('dispatching.yml', valid);
    expect(validate(['--strict']).status).toBe(0);
  });

  test('name a workflow that starts itself if --repository or the remote of the working tree names the repository', () => {
    write('dispatching.yml', selfDispatch);
    expect(validate().out).toBe('dispatching.yml: valid\n');
    const warning = 'warning: dispatching.yml:3:15: the target is the source’s own workflow';
    expect(validate(['--repository', 'octo/app']).out).toContain(warning);
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    execFileSync('git', ['remote', 'add', 'origin', 'git@github.com:octo/app.git'], { cwd: folder });
    expect(validate().out).toContain(warning);
    // A file elsewhere in the working tree need not belong to this repository.
    write('examples/app.yml', selfDispatch);
    expect(validate(['examples/app.yml']).out).toBe('examples/app.yml: valid\n');
    expect(validate(['--repository', 'app'])).toMatchObject({ status: 2 });
  });
});

test.each([
  ['https://github.com/octo/app', 'octo/app'],
  ['https://user@github.example:8443/octo/app.js.git', 'octo/app.js'],
  ['git@github.com:octo/app.git', 'octo/app'],
  ['ssh://git@github.com/octo/app.git/', 'octo/app'],
  ['/srv/git/app.git', undefined],
  ['https://example.com/a/b/c', undefined],
])('the repository of the remote %s is %s', (url, repository) => {
  expect(repositoryOfUrl(url)).toBe(repository);
});
