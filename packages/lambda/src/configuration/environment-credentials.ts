import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Replaces the SDK's credential provider chain, by an alias in `scripts/bundle.ts`. Lambda passes credentials in
 * environment variables; the chain's other providers (SSO, instance metadata, profiles) would add 130 KB of unused code.
 */
export const defaultProvider = fromEnv;
