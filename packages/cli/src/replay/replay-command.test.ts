import { beforeEach, describe, expect, test } from '@jest/globals';
import { routeId, type Fact, type Route, type RunReplay } from '@dispatcher/contracts';
import type { ReplayOperations } from './replay-operations.ts';
import { UsageError } from '../command.ts';
import { processContext } from '../context/command-context.ts';
import { bulkReplayDependencies } from './bulk-replays-command.ts';
import { replayCommand } from './replay-command.ts';

const source = { repository: 'octo-org/app', workflow: 'ci.yml' };
const deploy: Route = { source, target: { repository: 'octo-org/deploy', workflow: 'cd.yml' } };
const staging: Route = { ...deploy, id: 'staging' };

let sent: RunReplay[];
let routes: readonly Route[];
beforeEach(() => {
  sent = [];
  routes = [deploy];
});

/** The fields of a fact that the command reads. */
function factsOf(planned: readonly Route[]): Fact[] {
  const decided = planned.map((route) => ({
    type: 'route.decided',
    data: { decision: { routeId: routeId(route), route } },
  }));
  return [{ type: 'run.planned' }, ...decided] as unknown as Fact[];
}

const operations: ReplayOperations = {
  runOfDelivery: async (deliveryId) => (deliveryId === 'guid-1' ? '11-22-1' : null),
  factsOfRun: async (runKey) => (runKey === '11-22-1' ? factsOf(routes) : []),
  send: async (message) => {
    sent.push(message);
  },
};

async function run(args: readonly string[], change: Partial<ReplayOperations> = {}) {
  let out = '';
  let err = '';
  const command = replayCommand({
    operations: async () => ({ ...operations, ...change }),
    user: () => 'octocat',
    now: () => Date.parse('2026-01-02T03:04:05.000Z'),
    newId: () => 'action-1',
    context: processContext,
    bulk: bulkReplayDependencies,
  });
  const code = await command.run([...args, '--direct'], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    readFile: () => new Uint8Array(),
  });
  return { code, out, err };
}

const because = ['--reason', 'the target was down'];

describe('replay', () => {
  test('a dry run needs no reason, and the message says that nothing is to be stored or started', async () => {
    await run(['guid-1', '--re-evaluate', '--dry-run']);
    expect(sent).toMatchObject([{ mode: 're-evaluate', dryRun: true, reason: 'dry run' }]);
  });

  test('a token in the reason is sent as [redacted], and the command says so', async () => {
    const token = `ghs_${'A1b2'.repeat(9)}`;
    const { code, err } = await run(['11-22-1', '--reason', `renewed ${token}`]);
    expect(code).toBe(0);
    expect(sent).toMatchObject([{ reason: 'renewed [redacted]' }]);
    expect(err).toMatch(/contained a secret.*Revoke/);
  });

  test('a run is replayed as recorded, with operator, time and reason', async () => {
    const { code, out } = await run(['11-22-1', ...because]);
    expect(code).toBe(0);
    expect(out).toContain('action action-1');
    expect(sent).toEqual([
      {
        type: 'run.replay',
        version: 1,
        actionId: 'action-1',
        runKey: '11-22-1',
        mode: 'as-recorded',
        routeId: null,
        operator: 'octocat',
        reason: 'the target was down',
        requestedAt: '2026-01-02T03:04:05.000Z',
      },
    ]);
  });

  test('a run is found by its delivery', async () => {
    await run(['guid-1', ...because, '--re-evaluate', '--as', 'hubot']);
    expect(sent).toMatchObject([{ runKey: '11-22-1', mode: 're-evaluate', operator: 'hubot', routeId: null }]);
  });

  test('the only route of a run is dispatched again without being named', async () => {
    await run(['11-22-1', ...because, '--dispatch-again']);
    expect(sent).toMatchObject([{ mode: 'dispatch-again', routeId: routeId(deploy) }]);
  });

  test.each(['OCTO-org/deploy:cd.yml#staging', routeId(staging)])('a route can be named as %s', async (route) => {
    routes = [deploy, staging];
    await run(['11-22-1', ...because, '--dispatch-again', '--route', route]);
    expect(sent).toMatchObject([{ routeId: routeId(staging) }]);
  });

  test('if a run has several routes, one must be named, and the error lists them', async () => {
    routes = [deploy, staging];
    const attempt = run(['11-22-1', ...because, '--dispatch-again']);
    await expect(attempt).rejects.toThrow(`octo-org/deploy:cd.yml#staging (${routeId(staging)})`);
    expect(sent).toEqual([]);
  });

  test.each([
    ['no run', because],
    ['two runs', ['1-2-3', '1-2-4', ...because]],
    ['no reason', ['11-22-1']],
    ['an empty reason', ['11-22-1', '--reason', ' ']],
    ['a dry run of what is recorded', ['11-22-1', ...because, '--dry-run']],
    ['a dry run of a bulk replay', ['--code', 'config-invalid', ...because, '--re-evaluate', '--dry-run']],
    ['both modes', ['11-22-1', ...because, '--re-evaluate', '--dispatch-again']],
    ['a route as recorded', ['11-22-1', ...because, '--route', 'octo-org/deploy:cd.yml']],
    ['a run that is not recorded', ['11-22-9', ...because]],
    ['a delivery that is not recorded', ['guid-9', ...because]],
    ['a route that the run does not have', ['11-22-1', ...because, '--re-evaluate', '--route', 'a/b:c.yml']],
    ['a reason that is too long', ['11-22-1', '--reason', 'x'.repeat(1_001)]],
    ['an unknown option', ['11-22-1', ...because, '--force']],
  ])('%s: nothing is sent', async (_, args) => {
    await expect(run(args)).rejects.toBeInstanceOf(UsageError);
    expect(sent).toEqual([]);
  });

  test('an unreachable system exits with 1 and a message', async () => {
    const { code, err } = await run(['11-22-1', ...because], {
      factsOfRun: async () => {
        throw new Error('connect ECONNREFUSED');
      },
    });
    expect(code).toBe(1);
    expect(err).toContain('Could not reach Dispatcher: connect ECONNREFUSED');
  });
});
