import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** The Secrets Manager entries of an environment, by their names without the prefix. Terraform creates them empty. */
export const entries = {
  'webhook-secret': { variable: 'GITHUB_WEBHOOK_SECRET', purpose: 'GitHub signs deliveries with it' },
  'webhook-secret-previous': {
    variable: 'GITHUB_WEBHOOK_SECRET_PREVIOUS',
    purpose: 'deliveries signed with it are accepted, too; outside a rotation it equals webhook-secret',
  },
  'private-key': { variable: 'GITHUB_APP_PRIVATE_KEY', purpose: 'the App signs its JWTs with it' },
  'admin-password': { variable: 'ADMIN_BASIC_PASSWORD', purpose: 'the admin API’s password' },
  'client-secret': {
    variable: 'GITHUB_CLIENT_SECRET',
    purpose: 'people sign in with it: of the GitHub App, or of the OpenID client',
  },
} as const satisfies Record<string, { variable: string; purpose: string }>;

export type Entry = keyof typeof entries;
export const entryNames = Object.keys(entries) as readonly Entry[];

/** An entry does not exist or cannot be read: the message says what to do. */
export class SecretEntryError extends Error {
  override readonly name = 'SecretEntryError';
}

/** The entries of one environment in Secrets Manager. */
export interface Entries {
  nameOf(entry: Entry): string;
  /**
   * Returns the value; null if it is not set yet.
   * @throws SecretEntryError if the entry does not exist or must not be read
   */
  read(entry: Entry): Promise<string | null>;
  /** Sets the current value; Secrets Manager keeps the old one as its previous version. */
  write(entry: Entry, value: string): Promise<void>;
}

/** @param prefix for example `dispatcher-dev` */
export function createEntries(client: SecretsManagerClient, prefix: string): Entries {
  const nameOf = (entry: Entry) => `${prefix}/${entry}`;
  return {
    nameOf,
    read: async (entry) => {
      const SecretId = nameOf(entry);
      // GetSecretValue reports a missing value like a missing secret; only DescribeSecret distinguishes them.
      const { VersionIdsToStages: versions } = await orSecretEntryError(
        SecretId,
        client.send(new DescribeSecretCommand({ SecretId })),
      );
      const hasValue = Object.values(versions ?? {}).some((stages) => stages.includes('AWSCURRENT'));
      return hasValue ? await readSecret(client, SecretId) : null;
    },
    write: async (entry, SecretString) => {
      const SecretId = nameOf(entry);
      await orSecretEntryError(SecretId, client.send(new PutSecretValueCommand({ SecretId, SecretString })));
    },
  };
}

/** Returns the text of a secret by its name or ARN. @throws SecretEntryError */
export async function readSecret(client: SecretsManagerClient, id: string): Promise<string> {
  const { SecretString: text } = await orSecretEntryError(id, client.send(new GetSecretValueCommand({ SecretId: id })));
  if (!text) throw new SecretEntryError(`The secret ${id} has no text value. Fill it with \`dispatcher secrets set\`.`);
  return text;
}

/** Returns the name that AWS gave the error and its message; a plain `Error` has no name worth printing. */
function textOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.name === 'Error' ? cause.message : `${cause.name}: ${cause.message}`;
}

async function orSecretEntryError<Result>(id: string, response: Promise<Result>): Promise<Result> {
  try {
    return await response;
  } catch (cause) {
    const reason =
      cause instanceof ResourceNotFoundException
        ? 'it does not exist or has no value. Terraform creates it; check the prefix and the region.'
        : `${textOf(cause)}. Check the AWS credentials and region.`;
    throw new SecretEntryError(`The secret ${id} in Secrets Manager: ${reason}`, { cause });
  }
}
