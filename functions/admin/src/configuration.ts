import { ConfigurationError, logLevel, readConfiguration } from '@dispatcher/lambda';
import * as z from 'zod';

/** The environment of the admin function. */
export const Configuration = z.object({
  FACTS_TABLE: z.string(),
  PROJECTIONS_TABLE: z.string(),
  ADMIN_AUTHENTICATION: z.enum(['disabled', 'basic'], { error: 'write disabled or basic' }),
  /** The address the API is served on, as the operator says; only `disabled` asks for it. */
  ADMIN_LISTENS_ON: z.string().optional(),
  ADMIN_BASIC_USER: z.string().optional(),
  ADMIN_BASIC_PASSWORD: z.string().optional(),
  ADMIN_BASIC_PASSWORD_ARN: z.string().optional(),
  LOG_LEVEL: logLevel,
});
export type Configuration = z.infer<typeof Configuration>;

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * @throws ConfigurationError also where the authentication that was chosen cannot work: an API that starts open, or
 * that nobody can enter, is found out by the wrong people.
 */
export function readAdminConfiguration(env: NodeJS.ProcessEnv = process.env): Configuration {
  const configuration = readConfiguration(Configuration, env);
  const { ADMIN_AUTHENTICATION: mode, ADMIN_LISTENS_ON: address, ADMIN_BASIC_USER: user } = configuration;
  if (mode === 'disabled' && !loopback.has(address ?? '')) {
    throw new ConfigurationError(
      'ADMIN_AUTHENTICATION=disabled is for one machine only: set ADMIN_LISTENS_ON=127.0.0.1 if the API is served there, else choose basic.',
    );
  }
  if (mode === 'basic' && user === undefined) {
    throw new ConfigurationError(
      'ADMIN_BASIC_USER is missing: ADMIN_AUTHENTICATION=basic needs a user and a password.',
    );
  }
  return configuration;
}
