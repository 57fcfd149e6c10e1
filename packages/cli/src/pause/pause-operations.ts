import { type ChangePauseDependencies, createBus, leaseSeconds, readConfiguration } from '@dispatcher/lambda';
import { createDocumentClient, createStateStore, type PauseStore } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';

/** What the commands `pause` and `resume` need of a running system: the table with the switch, and the bus. */
export interface PauseOperations extends Omit<ChangePauseDependencies, 'now'> {
  readonly pause: PauseStore;
}

const Configuration = z.object({ STATE_TABLE: z.string(), BUS_NAME: z.string(), LEASE_SECONDS: leaseSeconds });

/** @throws ConfigurationError naming the variables that are missing */
export function createPauseOperations(env: NodeJS.ProcessEnv): PauseOperations {
  const { STATE_TABLE: table, BUS_NAME: busName, LEASE_SECONDS } = readConfiguration(Configuration, env);
  const { pause } = createStateStore({ client: createDocumentClient(), table });
  return { pause, bus: createBus(new EventBridgeClient(), busName), leaseMs: LEASE_SECONDS * 1000 };
}
