import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Fact } from '@dispatcher/contracts';
import { countMessages } from '@dispatcher/dead-letters';
import type { DeadLetter, DeadLetterSummary } from '@dispatcher/store';
import { completeRun } from '../app/emulator.ts';
import { awsAccess, provision, queueUrl } from '../aws/provision.ts';
import { startSystem, type System } from '../app/system.ts';
import { dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { eventually, until } from '../testing/until.ts';

// Deletes queues of the running system so that EventBridge cannot deliver, and recovers with the command line.

let dataDir: string;
let system: System;
let sqs: SQSClient;
let environment: Readonly<Record<string, string | undefined>>;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'undelivered-'));
  system = await startSystem({ dataDir, port: 0, env: {}, scheduleEveryMs: 500 });
  sqs = new SQSClient({ endpoint: system.awsUrl, ...awsAccess });
  environment = await operatorEnvironment(dataDir);
});
afterAll(async () => {
  sqs.destroy();
  await system.close();
  await rm(dataDir, { recursive: true });
});

const deadLetters = (...args: string[]): Promise<string> => runCommandLine(environment, 'dead-letters', ...args);

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${system.url}/api/${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

const deadLettersOf = async (runKey: string) =>
  (await get<{ deadLetters: DeadLetter[] }>('dead-letters/undelivered-events?limit=100')).deadLetters.filter(
    (deadLetter) => deadLetter.runKey === runKey,
  );
const isFor = (queue: string) => (deadLetter: DeadLetter) => deadLetter.detail.includes(`:${queue})`);

test('events that EventBridge could not deliver are listed with their cause, and redriving them later completes the run', async () => {
  for (const queue of ['decisions', 'facts']) {
    await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl(system.awsUrl, queue) }));
  }
  const github = system.emulatorUrl ?? '';
  const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
  const { accepted: runKey } = JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string };

  // The undelivered decisions and facts are listed, although no fact reaches its queue.
  await eventually(async () => {
    const deadLetters = await deadLettersOf(runKey);
    // One route is allowed and one denied. Both queues get the two decisions and the plan.
    expect(deadLetters.filter(isFor('decisions'))).toHaveLength(3);
    expect(deadLetters.filter(isFor('facts'))).toHaveLength(3);
    const { groups } = await get<DeadLetterSummary>('dead-letters');
    expect(groups).toMatchObject([
      { queue: 'undelivered-events', reason: 'no-resource', sample: { state: 'open', attempts: 0 } },
    ]);
  });
  expect(await deadLetters('list')).toMatch(/^ {2}no-resource: \d+, /m);
  const [deadLetterId = ''] = (await deadLettersOf(runKey))
    .filter(isFor('decisions'))
    .map((deadLetter) => deadLetter.deadLetterId);
  // At once, and while the roll-up scans: an operator's command does not fail because of a scan.
  for (let time = 0; time < 3; time += 1) {
    const inspected = await deadLetters('inspect', deadLetterId);
    expect(inspected).toMatch(/^redrives to +decisions$/m);
    expect(inspected).toMatch(/^detail +NO_RESOURCE: .*rule\/dispatcher\/decisions/m);
    expect(inspected).toMatch(/"type": "(?:route\.decided|run\.planned)"/);
  }
  expect(await dispatchedRuns(github, 'octo-org/deploy')).toEqual([]);

  // Recreate the queues.
  await provision(system.awsUrl);
  const all = [
    'redrive',
    '--queue',
    'undelivered-events',
    '--all',
    '--reason',
    'the queues exist again',
    '--direct',
    '--as',
    'ada',
  ];
  const dryRun = await deadLetters(...all);
  const [, selected = ''] = /Dry run: (\d+) redriven\./.exec(dryRun) ?? [];
  const [, before = ''] = /add: --before (\S+) --yes/.exec(dryRun) ?? [];
  expect(Number(selected)).toBeGreaterThanOrEqual(6);
  const exactly = ['--before', before, '--yes', '--per-second', '100'];
  // What a scan of the roll-up holds and releases meanwhile can be left to the next command.
  let redriven = 0;
  await until(async () => {
    const [, count] = /: (\d+) redriven\./.exec(await deadLetters(...all, ...exactly)) ?? [];
    redriven += Number(count);
    return redriven >= Number(selected);
  });
  expect(redriven).toBe(Number(selected));
  // Facts that became undelivered after the dry run: none, unless the queues were recreated after it.
  await deadLetters(...all, '--yes', '--per-second', '100');
  const counts = await countMessages(sqs, queueUrl(system.awsUrl, 'undelivered-events'));
  expect(counts).toEqual({ waiting: 0, inFlight: 0 });

  // One run is started, and all facts are recorded, including the operator's actions.
  await eventually(async () => {
    const facts = await factsOfRun(system.url, runKey);
    const types = facts.map(({ type }) => type);
    const count = (type: Fact['type']) => types.filter((each) => each === type).length;
    expect([count('run.planned'), count('route.decided'), count('dispatch.accepted')]).toEqual([1, 2, 1]);
    expect(count('message.dead-lettered')).toBe(6);
    const actions = facts.filter((fact) => fact.type === 'dead-letter.acted').map(({ data }) => data);
    expect(new Set(actions.map((action) => action.deadLetterId)).size).toBe(6);
    for (const action of actions)
      expect(action).toMatchObject({ queue: 'undelivered-events', operator: 'ada', result: 'redriven' });
    expect(await dispatchedRuns(github, 'octo-org/deploy')).toHaveLength(1);
    const { queues, groups } = await get<DeadLetterSummary>('dead-letters');
    expect(groups).toEqual([]);
    expect(queues).toContainEqual({ queue: 'undelivered-events', recorded: 0, queueDepth: 0, difference: 0 });
  });
});
