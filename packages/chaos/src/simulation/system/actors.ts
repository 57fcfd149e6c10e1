import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RunReplay } from '@dispatcher/contracts';
import { createBus, hashSecret, newApiKey } from '@dispatcher/lambda';
import { applyDeadLetterCommand, type DeadLetterCommand } from '@dispatcher/dead-letters';
import { busName, type QueueName, queues as descriptions } from '@dispatcher/topology';
import type { Answer } from '@dispatcher/planning/src/door/answer.ts';
import { type ApiKeyRecord, createAccessStore } from '@dispatcher/store';
import { keyName, type TestRequest } from '../../workload/test-routes.ts';
import type { Clock } from './clock.ts';
import type { Crew } from './scheduler.ts';
import { tableName } from './simulated-dynamodb.ts';
import { type Queues, queueUrl } from './simulated-sqs.ts';
import type { Surroundings } from './workers.ts';

// What people do, and jobs that hold a key. Nobody strikes them.

/** A key that may ask for all of these; returns its text. */
export async function createKey(
  client: DynamoDBDocumentClient,
  requests: readonly TestRequest[],
  { now }: Clock,
): Promise<string> {
  const { keyId, secret, text } = newApiKey();
  const { keys } = createAccessStore({ client, table: tableName('access') });
  const { made } = await keys.named(keyName);
  const key: ApiKeyRecord = {
    keyId,
    name: keyName,
    role: 'dispatch',
    targets: [...new Set(requests.map(({ target }) => target))],
    secretHash: hashSecret(secret),
    createdAt: new Date(now()).toISOString(),
    createdBy: 'octocat',
    expiresAt: null,
    revokedAt: null,
  };
  await keys.create(key, made);
  return text;
}

/** An answer that asks to come again. */
const comeAgain: readonly number[] = [409, 503];
const callerWaitsMs = 15_000;
const mostTries = 20;

/** A request at the door, sent with its idempotency key until it is answered. @throws Error where it never is */
export async function askUntilAnswered(
  crew: Crew,
  { name, body }: TestRequest,
  apiKey: string,
  clock: Clock,
): Promise<Answer> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const sent = { body: JSON.stringify(body), apiKey, idempotencyKey: name, address: '192.0.2.1' };
    const answer = await crew.ask(sent);
    if (answer !== null && !comeAgain.includes(answer.status)) return answer;
    clock.leap(callerWaitsMs);
  }
  throw new Error(`The request ${name} was sent ${mostTries} times and never answered.`);
}

export type AskedAgain = Pick<RunReplay, 'mode' | 'runKey' | 'routeId'>;

/** As the command `dispatcher replay` does it. */
export function askForAgain(queues: Queues, asked: AskedAgain, { now }: Clock): void {
  const requestedAt = new Date(now()).toISOString();
  const by = { actionId: 'again-1', operator: 'octocat', reason: 'it is wanted once more', requestedAt };
  queues.send('runs', JSON.stringify({ type: 'run.replay', version: 1, ...asked, ...by } satisfies RunReplay));
}

/**
 * As the command `dispatcher dead-letters redrive` does it: with `--all`, and what was redriven three times by its id, with
 * `--quarantined`.
 */
export async function redriveAll({ clock, eventBridge }: Surroundings, queues: Queues): Promise<void> {
  const tools = {
    sqs: queues.client,
    bus: createBus(eventBridge, busName),
    now: clock.now,
    sleep: async (ms: number) => clock.leap(ms),
    warn: (sentence: string) => {
      throw new Error(sentence);
    },
  };
  const redrive = async (
    name: QueueName,
    selected: Pick<DeadLetterCommand, 'select' | 'quarantined'>,
  ): Promise<string[]> => {
    const queue = { name, deadLetterUrl: queueUrl(`${name}-dead-letters`), destinations: { [name]: queueUrl(name) } };
    const actionId = `redrive-${clock.now()}${selected.quarantined ? '-by-id' : ''}`;
    const why = { actionId, operator: 'octocat', reason: 'it works again' };
    const command: DeadLetterCommand = { action: 'redrive', ...selected, ...why, limit: 100, dryRun: false };
    const quarantined: string[] = [];
    const { ended, problem } = await applyDeadLetterCommand(tools, queue, command, {
      signal: new AbortController().signal,
      onDeadLetter: ({ id }, outcome) => {
        if (outcome === 'quarantined') quarantined.push(id);
      },
    });
    if (ended !== 'completed') throw new Error(`The letters of ${name} were not all redriven: ${problem ?? ended}`);
    return quarantined;
  };
  for (const { name } of descriptions) {
    const ids = await redrive(name, { select: { all: true }, quarantined: false });
    if (ids.length > 0) await redrive(name, { select: { ids }, quarantined: true });
  }
}
