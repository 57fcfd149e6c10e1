import { ConfigurationError } from '@dispatcher/lambda';
import * as z from 'zod';
import { isTrustedUrl, type OidcSettings } from './oidc.ts';

/** The environment variables that configure authentication. */
export const authenticationVariables = {
  ADMIN_AUTHENTICATION: z.enum(['disabled', 'basic', 'oidc'], { error: 'write disabled, basic or oidc' }),
  /** The address that serves the API, as the operator states it. Used by `disabled` only. */
  ADMIN_LISTENS_ON: z.string().optional(),
  ADMIN_BASIC_USER: z.string().optional(),
  ADMIN_BASIC_PASSWORD: z.string().optional(),
  ADMIN_BASIC_PASSWORD_ARN: z.string().optional(),
  /** `oidc` requires the next three variables; OIDC_VIEWER_VALUE is optional. */
  OIDC_ISSUER: z.string().optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_OPERATOR_VALUE: z.string().optional(),
  OIDC_VIEWER_VALUE: z.string().optional(),
  /** A claim, or a path of claims joined by dots. */
  OIDC_ROLE_CLAIM: z.string().default('roles'),
  /** Must be unique for each person: facts name operators by it. */
  OIDC_NAME_CLAIM: z.string().default('sub'),
};

const AuthenticationConfiguration = z.object(authenticationVariables);
export type AuthenticationConfiguration = z.infer<typeof AuthenticationConfiguration>;

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Checks that the chosen authentication can work. Without this check, an API that is open to everybody or closed to
 * everybody would be noticed only in use.
 * @throws ConfigurationError
 */
export function validateAuthentication(configuration: AuthenticationConfiguration): void {
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
      'ADMIN_BASIC_USER contains a colon: HTTP ends the user name at a colon, and names of API keys begin with `key:`.',
    );
  }
  if (mode === 'oidc') validateOidc(configuration);
}

function validateOidc(configuration: AuthenticationConfiguration): void {
  const required = ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_OPERATOR_VALUE'] as const;
  const missing = required.filter((name) => configuration[name] === undefined);
  if (missing.length > 0) {
    throw new ConfigurationError(`ADMIN_AUTHENTICATION=oidc also needs ${missing.join(', ')}.`);
  }
  if (!isTrustedUrl(configuration.OIDC_ISSUER ?? '')) {
    throw new ConfigurationError('OIDC_ISSUER must be the provider’s https URL, exactly as in the iss claim.');
  }
  if (configuration.OIDC_VIEWER_VALUE === configuration.OIDC_OPERATOR_VALUE) {
    throw new ConfigurationError(
      'OIDC_VIEWER_VALUE and OIDC_OPERATOR_VALUE are the same: every viewer would be an operator.',
    );
  }
}

/** Returns the settings of `oidc`; {@link validateAuthentication} has checked that they are set. */
export function oidcSettingsOf(configuration: AuthenticationConfiguration): OidcSettings {
  return {
    issuer: configuration.OIDC_ISSUER ?? '',
    audience: configuration.OIDC_AUDIENCE ?? '',
    roleClaim: configuration.OIDC_ROLE_CLAIM,
    operatorValue: configuration.OIDC_OPERATOR_VALUE ?? '',
    viewerValue: configuration.OIDC_VIEWER_VALUE ?? null,
    nameClaim: configuration.OIDC_NAME_CLAIM,
  };
}
