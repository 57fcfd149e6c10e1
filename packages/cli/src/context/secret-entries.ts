import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** The entries of an environment, by what stands behind `PREFIX/` in their names. Terraform creates them, empty. */
export const entries = {
  'webhook-secret': { variable: 'GITHUB_WEBHOOK_SECRET', purpose: 'GitHub signs deliveries with it' },
  'webhook-secret-previous': {
    variable: 'GITHUB_WEBHOOK_SECRET_PREVIOUS',
    purpose: 'deliveries signed with it are taken too; outside a rotation it is the same as webhook-secret',
  },
  'private-key': { variable: 'GITHUB_APP_PRIVATE_KEY', purpose: 'the App signs its JWTs with it' },
  'admin-password': { variable: 'ADMIN_BASIC_PASSWORD', purpose: 'the admin API’s password' },
} as const satisfies Record<string, { variable: string; purpose: string }>;

export type Entry = keyof typeof entries;
export const entryNames = Object.keys(entries) as readonly Entry[];

/** An entry that is not there, or not to be had: the message says what to do. */
export class EntryUnusable extends Error {
  override readonly name = 'EntryUnusable';
}

/** The entries of one environment in Secrets Manager. */
export interface Entries {
  nameOf(entry: Entry): string;
  /**
   * Null where it has no value yet.
   * @throws EntryUnusable where there is no such entry, or no permission to read it.
   */
  read(entry: Entry): Promise<string | null>;
  /** The value becomes the current one; the one before stays as Secrets Manager's own previous version. */
  write(entry: Entry, value: string): Promise<void>;
}

/** @param prefix for example `dispatcher-dev`. */
export function createEntries(client: SecretsManagerClient, prefix: string): Entries {
  const nameOf = (entry: Entry) => `${prefix}/${entry}`;
  return {
    nameOf,
    read: async (entry) => {
      const SecretId = nameOf(entry);
      // Without a value GetSecretValue says that there is no such secret; only the description tells the two apart.
      const { VersionIdsToStages: versions } = await told(
        SecretId,
        client.send(new DescribeSecretCommand({ SecretId })),
      );
      const hasValue = Object.values(versions ?? {}).some((stages) => stages.includes('AWSCURRENT'));
      return hasValue ? await readSecret(client, SecretId) : null;
    },
    write: async (entry, SecretString) => {
      const SecretId = nameOf(entry);
      await told(SecretId, client.send(new PutSecretValueCommand({ SecretId, SecretString })));
    },
  };
}

/** The text of a secret by its name or ARN. @throws EntryUnusable */
export async function readSecret(client: SecretsManagerClient, id: string): Promise<string> {
  const { SecretString: text } = await told(id, client.send(new GetSecretValueCommand({ SecretId: id })));
  if (!text) throw new EntryUnusable(`The secret ${id} has no text value. Fill it with \`dispatcher secrets set\`.`);
  return text;
}

async function told<Result>(id: string, answer: Promise<Result>): Promise<Result> {
  try {
    return await answer;
  } catch (cause) {
    const reason =
      cause instanceof ResourceNotFoundException
        ? 'there is none with a value. Terraform creates it; is the prefix right, and the region?'
        : `${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}. Check the AWS credentials and region.`;
    throw new EntryUnusable(`The secret ${id} in Secrets Manager: ${reason}`, { cause });
  }
}
