import type { DatabaseSync } from 'node:sqlite';
import type { FastifyInstance } from 'fastify';
import { buildApp } from 'fauxqs';
import type { Input } from './dynalite.ts';
import { AwsError } from './aws-error.ts';

export interface Sqs {
  /** Runs one operation of SQS's JSON protocol. `host` becomes part of a new queue's URL. Throws {@link AwsError}. */
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

// startFauxqs listens on every address of the machine, and whoever may send to a queue may start workflows. So the app
// is built from fauxqs' parts (2.4.1, pinned), and the only way in is the endpoint on the loopback address.
async function part<T>(path: string, name: string): Promise<T> {
  const parts = (await import(new URL(path, import.meta.resolve('fauxqs')).href)) as Record<string, unknown>;
  return parts[name] as T;
}

async function openPersistence(directory: string): Promise<Persistence> {
  const Manager = await part<new (directory: string) => Persistence>('./persistence.js', 'PersistenceManager');
  const persistence = new Manager(directory);
  // Whoever received these messages died with the last endpoint; waiting for their visibility would only delay them.
  persistence.db.exec('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL');
  const ready = persistence.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  // fauxqs' own sets the receive count to NULL, which its schema forbids: a visibility of 0 failed and lost the message
  // until the next start.
  persistence.updateMessageReady = (messageId) => void ready.run(messageId);
  return persistence;
}

async function createApp(persistence: Persistence | undefined): Promise<FastifyInstance> {
  const sqsStore = new (await part<new () => SqsStore>('./sqs/sqsStore.js', 'SqsStore'))();
  const snsStore = new (await part<new () => object>('./sns/snsStore.js', 'SnsStore'))();
  const s3Store = new (await part<new () => object>('./s3/s3Store.js', 'S3Store'))();
  if (persistence !== undefined) {
    persistence.loadSqsAndSns(sqsStore, snsStore);
    sqsStore.persistence = persistence;
    for (const queue of sqsStore.allQueues()) queue.persistence = persistence;
  }
  // The parts' own types are not exported; what is handed on is what fauxqs itself hands on.
  return buildApp({ logger: false, stores: { sqsStore, snsStore, s3Store } as never });
}

/** SQS by fauxqs: in memory where no directory is given, else SQLite there. */
export async function openSqs(directory?: string): Promise<Sqs> {
  const persistence = directory === undefined ? undefined : await openPersistence(directory);
  const app = await createApp(persistence);
  await app.ready();
  return {
    async call(operation, input, host) {
      const answer = await app.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}`, host },
        payload: JSON.stringify(input),
      });
      const body = answer.json<{ __type?: string; message?: string }>();
      if (answer.statusCode === 200) return body;
      // A failure of fauxqs itself must look like one of AWS, so that the SDK tries again.
      if (answer.statusCode >= 500) throw new Error(`SQS failed at ${operation}: ${answer.body}`);
      const type = body.__type?.split('#').at(-1) ?? 'InternalFailure';
      throw new AwsError(type, body.message ?? answer.body, { queryError: answer.headers['x-amzn-query-error'] });
    },
    async close() {
      await app.close();
      persistence?.close();
    },
  };
}
