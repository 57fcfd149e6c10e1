import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createEmulatorControl } from '../control/control-client.ts';
import type { Emulator } from '../emulator.ts';
import type { State } from './entities.ts';
import { exampleSeed } from './example-seed.ts';
import { stateFromSeed } from './seed.ts';
import { openStateFile } from './state-file.ts';
import { client, mint, PRIVATE_KEY, SECRET, startExample } from '../testing/example-emulator.ts';

const CD = { owner: 'octo-org', repo: 'deploy', workflow_id: 'cd.yml', ref: 'main' };
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'emulator-data-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a restart', () => {
  test('keeps runs, issues, pushes, tokens and the clock, and takes the App from the seed', async () => {
    const first = await startExample({ dataDir });
    const token = await mint(first, 'octo-org');
    await client(first, token).actions.createWorkflowDispatch(CD);
    await client(first, token).issues.create({ owner: 'octo-org', repo: 'app', title: 'Stored' });
    await first.control.push('octo-org/app', { files: { 'dispatching.yml': 'outbound: []\n' } });
    const before = Date.now();
    await first.control.advanceClock(60_000);
    const runs = await first.control.runs();
    await first.close();

    const second = await startExample({ dataDir, webhookUrl: 'http://127.0.0.1:9/other' });
    try {
      expect(withoutLinks(await second.control.runs())).toEqual(withoutLinks(runs));
      expect(await second.control.issues()).toMatchObject([{ title: 'Stored', repository: 'octo-org/app' }]);
      const { data } = await client(second, token).request('POST /graphql', {
        data: JSON.stringify({
          query:
            '{ repository(owner: "octo-org", name: "app") { object(expression: "HEAD:dispatching.yml") { ... on Blob { text } } } }',
        }),
      });
      expect(data).toEqual({ data: { repository: { object: { text: 'outbound: []\n' } } } });
      await client(second, token).actions.createWorkflowDispatch(CD);
      expect((await second.control.runs()).map(({ number }) => number)).toEqual([1, 2]);
      expect((await second.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' })).delivery).toMatchObject({
        statusCode: 0,
      });
      expect(Date.parse((await second.control.advanceClock(0)).now)).toBeGreaterThanOrEqual(before + 60_000);
    } finally {
      await second.close();
    }
  });

  test('keeps the delivery log', async () => {
    const webhookUrl = 'http://127.0.0.1:9/no-server';
    const first = await startExample({ dataDir, webhookUrl });
    const createRun = (emulator: Emulator) => emulator.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' });
    await createRun(first);
    await createRun(first);
    const deliveries = await first.control.deliveries();
    await first.close();

    const second = await startExample({ dataDir, webhookUrl });
    try {
      expect(await second.control.deliveries()).toEqual(deliveries);
      await createRun(second);
      await createRun(second);
    } finally {
      await second.close();
    }
    const third = await startExample({ dataDir });
    try {
      expect((await third.control.deliveries()).slice(0, 2)).toEqual(deliveries);
      expect(new Set((await third.control.deliveries()).map(({ id }) => id)).size).toBe(4);
      await third.control.replaceSeed(exampleSeed({ key: PRIVATE_KEY }));
    } finally {
      await third.close();
    }
    const fourth = await startExample({ dataDir });
    try {
      expect(await fourth.control.deliveries()).toEqual([]);
    } finally {
      await fourth.close();
    }
  });

  test.each([
    ['cut off', (line: string) => line.slice(0, -9)],
    ['damaged by a power failure', (line: string) => `${'\0'.repeat(40)}${line.slice(40)}`],
  ])('ignores a last line that was %s, and continues behind the complete lines', async (_, damage) => {
    const journal = join(dataDir, 'state.jsonl');
    const create = async (title: string) => {
      const emulator = await startExample({ dataDir });
      const token = await mint(emulator, 'octo-org');
      await client(emulator, token).issues.create({ owner: 'octo-org', repo: 'app', title });
      const titles = (await emulator.control.issues()).map((issue) => issue.title);
      await emulator.close();
      return titles;
    };
    await create('First');
    const complete = readFileSync(journal, 'utf8');
    await create('Second');
    const last = readFileSync(journal, 'utf8').slice(complete.length).split('\n').at(-2) ?? '';
    expect(last).toContain('Second');
    writeFileSync(journal, complete + damage(`${last}\n`));
    expect(await create('Third')).toEqual(['First', 'Third']);
    expect(await create('Fourth')).toEqual(['First', 'Third', 'Fourth']);
  });

  test.each([
    ['without the line that names the format', () => '{ half\n'],
    ['with a damaged line between others', (journal: string) => journal.replace('\n[', '\n{[')],
  ])('with a journal %s is refused with instructions', async (_, change) => {
    const emulator = await startExample({ dataDir });
    await emulator.control.advanceClock(1);
    await emulator.control.advanceClock(1);
    await emulator.close();
    const journal = join(dataDir, 'state.jsonl');
    writeFileSync(journal, change(readFileSync(journal, 'utf8')));
    await expect(startExample({ dataDir })).rejects.toThrow('Move the directory away');
  });

  test('with the files of the former format is refused with instructions', async () => {
    writeFileSync(join(dataDir, 'state.json'), '{}');
    await expect(startExample({ dataDir })).rejects.toThrow('Move the directory away');
  });
});

describe('the bytes written', () => {
  /** Returns the bytes that so many changes wrote, and the size of the state after them. */
  const bytesOfChanges = async (directory: string, changes: number) => {
    const state = stateFromSeed(exampleSeed({ key: PRIVATE_KEY }), Date.now);
    const file = await openStateFile(directory);
    let written = 0;
    let before = { ino: 0, size: 0 };
    for (let id = 1; id <= changes; id += 1) {
      state.deliveries.push({ id, body: 'x'.repeat(20_000) } as State['deliveries'][number]);
      state.counters['delivery'] = id;
      await file.save(() => state);
      const { ino, size } = statSync(join(directory, 'state.jsonl'));
      written += ino === before.ino ? size - before.size : size;
      before = { ino, size };
    }
    await file.close(() => state);
    return { written, stateBytes: JSON.stringify(state).length };
  };

  test('grow in proportion to the changes, not to changes times state', async () => {
    const few = await bytesOfChanges(join(dataDir, 'few'), 150);
    const many = await bytesOfChanges(join(dataDir, 'many'), 600);
    // Rewriting the state at each change would write 16 times as much, 300 times the state.
    expect(many.written / few.written).toBeLessThan(6);
    expect(many.written / many.stateBytes).toBeLessThan(4);
  });

  test('a journal of many changes to the same row is rewritten, and stays small', async () => {
    const state = stateFromSeed(exampleSeed({ key: PRIVATE_KEY }), Date.now);
    const file = await openStateFile(dataDir);
    for (let change = 1; change <= 100; change += 1) {
      state.app.name = `${change}`.repeat(25_000);
      await file.save(() => state);
    }
    await file.close(() => state);
    expect(statSync(join(dataDir, 'state.jsonl')).size).toBeLessThan(2_000_000);
    const reopened = await openStateFile(dataDir);
    expect(reopened.stored).toEqual(state);
    await reopened.close(() => state);
  });
});

describe('a disk that is full', () => {
  test('is logged once with what to do; a timer tries again and loses nothing', async () => {
    const errors: string[] = [];
    jest.spyOn(console, 'error').mockImplementation((text: string) => void errors.push(text));
    const state = stateFromSeed(exampleSeed({ key: PRIVATE_KEY }), Date.now);
    const file = await openStateFile(dataDir, { retryMs: 20 });
    // Writing to this device fails with ENOSPC, as on a full disk.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      symlinkSync('/dev/full', join(dataDir, 'state.jsonl.new'));
      await file.save(() => state);
    }
    expect(errors).toEqual([
      expect.stringMatching(/cannot write its state .* \(ENOSPC\)\. It keeps serving from memory/),
    ]);
    while (errors.length === 1) await setTimeout(5);
    expect(errors[1]).toMatch(/again. Nothing is lost/);
    const reopened = await openStateFile(dataDir);
    expect(reopened.stored).toEqual(state);
    await reopened.close(() => state);
    await file.close(() => state);
  });

  test('until the stop makes the stop fail with what is lost', async () => {
    jest.spyOn(console, 'error').mockImplementation(() => {});
    const state = stateFromSeed(exampleSeed({ key: PRIVATE_KEY }), Date.now);
    const file = await openStateFile(dataDir);
    symlinkSync('/dev/full', join(dataDir, 'state.jsonl.new'));
    await expect(file.close(() => state)).rejects.toThrow('lacks all changes since');
  });
});

describe('the emulator as a process', () => {
  const running: ChildProcess[] = [];
  afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const start = (...options: string[]) => startCommand(process.execPath, [main, ...options]);
  const startCommand = async (command: string, options: readonly string[]) => {
    const child = spawn(command, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    const errors: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { listening: url, controlToken } = JSON.parse(line) as { listening: string; controlToken: string };
    return { child, errors, url, controlToken };
  };
  const dataOptions = (): string[] => {
    const example = join(dataDir, 'example.json');
    writeFileSync(example, JSON.stringify({ key: PRIVATE_KEY, webhookSecret: SECRET }));
    return ['--example', example, '--data', join(dataDir, 'github')];
  };

  test('killed and restarted, keeps everything that it has responded to', async () => {
    const options = dataOptions();
    const first = await start(...options);
    const at = { url: first.url } as Emulator;
    await client(at, await mint(at, 'octo-org')).actions.createWorkflowDispatch(CD);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await start(...options);
    expect(await createEmulatorControl(second.url, second.controlToken).runs()).toMatchObject([
      { repository: 'octo-org/deploy', status: 'queued' },
    ]);
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  });

  test('killed again and again in the middle of writes, has everything that it has responded to', async () => {
    const options = dataOptions();
    const created: number[] = [];
    for (let round = 1; round <= 4; round += 1) {
      const { child, url, controlToken } = await start(...options);
      const control = createEmulatorControl(url, controlToken);
      expect((await control.issues()).map(({ number }) => number)).toEqual(expect.arrayContaining(created));
      const { issues } = client({ url } as Emulator, await mint({ url } as Emulator, 'octo-org'));
      const body = 'x'.repeat(50_000);
      const writers = Array.from({ length: 8 }, async () => {
        for (;;) {
          const { data } = await issues.create({ owner: 'octo-org', repo: 'app', title: 'Written', body });
          created.push(data.number);
          // Between two responses, so that other requests are being written.
          if (created.length >= round * 15) child.kill('SIGKILL');
        }
      });
      await Promise.allSettled([...writers, once(child, 'exit')]);
    }
    const { url, controlToken } = await start(...options);
    const stored = (await createEmulatorControl(url, controlToken).issues()).map(({ number }) => number);
    expect(stored).toEqual(expect.arrayContaining(created));
    expect(new Set(stored).size).toBe(stored.length);
  });

  test('on a full disk, serves from memory, and after a restart has everything from before', async () => {
    const options = dataOptions();
    // The limit of the file size stands for the disk: a write up to it is cut off, one behind it fails.
    const limited = await startCommand('bash', [
      '-c',
      'ulimit -f 300; exec "$@"',
      'bash',
      process.execPath,
      main,
      ...options,
    ]);
    const { issues } = client(
      { url: limited.url } as Emulator,
      await mint({ url: limited.url } as Emulator, 'octo-org'),
    );
    const created: string[] = [];
    const create = async (title: string) => {
      await issues.create({ owner: 'octo-org', repo: 'app', title, body: 'x'.repeat(40_000) });
      created.push(title);
    };
    for (let index = 1; index <= 12; index += 1) await create(`Issue ${index}`);
    expect(limited.errors.join('')).toMatch(/^The GitHub emulator cannot write its state to .*EFBIG.* Free some space/);
    expect(limited.errors.join('').split('cannot write')).toHaveLength(2);
    expect(await createEmulatorControl(limited.url, limited.controlToken).issues()).toHaveLength(12);
    limited.child.kill('SIGKILL');
    await once(limited.child, 'exit');

    const { url, controlToken } = await start(...options);
    const stored = (await createEmulatorControl(url, controlToken).issues()).map(({ title }) => title);
    expect(stored).toEqual(created.slice(0, stored.length));
    expect(stored.length).toBeGreaterThan(3);
    expect(stored.length).toBeLessThan(12);
  });

  test('started without a seed, prints its usage', async () => {
    const child = spawn(process.execPath, [main], { stdio: ['ignore', 'ignore', 'pipe'] });
    running.push(child);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(stderr).toContain('--seed FILE');
  });
});

/** Removes the links, whose port differs after a restart. */
function withoutLinks(runs: readonly { readonly htmlUrl: string }[]): object[] {
  return runs.map(({ htmlUrl: _port, ...run }) => run);
}
