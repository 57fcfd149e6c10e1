import type { RunReplay } from '@dispatcher/contracts';
import { createQueue, readConfiguration } from '@dispatcher/lambda';
import { createDocumentClient, createFactStore, factsOfRun, type RecordedFact } from '@dispatcher/store';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

/** What the command `replay` needs of a running system: look a run up, and send the message. */
export interface ReplayOperations {
  /** Returns the run key of a delivery; null if nothing is recorded. */
  runOfDelivery(deliveryId: string): Promise<string | null>;
  /** Returns every fact of a run; none if nothing is recorded. */
  factsOfRun(runKey: string): Promise<readonly RecordedFact[]>;
  send(message: RunReplay): Promise<void>;
}

const Configuration = z.object({ RUNS_QUEUE_URL: z.string(), FACTS_TABLE: z.string() });

/** @throws ConfigurationError naming the variables that are missing */
export function createReplayOperations(env: NodeJS.ProcessEnv): ReplayOperations {
  const { RUNS_QUEUE_URL, FACTS_TABLE } = readConfiguration(Configuration, env);
  // Only the facts are read, so the projections table is not needed.
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
