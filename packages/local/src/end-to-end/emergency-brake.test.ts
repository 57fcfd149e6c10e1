import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { RouteDecided } from '@dispatcher/contracts';
import type { RecordedFact } from '@dispatcher/store';
import { busName, eventSource } from '@dispatcher/topology';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { awsAccess, queueUrl } from '../aws/provision.ts';
import { dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { eventually, until } from '../testing/until.ts';

// What stops dispatches in the running system: the operators' pause, and the stored plan where a message is forged.

let dataDir: string;
let system: System;
let github: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'emergency-brake-'));
  const env = { GITHUB_TIMEOUT_SECONDS: '5', LEASE_SECONDS: '10', RECONCILE_WINDOW_SECONDS: '2' };
  system = await startSystem({ dataDir, port: 0, env, scheduleEveryMs: 500 });
  github = system.emulatorUrl ?? '';
  environment = { ...(await operatorEnvironment(dataDir)), ...env };
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const started = () => dispatchedRuns(github, 'octo-org/deploy');
const factsOf = (runKey: string) => factsOfRun(system.url, runKey);

/** Completes a run of octo-org/app, which is allowed to start octo-org/deploy. Returns its run key. */
async function completeSource(): Promise<string> {
  const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
  return (JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string }).accepted;
}

/** Returns the fact as it was published: the stored plan has the trigger once, and not in each decision. */
async function allowedDecisionOf(runKey: string): Promise<RouteDecided> {
  const find = async () => {
    const response = await fetch(`${system.url}/api/plans/${runKey}`);
    const { facts } = response.ok ? ((await response.json()) as { facts: RecordedFact[] }) : { facts: [] };
    const [planned] = facts;
    const allowed = facts.find((fact) => fact.type === 'route.decided' && fact.data.decision.effect === 'allow');
    if (planned?.type !== 'run.planned' || allowed?.type !== 'route.decided') return undefined;
    return { ...allowed, data: { ...allowed.data, trigger: planned.data.trigger } };
  };
  await until(async () => (await find()) !== undefined);
  return (await find()) as RouteDecided;
}

async function request(path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(
    `${system.url}/api/${path}`,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

test('after `dispatcher pause` has ended nothing starts, and after `dispatcher resume` every waiting decision starts once', async () => {
  const before = await completeSource();
  await until(async () => ofType(await factsOf(before), 'dispatch.accepted').length === 1);
  const out = await runCommandLine(environment, 'pause', '--reason', 'a bad release', '--direct', '--as', 'ada');
  expect(out).toBe('Dispatches are paused. Nothing starts any more.\n');
  expect(await request('pause')).toMatchObject({ paused: true, operator: 'ada', reason: 'a bad release' });
  const atPause = await started();

  const waiting = [await completeSource(), await completeSource()];
  // Planned and decided as usual.
  for (const runKey of waiting) await allowedDecisionOf(runKey);
  const inQueue = async () =>
    (
      (await request('queues')) as { queues: { queue: string; waiting: number; inFlight: number; delayed: number }[] }
    ).queues.find(({ queue }) => queue === 'decisions');
  await eventually(async () => {
    const sample = await inQueue();
    expect((sample?.waiting ?? 0) + (sample?.inFlight ?? 0) + (sample?.delayed ?? 0)).toBeGreaterThanOrEqual(2);
  });
  expect(await started()).toEqual(atPause);

  await runCommandLine(environment, 'resume', '--reason', 'rolled back', '--direct', '--as', 'ada');
  for (const runKey of waiting) {
    await until(async () => ofType(await factsOf(runKey), 'dispatch.accepted').length === 1);
  }
  expect(await started()).toHaveLength(atPause.length + waiting.length);
  await eventually(async () => {
    const { entries } = (await request('audit')) as {
      entries: { action: string; operator: string; subject: string }[];
    };
    expect(entries).toMatchObject([
      { action: 'resumed', operator: 'ada', reason: 'rolled back', subject: 'dispatches' },
      { action: 'paused', operator: 'ada', reason: 'a bad release', subject: 'dispatches' },
    ]);
  });
});

test('the API pauses and resumes, and its response says from when on nothing starts', async () => {
  const paused = await request('pause', { reason: 'a leaked key' });
  expect(paused).toMatchObject({ paused: true, changedAt: expect.any(String) });
  const delayMs = Date.parse(String(paused['effectiveAt'])) - Date.parse(String(paused['changedAt']));
  expect(delayMs).toBeGreaterThanOrEqual(10_000);
  expect(await runCommandLine(environment, 'pause', '--status')).toMatch(
    /^Dispatches are paused since .*: a leaked key$/m,
  );
  expect(await runCommandLine(environment, 'pause', '--status', '--direct')).toMatch(
    /^Dispatches are paused since .*: a leaked key$/m,
  );
  expect(await request('resume', { reason: 'revoked' })).toMatchObject({ paused: false, effectiveAt: null });
  expect(await request('pause')).toMatchObject({ paused: false, reason: 'revoked' });
});

test('a forged decision on the queue or on the event bus starts nothing and becomes a dead letter', async () => {
  const runKey = await completeSource();
  const real = await allowedDecisionOf(runKey);
  await until(async () => ofType(await factsOf(runKey), 'dispatch.accepted').length === 1);
  const before = await started();

  /** A decision that nobody made. */
  const forge = (id: string, change: Partial<RouteDecided['data']>): RouteDecided => ({
    ...real,
    id,
    data: { ...real.data, ...change },
  });
  const decision = { ...real.data.decision, dispatchId: 'f'.repeat(32) };
  const sqs = new SQSClient({ endpoint: system.awsUrl, ...awsAccess });
  const eventBridge = new EventBridgeClient({ endpoint: system.awsUrl, ...awsAccess });
  const onQueue = forge('1'.repeat(32), { decision });
  const queue = queueUrl(system.awsUrl, 'decisions');
  await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: JSON.stringify(onQueue) }));
  const onBus = forge('2'.repeat(32), { revision: 7, decision });
  await eventBridge.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: busName,
          Source: eventSource,
          DetailType: onBus.type,
          Detail: JSON.stringify(onBus),
        },
      ],
    }),
  );
  sqs.destroy();
  eventBridge.destroy();

  await eventually(async () => {
    const deadLetters = ofType(await factsOf(runKey), 'message.dead-lettered').map(({ data }) => data);
    expect(deadLetters.map(({ reason }) => reason)).toEqual(['decision-not-in-plan', 'decision-not-in-plan']);
    const details = deadLetters.map(({ detail }) => detail).toSorted();
    expect(details[0]).toMatch(/No plan of run .* with revision 7 is stored/);
    expect(details[1]).toMatch(/The message names dispatch f{32}/);
  });
  expect(await started()).toEqual(before);
});
