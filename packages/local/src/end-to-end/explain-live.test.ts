import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSign, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompletedCiRun, completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { timelineOf } from '../testing/delivery-timeline.ts';
import { control } from '../testing/github.ts';
import { commandLine, inheritedVariables } from '../testing/operator.ts';
import { spawnSync } from 'node:child_process';

// Runs `dispatcher explain --live` as a separate process against the emulator of the running system.

let dataDir: string;
let system: System;
let github: string;
let completed: CompletedCiRun;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'explain-live-'));
  system = await startSystem({ dataDir, port: 0, env: {} });
  github = system.emulatorUrl ?? '';
  completed = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
  // What `npm start` writes, by which a command finds the system.
  const running = { url: system.url, emulatorUrl: github, emulatorToken: system.emulatorToken };
  await writeFile(join(dataDir, 'running.json'), JSON.stringify(running));
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

function explain(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine, 'explain', ...args], {
    encoding: 'utf8',
    env: { ...inheritedVariables, DISPATCHER_DATA_DIR: dataDir, ...env },
  });
  return { status, stdout, stderr };
}

interface Explained {
  readonly decisions: readonly { readonly effect: string; readonly code: string; readonly dispatchId: string }[];
}
const decisionsOf = (text: string) =>
  (JSON.parse(text) as Explained).decisions.map(({ effect, code, dispatchId }) => ({ effect, code, dispatchId }));

describe('explain --live', () => {
  test('finds the emulator of the running system, and gives the decisions that planning made for the newest run', async () => {
    const facts = await timelineOf(system.url, completed.delivery?.guid ?? '');
    const planned = facts.flatMap((fact) => (fact.type === 'route.decided' ? [fact.data.decision] : []));
    const { status, stdout, stderr } = explain(['--live', 'octo-org/app', '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(decisionsOf(stdout)).toEqual(
      planned.map(({ effect, code, dispatchId }) => ({ effect, code, dispatchId })).toSorted(byId),
    );
    function byId(left: { dispatchId: string }, right: { dispatchId: string }): number {
      const order = decisionsOf(stdout).map(({ dispatchId }) => dispatchId);
      return order.indexOf(left.dispatchId) - order.indexOf(right.dispatchId);
    }
    const text = explain(['--live', 'octo-org/app@main']).stdout;
    expect(text.split('\n').slice(0, 2)).toEqual([
      `${completed.run.htmlUrl}, read with the emulated App of the running npm start`,
      'Starts octo-org/deploy:cd.yml.',
    ]);
  });

  test('explains the run that --run names by its URL, its id or a file', async () => {
    const file = join(dataDir, 'run.json');
    const token = await installationToken();
    const api = `${github}/repos/octo-org/app/actions/runs/${completed.run.id}`;
    await writeFile(file, await (await fetch(api, { headers: { authorization: `token ${token}` } })).text());
    for (const run of [String(completed.run.id), completed.run.htmlUrl, file]) {
      const { status, stdout } = explain(['--live', 'octo-org/app', '--run', run]);
      expect({ run, status }).toEqual({ run, status: 0 });
      expect(stdout).toContain('✓ allow octo-org/deploy:cd.yml');
    }
  });

  test('reads the other runs on the commit that a rule needs', async () => {
    const create = (name: string, files: Readonly<Record<string, string>>) =>
      control(github, 'POST', '/repositories', { owner: 'octo-org', name, branches: { main: { files } } });
    await create('checked-deploy', {
      '.github/workflows/cd.yml': 'on: workflow_dispatch\njobs: {}\n',
      'dispatching.yml':
        'inbound: [{ source: { repository: checked, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]\n',
    });
    await create('checked', {
      '.github/workflows/ci.yml': 'on: [push]\njobs: {}\n',
      '.github/workflows/security.yml': 'on: [push]\njobs: {}\n',
      'dispatching.yml':
        'outbound: [{ source: { needs: [ci.yml, security.yml] }, targets: [{ repository: checked-deploy, workflow: cd.yml, id: all }] }]\n',
    });
    const complete = (workflow: string) => completeRun(github, { repository: 'octo-org/checked', workflow });
    const codes = (run: string) =>
      decisionsOf(explain(['--live', 'octo-org/checked', '--run', run, '--json']).stdout).map(({ code }) => code);
    const { run } = await complete('ci.yml');
    expect(codes(run.htmlUrl)).toEqual(['waiting-for-needs']);
    await complete('security.yml');
    expect(codes(run.htmlUrl)).toEqual(['allowed']);
  });

  test('reads with GITHUB_TOKEN', async () => {
    const env = { GITHUB_TOKEN: await installationToken(), GITHUB_API_URL: github };
    const { status, stdout, stderr } = explain(['--live', 'octo-org/app'], env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('read with the token GITHUB_TOKEN\nStarts octo-org/deploy:cd.yml.');
  });

  test.each([
    [
      'a repository that is not visible',
      ['--live', 'octo-org/none'],
      /octo-org\/none is not visible to the emulated App/,
    ],
    ['a branch without runs', ['--live', 'octo-org/app@none'], /has no completed workflow run on none/],
    ['a run that does not exist', ['--live', 'octo-org/app', '--run', '1'], /Could not read from GitHub/],
    ['a place in another form', ['--live', 'app'], /--live needs OWNER\/NAME/],
    ['files besides', ['--live', 'octo-org/app', '--target', 'a/b=c.yml'], /cannot be combined with files/],
  ])('%s exits with 2 and one message', (_, args, message) => {
    const { status, stdout, stderr } = explain(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('without credentials and without a running system exits with 2 and names them', () => {
    const { status, stderr } = explain(['--live', 'octo-org/app'], { DISPATCHER_DATA_DIR: tmpdir() });
    expect(status).toBe(2);
    expect(stderr).toContain('--live needs credentials: GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY');
  });
});

/** Returns a token of the installation on octo-org, as `actions/create-github-app-token` creates one. */
async function installationToken(): Promise<string> {
  const { id } = await asApp<{ id: number }>('GET', '/users/octo-org/installation');
  return (await asApp<{ token: string }>('POST', `/app/installations/${id}/access_tokens`)).token;
}

async function asApp<Result>(method: string, path: string): Promise<Result> {
  const { id, privateKey } = JSON.parse(readFileSync(join(dataDir, 'app.json'), 'utf8')) as {
    id: number;
    privateKey: string;
  };
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1000);
  // The emulator accepts each JWT once.
  const claims = { iss: String(id), iat: seconds - 60, exp: seconds + 300, jti: randomUUID() };
  const unsigned = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
  const signature = createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url');
  const response = await fetch(`${github}${path}`, {
    method,
    headers: { authorization: `Bearer ${unsigned}.${signature}` },
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Result;
}
