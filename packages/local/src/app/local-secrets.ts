import { type SecretsManager, secretArn } from '../aws/secrets-manager.ts';
import { changeLocalApp, type LocalApp } from './local-app.ts';

/** The prefix of the secrets' names, for the option `--name` of `dispatcher secrets`. */
export const secretPrefix = 'dispatcher-local';

const nameOf = (entry: string) => `${secretPrefix}/${entry}`;

/** The secrets that Terraform creates on AWS. */
export const secretNames = [
  'webhook-secret',
  'webhook-secret-previous',
  'private-key',
  'admin-password',
  'client-secret',
].map(nameOf);

/** What precedes the id of a webhook in the name of its secret. */
export const webhookSecretsPrefix = nameOf('webhooks/');

/** Fills empty secrets with the App's values, and returns the App with the values of the secrets. */
export async function fillSecrets(secrets: SecretsManager, app: LocalApp): Promise<LocalApp> {
  const fill = async (entry: string, text: string): Promise<string> => {
    const known = secrets.read(nameOf(entry));
    if (known === null) await secrets.put(nameOf(entry), text);
    return known ?? text;
  };
  const webhookSecret = await fill('webhook-secret', app.webhookSecret);
  await fill('webhook-secret-previous', webhookSecret);
  return { ...app, webhookSecret, privateKey: await fill('private-key', app.privateKey) };
}

/** Keeps `app.json`, from which commands read the App, in step with a rotation. */
export async function storeSecret(dataDir: string, name: string, text: string): Promise<void> {
  if (name === nameOf('webhook-secret')) await changeLocalApp(dataDir, { webhookSecret: text });
  if (name === nameOf('private-key')) await changeLocalApp(dataDir, { privateKey: text });
}

/** Returns the variables with which the functions read their secrets, as on AWS. */
export function secretVariables(): Record<string, string> {
  return {
    GITHUB_APP_PRIVATE_KEY_ARN: secretArn(nameOf('private-key')),
    GITHUB_WEBHOOK_SECRET_ARN: secretArn(nameOf('webhook-secret')),
    GITHUB_WEBHOOK_SECRET_PREVIOUS_ARN: secretArn(nameOf('webhook-secret-previous')),
  };
}
