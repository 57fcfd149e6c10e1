import { createSecret, type StepLog } from '@dispatcher/lambda';
import { basicAuthentication } from './basic.ts';
import { type Configuration, oidcSettingsOf } from '../configuration.ts';
import { oidcAuthentication } from './oidc.ts';
import type { Authentication } from './principal.ts';
import { Problem } from '../http/problem.ts';

export { basicAuthentication } from './basic.ts';

/** The authentication that the configuration chose. @throws ConfigurationError where its password is missing. */
export function authenticationOf(configuration: Configuration, log: StepLog): Authentication {
  const { ADMIN_BASIC_USER: user = '', ADMIN_BASIC_PASSWORD: value, ADMIN_BASIC_PASSWORD_ARN: arn } = configuration;
  const { ADMIN_AUTHENTICATION: mode, ADMIN_LISTENS_ON: address } = configuration;
  if (mode === 'basic') return basicAuthentication(user, createSecret({ name: 'ADMIN_BASIC_PASSWORD', value, arn }));
  if (mode === 'oidc') return oidcAuthentication(oidcSettingsOf(configuration), log);
  log.warn('the admin API is open to everybody who can reach its address', { address });
  return withoutAuthentication();
}

const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * For a loopback address only. The host name is looked at, because a web page can make its own name point to this
 * machine and would then read the API with the operator's browser.
 */
export function withoutAuthentication(): Authentication {
  return {
    mode: 'disabled',
    challenge: 'ApiKey header="x-api-key"',
    principalOf: async ({ hostname }) => {
      if (!loopbackHosts.has(hostname)) throw new Problem(403, 'Open this API under localhost or 127.0.0.1.');
      return { name: 'local', kind: 'disabled', account: 'local', role: 'operator' };
    },
  };
}
