import { createOptionalSecret, createSecret, ProblemError, type StepLog } from '@dispatcher/lambda';
import { createBasicAuthentication } from './basic.ts';
import { type AuthenticationConfiguration, gitHubAccessOf, oidcSettingsOf } from './authentication-configuration.ts';
import { createGitHubAuthentication } from './github-authentication.ts';
import { createOidcAuthentication } from './oidc.ts';
import type { OidcSignInOptions } from './oidc-sign-in.ts';
import type { Authentication } from './principal.ts';
import type { RedirectProvider } from './sign-in-method.ts';

/** Creates the configured authentication. @throws ConfigurationError if a secret is not set */
export function createAuthentication(
  configuration: AuthenticationConfiguration,
  { log, now }: { readonly log: StepLog; readonly now?: () => number },
): Authentication {
  const { ADMIN_BASIC_USER: user = '', ADMIN_BASIC_PASSWORD: value, ADMIN_BASIC_PASSWORD_ARN: arn } = configuration;
  const { ADMIN_AUTHENTICATION: mode, ADMIN_LISTENS_ON: address } = configuration;
  if (mode === 'basic') {
    return createBasicAuthentication(user, createSecret({ name: 'ADMIN_BASIC_PASSWORD', value, arn }));
  }
  if (mode === 'oidc') {
    const settings = oidcSettingsOf(configuration);
    const { OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret, OIDC_CLIENT_SECRET_ARN: secretArn } = configuration;
    const clientSecret = createOptionalSecret({ name: 'OIDC_CLIENT_SECRET', value: secret, arn: secretArn });
    const scope = configuration.OIDC_SCOPE;
    return createOidcAuthentication(settings, log, {
      ...(now === undefined ? {} : { now }),
      ...(clientId === undefined
        ? {}
        : { signIn: { kind: 'redirect', provider: createProvider({ settings, clientId, clientSecret, scope }) } }),
    });
  }
  if (mode === 'github') {
    const secretOf = (name: 'GITHUB_APP_PRIVATE_KEY' | 'GITHUB_CLIENT_SECRET') =>
      createSecret({ name, value: configuration[name], arn: configuration[`${name}_ARN`] });
    return createGitHubAuthentication({
      appId: configuration.GITHUB_APP_ID ?? '',
      privateKey: secretOf('GITHUB_APP_PRIVATE_KEY'),
      clientId: configuration.GITHUB_CLIENT_ID ?? '',
      clientSecret: secretOf('GITHUB_CLIENT_SECRET'),
      apiUrl: configuration.GITHUB_API_URL,
      access: gitHubAccessOf(configuration),
      visibility: configuration.REPOSITORY_VISIBILITY,
      log,
      now,
    });
  }
  log.warn('admin API authentication is disabled: every client that reaches the address is an operator', { address });
  return createDisabledAuthentication();
}

/** The client library of OpenID Connect is loaded with the first sign-in. */
function createProvider(options: OidcSignInOptions): RedirectProvider {
  let provider: Promise<RedirectProvider> | undefined;
  const load = () => (provider ??= import('./oidc-sign-in.ts').then((module) => module.createOidcSignIn(options)));
  return {
    label: new URL(options.settings.issuer).hostname,
    begin: async (redirectUri, choosesAccount) => (await load()).begin(redirectUri, choosesAccount),
    complete: async (callbackUrl, pending) => (await load()).complete(callbackUrl, pending),
  };
}

const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * For a loopback address only: everybody is an operator. The host name is checked against DNS rebinding: a web page whose
 * own name resolves to this machine could otherwise use the API through the operator's browser.
 */
export function createDisabledAuthentication(): Authentication {
  return {
    mode: 'disabled',
    signIn: { kind: 'none' },
    challenge: 'ApiKey header="x-api-key"',
    principalOf: async ({ hostname }) => {
      if (!loopbackHosts.has(hostname)) throw new ProblemError(403, 'Use this API under localhost or 127.0.0.1.');
      return { name: 'local', kind: 'disabled', account: 'local', role: 'operator' };
    },
  };
}
