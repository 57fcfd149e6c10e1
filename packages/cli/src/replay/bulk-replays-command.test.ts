import { beforeEach, describe, expect, test } from '@jest/globals';
import { ApiError } from '../client/api-error.ts';
import { UsageError } from '../command.ts';
import type { BulkReplay, BulkReplayApi, BulkReplayStart } from './bulk-replay-api.ts';
import { bulkReplaysCommand } from './bulk-replays-command.ts';
import type { BulkReplayDependencies } from './start-bulk-replay.ts';
import { processContext } from '../context/command-context.ts';
import { replayCommand } from './replay-command.ts';

const now = Date.parse('2026-11-20T12:00:00.000Z');
const bulkReplayId = '20261120T120000-0a1b2c3d';

function replayWith(change: Partial<BulkReplay> = {}): BulkReplay {
  return {
    bulkReplayId,
    state: 'selecting',
    mode: 're-evaluate',
    selection: {
      repository: null,
      outcome: 'config-unreadable',
      code: null,
      since: '2026-11-20T10:00:00.000Z',
      until: '2026-11-20T12:00:00.000Z',
    },
    perMinute: 60,
    operator: 'ada',
    reason: 'GitHub is back',
    startedAt: '2026-11-20T12:00:00.000Z',
    changedAt: '2026-11-20T12:00:00.000Z',
    changedBy: null,
    selected: 0,
    requested: 0,
    problem: null,
    ...change,
  };
}

let calls: (readonly [string, BulkReplayStart | string])[];
/** What the API returns for the bulk replay, one after the other. */
let states: BulkReplay[];
let refusal: string | null;
let stopAfter: number;
beforeEach(() => {
  calls = [];
  states = [];
  refusal = null;
  stopAfter = Infinity;
});

const nextState = (): BulkReplay => states.shift() ?? replayWith();
const api: BulkReplayApi = {
  preview: async (start) => {
    calls.push(['preview', start]);
    const runs = Array.from({ length: 60 }, (_, number) => ({
      runKey: `11-${number}-1`,
      time: '2026-11-20T11:00:00.000Z',
      repository: 'octo-org/app',
      code: 'config-unreadable',
    }));
    return { until: '2026-11-20T12:00:00.000Z', selected: 250, more: false, runs };
  },
  start: async (start) => {
    calls.push(['start', start]);
    if (refusal !== null) throw new ApiError(refusal, 409);
    return replayWith();
  },
  get: async () => nextState(),
  list: async () => states,
  change: async (id, action, reason) => {
    calls.push([`${action} ${id}`, reason]);
    return nextState();
  },
};

function dependencies(): BulkReplayDependencies {
  const controller = new AbortController();
  let sleeps = 0;
  return {
    api: () => api,
    now: () => now,
    sleep: async () => {
      sleeps += 1;
      if (sleeps >= stopAfter) controller.abort();
    },
    stopped: () => controller.signal,
  };
}

async function run(name: 'replay' | 'bulk-replays', ...args: readonly string[]) {
  let out = '';
  let err = '';
  const bulk = dependencies();
  const refuse = async () => Promise.reject(new Error('A bulk replay needs no access to AWS.'));
  const single = {
    operations: refuse,
    user: () => 'octocat',
    now: () => now,
    context: processContext,
    newId: () => 'action-1',
  };
  const command = name === 'replay' ? replayCommand({ ...single, bulk }) : bulkReplaysCommand(bulk);
  const code = await command.run(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    readFile: () => new Uint8Array(),
  });
  return { code, out, err };
}

const outage = ['--outcome', 'config-unreadable', '--since', '2h', '--reason', 'GitHub is back'];

describe('replay of many runs', () => {
  test('without --yes lists the runs, says how many there are, and starts nothing', async () => {
    const { code, out } = await run('replay', ...outage);
    expect(code).toBe(0);
    expect(calls).toMatchObject([
      [
        'preview',
        { mode: 'as-recorded', outcome: 'config-unreadable', since: '2026-11-20T10:00:00.000Z', perMinute: 60 },
      ],
    ]);
    expect(out).toContain('11-0-1  2026-11-20T11:00:00.000Z  config-unreadable  octo-org/app\n');
    expect(out).toContain('… and 200 more\nDry run: 250 runs selected.\n');
    expect(out).toContain('To replay exactly these, add: --until 2026-11-20T12:00:00.000Z --yes\n');
  });

  test('with --yes starts it and shows the progress, the rate and the time left until it is completed', async () => {
    states = [
      replayWith({ selected: 100 }),
      replayWith({ state: 'running', selected: 250, requested: 10 }),
      replayWith({ state: 'running', selected: 250, requested: 10 }),
      replayWith({ state: 'running', selected: 250, requested: 10, problem: 'Error: SQS is down' }),
      replayWith({ state: 'running', selected: 250, requested: 240 }),
      replayWith({ state: 'completed', selected: 250, requested: 250 }),
    ];
    const { code, out } = await run('replay', ...outage, '--re-evaluate', '--yes', '--until', '2026-11-20T11:30:00Z');
    expect(code).toBe(0);
    expect(calls).toMatchObject([['start', { mode: 're-evaluate', until: '2026-11-20T11:30:00.000Z' }]]);
    expect(out.split('\n')).toEqual([
      `Bulk replay ${bulkReplayId} is started. It goes on without this command.`,
      'selecting: 0 runs so far',
      'selecting: 100 runs so far',
      'running: 10 of 250 replays requested, 60 a minute, about 4 minutes left',
      'running: 10 of 250 replays requested, 60 a minute, about 4 minutes left; the last step failed and is repeated: Error: SQS is down',
      'running: 240 of 250 replays requested, 60 a minute, less than a minute left',
      'completed: 250 of 250 replays requested',
      '',
    ]);
  });

  test('goes on after Ctrl-C, and the command says how to stop it', async () => {
    stopAfter = 1;
    const { code, err } = await run('replay', ...outage, '--yes');
    expect(code).toBe(130);
    expect(err).toContain(`dispatcher bulk-replays stop ${bulkReplayId} --reason TEXT`);
  });

  test('ends at once with --no-follow', async () => {
    const { code, out } = await run('replay', ...outage, '--yes', '--no-follow', '--per-minute', '600');
    expect({ code, out }).toEqual({
      code: 0,
      out: `Bulk replay ${bulkReplayId} is started. It goes on without this command.\n`,
    });
    expect(calls).toMatchObject([['start', { perMinute: 600 }]]);
  });

  test('exits with 1 and names the first one if another operator has started one', async () => {
    refusal = `Bulk replay ${bulkReplayId} of config-unreadable is running: grace started it.`;
    const { code, err } = await run('replay', ...outage, '--yes');
    expect({ code, err }).toEqual({ code: 1, err: `${refusal}\n` });
  });

  test.each([
    ['without a time', ['--outcome', 'config-unreadable', '--reason', 'x']],
    ['with outcome and code', [...outage, '--code', 'config-unreadable']],
    ['with an unreadable time', ['--outcome', 'config-unreadable', '--since', 'yesterday', '--reason', 'x']],
    ['without a reason', ['--outcome', 'config-unreadable', '--since', '2h']],
    ['with a run', ['11-1-1', ...outage]],
    ['that dispatches again', [...outage, '--dispatch-again']],
    ['with a route', [...outage, '--re-evaluate', '--route', 'octo-org/deploy:cd.yml']],
    ['with a rate of zero', [...outage, '--per-minute', '0']],
    ['of everything', ['--since', '2h', '--reason', 'x']],
  ])('%s is refused', async (_, args) => {
    await expect(run('replay', ...args)).rejects.toBeInstanceOf(UsageError);
    expect(calls).toEqual([]);
  });
});

describe('bulk-replays', () => {
  test('list shows each one with its selection, its operator and its progress, and says if there is none', async () => {
    expect((await run('bulk-replays', 'list')).out).toBe('There is no bulk replay.\n');
    states = [replayWith({ state: 'stopped', selected: 9, requested: 4, changedBy: 'grace', reason: 'x\u001b[2J' })];
    const { out } = await run('bulk-replays', 'list');
    expect(out).toContain(`bulk replay  ${bulkReplayId}\nstate        stopped: 4 of 9 replays requested\n`);
    expect(out).toContain('selection    config-unreadable, 2026-11-20T10:00:00.000Z to 2026-11-20T12:00:00.000Z\n');
    expect(out).toContain('by ada: x\uFFFD[2J\nchanged      2026-11-20T12:00:00.000Z by grace\n');
    expect(JSON.parse((await run('bulk-replays', 'list', '--json')).out)).toMatchObject({
      bulkReplays: [{ bulkReplayId }],
    });
  });

  test('show --follow prints the progress until the bulk replay has ended', async () => {
    states = [
      replayWith({ state: 'running', selected: 2, requested: 1 }),
      replayWith({ state: 'stopped', selected: 2, requested: 1 }),
    ];
    const { code, out } = await run('bulk-replays', 'show', bulkReplayId, '--follow');
    expect(code).toBe(0);
    expect(out).toBe(
      'running: 1 of 2 replays requested, 60 a minute, less than a minute left\nstopped: 1 of 2 replays requested\n',
    );
  });

  test.each(['stop', 'resume'])('%s needs a reason, and sends it', async (action) => {
    await expect(run('bulk-replays', action, bulkReplayId)).rejects.toBeInstanceOf(UsageError);
    states = [replayWith({ state: 'stopped', selected: 2, requested: 1 })];
    const { code, out } = await run('bulk-replays', action, bulkReplayId, '--reason', 'the target is down');
    expect(calls).toEqual([[`${action} ${bulkReplayId}`, 'the target is down']]);
    expect({ code, out }).toEqual({
      code: 0,
      out: `Bulk replay ${bulkReplayId}: stopped: 1 of 2 replays requested.\n`,
    });
  });
});
