import { type Bus, createBus, readConfiguration } from '@dispatcher/lambda';
import { type ApiKeys, createAccessStore, createDocumentClient } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';

/** What the command `keys` needs of a running system: the table, and the bus that records changes. */
export interface KeyOperations {
  readonly keys: ApiKeys;
  readonly bus: Bus;
}

const Configuration = z.object({ ACCESS_TABLE: z.string(), BUS_NAME: z.string() });

/** @throws ConfigurationError naming the variables that are missing */
export function createKeyOperations(env: NodeJS.ProcessEnv): KeyOperations {
  const { ACCESS_TABLE: table, BUS_NAME: busName } = readConfiguration(Configuration, env);
  const { keys } = createAccessStore({ client: createDocumentClient(), table });
  return { keys, bus: createBus(new EventBridgeClient(), busName) };
}
