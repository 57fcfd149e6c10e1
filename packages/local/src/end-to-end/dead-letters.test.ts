import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { countMessages } from '@dispatcher/dead-letters';
import { completeRun } from '../app/emulator.ts';
import { awsAccess, queueUrl } from '../aws/provision.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { commandLine, factsOfRun, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { until } from '../testing/until.ts';

// Handles dead letters like an operator: only through the command line, with --direct or over the admin API of the running
// system, and that API itself.

let dataDir: string;
let system: System;
let github: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dead-letters-'));
  const env = {
    MAX_ATTEMPTS: '2',
    // Long enough for a token and a response on a slow machine.
    GITHUB_TIMEOUT_SECONDS: '10',
    LEASE_SECONDS: '20',
    RECONCILE_WINDOW_SECONDS: '1',
  };
  system = await startSystem({ dataDir, port: 0, env });
  github = system.emulatorUrl ?? '';
  environment = await operatorEnvironment(dataDir);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const deadLetters = (...args: string[]): Promise<string> => runCommandLine(environment, 'dead-letters', ...args);

async function post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${system.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const factsOf = (runKey: string) => factsOfRun(system.url, runKey);

const deadLettersOf = async (runKey: string) => ofType(await factsOf(runKey), 'message.dead-lettered');
const actionsOf = async (runKey: string) => ofType(await factsOf(runKey), 'dead-letter.acted');

async function listedQueue(queue: string) {
  const text = await deadLetters('list', '--queue', queue, '--json');
  const { queues } = JSON.parse(text) as {
    queues: { recorded: number; difference: number; groups: { reason: string; count: number; sample: object }[] }[];
  };
  return queues[0];
}

/** Creates a source and two targets that consent to it. */
async function createRoutes(): Promise<{ source: string; targets: [string, string] }> {
  const source = 'octo-org/source';
  const targets: [string, string] = ['octo-org/target-1', 'octo-org/target-2'];
  for (const target of targets) {
    await create(target, {
      'dispatching.yml': `inbound: [{ source: { repository: ${source}, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]`,
      '.github/workflows/cd.yml': 'on: { workflow_dispatch: {} }\njobs: {}\n',
    });
  }
  const rules = targets.map((target) => `{ repository: ${target}, workflow: cd.yml }`).join(', ');
  await create(source, {
    'dispatching.yml': `outbound: [{ source: { workflow: ci.yml }, targets: [${rules}] }]`,
    '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
  });
  return { source, targets };
}

async function create(repository: string, files: Record<string, string>): Promise<void> {
  const [owner, name] = repository.split('/');
  await control(github, 'POST', '/repositories', { owner, name, branches: { main: { files } } });
}

describe('an operator', () => {
  test('finds the cause of dead letters while GitHub fails, and redrives them afterwards, which starts their runs', async () => {
    const { source, targets } = await createRoutes();
    const broken = { match: { operation: 'dispatch', times: 0 }, fault: { status: 503 } };
    await control(github, 'POST', '/faults', { rules: [broken], seed: 1 });
    const { delivery } = await completeRun(github, { repository: source, workflow: 'ci.yml' });
    const { accepted: runKey } = JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string };

    // The dead letters appear in the list and among the facts of the run.
    await until(async () => (await deadLettersOf(runKey)).length === 2);
    await until(async () => (await listedQueue('decisions'))?.recorded === 2);
    expect(await listedQueue('decisions')).toMatchObject({
      recorded: 2,
      difference: 0,
      groups: [{ reason: 'attempts-exhausted', count: 2, sample: { runKey, deliveryId: delivery?.guid, attempts: 2 } }],
    });
    const [first, second] = (await deadLettersOf(runKey)).map(({ id }) => id) as [string, string];

    // The cause, from the command line and from the API.
    const text = await deadLetters('inspect', first);
    expect(text).toMatch(/^detail +ResponseLostError: .*Redrive the dead letter to send it again/m);
    expect(text).toContain('"type": "route.decided"');
    const inspected = await post('/api/dead-letters/inspect', { queue: 'decisions', deadLetterId: second });
    expect(inspected).toMatchObject({ status: 200, body: { id: second, runKey, reason: 'attempts-exhausted' } });
    expect(JSON.parse(String(inspected.body['body']))).toMatchObject({ type: 'route.decided', runKey });
    for (const target of targets) expect(await dispatchedRuns(github, target)).toEqual([]);

    // GitHub works again.
    await control(github, 'DELETE', '/faults');
    const because = ['--reason', 'GitHub works again'];
    const one = ['redrive', '--queue', 'decisions', '--id', first, ...because];
    expect(await deadLetters(...one)).toContain('Dry run: 1 redriven.');
    expect(await actionsOf(runKey)).toEqual([]);
    expect(await deadLetters(...one, '--yes')).toContain('1 redriven.');

    // A command that cannot reach the API does nothing, and names the other way.
    await expect(
      runCommandLine({ ...environment, DISPATCHER_URL: 'http://127.0.0.1:1' }, 'dead-letters', 'list'),
    ).rejects.toThrow(/Could not reach Dispatcher at http:\/\/127\.0\.0\.1:1.*--direct/);

    const all = { queue: 'decisions', select: { reason: 'attempts-exhausted' }, reason: 'GitHub works again' };
    const dry = await post('/api/dead-letters/redrive', all);
    expect(dry).toMatchObject({ status: 200, body: { dryRun: true, deadLetters: [{ id: second }], more: false } });
    const done = await post('/api/dead-letters/redrive', { ...all, dryRun: false });
    expect(done).toMatchObject({
      status: 200,
      body: { deadLetters: [{ id: second, outcome: 'redriven' }], queueDepth: { waiting: 0, inFlight: 0 } },
    });

    // Each target's run is started once.
    await until(async () => ofType(await factsOf(runKey), 'dispatch.accepted').length === 2);
    for (const target of targets) expect(await dispatchedRuns(github, target)).toHaveLength(1);

    // The facts of the run name the operator, and no dead letter is left.
    await until(async () => (await actionsOf(runKey)).length === 2);
    const actions = (await actionsOf(runKey)).map(({ data, correlationId }) => ({ ...data, correlationId }));
    const common = {
      action: 'redrive',
      result: 'redriven',
      reason: 'GitHub works again',
      correlationId: delivery?.guid,
    };
    const byApi = actions.find(({ deadLetterId }) => deadLetterId === second);
    expect(byApi).toMatchObject({ ...common, actionId: done.body['actionId'] });
    expect(byApi?.operator).not.toBe('');
    // The command records the principal of the API, not the user of this machine.
    const byCommand = actions.find(({ deadLetterId }) => deadLetterId === first);
    expect(byCommand).toMatchObject({ ...common, operator: byApi?.operator });
    await until(async () => (await listedQueue('decisions'))?.recorded === 0);
    expect(await listedQueue('decisions')).toMatchObject({ recorded: 0, difference: 0, groups: [] });
  });

  test.each([
    ['over the API', []],
    ['directly while the API is down', ['--direct']],
  ])('sees dead letters that SQS moved itself as a difference, finds and discards them: %s', async (_, direct) => {
    const env = direct.length === 0 ? environment : { ...environment, DISPATCHER_URL: 'http://127.0.0.1:1' };
    const deadLetters = (...args: string[]) => runCommandLine(env, 'dead-letters', ...args, ...direct);
    const sqs = new SQSClient({ endpoint: system.awsUrl, ...awsAccess });
    const url = queueUrl(system.awsUrl, 'facts-dead-letters');
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'moved' }));
    expect(await deadLetters('list')).toContain('DIFFERENCE: 1 more than recorded');
    const selected = [
      'discard',
      '--queue',
      'facts',
      '--dead-letter-reason',
      'unrecorded',
      '--reason',
      'the content is unknown',
    ];
    expect(await deadLetters(...selected)).toMatch(/^\S+ {2}unrecorded, since /m);
    expect(await deadLetters(...selected, '--yes')).toContain('1 discarded.');
    expect(await deadLetters('list')).not.toContain('DIFFERENCE');
    sqs.destroy();
  });

  test.each([
    ['current request over the API', []],
    ['current dead letter with --direct', ['--direct']],
  ])('stops a command with Ctrl-C after the %s, and leaves the others visible in the queue', async (_, direct) => {
    const sqs = new SQSClient({ endpoint: system.awsUrl, ...awsAccess });
    const url = queueUrl(system.awsUrl, 'facts-dead-letters');
    // Many more than the command discards before it handles the signal.
    const deadLetterCount = 100;
    for (let number = 0; number < deadLetterCount; number += 1) {
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: `message ${number}` }));
    }
    const all = ['discard', '--queue', 'facts', '--all', '--reason', 'a test', '--yes', '--per-second', '5', ...direct];
    const command = spawn(process.execPath, [commandLine, 'dead-letters', ...all], { env: environment });
    let output = '';
    command.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (text.includes('10 dead letters')) command.kill('SIGINT');
    });
    const [code] = (await once(command, 'close')) as [number];
    expect(code).toBe(130);
    const [, count] =
      /Actions? \S+(?: and \d+ more)?: (\d+) discarded\. Stopped\. Run the same command again with --before \S+ to continue\./.exec(
        output,
      ) ?? [];
    const discarded = Number(count);
    expect(discarded).toBeGreaterThanOrEqual(10);
    expect(discarded).toBeLessThan(deadLetterCount);
    expect(await countMessages(sqs, url)).toEqual({ waiting: deadLetterCount - discarded, inFlight: 0 });
    expect(await deadLetters(...all, '--per-second', '100')).toContain(`${deadLetterCount - discarded} discarded.`);
    sqs.destroy();
  });
});
