import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RunReplay } from '@dispatcher/contracts';
import { createBus, hashSecret, generateApiKey } from '@dispatcher/lambda';
import { applyDeadLetterCommand, type DeadLetterCommand } from '@dispatcher/dead-letters';
import { busName, type QueueName, queues as descriptions } from '@dispatcher/topology';
import { type ApiKeyRecord, createAccessStore } from '@dispatcher/store';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { keyName, type TestRequest } from '../../workload/test-routes.ts';
import type { Clock } from './clock.ts';
import type { Scheduler } from './scheduler.ts';
import { tableName } from './simulated-dynamodb.ts';
import { queueUrl, type SimulatedSqs } from './simulated-sqs.ts';
import type { SimulatedServices } from './workers.ts';

// What operators and clients of the dispatch API do. No fault is injected into them.

/** Creates an API key that may send all of these requests, and returns its text. */
export async function createApiKey(
  client: DynamoDBDocumentClient,
  requests: readonly TestRequest[],
  { now }: Clock,
): Promise<string> {
  const { keyId, secret, text } = generateApiKey();
  const { keys } = createAccessStore({ client, table: tableName('access') });
  const { made } = await keys.findByName(keyName);
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

export interface ApiResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Responses after which the client retries. */
const retryStatuses: readonly number[] = [409, 503];
const retryDelayMs = 15_000;
const maxTries = 20;

/**
 * Sends a request to the dispatch API with its idempotency key until it receives a final response.
 * @throws Error if it receives none
 */
export async function requestDispatch(
  scheduler: Scheduler,
  { name, body }: TestRequest,
  apiKey: string,
  clock: Clock,
): Promise<ApiResponse> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const result = await scheduler.request(toHttpEvent(body, apiKey, name));
    const status = Number(result?.statusCode);
    if (result !== null && !retryStatuses.includes(status)) {
      return { status, body: JSON.parse(result.body ?? '{}') as ApiResponse['body'] };
    }
    clock.advanceBy(retryDelayMs);
  }
  throw new Error(`The request ${name} was sent ${maxTries} times without a final response.`);
}

/** Returns the event of `POST /dispatch` with the fields that the function reads. */
function toHttpEvent(body: object, apiKey: string, idempotencyKey: string): APIGatewayProxyEventV2 {
  return {
    rawPath: '/dispatch',
    rawQueryString: '',
    headers: { 'x-api-key': apiKey, 'idempotency-key': idempotencyKey },
    body: JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { http: { method: 'POST', sourceIp: '192.0.2.1' } },
  } as unknown as APIGatewayProxyEventV2;
}

export type ReplayRequest = Pick<RunReplay, 'mode' | 'runKey' | 'routeId'>;

/** Replays a run like the command `dispatcher replay`. */
export function requestReplay(sqs: SimulatedSqs, replay: ReplayRequest, { now }: Clock): void {
  const requestedAt = new Date(now()).toISOString();
  const by = { actionId: 'replay-1', operator: 'octocat', reason: 'the route has to run again', requestedAt };
  sqs.send('runs', JSON.stringify({ type: 'run.replay', version: 1, ...replay, ...by } satisfies RunReplay));
}

/**
 * Redrives dead letters like the command `dispatcher dead-letters redrive`: first with `--all`; those that were redriven
 * three times then by their ids, with `--quarantined`.
 */
export async function redriveAll({ clock, eventBridge }: SimulatedServices, sqs: SimulatedSqs): Promise<void> {
  const tools = {
    sqs: sqs.client,
    bus: createBus(eventBridge, busName),
    now: clock.now,
    sleep: async (ms: number) => clock.advanceBy(ms),
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
    const before = new Date(clock.now()).toISOString();
    const why = { actionId, operator: 'octocat', reason: 'it works again', before };
    const command: DeadLetterCommand = { action: 'redrive', ...selected, ...why, limit: 100, dryRun: false };
    const quarantined: string[] = [];
    const { ended, problem } = await applyDeadLetterCommand(tools, queue, command, {
      signal: new AbortController().signal,
      onDeadLetter: ({ id }, outcome) => {
        if (outcome === 'quarantined') quarantined.push(id);
      },
    });
    if (ended !== 'completed')
      throw new Error(`Not all dead letters of the queue ${name} were redriven: ${problem ?? ended}`);
    return quarantined;
  };
  for (const { name } of descriptions) {
    const ids = await redrive(name, { select: { all: true }, quarantined: false });
    if (ids.length > 0) await redrive(name, { select: { ids }, quarantined: true });
  }
}
