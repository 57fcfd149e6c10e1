import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RunAgain } from '@dispatcher/contracts';
import { actOnLetters, createBus, hashSecret, newApiKey } from '@dispatcher/lambda';
import { busName, queues as descriptions } from '@dispatcher/local/topology';
import type { Answer } from '@dispatcher/planning/src/door/answer.ts';
import { type ApiKeyRecord, createAccessStore } from '@dispatcher/store';
import { keyName, type TestRequest } from '../routes.ts';
import type { Clock } from './clock.ts';
import type { Crew } from './crew.ts';
import { tableName } from './database.ts';
import { type Queues, queueUrl } from './queues.ts';
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

export type AskedAgain = Pick<RunAgain, 'mode' | 'runKey' | 'routeId'>;

/** As the command `dispatcher replay` does it. */
export function askForAgain(queues: Queues, asked: AskedAgain, { now }: Clock): void {
  const requestedAt = new Date(now()).toISOString();
  const by = { actionId: 'again-1', operator: 'octocat', reason: 'it is wanted once more', requestedAt };
  queues.send('runs', JSON.stringify({ type: 'run.again', version: 1, ...asked, ...by } satisfies RunAgain));
}

/** As the command `dispatcher dead-letters redrive --all --yes` does it. */
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
  const command = {
    action: 'redrive',
    select: { all: true },
    actionId: `redrive-${clock.now()}`,
    operator: 'octocat',
    reason: 'it works again',
    quarantined: false,
    limit: 100,
    dryRun: false,
  } as const;
  for (const { name, deadLetterQueue } of descriptions) {
    const queue = { name, deadLetterUrl: queueUrl(deadLetterQueue), destinations: { [name]: queueUrl(name) } };
    const { ended, problem } = await actOnLetters(tools, queue, command, { signal: new AbortController().signal });
    if (ended !== 'through') throw new Error(`The letters of ${name} were not all redriven: ${problem ?? ended}`);
  }
}
