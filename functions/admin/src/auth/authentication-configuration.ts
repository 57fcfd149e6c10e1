import { ConfigurationError, gitHubAppVariables, list, publicUrl } from '@dispatcher/lambda';
import * as z from 'zod';
import * as zodMini from 'zod/mini';
import { accessForms, parseAccessSource, type AccessSource, type GitHubAccess } from './github-access.ts';
import { isTrustedUrl } from '@dispatcher/lambda';
import type { OidcSettings } from './oidc.ts';

/** A list of {@link accessForms}. */
const accessSources = list.check(
  zodMini.refine((entries) => entries.every((entry) => parseAccessSource(entry) !== null), {
    error: ({ input }) => {
      const entry = (input as readonly string[]).find((each) => parseAccessSource(each) === null) ?? '';
      return `${JSON.stringify(entry)} names nobody: write ${accessForms}`;
    },
  }),
);

/** The environment variables that configure authentication. */
export const authenticationVariables = {
  ADMIN_AUTHENTICATION: z.enum(['disabled', 'basic', 'github', 'oidc'], {
    error: 'write disabled, basic, github or oidc',
  }),
  /** The address that serves the API, as the operator states it. On AWS it has none. */
  ADMIN_LISTENS_ON: z.string().optional(),
  ADMIN_BASIC_USER: z.string().optional(),
  ADMIN_BASIC_PASSWORD: z.string().optional(),
  ADMIN_BASIC_PASSWORD_ARN: z.string().optional(),
  /** `github` requires the variables up to ADMIN_VIEWERS, which is optional; the App is the one that starts workflows. */
  GITHUB_APP_ID: z.optional(gitHubAppVariables.GITHUB_APP_ID),
  GITHUB_APP_PRIVATE_KEY: z.string().optional(),
  GITHUB_APP_PRIVATE_KEY_ARN: z.string().optional(),
  GITHUB_API_URL: gitHubAppVariables.GITHUB_API_URL,
  GITHUB_CLIENT_ID: z
    .string()
    .regex(/\D/, 'write the Client ID of the App’s settings page, which begins with Iv, not the App ID')
    .optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  GITHUB_CLIENT_SECRET_ARN: z.string().optional(),
  /** Those who may push to a repository of this list are operators, and those who may read it viewers. */
  ADMIN_OPERATORS: accessSources,
  ADMIN_VIEWERS: accessSources,
  /**
   * Which repositories a viewer sees: all, or with `github` those that GitHub lets the viewer read. Operators and API keys
   * see all.
   */
  REPOSITORY_VISIBILITY: z.enum(['all', 'github'], { error: 'write all or github' }).default('all'),
  /** `oidc` requires the next three variables; OIDC_VIEWER_VALUE is optional. */
  OIDC_ISSUER: z.string().optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_OPERATOR_VALUE: z.string().optional(),
  OIDC_VIEWER_VALUE: z.string().optional(),
  /** With it, people can sign in with a browser; without it, the API accepts only tokens. */
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_CLIENT_SECRET_ARN: z.string().optional(),
  OIDC_SCOPE: z
    .string()
    .regex(/(?:^| )openid(?: |$)/, 'write words separated by spaces, with openid among them')
    .default('openid profile email'),
  /** A claim, or a path of claims joined by dots. */
  OIDC_ROLE_CLAIM: z.string().default('roles'),
  /** Must be unique for each person: facts name operators by it. */
  OIDC_NAME_CLAIM: z.string().default('sub'),
  /** Where browsers reach this API, without a path. A local system needs none: its host is the request's. */
  PUBLIC_URL: publicUrl,
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
  if (configuration.REPOSITORY_VISIBILITY === 'github' && mode !== 'github') {
    throw new ConfigurationError(
      'REPOSITORY_VISIBILITY=github needs ADMIN_AUTHENTICATION=github: nobody else knows which repositories a person may read.',
    );
  }
  if (mode === 'oidc') validateOidc(configuration);
  if (mode === 'github') validateGitHub(configuration);
}

function validateGitHub(configuration: AuthenticationConfiguration): void {
  const { ADMIN_OPERATORS: operators, ADMIN_LISTENS_ON: address, PUBLIC_URL: publicUrl } = configuration;
  const required = ['GITHUB_APP_ID', 'GITHUB_CLIENT_ID'] as const;
  const secrets = ['GITHUB_APP_PRIVATE_KEY', 'GITHUB_CLIENT_SECRET'] as const;
  const missing = [
    ...required.filter((name) => configuration[name] === undefined),
    ...secrets.filter((name) => (configuration[name] ?? configuration[`${name}_ARN`]) === undefined),
    ...(operators.length === 0 ? ['ADMIN_OPERATORS'] : []),
    // Behind a proxy, the host of a request is not the address that GitHub must send the browser back to.
    ...(publicUrl === undefined && !loopback.has(address ?? '') ? ['PUBLIC_URL'] : []),
  ];
  if (missing.length > 0) {
    throw new ConfigurationError(
      `ADMIN_AUTHENTICATION=github also needs ${missing.join(', ')}. docs/guide/sign-in.md says where each comes from.`,
    );
  }
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
  const { OIDC_CLIENT_ID: clientId, PUBLIC_URL: publicUrl, ADMIN_LISTENS_ON: address } = configuration;
  if (clientId !== undefined && publicUrl === undefined && !loopback.has(address ?? '')) {
    throw new ConfigurationError(
      'OIDC_CLIENT_ID also needs PUBLIC_URL: the provider sends the browser back to that address.',
    );
  }
  if (configuration.OIDC_VIEWER_VALUE === configuration.OIDC_OPERATOR_VALUE) {
    throw new ConfigurationError(
      'OIDC_VIEWER_VALUE and OIDC_OPERATOR_VALUE are the same: every viewer would be an operator.',
    );
  }
}

/** Returns who has access with `github`; {@link validateAuthentication} has checked the entries. */
export function gitHubAccessOf({
  ADMIN_OPERATORS: operators,
  ADMIN_VIEWERS: viewers,
}: AuthenticationConfiguration): GitHubAccess {
  return { operators: sourcesOf(operators), viewers: sourcesOf(viewers) };
}

function sourcesOf(entries: readonly string[]): AccessSource[] {
  return entries.map(parseAccessSource).filter((source) => source !== null);
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
