import type { FastifyInstance } from 'fastify';
import { createAdminApp } from '../app.ts';
import type { ApiReads } from '../resources/api-reads.ts';
import { createRecordingLog } from './recording-log.ts';
import { createTestDependencies, createTestEnvironment } from './test-dependencies.ts';

/** Creates an app with these reads, with authentication disabled and without any AWS service. */
export function createOfflineApp(reads: ApiReads, log = createRecordingLog(), version = '1.2.3'): FastifyInstance {
  const environment = createTestEnvironment(
    { access: 'none', facts: 'none', plans: 'none', projections: 'none', state: 'none' },
    'http://localhost:9',
  );
  return createAdminApp({ ...createTestDependencies(environment, { log, version }), reads });
}
