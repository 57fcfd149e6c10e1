import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildTree, commitId, nodeAt, tagId, textOf } from './git-objects.ts';

describe('object ids', () => {
  let directory: string;
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).trim();
  const seconds = 1_800_000_000;
  const gitAt = (args: readonly string[], input = ''): string => {
    const person = { NAME: 'Octo Cat', EMAIL: 'octocat@users.noreply.github.com', DATE: `${seconds} +0000` };
    const env = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
      Object.entries(person).map(([field, value]) => [`GIT_${role}_${field}`, value]),
    );
    const options = { cwd: directory, encoding: 'utf8', input, env: { ...process.env, ...Object.fromEntries(env) } };
    return execFileSync('git', args, options as { encoding: 'utf8' }).trim();
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'emulator-git-'));
    git('init', '--quiet');
    git('config', 'core.autocrlf', 'false');
    git('config', 'advice.nestedTag', 'false');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test("of blobs and trees are git's, with directories in git's order", () => {
    const files = {
      'README.md': '# one\r\n',
      'lib.txt': 'after the directory lib? No: git sorts `lib/` behind `lib.txt`',
      'lib/a.ts': 'export {};\n',
      'lib-b/c.ts': '',
      'unicode/ä.txt': 'ü\u0000\n',
      '.github/workflows/ci.yml': 'on: push\n',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    symlinkSync('lib/a.ts', join(directory, 'link.ts'));
    git('add', '--all');
    const tree = buildTree({ ...files, 'link.ts': { symlink: 'lib/a.ts' } });
    expect(tree.oid).toBe(git('write-tree'));
    expect(nodeAt(tree, 'lib/a.ts')?.oid).toBe(git('hash-object', 'lib/a.ts'));
    expect(nodeAt(tree, 'lib')?.oid).toBe(git('write-tree', '--prefix=lib/'));
  });

  test("of commits, merge commits and annotated tags are git's", () => {
    const treeOid = git('write-tree');
    const commit = (message: string, ...parents: string[]) => {
      const oid = gitAt(['commit-tree', treeOid, '-m', message, ...parents.flatMap((parent) => ['-p', parent])]);
      expect(commitId({ treeOid, parents, seconds, message })).toBe(oid);
      return oid;
    };
    const base = commit('base');
    const merge = commit('merge', commit('one', base), commit('two', base));
    gitAt(['tag', '--annotate', '-m', 'The first', 'v1', merge]);
    const tag = { target: merge, targetType: 'commit', name: 'v1', seconds, message: 'The first' } as const;
    expect(tagId(tag)).toBe(git('rev-parse', 'refs/tags/v1'));
    gitAt(['tag', '--annotate', '-m', 'Signed off', 'v1-signed', 'v1']);
    const outer = { target: tagId(tag), targetType: 'tag', name: 'v1-signed', seconds, message: 'Signed off' } as const;
    expect(tagId(outer)).toBe(git('rev-parse', 'refs/tags/v1-signed'));
  });

  test('of a submodule are the commit ids of its entry', () => {
    const commit = '1234567890123456789012345678901234567890';
    git('update-index', '--add', '--cacheinfo', `160000,${commit},vendor/sub`);
    expect(buildTree({ 'vendor/sub': { submodule: commit } }).oid).toBe(git('write-tree'));
  });
});

describe('text', () => {
  test('is truncated to 512,000 bytes of whole characters', () => {
    const { text, isTruncated } = textOf(Buffer.from(`${'a'.repeat(511_999)}ü and more`));
    expect(isTruncated).toBe(true);
    expect(text).toBe('a'.repeat(511_999));
  });
  test('of 512,000 bytes is complete and keeps its byte-order mark', () => {
    const whole = `\uFEFF${'b'.repeat(511_997)}`;
    expect(textOf(Buffer.from(whole))).toEqual({ text: whole, isTruncated: false });
  });
  test('of a file with a zero byte is null', () => {
    expect(textOf(Buffer.from([0x61, 0, 0x62]))).toEqual({ text: null, isTruncated: false });
  });
});

test.each([
  [{ a: 'x', 'a/b': 'y' }, 'which is a file'],
  [{ 'a/b': 'y', a: 'x' }, 'both a file and a directory'],
  [{ '/a': 'x' }, 'is not a valid path'],
  [{ 'a/../b': 'x' }, 'is not a valid path'],
])('invalid or contradictory paths are refused: %j', (files, message) => {
  expect(() => buildTree(files)).toThrow(message);
});
