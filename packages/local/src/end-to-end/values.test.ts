import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { eventually } from '../testing/until.ts';

// The values of inputs, from a delivery to the run that GitHub starts.

let dataDir: string;
let system: System;
let github: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'values-'));
  system = await startSystem({ dataDir, port: 0, env: { CREATE_ISSUES: 'false' } });
  github = system.emulatorUrl ?? '';
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

test('the number of the pull request and a literal of several lines arrive in the started run', async () => {
  const outbound = `outbound:
  - source: { workflow: ci.yml, branches: [patch], events: [pull_request] }
    targets:
      - repository: octo-org/values-target
        workflow: cd.yml
        inputs:
          pull-request: \${{ source.pull_request_number }}
          note: |
            Preview of #\${{ source.pull_request_number }}
            by \${{ source.actor }}
`;
  const inbound = `inbound:
  - source: { repository: values-source, workflow: ci.yml, branches: [patch], events: [pull_request] }
    targets: [{ workflow: cd.yml, inputs: [pull-request, note] }]
`;
  const inputs = '{ pull-request: { type: string }, note: { type: string } }';
  const create = (name: string, dispatching: string, branches: readonly string[]) => {
    const files = {
      '.github/workflows/ci.yml': 'on: [push, pull_request]\njobs: {}\n',
      '.github/workflows/cd.yml': `on: { workflow_dispatch: { inputs: ${inputs} } }\njobs: {}\n`,
      'dispatching.yml': dispatching,
    };
    const contents = Object.fromEntries(branches.map((branch) => [branch, { files }]));
    return control(github, 'POST', '/repositories', { owner: 'octo-org', name, branches: contents });
  };
  await create('values-source', outbound, ['main', 'patch']);
  await create('values-target', inbound, ['main']);
  const run = { repository: 'octo-org/values-source', workflow: 'ci.yml', event: 'pull_request', branch: 'patch' };
  await completeRun(github, { ...run, pullRequests: [42] });
  await eventually(async () =>
    expect((await dispatchedRuns(github, 'octo-org/values-target')).map(({ inputs: sent }) => sent)).toEqual([
      { 'pull-request': '42', note: 'Preview of #42\nby octocat\n' },
    ]),
  );
});

test('a tag is started where a branch has the same name, and so is the branch', async () => {
  const outbound = `outbound:
  - source: { workflow: ci.yml }
    targets:
      - { repository: refs-target, workflow: cd.yml, id: tag, ref: refs/tags/v1 }
      - { repository: refs-target, workflow: cd.yml, id: branch, ref: refs/heads/v1 }
`;
  const inbound = `inbound:
  - source: { repository: refs-source, workflow: ci.yml }
    targets: [{ workflow: cd.yml, refs: ['v*'] }]
`;
  const files = (dispatching: string, note: string) => ({
    '.github/workflows/ci.yml': 'on: [push]\njobs: {}\n',
    '.github/workflows/cd.yml': 'on: workflow_dispatch\njobs: {}\n',
    'dispatching.yml': dispatching,
    NOTE: note,
  });
  const create = (name: string, branches: object, tags: object = {}) =>
    control(github, 'POST', '/repositories', { owner: 'octo-org', name, branches, tags });
  await create('refs-source', { main: { files: files(outbound, 'source') } });
  const branches = { main: { files: files(inbound, 'main') }, v1: { files: files(inbound, 'branch') } };
  await create('refs-target', branches, { v1: 'main' });
  await completeRun(github, { repository: 'octo-org/refs-source', workflow: 'ci.yml' });
  await eventually(async () => {
    const runs = (await dispatchedRuns(github, 'octo-org/refs-target')) as unknown as readonly {
      readonly headBranch: string;
      readonly headSha: string;
    }[];
    expect(runs.map(({ headBranch }) => headBranch)).toEqual(['v1', 'v1']);
    expect(new Set(runs.map(({ headSha }) => headSha)).size).toBe(2);
  });
});
