import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

interface WebhookSecretsOptions {
  /** What precedes the id of a webhook in the name of its secret: `dispatcher-prod/webhooks/`. */
  readonly prefix: string;
  readonly client?: Pick<SecretsManagerClient, 'send'>;
}

/** Writes the secrets of webhooks. It cannot read them. */
export interface WebhookSecretWriter {
  /** @param version a UUID */
  create(webhookId: string, version: string, secret: string): Promise<void>;
  /** Adds a version; the one before stays readable. */
  put(webhookId: string, version: string, secret: string): Promise<void>;
  /** Deletes every version at once, and for good. */
  delete(webhookId: string): Promise<void>;
}

export function createWebhookSecretWriter({
  prefix,
  client = new SecretsManagerClient(),
}: WebhookSecretsOptions): WebhookSecretWriter {
  return {
    create: async (webhookId, version, secret) => {
      const Name = `${prefix}${webhookId}`;
      const Description = 'Secret of a webhook that operators of Dispatcher created.';
      await client.send(
        new CreateSecretCommand({ Name, Description, ClientRequestToken: version, SecretString: secret }),
      );
    },
    put: async (webhookId, version, secret) => {
      const SecretId = `${prefix}${webhookId}`;
      await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken: version, SecretString: secret }));
    },
    delete: async (webhookId) => {
      const SecretId = `${prefix}${webhookId}`;
      await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    },
  };
}

/** Returns one version of the secret of a webhook. */
export type WebhookSecretReader = (webhookId: string, version: string) => Promise<string>;

const maxKept = 500;

/** Creates the reader. A version never changes, so each is read once, as long as there are not too many. */
export function createWebhookSecretReader({
  prefix,
  client = new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1_000 },
  }),
}: WebhookSecretsOptions): WebhookSecretReader {
  const kept = new Map<string, string>();
  return async (webhookId, version) => {
    const known = kept.get(version);
    if (known !== undefined) return known;
    const read = new GetSecretValueCommand({ SecretId: `${prefix}${webhookId}`, VersionId: version });
    const { SecretString: secret } = await client.send(read);
    if (secret === undefined || secret === '')
      throw new Error(`The secret of the webhook ${webhookId} has no text value.`);
    if (kept.size >= maxKept) kept.clear();
    kept.set(version, secret);
    return secret;
  };
}
