import { ConfigurationError, logLevel, readConfiguration } from '@dispatcher/lambda';
import { deadLetterVariables } from '@dispatcher/dead-letters';
import * as z from 'zod';
import { isSafe, type OidcSettings } from './auth/oidc.ts';

/** The environment of the admin function. */
export const Configuration = z.object({
  ACCESS_TABLE: z.string(),
  FACTS_TABLE: z.string(),
  PROJECTIONS_TABLE: z.string(),
  ...deadLetterVariables,
  BUS_NAME: z.string(),
  ADMIN_AUTHENTICATION: z.enum(['disabled', 'basic', 'oidc'], { error: 'write disabled, basic or oidc' }),
  /** The address the API is served on, as the operator says; only `disabled` asks for it. */
  ADMIN_LISTENS_ON: z.string().optional(),
  ADMIN_BASIC_USER: z.string().optional(),
  ADMIN_BASIC_PASSWORD: z.string().optional(),
  ADMIN_BASIC_PASSWORD_ARN: z.string().optional(),
  /** The four that have no default are needed by `oidc`, except for the viewers' value. */
  OIDC_ISSUER: z.string().optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_OPERATOR_VALUE: z.string().optional(),
  OIDC_VIEWER_VALUE: z.string().optional(),
  /** A claim, or a path of claims joined by dots. */
  OIDC_ROLE_CLAIM: z.string().default('roles'),
  /** Of its own for each person: facts tell operators by it. */
  OIDC_NAME_CLAIM: z.string().default('sub'),
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
      'ADMIN_AUTHENTICATION=disabled is for one machine only: set ADMIN_LISTENS_ON=127.0.0.1 if the API is served there, else choose basic or oidc.',
    );
  }
  if (mode === 'basic' && user === undefined) {
    throw new ConfigurationError(
      'ADMIN_BASIC_USER is missing: ADMIN_AUTHENTICATION=basic needs a user and a password.',
    );
  }
  if (mode === 'basic' && user?.includes(':')) {
    throw new ConfigurationError(
      'ADMIN_BASIC_USER has a colon: HTTP ends the name there, and facts name API keys by one.',
    );
  }
  if (mode === 'oidc') checkOidc(configuration);
  return configuration;
}

function checkOidc(configuration: Configuration): void {
  const needed = ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_OPERATOR_VALUE'] as const;
  const missing = needed.filter((name) => configuration[name] === undefined);
  if (missing.length > 0) {
    throw new ConfigurationError(`ADMIN_AUTHENTICATION=oidc needs ${missing.join(', ')} as well.`);
  }
  if (!isSafe(configuration.OIDC_ISSUER ?? '')) {
    throw new ConfigurationError('OIDC_ISSUER must be the provider’s https address, as its tokens say it in iss.');
  }
  if (configuration.OIDC_VIEWER_VALUE === configuration.OIDC_OPERATOR_VALUE) {
    throw new ConfigurationError(
      'OIDC_VIEWER_VALUE and OIDC_OPERATOR_VALUE are the same: every viewer would be an operator.',
    );
  }
}

/** Of a configuration whose mode is `oidc`; that its settings are there was checked when it was read. */
export function oidcSettingsOf(configuration: Configuration): OidcSettings {
  return {
    issuer: configuration.OIDC_ISSUER ?? '',
    audience: configuration.OIDC_AUDIENCE ?? '',
    roleClaim: configuration.OIDC_ROLE_CLAIM,
    operatorValue: configuration.OIDC_OPERATOR_VALUE ?? '',
    viewerValue: configuration.OIDC_VIEWER_VALUE ?? null,
    nameClaim: configuration.OIDC_NAME_CLAIM,
  };
}
