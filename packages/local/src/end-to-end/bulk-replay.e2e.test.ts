import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns, untilIssueIsOpen } from '../testing/github.ts';
import { factsOfRun, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { eventually, until } from '../testing/until.ts';

// An outage of GitHub that lasts longer than runs wait for it. Afterwards an operator replays them with one command.

const runCount = 6;

let dataDir: string;
let system: System;
let github: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'bulk-replay-'));
  // The issue about the outage is written after it, however long it lasted.
  const env = { UNREADABLE_GIVE_UP_SECONDS: '3', MAX_ATTEMPTS: '20' };
  system = await startSystem({ dataDir, port: 0, env, scheduleEveryMs: 1_000 });
  github = system.emulatorUrl ?? '';
  environment = await operatorEnvironment(dataDir);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const dispatcher = (...args: string[]): Promise<string> => runCommandLine(environment, ...args);

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${system.url}/api/${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

test('after an outage one command re-evaluates every run that could not be planned, and each starts its workflow once', async () => {
  const fault = { status: 503, body: { message: 'Service Unavailable' } };
  const rules = ['/app*', '/repos/*', '/graphql', '/users/*'].map((path) => ({ match: { path, times: 0 }, fault }));
  await control(github, 'POST', '/faults', { rules });
  const runKeys: string[] = [];
  for (let number = 0; number < runCount; number += 1) {
    const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
    runKeys.push((JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string }).accepted);
  }
  const outcomesOf = async (runKey: string) =>
    ofType(await factsOfRun(system.url, runKey), 'run.planned').map(({ data }) => data.outcome);
  for (const runKey of runKeys) await until(async () => (await outcomesOf(runKey)).includes('config-unreadable'));
  await control(github, 'DELETE', '/faults');
  await untilIssueIsOpen(github, 'octo-org/app');
  expect(await dispatchedRuns(github, 'octo-org/deploy')).toEqual([]);

  const outage = ['--outcome', 'config-unreadable', '--since', '1h', '--re-evaluate', '--reason', 'GitHub is back'];
  await eventually(async () => {
    const dryRun = await dispatcher('replay', ...outage);
    expect(dryRun).toContain(`Dry run: ${runCount} runs selected.`);
    for (const runKey of runKeys) expect(dryRun).toContain(runKey);
  });
  const output = await dispatcher('replay', ...outage, '--yes', '--per-minute', '600');
  expect(output).toMatch(new RegExp(`completed: ${runCount} of ${runCount} replays requested\\n$`));

  await until(async () => (await dispatchedRuns(github, 'octo-org/deploy')).length >= runCount);
  for (const runKey of runKeys) {
    await eventually(async () => {
      const facts = await factsOfRun(system.url, runKey);
      expect(ofType(facts, 'dispatch.accepted')).toHaveLength(1);
      expect(ofType(facts, 'operator.acted')).toMatchObject([
        { data: { action: 're-evaluate', reason: 'GitHub is back', result: 'published', revision: 1 } },
      ]);
    });
  }
  expect(await dispatchedRuns(github, 'octo-org/deploy')).toHaveLength(runCount);

  // One action with its items.
  const [, id = ''] = /^Bulk replay (\S+) is started/.exec(output) ?? [];
  const { runs } = await get<{ runs: { runKey: string }[] }>(`bulk-replays/${id}/runs`);
  expect(new Set(runs.map(({ runKey }) => runKey))).toEqual(new Set(runKeys));
  await eventually(async () => {
    const { entries } = await get<{ entries: { action: string; subject: string }[] }>('audit');
    expect(new Set(entries.map(({ action, subject }) => `${action} ${subject}`))).toEqual(
      new Set([`bulk-replay-started ${id}`, `bulk-replay-completed ${id}`]),
    );
  });
  expect(await dispatcher('bulk-replays', 'show', id)).toContain(`completed: ${runCount} of ${runCount}`);
});
