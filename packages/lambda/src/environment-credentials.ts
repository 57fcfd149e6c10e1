import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * In place of the SDK's own chain, by an alias of `scripts/bundle.ts`: Lambda hands a function its credentials in the
 * environment, and the chain's other ways (SSO, instance metadata, profiles) would be 130 KB that never run.
 */
export const defaultProvider = fromEnv;
