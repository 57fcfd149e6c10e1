import type { DatabaseSync } from 'node:sqlite';
import type { FastifyInstance } from 'fastify';
import type { buildApp } from 'fauxqs';
import type { Input } from './dynalite.ts';
import { AwsError } from './aws-error.ts';

export interface Sqs {
  /** Runs one operation of SQS's JSON protocol. `host` becomes part of a new queue's URL. @throws {@link AwsError} */
  call(operation: string, input: Input, host: string): Promise<object>;
  close(): Promise<void>;
}

interface Persistence {
  readonly db: DatabaseSync;
  updateMessageReady(messageId: string): void;
  loadSqsAndSns(sqs: SqsStore, sns: object): void;
  close(): void;
}

interface SqsStore {
  persistence?: Persistence;
  allQueues(): Iterable<{ persistence?: Persistence }>;
}

// startFauxqs listens on all network interfaces, and anyone who can send to a queue can start workflows. So this file
// builds the app from fauxqs' modules (2.4.1, pinned); it is reachable only through the endpoint on the loopback address.
async function importFromFauxqs<T>(path: string, name: string): Promise<T> {
  const parts = (await import(new URL(path, import.meta.resolve('fauxqs')).href)) as Record<string, unknown>;
  return parts[name] as T;
}

async function openPersistence(directory: string): Promise<Persistence> {
  const Manager = await importFromFauxqs<new (directory: string) => Persistence>(
    './persistence.js',
    'PersistenceManager',
  );
  const persistence = new Manager(directory);
  // The receivers of these messages exited with the last endpoint, so their visibility timeouts would only delay them.
  persistence.db.exec('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL');
  const ready = persistence.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  // fauxqs sets the receive count to NULL, which its schema forbids: a visibility timeout of 0 failed, and the message was
  // lost until the next start.
  persistence.updateMessageReady = (messageId) => void ready.run(messageId);
  return persistence;
}

async function createApp(persistence: Persistence | undefined): Promise<FastifyInstance> {
  const sqsStore = new (await importFromFauxqs<new () => SqsStore>('./sqs/sqsStore.js', 'SqsStore'))();
  const snsStore = new (await importFromFauxqs<new () => object>('./sns/snsStore.js', 'SnsStore'))();
  const s3Store = new (await importFromFauxqs<new () => object>('./s3/s3Store.js', 'S3Store'))();
  if (persistence !== undefined) {
    persistence.loadSqsAndSns(sqsStore, snsStore);
    sqsStore.persistence = persistence;
    for (const queue of sqsStore.allQueues()) queue.persistence = persistence;
  }
  const build = await importFromFauxqs<typeof buildApp>('./app.js', 'buildApp');
  // fauxqs does not export these types. It passes the same values itself.
  const app = build({ logger: false, stores: { sqsStore, snsStore, s3Store } as never });
  await app.ready();
  return app;
}

/**
 * Opens an SQS of fauxqs: SQLite in the directory, or in memory without one. The first operation starts fauxqs: loading it
 * takes longer than the rest of an endpoint, of which most tests use DynamoDB only.
 */
export async function openSqs(directory?: string): Promise<Sqs> {
  const persistence = directory === undefined ? undefined : await openPersistence(directory);
  let started: Promise<FastifyInstance> | undefined;
  return {
    async call(operation, input, host) {
      started ??= createApp(persistence);
      const app = await started;
      const response = await app.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}`, host },
        payload: JSON.stringify(input),
      });
      const body = response.json<{ __type?: string; message?: string }>();
      if (response.statusCode === 200) return body;
      // A failure of fauxqs itself becomes a 500, so that the SDK retries.
      if (response.statusCode >= 500) throw new Error(`SQS failed at ${operation}: ${response.body}`);
      const type = body.__type?.split('#').at(-1) ?? 'InternalFailure';
      throw new AwsError(type, body.message ?? response.body, { queryError: response.headers['x-amzn-query-error'] });
    },
    async close() {
      await (await started)?.close();
      persistence?.close();
    },
  };
}
