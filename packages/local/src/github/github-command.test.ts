import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type RunningEmulator, startEmulator } from '../app/emulator.ts';
import { emulatorToken } from '../app/emulator-token.ts';
import { loadLocalApp } from '../app/local-app.ts';
import { writeRunningFile } from '../app/running-file.ts';
import { sourceFile } from '../lambda/child-process.ts';
import { control } from '../testing/github.ts';
import { inheritedVariables } from '../testing/operator.ts';

// Runs `npm run github` as a process, against an emulator whose webhooks a small server receives.

let directory: string;
let dataDir: string;
let log: number;
let receiver: Server;
let emulator: RunningEmulator;
const received: string[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'github-command-'));
  dataDir = join(directory, 'data');
  await mkdir(join(directory, 'work/docs'), { recursive: true });
  await mkdir(dataDir);
  log = openSync(join(directory, 'log'), 'a');
  receiver = createServer((request, response) => {
    void (async () => {
      received.push(await text(request));
      response.writeHead(202).end('{}');
    })();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  emulator = await startEmulator({
    app: await loadLocalApp(dataDir),
    webhookUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    dataDir: join(dataDir, 'github'),
    features: ['checks'],
    log,
    onExit: () => undefined,
  });
  await writeRunningFile(dataDir, {
    pid: process.pid,
    url: 'http://127.0.0.1:1',
    emulatorUrl: emulator.url,
    emulatorToken,
  });
});
afterAll(async () => {
  await emulator.stop();
  receiver.closeAllConnections();
  receiver.close();
  closeSync(log);
  await rm(directory, { recursive: true, maxRetries: 5 });
});

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function github(args: readonly string[], { input = '', data = dataDir } = {}): Promise<Result> {
  const child = spawn(process.execPath, [sourceFile('github/main.ts'), ...args], {
    env: { ...inheritedVariables, DISPATCHER_DATA_DIR: data, INIT_CWD: join(directory, 'work') },
  });
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, out, err };
}

async function succeed(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await github(args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

/** Starts cd.yml as Dispatcher does, and returns the run's number. */
async function dispatchRun(): Promise<number> {
  const { run } = await control<{ run: { id: number } }>(emulator.url, 'POST', '/runs', {
    repository: 'octo-org/deploy',
    workflow: 'cd.yml',
    event: 'workflow_dispatch',
    deliver: false,
  });
  return run.id;
}

describe('push', () => {
  test('commits files of this directory under their relative paths, and show prints them', async () => {
    await writeFile(join(directory, 'work/docs/new.md'), '# New\n');
    await writeFile(join(directory, 'work/logo.bin'), Buffer.from([0, 255, 1]));
    const out = await succeed('push', 'octo-org/app', 'docs/new.md', 'logo.bin', '--message', 'Add the docs');
    const [, page = ''] = /: (http\S+)/.exec(out) ?? [];
    expect(await (await fetch(page, { headers: { accept: 'text/html' } })).text()).toContain('Add the docs');
    expect(await succeed('show', 'octo-org/app', 'docs/new.md')).toBe('# New\n');
    expect(await succeed('show', 'octo-org/app')).toContain('  logo.bin\n');
  });

  test('reads the standard input, and a file elsewhere gets its own name or that of --path', async () => {
    const input = 'inbound: []\n';
    const args = ['push', 'octo-org/docs', '-', '--path', '.github/dispatching.yml', '--branch', 'next', '--tag', 'v1'];
    expect((await github(args, { input })).code).toBe(0);
    expect(await succeed('show', 'octo-org/docs', '.github/dispatching.yml', '--ref', 'v1')).toBe(input);
    await writeFile(join(directory, 'outside.txt'), 'x\n');
    await succeed('push', 'octo-org/docs', join(directory, 'outside.txt'));
    expect(await succeed('show', 'octo-org/docs')).toContain('  outside.txt\n');
  });

  test('refuses a file that was saved with the lines of npm, and says how to save it', async () => {
    const banner =
      '\n> dispatcher@0.1.0 github\n> node packages/local/src/github/main.ts show octo-org/app dispatching.yml\n\n';
    await writeFile(join(directory, 'work/saved.yml'), `${banner}outbound: []\n`);
    const { code, err } = await github(['push', 'octo-org/app', 'saved.yml', '--path', 'dispatching.yml']);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('npm run --silent github -- show') });
    expect(await succeed('show', 'octo-org/app', 'dispatching.yml')).not.toContain('> dispatcher');
  });

  test.each([
    ['a missing file', ['push', 'octo-org/app', 'none.yml'], 1, 'none.yml cannot be read: it does not exist.'],
    ['an unknown repository', ['push', 'octo-org/none', 'docs/new.md'], 1, 'It has: octo-org/app'],
    ['no repository', ['push', 'app', 'docs/new.md'], 2, 'app is not a repository: write OWNER/REPO'],
    ['no file', ['push', 'octo-org/app'], 2, 'Write: npm run github -- push OWNER/REPO FILE…'],
    ['the standard input without a path', ['push', 'octo-org/app', '-'], 2, '--path PATH'],
    ['an unknown option', ['push', 'octo-org/app', 'docs/new.md', '--force'], 2, '--force'],
  ])('with %s says what is wrong', async (_, args, code, message) => {
    expect(await github(args)).toEqual({ code, out: '', err: expect.stringContaining(message) });
  });
});

test('delete commits the deletion, and names the files if there is none of that name', async () => {
  await succeed('push', 'octo-org/octo-repo', '--path', 'a.txt', 'docs/new.md');
  await succeed('delete', 'octo-org/octo-repo', 'a.txt');
  expect(await succeed('show', 'octo-org/octo-repo')).not.toContain('a.txt');
  expect((await github(['delete', 'octo-org/octo-repo', 'a.txt'])).err).toContain('It has: ');
});

test('branch, tag and delete-ref change the refs', async () => {
  await succeed('branch', 'octo-org/app', 'release/1');
  await succeed('tag', 'octo-org/app', 'v9', '--target', 'release/1', '--message', 'Nine');
  const shown = await succeed('show', 'octo-org/app');
  expect(shown).toMatch(/Branches .*release\/1/);
  expect(shown).toMatch(/Tags .*v9/);
  await succeed('delete-ref', 'octo-org/app', 'refs/tags/v9');
  expect(await succeed('show', 'octo-org/app')).not.toContain('v9');
  expect((await github(['tag', 'octo-org/app', 'v9', '--target', 'none'])).err).toContain('no commit, branch or tag');
});

test('create, archive and delete-repository change a repository', async () => {
  await succeed('create', 'octo-org/fresh', '--visibility', 'public');
  expect((await github(['create', 'octo-org/fresh'])).err).toContain('exists already');
  await succeed('archive', 'octo-org/fresh');
  expect(await succeed('show')).toMatch(/octo-org\/fresh +public, archived/);
  await succeed('archive', 'octo-org/fresh', '--undo');
  await succeed('delete-repository', 'octo-org/fresh');
  expect(await succeed('show')).not.toContain('octo-org/fresh');
});

test('complete says that a run is completed already, and rerun sends its webhook again, by number and by URL', async () => {
  const id = await dispatchRun();
  expect((await github(['complete', String(id)])).err).toContain(
    `already completed with success. To run it again: npm run github -- rerun ${id}`,
  );
  expect(await github(['rerun', String(id), '--conclusion', 'failed'])).toEqual({
    code: 2,
    out: '',
    err: expect.stringContaining('failed is not a conclusion. Write one of: success, failure, '),
  });
  received.length = 0;
  const out = await succeed('rerun', `${emulator.url}/octo-org/deploy/actions/runs/${id}`, '--conclusion', 'failure');
  expect(out).toMatch(/completed with failure[\s\S]*status 202/);
  expect(received.map((body) => (JSON.parse(body) as { workflow_run: object }).workflow_run)).toMatchObject([
    { id, conclusion: 'failure', run_attempt: 2 },
  ]);
  expect(await succeed('show', String(id))).toContain('failure');
  expect((await github(['complete', 'none'])).code).toBe(2);
  expect((await github(['complete', '12'])).err).toContain('has no run 12');
});

test('show lists the checks, and rerun-check clicks "Re-run" at one of them, or at all of its commit', async () => {
  const { sha } = await control<{ sha: string }>(emulator.url, 'POST', '/repositories/octo-org/app/push', {
    files: { 'a.txt': 'a' },
  });
  const app = { id: 1, slug: 'dispatcher-local' };
  const own = { repository: 'octo-org/app', sha, name: 'Dispatcher', conclusion: 'neutral', app };
  const { id } = await control<{ id: number }>(emulator.url, 'POST', '/check-runs', own);
  const url = `${emulator.url}/octo-org/app/runs/${id}`;
  expect(await succeed('show', 'octo-org/app')).toContain(`  neutral    ${url}  Dispatcher: `);
  received.length = 0;
  expect(await succeed('rerun-check', url)).toMatch(/"Re-run" at Dispatcher of octo-org\/app: delivery .*, status 202/);
  expect(await succeed('rerun-check', String(id), '--all')).toMatch(/at all checks of its commit .*status 202/);
  expect(received.map((body) => JSON.parse(body) as object)).toMatchObject([
    { action: 'rerequested', check_run: { id } },
    { action: 'rerequested', check_suite: { head_sha: sha } },
  ]);
  const forged = await control<{ id: number }>(emulator.url, 'POST', '/check-runs', { ...own, app: undefined });
  expect((await github(['rerun-check', String(forged.id)])).err).toContain('another App wrote the check');
  expect((await github(['rerun-check', '12'])).err).toContain('has no check 12');
  expect((await github(['rerun-check', 'Dispatcher'])).code).toBe(2);
});

test('fault lets requests fail, faults counts them, and clear-faults ends them', async () => {
  await succeed('fault', 'status=503', '--operation', 'dispatch', '--repository', 'octo-org/deploy', '--times', 'all');
  await succeed('fault', 'webhook-lost');
  expect(await succeed('faults')).toMatch(
    /^status=503 for dispatch to .*octo-org\/deploy.*, all from number 1 on: 0 seen, 0 failed$/m,
  );
  const path = '/repos/octo-org/deploy/actions/workflows/cd.yml/dispatches';
  expect((await fetch(emulator.url + path, { method: 'POST' })).status).toBe(503);
  const id = await dispatchRun();
  received.length = 0;
  await succeed('rerun', String(id));
  expect(received).toEqual([]);
  expect(await succeed('faults')).toContain('1 seen, 1 failed');
  await succeed('clear-faults');
  expect(await succeed('faults')).toBe('No faults.\n');
  expect((await github(['fault', 'nonsense'])).code).toBe(1);
  expect((await github(['fault', 'reset-after', '--times', 'many'])).err).toContain('--times needs a whole number');
});

test('settings needs a change, and refuses an invalid one', async () => {
  expect((await github(['settings'])).code).toBe(2);
  expect((await github(['settings', '--run-seconds', 'soon'])).err).toContain('a number of seconds or never');
  expect(await succeed('settings', '--run-seconds', 'never', '--conclusion', 'failure')).toBe(
    'A run that a dispatch starts now waits for: npm run github -- complete RUN\nIt completes with failure.\nThe next start uses the defaults again.\n',
  );
});

describe('the help', () => {
  test('lists every command, and each command describes its options', async () => {
    const overview = await succeed('help');
    const names = [...overview.matchAll(/^ {2}([a-z][a-z-]*)[ [].* {2}\S/gm)].map(([, name = '']) => name);
    expect(names).toEqual(expect.arrayContaining(['show', 'push', 'complete', 'fault', 'tag', 'delete']));
    for (const name of names) expect(await succeed(name, '--help')).toContain(`npm run github -- ${name}`);
  });

  test('is named by an unknown command', async () => {
    const { code, err } = await github(['pull']);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('There is no command pull. Commands: show, push'),
    });
  });
});

test('without a running system every command says how to start it', async () => {
  const { code, err } = await github(['show'], { data: join(directory, 'other') });
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('npm start') });
});
