import { createDocumentClient } from '@dispatcher/store';
import type { AdminDependencies } from '../app.ts';
import type { Environment } from '../configuration.ts';
import { type Clients, createDependencies } from '../dependencies.ts';
import { createRecordingLog } from './recording-log.ts';

export interface TestTables {
  readonly access: string;
  readonly facts: string;
  readonly plans: string;
  readonly projections: string;
  readonly state: string;
}

/** Returns the environment of a test, with authentication disabled. @param url the local AWS endpoint */
export function createTestEnvironment(tables: TestTables, url: string, queuePrefix = ''): Environment {
  const queueUrl = (name: string) => `${url}/000000000000/${queuePrefix}${name}`;
  return {
    ACCESS_TABLE: tables.access,
    FACTS_TABLE: tables.facts,
    PROJECTIONS_TABLE: tables.projections,
    STATE_TABLE: tables.state,
    PLANS_TABLE: tables.plans,
    RUNS_QUEUE_URL: queueUrl('runs'),
    RUNS_DEAD_LETTER_QUEUE_URL: queueUrl('runs-dead-letters'),
    HINTS_QUEUE_URL: queueUrl('hints'),
    HINTS_DEAD_LETTER_QUEUE_URL: queueUrl('hints-dead-letters'),
    DECISIONS_QUEUE_URL: queueUrl('decisions'),
    DECISIONS_DEAD_LETTER_QUEUE_URL: queueUrl('decisions-dead-letters'),
    FACTS_QUEUE_URL: queueUrl('facts'),
    FACTS_DEAD_LETTER_QUEUE_URL: queueUrl('facts-dead-letters'),
    UNDELIVERED_EVENTS_QUEUE_URL: queueUrl('undelivered-events'),
    BUS_NAME: 'dispatcher',
    WEBHOOK_SECRETS_PREFIX: 'dispatcher-test/webhooks/',
    ADMIN_AUTHENTICATION: 'disabled',
    ADMIN_LISTENS_ON: '127.0.0.1',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    ADMIN_OPERATORS: [],
    ADMIN_VIEWERS: [],
    REPOSITORY_VISIBILITY: 'all',
    OIDC_SCOPE: 'openid profile email',
    OIDC_ROLE_CLAIM: 'roles',
    OIDC_NAME_CLAIM: 'sub',
    IMAGE_DIGEST: `sha256:${'0'.repeat(64)}`,
    LEASE_SECONDS: 30,
    LOG_LEVEL: 'info',
  };
}

const refuse = async () => Promise.reject(new Error('This test has no such client.'));

/** Builds the dependencies as the handler does. A client that the test does not provide rejects every call. */
export function createTestDependencies(environment: Environment, clients: Partial<Clients> = {}): AdminDependencies {
  return createDependencies(environment, {
    log: createRecordingLog(),
    now: Date.now,
    version: '1.2.3',
    dynamodb: createDocumentClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9' }),
    sqs: { send: refuse },
    deadLetterSqs: { send: refuse },
    eventBridge: { send: refuse },
    webhookSecrets: { create: refuse, put: refuse, delete: refuse },
    sleep: async () => undefined,
    ...clients,
  });
}
