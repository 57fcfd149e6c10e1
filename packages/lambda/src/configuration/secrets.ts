import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfigurationError } from './configuration.ts';

/** Returns a secret's current value. A function, so that a rotation needs no deployment. */
export type Secret = () => Promise<string>;

const defaultCacheMs = 5 * 60_000;

interface SecretOptions {
  /** Name of the variable, for the message if neither form is set. */
  readonly name: string;
  readonly value: string | undefined;
  readonly arn: string | undefined;
  readonly client?: Pick<SecretsManagerClient, 'send'>;
  readonly now?: () => number;
  /** How long a value of Secrets Manager is kept. Default: five minutes. */
  readonly cacheMs?: number;
}

/**
 * Creates a secret from its value (local runs) or from the ARN of a Secrets Manager secret, cached for `cacheMs`.
 * @throws ConfigurationError if neither `NAME` nor `NAME_ARN` is set
 */
export function createSecret({
  name,
  value,
  arn,
  client,
  now = Date.now,
  cacheMs = defaultCacheMs,
}: SecretOptions): Secret {
  if (value !== undefined) return async () => value;
  if (arn === undefined) throw new ConfigurationError(`${name} is missing: set it, or ${name}_ARN.`);
  return cached(arn, client ?? new SecretsManagerClient(), { now, cacheMs });
}

/** As {@link createSecret}; null if neither form is set. */
export function createOptionalSecret(options: SecretOptions): Secret | null {
  return options.value === undefined && options.arn === undefined ? null : createSecret(options);
}

function cached(
  arn: string,
  client: Pick<SecretsManagerClient, 'send'>,
  { now, cacheMs }: { readonly now: () => number; readonly cacheMs: number },
): Secret {
  let current: { readonly text: string; readonly until: number } | null = null;
  return async () => {
    if (current !== null && now() < current.until) return current.text;
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (text === undefined || text === '')
      throw new Error(`The secret ${arn} has no text value. Store one in Secrets Manager.`);
    current = { text, until: now() + cacheMs };
    return text;
  };
}

/** The variables that hold the App's private key: its PEM text, or the ARN of the secret that holds it. */
interface PrivateKeyVariables {
  readonly GITHUB_APP_PRIVATE_KEY?: string | undefined;
  readonly GITHUB_APP_PRIVATE_KEY_ARN?: string | undefined;
}

/**
 * Reads the private key of the GitHub App, as PEM.
 * @throws ConfigurationError when neither variable is set
 */
export async function readGitHubPrivateKey(environment: PrivateKeyVariables): Promise<string> {
  const name = 'GITHUB_APP_PRIVATE_KEY';
  return createSecret({ name, value: environment[name], arn: environment[`${name}_ARN`] })();
}
