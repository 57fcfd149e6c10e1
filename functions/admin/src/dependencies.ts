import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterQueuesOf } from '@dispatcher/dead-letters';
import { createBus, createQueue, type Runtime, type WebhookSecretWriter } from '@dispatcher/lambda';
import {
  createAccessStore,
  type createDocumentClient,
  createFactStore,
  createFileReads,
  createPlanReads,
  createStateStore,
} from '@dispatcher/store';
import { fileURLToPath } from 'node:url';
import type { AdminDependencies } from './app.ts';
import { createAuthentication } from './auth/authentication.ts';
import type { Environment } from './configuration.ts';
import { findDashboardFiles } from './dashboard/dashboard-files.ts';

export interface Clients extends Pick<Runtime, 'log' | 'now'> {
  readonly dynamodb: ReturnType<typeof createDocumentClient>;
  readonly sqs: Pick<SQSClient, 'send'>;
  /** For dead letters: with short timeouts, so that a hanging call leaves time to make messages visible again. */
  readonly deadLetterSqs: Pick<SQSClient, 'send'>;
  /** For facts about dead letters, with short timeouts as well. */
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
  /** Writes the secrets of webhooks, and cannot read them. */
  readonly webhookSecrets: WebhookSecretWriter;
  /** The version that `/health` and the OpenAPI document state. */
  readonly version: string;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Beside the bundle. Where the function runs from its source, there is none. */
const siteDirectory = fileURLToPath(new URL('site', import.meta.url));

/** Builds what the admin API works with. Sends no request. @throws ConfigurationError if a password is not set */
export function createDependencies(environment: Environment, clients: Clients): AdminDependencies {
  const { log, now, version, dynamodb: client, sqs, deadLetterSqs, eventBridge, webhookSecrets, sleep } = clients;
  const bus = createBus(eventBridge, environment.BUS_NAME);
  const state = createStateStore({ client, table: environment.STATE_TABLE, now });
  const facts = createFactStore({
    client,
    table: environment.FACTS_TABLE,
    projectionsTable: environment.PROJECTIONS_TABLE,
  });
  const plansTable = { client, table: environment.PLANS_TABLE, now };
  const reads = { ...facts, ...createPlanReads(plansTable), ...createFileReads(plansTable) };
  const access = createAccessStore({ client, table: environment.ACCESS_TABLE, now });
  const runs = createQueue(sqs, environment.RUNS_QUEUE_URL);
  return {
    reads,
    access,
    runs,
    bulkReplays: { store: access.bulkReplays, reads, runs, bus, log, now },
    apiKeys: { keys: access.keys, bus, now },
    schedules: { schedules: access.schedules, runs, bus, now },
    webhooks: { webhooks: access.webhooks, secrets: webhookSecrets, runs, bus, now },
    pause: {
      pause: state.pause,
      bus,
      now,
      leaseMs: environment.LEASE_SECONDS * 1000,
    },
    confirmation: { repositoryIds: state.repositoryIds, bus, now },
    authentication: createAuthentication(environment, { log, now }),
    publicUrl: environment.PUBLIC_URL ?? null,
    deadLetters: {
      queues: deadLetterQueuesOf(environment),
      deadLetters: {
        sqs: deadLetterSqs,
        bus,
        warn: (sentence) => log.warn(sentence),
        now,
        sleep,
      },
    },
    dashboard: findDashboardFiles(environment.DASHBOARD_DIR ?? siteDirectory),
    version,
    imageDigest: environment.IMAGE_DIGEST ?? null,
    log,
    now,
  };
}
