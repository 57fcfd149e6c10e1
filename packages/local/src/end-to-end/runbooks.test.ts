import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryFact } from '@dispatcher/store';
import { undeliveredEventsQueue } from '@dispatcher/topology';
import { completeRun } from '../app/emulator.ts';
import { awsAccess, queueUrl } from '../aws/provision.ts';
import { repositoryRoot } from '../app/running-file.ts';
import { startSystem, type System } from '../app/system.ts';
import { dispatchedRuns } from '../testing/github.ts';
import { timelineOf } from '../testing/delivery-timeline.ts';
import { runInShell } from '../testing/shell.ts';
import { until } from '../testing/until.ts';
import { factsOfRun } from '../testing/operator.ts';

// Runs every command of the runbooks, and of the guide on replays, in a shell, against a running system.

const directory = join(repositoryRoot, 'docs/runbooks');
// The other pages need an AWS account.
const pages = [
  'README.md',
  'pause-all-dispatches.md',
  'missed-deliveries.md',
  'dead-letters.md',
  'rate-limited.md',
  'credentials-broken.md',
  'github-down.md',
  '../guide/replay.md',
];

interface Block {
  readonly page: string;
  readonly number: number;
  readonly commands: string;
}

function blocksOf(page: string): Block[] {
  const text = readFileSync(join(directory, page), 'utf8');
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)].map(([, indent = '', body = ''], index) => {
    const commands = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    return { page, number: index + 1, commands };
  });
}

// Terraform's outputs are those of an applied environment: scripts/aws/check.ts runs the commands that read them.
const blocks = pages
  .flatMap(blocksOf)
  .filter(({ commands }) => !commands.includes('dispatcher deploy environment') && !commands.includes('terraform '));
// Replays of one run. The bulk replays select runs with an outcome that none has.
const replays = blocks.flatMap(({ commands }) =>
  [...commands.matchAll(/dispatcher replay (?!--outcome).*/g)].map(([line]) => line),
);

let dataDir: string;
let system: System;
let variables: Record<string, string>;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'runbooks-'));
  system = await startSystem({ dataDir, port: 0, env: {}, scheduleEveryMs: 2_000 });
  const { delivery } = await completeRun(system.emulatorUrl ?? '', { repository: 'octo-org/app', workflow: 'ci.yml' });
  const { accepted } = JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string };
  variables = { DELIVERY: delivery?.guid ?? '', RUN_KEY: accepted, ROUTE: 'octo-org/deploy:cd.yml' };
  await timelineOf(system.url, delivery?.guid ?? '');
  // Dead letters for the commands of dead-letters.md.
  const sqs = new SQSClient({ endpoint: system.awsUrl, ...awsAccess });
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(system.awsUrl, 'runs'), MessageBody: 'no message' }));
  await sendUndelivered(sqs, accepted);
  sqs.destroy();
  await until(isRecorded);
  Object.assign(variables, { QUEUE: 'runs', DEAD_LETTER: await listedDeadLetter() });
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

/** Sends a recorded fact of the run to the queue of undelivered events, as EventBridge does if a target rejects it. */
async function sendUndelivered(sqs: SQSClient, runKey: string): Promise<void> {
  const [detail] = await factsOf(runKey);
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl(system.awsUrl, undeliveredEventsQueue.name),
      MessageBody: JSON.stringify({ 'detail-type': detail?.type, source: 'dispatcher', detail }),
      MessageAttributes: {
        RULE_ARN: text('arn:aws:events:us-east-1:000000000000:rule/dispatcher/facts'),
        TARGET_ARN: text('arn:aws:sqs:us-east-1:000000000000:facts'),
        ERROR_CODE: text('NO_PERMISSIONS'),
        ERROR_MESSAGE: text('not authorized'),
        RETRY_ATTEMPTS: text('0'),
      },
    }),
  );
}

const factsOf = (runKey: string) => factsOfRun(system.url, runKey);

const run = (commands: string): Promise<string> => runInShell(dataDir, commands, variables);

interface DeadLetterList {
  readonly queues: readonly {
    readonly queue: string;
    readonly groups: readonly { readonly sample: { readonly deadLetterId: string } }[];
  }[];
}

/** Returns whether the fact of the dead letter of the queue `runs` is recorded. */
async function isRecorded(): Promise<boolean> {
  const response = await fetch(`${system.url}/api/dead-letters`);
  const { groups } = (await response.json()) as { groups: readonly { readonly queue: string }[] };
  return groups.some(({ queue }) => queue === 'runs');
}

/** Returns the only dead letter of the queue `runs`. */
async function listedDeadLetter(): Promise<string | undefined> {
  const { queues } = JSON.parse(await run('npx --no-install dispatcher dead-letters list --json')) as DeadLetterList;
  return queues.find(({ queue }) => queue === 'runs')?.groups[0]?.sample.deadLetterId;
}

/**
 * Starts the command line without npm, which takes longer than the command line itself, and lets the replay of a run wait
 * for as long as a busy machine needs. `listedDeadLetter` uses npm.
 */
const npx = `npx() {
  shift
  case "$*" in
    'dispatcher replay --'*) "$@" ;;
    'dispatcher replay '*) "$@" --timeout 300 ;;
    *) "$@" ;;
  esac
}`;

describe('every command of the runbooks works', () => {
  test.each(blocks)('$page, block $number', async ({ commands }) => {
    const output = await run(`${npx}\n${commands}`);
    expect(output).not.toBe('');
    if (commands.includes('dead-letters list')) expect(output).toContain('message-invalid: 1');
    if (commands.includes('dead-letters inspect')) expect(output).toContain('\nno message\n');
    if (commands.includes('/dead-letters/inspect')) expect(output).toContain('"body":"no message"');
    if (commands.includes('/dead-letters/redrive')) expect(output).toContain('"dryRun":true');
    if (commands.includes('--quarantined')) expect(output).toContain('1 redriven');
    if (commands.includes('--queue undelivered-events')) expect(output).toContain('1 redriven');
    if (commands.includes('/webhooks/github')) expect(output).toBe('401\n');
    if (/dispatcher replay --outcome .*"$/m.test(commands)) expect(output).toContain('Dry run: 0 runs selected.');
    if (/dispatcher replay --outcome .*--yes$/m.test(commands)) expect(output).toContain('completed: 0 of 0');
    if (/dispatcher replay "/.test(commands)) expect(output).toContain(`run ${variables['RUN_KEY']}`);
  });

  test('and only the replays with --dispatch-again start runs', async () => {
    expect(replays.length).toBeGreaterThan(3);
    const dispatchAgain = replays.filter((line) => line.includes('--dispatch-again')).length;
    const runKey = variables['RUN_KEY'] ?? '';
    const ofType = async (type: HistoryFact['type']) =>
      (await factsOf(runKey)).filter((fact) => fact.type === type).length;
    await until(async () => (await ofType('operator.acted')) === replays.length);
    await until(async () => (await ofType('dispatch.accepted')) === 1 + dispatchAgain);
    expect(await dispatchedRuns(system.emulatorUrl ?? '', 'octo-org/deploy')).toHaveLength(1 + dispatchAgain);
  });
});
