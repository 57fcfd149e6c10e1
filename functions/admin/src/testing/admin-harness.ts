import { RunReplay } from '@dispatcher/contracts';
import { createQueue, hashSecret, newApiKey, type StepLog } from '@dispatcher/lambda';
import {
  type AccessStore,
  type ApiKeyRecord,
  createAccessStore,
  createFactStore,
  type FactStore,
} from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FastifyInstance } from 'fastify';
import { type AdminDependencies, createAdminApp } from '../app.ts';
import { withoutAuthentication } from '../auth/authentication.ts';
import { noDeadLetters } from './no-dead-letters.ts';

export const startTime = Date.parse('2026-11-03T14:00:00.000Z');

/** The admin app with real tables and a real queue behind it, and a clock that stands. */
export interface World {
  readonly dynamo: TestDynamo;
  readonly facts: FactStore;
  readonly access: AccessStore;
  /** Everything that was logged, newest last. */
  readonly logged: { readonly step: string; readonly details: unknown }[];
  now: number;
  /** An app; closed with the world. */
  app(change?: Partial<AdminDependencies>): FastifyInstance;
  /** Stores a key and gives its text. */
  newKey(change?: Partial<ApiKeyRecord>): Promise<string>;
  /** What waits on the queue `runs`; taken from it. */
  asked(): Promise<RunReplay[]>;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const dynamo = await startDynamo();
  const names = await dynamo.createTables();
  const sqs = new SQSClient({
    endpoint: dynamo.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await sqs.send(new CreateQueueCommand({ QueueName: 'runs' }));
  const url = `${dynamo.url}/000000000000/runs`;
  const apps: FastifyInstance[] = [];
  const logged: World['logged'] = [];
  const log = logInto(logged);
  const now = () => world.now;
  const { client } = dynamo;
  const world: World = {
    dynamo,
    logged,
    now: startTime,
    facts: createFactStore({ client, table: names.facts, projectionsTable: names.projections }),
    access: createAccessStore({ client, table: names.access, now }),
    app: (change) => {
      const { facts: reads, access } = world;
      const runs = createQueue(sqs, url);
      const authentication = withoutAuthentication();
      const common = { reads, access, runs, deadLetters: noDeadLetters, authentication, version: '1.2.3', log, now };
      const app = createAdminApp({ ...common, ...change });
      apps.push(app);
      return app;
    },
    newKey: async (change) => {
      const { keyId, secret, text } = newApiKey();
      const record = { ...sampleKey(keyId, hashSecret(secret)), ...change };
      await world.access.keys.create(record, (await world.access.keys.named(record.name)).made);
      return text;
    },
    asked: async () => {
      const receive = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
      const { Messages: messages = [] } = await sqs.send(receive);
      return messages.map(({ Body: body = '' }) => RunReplay.parse(JSON.parse(body)));
    },
    close: async () => {
      for (const app of apps) await app.close();
      sqs.destroy();
      await dynamo.close();
    },
  };
  return world;
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

function logInto(logged: World['logged']): StepLog {
  const line = (step: string, details: unknown) => void logged.push({ step, details });
  const log: StepLog = { info: line, warn: line, error: line, with: () => log };
  return log;
}
