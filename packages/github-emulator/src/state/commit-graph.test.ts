import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { compareCommits } from './commit-graph.ts';
import type { Commit, Repository } from './entities.ts';

let directory: string;
const git = (...args: string[]): string => execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).trim();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'emulator-graph-'));
  git('init', '--quiet');
  git('config', 'user.name', 'Octo Cat');
  git('config', 'user.email', 'octocat@users.noreply.github.com');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Two lines of work with a merge each way, a branch of its own, and a commit without a common ancestor. */
const graph: Readonly<Record<string, readonly string[]>> = {
  root: [],
  a1: ['root'],
  a2: ['a1'],
  b1: ['root'],
  b2: ['b1', 'a1'],
  merge: ['a2', 'b2'],
  after: ['merge'],
  octopus: ['after', 'b2', 'a2'],
  alone: ['b1'],
  unrelated: [],
};

test('two commits compare as git counts the commits that one of them lacks', () => {
  const treeOid = git('write-tree');
  const oids: Record<string, string> = {};
  const commits: Record<string, Commit> = {};
  for (const [message, names] of Object.entries(graph)) {
    const parents = names.map((name) => oids[name] ?? '');
    const oid = git('commit-tree', treeOid, '-m', message, ...parents.flatMap((parent) => ['-p', parent]));
    const [parent = null, ...mergedParents] = parents;
    commits[oid] = { oid, treeOid, parent, mergedParents, message, committedAt: '', files: {} };
    oids[message] = oid;
  }
  const repository = { commits } as unknown as Repository;
  for (const base of Object.values(oids)) {
    for (const head of Object.values(oids)) {
      const [behindBy = 0, aheadBy = 0] = git('rev-list', '--left-right', '--count', `${base}...${head}`)
        .split('\t')
        .map(Number);
      const isRelated = (base === oids['unrelated']) === (head === oids['unrelated']);
      const ofBoth = `${Math.sign(behindBy)}${Math.sign(aheadBy)}`;
      const status = { '00': 'IDENTICAL', '10': 'BEHIND', '01': 'AHEAD', '11': 'DIVERGED' }[ofBoth];
      expect(compareCommits(repository, base, head)).toEqual(isRelated ? { status, aheadBy, behindBy } : null);
    }
  }
});
