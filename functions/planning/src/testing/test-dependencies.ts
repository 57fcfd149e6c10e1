import { generateKeyPairSync } from 'node:crypto';
import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Fact } from '@dispatcher/contracts';
import { readConfiguration } from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import type { TestDynamo } from '@dispatcher/store/testing';
import type { Context } from 'aws-lambda';
import { Configuration } from '../configuration.ts';
import { type Clients, createDependencies } from '../dependencies.ts';

const gitHubPrivateKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

/** The context of an invocation with much time left. */
export const testContext = {
  functionName: 'planning',
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => 30_000,
} as Context;

export interface TestClients extends Partial<Pick<Clients, 'fetch' | 'meter' | 'now'>> {
  readonly dynamo: TestDynamo;
  readonly tables: Awaited<ReturnType<TestDynamo['createTables']>>;
  /** Receives the facts of each request to EventBridge. */
  readonly publish: (facts: readonly Fact[]) => void;
  /** Receives the commands for SQS. Default: refuses them. */
  readonly sendToSqs?: (command: object) => Promise<object>;
  /** Environment variables beside the required ones. */
  readonly environment?: Readonly<Record<string, string>>;
}

const refuse = (name: string) => () => Promise.reject(new Error(`This test uses no ${name}.`));

/** Creates planning's dependencies as its handler does, over real tables. */
export function createTestDependencies({ dynamo, tables, publish, environment = {}, ...clients }: TestClients) {
  const { sendToSqs = refuse('SQS'), fetch = refuse('GitHub'), now = Date.now } = clients;
  const { meter = { count: () => {}, milliseconds: () => {} } } = clients;
  const putEvents = async ({ input: { Entries: entries = [] } }: PutEventsCommand) => {
    publish(entries.map(({ Detail = '' }) => Fact.parse(JSON.parse(Detail))));
    return { Entries: entries.map(() => ({ EventId: 'e' })) };
  };
  const configuration = readConfiguration(Configuration, {
    GITHUB_APP_ID: '1',
    GITHUB_APP_SLUG: 'dispatcher',
    RUNS_QUEUE_URL: 'http://queue/runs',
    RUNS_DEAD_LETTER_QUEUE_URL: 'http://queue/runs-dead-letters',
    HINTS_QUEUE_URL: 'http://queue/hints',
    HINTS_DEAD_LETTER_QUEUE_URL: 'http://queue/hints-dead-letters',
    BUS_NAME: 'dispatcher',
    STATE_TABLE: tables.state,
    PROJECTIONS_TABLE: tables.projections,
    PLANS_TABLE: tables.plans,
    ACCESS_TABLE: tables.access,
    ...environment,
  });
  return createDependencies(configuration, {
    dynamodb: dynamo.client,
    sqs: { send: sendToSqs as never },
    eventBridge: { send: putEvents as never },
    gitHubPrivateKey,
    fetch,
    log: silent,
    meter,
    now,
    random: () => 0.5,
    pause: async () => {},
  });
}
