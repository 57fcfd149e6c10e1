import { deadLetterVariables } from '@dispatcher/dead-letters';
import { imageDigest, leaseSeconds, logLevel, readConfiguration } from '@dispatcher/lambda';
import * as z from 'zod';
import { authenticationVariables, validateAuthentication } from './auth/authentication-configuration.ts';

/** The environment variables of the admin function. */
export const Configuration = z.object({
  ACCESS_TABLE: z.string(),
  FACTS_TABLE: z.string(),
  PROJECTIONS_TABLE: z.string(),
  STATE_TABLE: z.string(),
  PLANS_TABLE: z.string(),
  /** What precedes the id of a webhook in the name of its secret. */
  WEBHOOK_SECRETS_PREFIX: z.string(),
  ...deadLetterVariables,
  BUS_NAME: z.string(),
  ...authenticationVariables,
  /** The digest of the running image, as in `repository@sha256:…`: `/health` and the dashboard show it. */
  IMAGE_DIGEST: imageDigest,
  /** The directory of the dashboard's build; by default `site` beside the bundle. */
  DASHBOARD_DIR: z.string().optional(),
  LEASE_SECONDS: leaseSeconds,
  LOG_LEVEL: logLevel,
});
export type Environment = z.output<typeof Configuration>;

/** @throws ConfigurationError also where the chosen authentication cannot work */
export function readAdminConfiguration(env: NodeJS.ProcessEnv = process.env): Environment {
  const environment = readConfiguration(Configuration, env);
  validateAuthentication(environment);
  return environment;
}
