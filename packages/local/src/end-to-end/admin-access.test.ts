import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminHeaders } from '../app/admin-access.ts';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { dispatchedRuns } from '../testing/github.ts';
import { timelineOf } from '../testing/delivery-timeline.ts';
import { commandsOf, runInShell } from '../testing/shell.ts';
import { until } from '../testing/until.ts';
import { factsOfRun } from '../testing/operator.ts';

// Runs the commands of docs/guide/admin-access.md in a shell, against a running system with Basic authentication.

const blocks = commandsOf('guide/admin-access.md');

let dataDir: string;
let system: System;
const access = { ADMIN_AUTHENTICATION: 'basic', ADMIN_BASIC_USER: 'ada', ADMIN_BASIC_PASSWORD: 'correct horse' };
const headers = adminHeaders(access);
const variables: Record<string, string> = { ADMIN_BASIC_USER: 'ada', ADMIN_BASIC_PASSWORD: 'correct horse' };
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'access-'));
  system = await startSystem({ dataDir, port: 0, env: access });
  const { delivery } = await completeRun(system.emulatorUrl ?? '', { repository: 'octo-org/app', workflow: 'ci.yml' });
  const { accepted } = JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string };
  variables['RUN_KEY'] = accepted;
  await timelineOf(system.url, delivery?.guid ?? '', headers);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const run = (commands: string): Promise<string> => runInShell(dataDir, commands, variables);

const factsOf = (runKey: string) => factsOfRun(system.url, runKey, headers);

describe('the commands of the page on admin access', () => {
  test('all five blocks work', async () => {
    expect(blocks).toHaveLength(5);
    const [reading = '', dashboard = '', nightly = '', rotation = '', replay = ''] = blocks;
    const reader = await run("npx --no-install dispatcher keys create reader --role viewer --reason 'for status'");
    // The address of this system, and a list that ends.
    const here = reading.replace('https://dispatcher.example', '"$DISPATCHER_URL"').replace(' --follow', '');
    expect(await run(`KEY=${reader.trim()}\n${here}`)).toContain('octo-org/deploy');
    expect(JSON.parse(await run(dashboard))).toMatchObject({ deliveries: expect.any(Array) });

    const key = await run(nightly);
    expect(key).toMatch(/^dsp_[0-9a-f]{16}_[\w-]{43}\n$/);
    variables['KEY_ID'] = key.split('_')[1] ?? '';
    const rotated = await run(rotation);
    expect(rotated).toMatch(/nightly +dispatch +active[\s\S]*was revoked at/);
    expect(await run('npx --no-install dispatcher keys list')).toMatch(
      new RegExp(`${variables['KEY_ID']} +nightly +dispatch +revoked`),
    );

    const { actionId } = JSON.parse(await run(replay)) as { actionId: string };
    const runKey = variables['RUN_KEY'] ?? '';
    await until(async () => (await factsOf(runKey)).some(({ type }) => type === 'operator.acted'));
    expect((await factsOf(runKey)).filter(({ type }) => type === 'operator.acted')).toMatchObject([
      { data: { actionId, action: 'as-recorded', operator: 'key:on-call', reason: 'the issue was deleted' } },
    ]);
    expect(await dispatchedRuns(system.emulatorUrl ?? '', 'octo-org/deploy')).toHaveLength(1);
  });
});

test('a dispatch-again request that is repeated with its idempotency key starts one run', async () => {
  const runKey = variables['RUN_KEY'] ?? '';
  const started = (await factsOf(runKey)).find((fact) => fact.type === 'dispatch.accepted');
  const routeId = started?.type === 'dispatch.accepted' ? started.data.routeId : '';
  const replay = async () => {
    const response = await fetch(`${system.url}/api/runs/${runKey}/replay`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': 'replay-1' },
      body: JSON.stringify({ mode: 'dispatch-again', routeId, reason: 'a test' }),
    });
    return {
      status: response.status,
      replayed: response.headers.get('idempotency-replayed'),
      body: await response.text(),
    };
  };
  const first = await replay();
  expect(first).toMatchObject({ status: 202, replayed: null });
  expect(await replay()).toEqual({ ...first, replayed: 'true' });
  const accepted = async () => (await factsOf(runKey)).filter(({ type }) => type === 'dispatch.accepted').length;
  await until(async () => (await accepted()) === 2);
  expect(await dispatchedRuns(system.emulatorUrl ?? '', 'octo-org/deploy')).toHaveLength(2);
});
