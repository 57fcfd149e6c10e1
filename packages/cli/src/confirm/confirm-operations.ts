import { type ConfirmRepositoryDependencies, createBus, readConfiguration } from '@dispatcher/lambda';
import { createDocumentClient, createStateStore } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';

/** What the command `confirm` needs of a running system: the table with the remembered ids, and the bus. */
export type ConfirmOperations = Omit<ConfirmRepositoryDependencies, 'now'>;

const Configuration = z.object({ STATE_TABLE: z.string(), BUS_NAME: z.string() });

/** @throws ConfigurationError naming the variables that are missing */
export function createConfirmOperations(env: NodeJS.ProcessEnv): ConfirmOperations {
  const { STATE_TABLE: table, BUS_NAME: busName } = readConfiguration(Configuration, env);
  const { repositoryIds } = createStateStore({ client: createDocumentClient(), table });
  return { repositoryIds, bus: createBus(new EventBridgeClient(), busName) };
}
