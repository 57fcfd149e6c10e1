import { createAccessStore, createDocumentClient } from '@dispatcher/store';
import type { FastifyInstance } from 'fastify';
import { createAdminApp } from '../app.ts';
import { withoutAuthentication } from '../auth/authentication.ts';
import type { ApiReads } from '../resources/api-reads.ts';
import { noDeadLetters } from './no-dead-letters.ts';
import { createTestLog } from './recording-log.ts';

/** An app over these reads that asks for no credentials and has nowhere to send anything. */
export function createQuietApp(reads: ApiReads, log = createTestLog(), version = '1.2.3'): FastifyInstance {
  const client = createDocumentClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9' });
  const send = async () => Promise.reject(new Error('There is no queue here.'));
  return createAdminApp({
    reads,
    access: createAccessStore({ client, table: 'none' }),
    runs: { send },
    deadLetters: noDeadLetters,
    authentication: withoutAuthentication(),
    version,
    log,
  });
}
