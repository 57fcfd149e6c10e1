import type { Fact, RunReplay } from '@dispatcher/contracts';
import { createQueue, readConfiguration } from '@dispatcher/lambda';
import { createDocumentClient, createFactStore, factsOfRun } from '@dispatcher/store';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

/** What `replay` needs of a running system: to look a run up, and to send. */
export interface Operations {
  /** The run a delivery told of; null where nothing is recorded. */
  runOfDelivery(deliveryId: string): Promise<string | null>;
  /** Every fact of a run; none where nothing is recorded. */
  factsOfRun(runKey: string): Promise<readonly Fact[]>;
  send(message: RunReplay): Promise<void>;
}

const Configuration = z.object({ RUNS_QUEUE_URL: z.string(), FACTS_TABLE: z.string() });

/** @throws ConfigurationError naming the variables that are missing */
export function createOperations(env: NodeJS.ProcessEnv): Operations {
  const { RUNS_QUEUE_URL, FACTS_TABLE } = readConfiguration(Configuration, env);
  // Only the log is read; it is the table that knows deliveries as well as runs.
  const reads = createFactStore({ client: createDocumentClient(), table: FACTS_TABLE, projectionsTable: '' });
  const runs = createQueue(new SQSClient(), RUNS_QUEUE_URL);
  return {
    runOfDelivery: async (deliveryId) => {
      const { items } = await reads.delivery(deliveryId, {});
      return items.find(({ runKey }) => runKey !== undefined)?.runKey ?? null;
    },
    factsOfRun: (runKey) => factsOfRun(reads, runKey),
    send: (message) => runs.send(message, message.runKey),
  };
}
