import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { RunReplay } from '@dispatcher/contracts';
import { hashSecret, generateApiKey } from '@dispatcher/lambda';
import { type AccessStore, type ApiKeyRecord, createAccessStore, type FactStore } from '@dispatcher/store';
import { createFoldingStore, startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import type { FastifyInstance } from 'fastify';
import { type AdminDependencies, createAdminApp } from '../app.ts';
import { createRecordingLog, type RecordingLog } from './recording-log.ts';
import { createTestDependencies, createTestEnvironment } from './test-dependencies.ts';

export const startTime = Date.parse('2026-11-03T14:00:00.000Z');

/** The admin app with real tables, a real queue `runs` and a clock that the test sets. */
export interface AdminHarness {
  readonly dynamo: TestDynamo;
  readonly facts: FactStore;
  readonly access: AccessStore;
  readonly log: RecordingLog;
  now: number;
  /** Creates an app; it is closed with the harness. */
  app(change?: Partial<AdminDependencies> | ((own: AdminDependencies) => Partial<AdminDependencies>)): FastifyInstance;
  /** Stores an API key and returns its text. */
  createKey(change?: Partial<ApiKeyRecord>): Promise<string>;
  /** Receives and hides the messages of the queue `runs`. */
  receiveReplays(): Promise<RunReplay[]>;
  close(): Promise<void>;
}

export async function startAdminHarness(): Promise<AdminHarness> {
  const dynamo = await startDynamo();
  const tables = await dynamo.createTables();
  const sqs = new SQSClient({
    endpoint: dynamo.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await sqs.send(new CreateQueueCommand({ QueueName: 'runs' }));
  const environment = createTestEnvironment(tables, dynamo.url);
  const apps: FastifyInstance[] = [];
  const log = createRecordingLog();
  const now = () => harness.now;
  const { client } = dynamo;
  const harness: AdminHarness = {
    dynamo,
    log,
    now: startTime,
    facts: createFoldingStore({ client, table: tables.facts, projectionsTable: tables.projections }),
    access: createAccessStore({ client, table: tables.access, now }),
    app: (change) => {
      const dependencies = createTestDependencies(environment, { dynamodb: client, sqs, log, now });
      const changed = typeof change === 'function' ? change(dependencies) : change;
      const app = createAdminApp({ ...dependencies, ...changed });
      apps.push(app);
      return app;
    },
    createKey: async (change) => {
      const { keyId, secret, text } = generateApiKey();
      const record = { ...sampleKey(keyId, hashSecret(secret)), ...change };
      await harness.access.keys.create(record, (await harness.access.keys.findByName(record.name)).made);
      return text;
    },
    receiveReplays: async () => {
      const { RUNS_QUEUE_URL: QueueUrl } = environment;
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
      const { Messages: messages = [] } = await sqs.send(receive);
      return messages.map(({ Body: body = '' }) => RunReplay.parse(JSON.parse(body)));
    },
    close: async () => {
      for (const app of apps) await app.close();
      sqs.destroy();
      await dynamo.close();
    },
  };
  return harness;
}

function sampleKey(keyId: string, secretHash: string): ApiKeyRecord {
  return {
    keyId,
    name: 'nightly',
    role: 'operator',
    targets: [],
    secretHash,
    createdAt: new Date(startTime).toISOString(),
    createdBy: 'octocat',
    expiresAt: null,
    revokedAt: null,
  };
}
