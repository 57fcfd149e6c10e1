import { readConfiguration } from '@dispatcher/lambda';
import { createDocumentClient, createFactStore, type FactStore } from '@dispatcher/store';
import * as z from 'zod/mini';

/** What the command `projections` needs of a running system. */
export type ProjectionOperations = Pick<FactStore, 'rebuild' | 'verify'>;

const Configuration = z.object({ FACTS_TABLE: z.string(), PROJECTIONS_TABLE: z.string() });

/** @throws ConfigurationError naming the variables that are missing */
export function createProjectionOperations(env: NodeJS.ProcessEnv): ProjectionOperations {
  const { FACTS_TABLE: table, PROJECTIONS_TABLE: projectionsTable } = readConfiguration(Configuration, env);
  return createFactStore({ client: createDocumentClient(), table, projectionsTable });
}
