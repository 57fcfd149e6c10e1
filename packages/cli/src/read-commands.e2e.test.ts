import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import stringWidth from 'string-width';
import { type LocalSystem, startLocalSystem } from './testing/local-system.ts';
import { executable, runInTerminal, runProcess } from './testing/run-process.ts';

// Runs the commands as processes against `npm start`, with and without a terminal.

let system: LocalSystem;
beforeAll(async () => {
  system = await startLocalSystem();
});
afterAll(() => system.close());

const dispatcher = (...args: string[]) => runProcess(args, { env: system.env });

/** Repeats a command until its output contains a text. Roll-ups are a second apart, and a look starts a process. */
async function untilShown(text: string | RegExp, ...args: string[]) {
  for (;;) {
    const result = await dispatcher(...args);
    if (typeof text === 'string' ? result.out.includes(text) : text.test(result.out)) return result;
    await delay(1_000);
  }
}

describe('why', () => {
  test('says first what the run started and what not, then the failed checks, then what to do', async () => {
    const { code, out, err } = await dispatcher('why', system.firstRunUrl);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [first = '', second = '', third] = out.split('\n');
    expect([first, second].sort()).toEqual([
      expect.stringMatching(
        /^✓ octo-org\/deploy:cd\.yml was started: https?:\/\/\S+\/octo-org\/deploy\/actions\/runs\/\d+(?:, and ended with success)?$/,
      ),
      expect.stringMatching(/^✗ octo-org\/docs:publish\.yml was not started: .*\(inbound-no-match\)$/),
    ]);
    expect(third).toBe('');
    expect(out).toContain('├─ ✗ target inbound-repository: expected octo-org/website; actual octo-org/app');
    expect(out).not.toMatch(/─ ✓/);
    expect(out).toMatch(/\nWhat to do:\n {2}Add an inbound rule .*\(the maintainers of the target repository\)\n/);
    expect(out).toMatch(/dispatcher replay \d+-\d+-1 --re-evaluate --reason TEXT\n\nMore: http\S+\/runs\/\d+-\d+-1\n$/);
  });

  test('finds the same run by the run that it started, by its id, an attempt and its delivery', async () => {
    const all = JSON.parse((await dispatcher('deliveries', '--json')).out) as {
      deliveries: { runKey: string; deliveryId: string }[];
    };
    const runId = system.firstRunUrl.split('/').at(-1) ?? '';
    // The run that it started may be delivered too by now.
    const first = all.deliveries.find(({ runKey: each }) => each.split('-')[1] === runId);
    const { runKey, deliveryId } = first ?? { runKey: '', deliveryId: '' };
    const started = /was started: ([^\s,]+)/.exec((await dispatcher('why', runKey)).out)?.[1] ?? '';
    for (const named of [started, runId, `${system.firstRunUrl}/attempts/1`, deliveryId]) {
      const { code, out } = await dispatcher('why', named);
      expect({ named, code }).toEqual({ named, code: 0 });
      expect(out).toContain('octo-org/deploy:cd.yml was started');
    }
  });

  test('--all-checks prints satisfied checks, --json the decisions', async () => {
    expect((await dispatcher('why', system.firstRunUrl, '--all-checks')).out).toContain('✓ target target-file-valid');
    const shown = JSON.parse((await dispatcher('why', system.firstRunUrl, '--json')).out) as object;
    expect(shown).toMatchObject({ outcome: 'planned', revision: 0, routes: expect.any(Array) });
  });

  test('a run that starts nothing names the code, the check and the file', async () => {
    const { run } = await system.github.run({ repository: 'octo-org/app', workflow: 'ci.yml', conclusion: 'failure' });
    const { code, out } = await untilShown('Nothing was started', 'why', String(run.id));
    expect(code).toBe(0);
    expect(out).toMatch(/^✗ Nothing was started: .*\(no-match\)\n/);
    expect(out).toContain('source source-conclusion: expected success; actual failure');
    expect(out).not.toContain('nobody');
  });

  test('an unknown run exits with 1, and the address of another page with 2', async () => {
    expect(await dispatcher('why', '77')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('No run is recorded for run-id 77.'),
    });
    expect(await dispatcher('why', 'https://github.com/octo-org/app')).toMatchObject({
      code: 2,
      err: expect.stringContaining('/actions/runs/ID'),
    });
  });
});

describe('the lists', () => {
  test.each([
    ['deliveries', ['TIME', 'DELIVERY', 'octo-org/app ci.yml']],
    ['dispatches', ['STATE', 'octo-org/deploy:cd.yml']],
    ['runs', ['RUN', 'octo-org/app ci.yml']],
    ['routes', ['SOURCE', 'octo-org/docs:publish.yml', 'inbound-no-match']],
  ])('%s prints rows and columns, and --json the rows of the API', async (name, expected) => {
    // The list of the routes comes from the roll-up.
    const { code, out, err } = await untilShown(expected.at(-1) ?? '', name);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const text of expected) expect(out).toContain(text);
    const rowsOf = async () =>
      ((await (await fetch(`${system.url}/api/${name}`)).json()) as Record<string, unknown>)[name];
    // A dispatch may complete between two requests.
    for (;;) {
      const before = await rowsOf();
      const rows = JSON.parse((await dispatcher(name, '--json')).out) as Record<string, unknown[]>;
      if (JSON.stringify(before) !== JSON.stringify(await rowsOf())) continue;
      expect(rows[name]).toEqual(before);
      return;
    }
  });

  test('audit is empty until an operator acts, and then names operator, action and reason', async () => {
    const body = JSON.stringify({ reason: 'a test' });
    const headers = { 'content-type': 'application/json' };
    for (const path of ['pause', 'resume']) await fetch(`${system.url}/api/${path}`, { method: 'POST', headers, body });
    const { out } = await untilShown(/resumed[\s\S]*paused|paused[\s\S]*resumed/, 'audit');
    expect(out).toContain('a test');
  });

  test('on a terminal of 85 characters, no line is longer, and a denied route is red', async () => {
    const { out } = await runInTerminal(['routes'], { env: system.env, columns: 85 });
    expect(out).toContain('\u001b[31m');
    expect(out).toContain('…');
    for (const line of stripVTControlCharacters(out).split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(85);
  });

  test('on a terminal with NO_COLOR there are no colours', async () => {
    const { out } = await runInTerminal(['routes'], { env: { ...system.env, NO_COLOR: '1' } });
    expect(out).toContain('denied');
    expect(out).not.toContain('\u001b[');
  });

  test('--limit pages through the API', async () => {
    const { out } = await dispatcher('routes', '--limit', '1', '--json');
    expect((JSON.parse(out) as { routes: unknown[] }).routes).toHaveLength(1);
  });

  test('--follow prints a row as it appears, once, and Ctrl-C ends it', async () => {
    const child = spawn(process.execPath, [executable, 'deliveries', '--follow', '--json', '--limit', '1'], {
      env: system.env,
    });
    let out = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    const rows = () => out.split('\n').filter((line) => line !== '');
    while (rows().length === 0) await delay(20);
    const { run } = await system.github.run({
      repository: 'octo-org/app',
      workflow: 'ci.yml',
      conclusion: 'cancelled',
    });
    const shown = () => rows().filter((line) => line.includes(`-${run.id}-`));
    while (shown().length === 0) await delay(20);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(shown()).toHaveLength(1);
    for (const line of rows()) expect(JSON.parse(line)).toMatchObject({ deliveryId: expect.any(String) });
  });
});

describe('replay', () => {
  test('takes the URL of a run, waits, and prints what it started', async () => {
    const args = ['--re-evaluate', '--reason', 'a test', '--timeout', '300'];
    const { code, out, err } = await dispatcher('replay', system.firstRunUrl, ...args);
    expect(err).toMatch(/^Replay requested: re-evaluate of run \d+-\d+-1, action \S+\. Waiting for the result\.\n$/);
    expect(out).toMatch(/^Replayed: re-evaluate of run /);
    expect(out).toMatch(/^✓ octo-org\/deploy:cd\.yml was started: /m);
    expect(code).toBe(0);
    const { out: audit } = await untilShown('re-evaluate', 'audit');
    expect(audit).toMatch(/local +re-evaluate .*a test/);
  });

  test('with --dry-run says what would be decided, and starts nothing', async () => {
    const runs = async () => (await system.github.runs()).length;
    const before = await runs();
    const { code, out } = await dispatcher('replay', system.firstRunUrl, '--re-evaluate', '--dry-run');
    expect(out).toMatch(/^Nothing was changed: dry run of run \d+-\d+-1, action \S+\.$/m);
    expect(out).toMatch(/^✓ octo-org\/deploy:cd\.yml would be started\.$/m);
    expect({ code, started: (await runs()) - before }).toEqual({ code: 0, started: 0 });
  });

  test('with --dispatch-again starts the named route once more', async () => {
    const runsOfTarget = async () =>
      (await system.github.runs()).filter(({ repository }) => repository === 'octo-org/deploy').length;
    const before = await runsOfTarget();
    const again = ['--dispatch-again', '--route', 'octo-org/deploy:cd.yml'];
    const { code } = await dispatcher(
      'replay',
      system.firstRunUrl,
      ...again,
      '--reason',
      'roll back',
      '--timeout',
      '300',
    );
    expect(code).toBe(0);
    expect(await runsOfTarget()).toBe(before + 1);
  });

  test('--no-wait ends as soon as it is requested', async () => {
    const { code, out } = await dispatcher('replay', system.firstRunUrl, '--no-wait', '--reason', 'a test');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Replay requested: as-recorded of run /) });
  });

  test('without a result in time says where to look, and exits with 1', async () => {
    await dispatcher('pause', '--no-wait', '--reason', 'a test');
    try {
      const again = ['--dispatch-again', '--route', 'octo-org/deploy:cd.yml', '--timeout', '3'];
      const { code, err } = await dispatcher('replay', system.firstRunUrl, ...again, '--reason', 'a test');
      expect(code).toBe(1);
      expect(err).toMatch(/Look again: dispatcher why \d+-\d+-1\n$/);
    } finally {
      await dispatcher('resume', '--reason', 'a test');
    }
  });

  test('--as without --direct is refused: the API records who it is', async () => {
    const { code, err } = await dispatcher('replay', system.firstRunUrl, '--as', 'ada', '--reason', 'a test');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--as needs --direct') });
  });
});

describe('keys', () => {
  test('over the API: a key is created, reads, is listed with who made it, and is revoked', async () => {
    const created = await dispatcher('keys', 'create', 'dashboard', '--role', 'viewer', '--reason', 'a test');
    expect(created).toMatchObject({ code: 0, out: expect.stringMatching(/^dsp_[0-9a-f]{16}_\S+\n$/) });
    const key = created.out.trim();
    const keyId = key.split('_')[1] ?? '';
    const asViewer = { ...system.env, DISPATCHER_API_KEY: key };
    expect((await runProcess(['deliveries', '--limit', '1'], { env: asViewer })).code).toBe(0);
    expect(await runProcess(['pause', '--reason', 'x'], { env: asViewer })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/needs the role `operator`.*Ask an administrator/),
    });
    expect((await dispatcher('keys', 'list')).out).toMatch(
      new RegExp(`^${keyId} +dashboard +viewer +active .* local`, 'm'),
    );
    const { keys } = JSON.parse((await dispatcher('keys', 'list', '--json')).out) as { keys: { keyId: string }[] };
    expect(keys.find((each) => each.keyId === keyId)).toMatchObject({ createdBy: 'local', state: 'active' });
    expect(JSON.stringify(keys)).not.toContain('secretHash');
    const direct = await runProcess(['keys', 'list', '--direct'], { env: system.directEnv });
    expect(direct.out).toContain(keyId);
    const again = await dispatcher('keys', 'create', 'dashboard', '--role', 'viewer', '--reason', 'a test');
    expect(again).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining(`Key ${keyId} already has the name`),
    });
    expect((await dispatcher('keys', 'revoke', keyId, '--reason', 'a test')).out).toMatch(/was revoked at/);
    const refused = await runProcess(['pause', '--reason', 'x'], { env: asViewer });
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('DISPATCHER_API_KEY') });
    expect((await untilShown('key-revoked', 'audit')).out).toMatch(/local +key-revoked/);
  });
});

describe('pause and resume', () => {
  test('over the API record the principal, and --status prints it; --direct reads the same switch', async () => {
    const paused = await dispatcher('pause', '--no-wait', '--reason', 'a bad release');
    expect(paused.out).toMatch(/^Dispatches are paused\. Nothing starts after /);
    const state = /^Dispatches are paused since \S+, by local: a bad release\n$/;
    expect((await dispatcher('pause', '--status')).out).toMatch(state);
    expect((await runProcess(['pause', '--status', '--direct'], { env: system.directEnv })).out).toMatch(state);
    expect((await dispatcher('resume', '--reason', 'rolled back')).out).toMatch(/^Dispatches are resumed\./);
    expect((await dispatcher('pause', '--status')).out).toMatch(/^Dispatches are not paused since .*: rolled back\n$/);
  });

  test('while the API is down, the command says that --direct works', async () => {
    const env = { ...system.env, DISPATCHER_URL: 'http://127.0.0.1:9' };
    const { code, err } = await runProcess(['pause', '--reason', 'a bad release'], { env });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('--direct') });
  });
});

describe('status', () => {
  test('says first whether something needs an operator, then the numbers', async () => {
    const { out } = await untilShown('Last hour', 'status');
    expect(out).toMatch(/^[✓✗] Dispatcher \d+\.\d+\.\d+ at http/);
    expect(out).toMatch(/QUEUE +WAITING/);
    expect(out).toMatch(/^runs +\d+/m);
  });

  test('names a pause with operator and reason, and exits with 1', async () => {
    const headers = { 'content-type': 'application/json' };
    const send = (path: string) =>
      fetch(`${system.url}/api/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ reason: 'a bad release' }),
      });
    await send('pause');
    try {
      const { code, out } = await dispatcher('status');
      expect(code).toBe(1);
      expect(out).toMatch(/Dispatches are paused since \S+ by local: a bad release\. Resume: dispatcher resume/);
      const { problems } = JSON.parse((await dispatcher('status', '--json')).out) as { problems: string[] };
      expect(problems).toEqual([expect.stringContaining('a bad release')]);
    } finally {
      await send('resume');
    }
  });
});

describe('graph', () => {
  test('shows what both sides agree to and what only one side says, and as JSON with the repositories', async () => {
    const { code, out } = await untilShown(
      /^agreed +octo-org\/app:ci\.yml +octo-org\/deploy:cd\.yml/m,
      'graph',
      'OCTO-ORG',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^requested +octo-org\/app:ci\.yml +octo-org\/docs:publish\.yml +inbound-no-match: /m);
    expect(out).toMatch(/^octo-org: \d+ agreed, \d+ requested, \d+ offered\. /m);
    const requested = await dispatcher('graph', 'octo-org', '--state', 'requested', '--json');
    const { edges, repositories } = JSON.parse(requested.out) as {
      edges: { state: string }[];
      repositories: { repository: string }[];
    };
    expect(new Set(edges.map(({ state }) => state))).toEqual(new Set(['requested']));
    expect(repositories.map(({ repository }) => repository)).toContain('octo-org/deploy');
  });

  test('an owner whose repositories were never read is an error that names the known ones', async () => {
    const { code, err } = await dispatcher('graph', 'nobody');
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^No repository of nobody was read\. Known owners: .*octo-org/),
    });
  });
});
