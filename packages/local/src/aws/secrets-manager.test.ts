import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { openSecretsManager, secretArn, type SecretsManager } from './secrets-manager.ts';

// Through the AWS SDK's own protocol at the endpoint, and over restarts.

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'secrets-manager-'));
  file = join(directory, 'secrets.json');
});
afterEach(() => rm(directory, { recursive: true }));

const names = ['dispatcher-local/a', 'dispatcher-local/b'];
const open = (): Promise<SecretsManager> => openSecretsManager({ names, file });

test('a secret exists without a value until one is put, by name and by ARN', async () => {
  const secrets = await open();
  const [SecretId = ''] = names;
  await expect(secrets.call('GetSecretValue', { SecretId })).rejects.toMatchObject({
    type: 'ResourceNotFoundException',
    message: expect.stringContaining('AWSCURRENT'),
  });
  expect(await secrets.call('DescribeSecret', { SecretId })).toMatchObject({ VersionIdsToStages: {} });
  await secrets.call('PutSecretValue', { SecretId, SecretString: 'one' });
  expect(await secrets.call('GetSecretValue', { SecretId: secretArn(SecretId) })).toMatchObject({
    SecretString: 'one',
  });
});

test('a new value becomes the current version, and the old one the previous version', async () => {
  const secrets = await open();
  const [SecretId = ''] = names;
  for (const SecretString of ['one', 'two']) await secrets.call('PutSecretValue', { SecretId, SecretString });
  expect(await secrets.call('GetSecretValue', { SecretId })).toMatchObject({ SecretString: 'two' });
  const previous = await secrets.call('GetSecretValue', { SecretId, VersionStage: 'AWSPREVIOUS' });
  expect(previous).toMatchObject({ SecretString: 'one' });
  const { VersionIdsToStages: stages } = (await secrets.call('DescribeSecret', { SecretId })) as {
    VersionIdsToStages: Record<string, string[]>;
  };
  expect(Object.values(stages).flat().sort()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
});

test('values survive a restart in a file that only its owner can read', async () => {
  const secrets = await open();
  await Promise.all(names.map((name) => secrets.put(name, `${name} again`)));
  expect((await open()).read('dispatcher-local/b')).toBe('dispatcher-local/b again');
  expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
  expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('dispatcher-local/a');
});

test('a secret that was created while it ran survives a restart, until it is deleted', async () => {
  const secrets = await open();
  const Name = 'dispatcher-local/webhooks/1';
  await secrets.call('CreateSecret', { Name, SecretString: 'one', ClientRequestToken: 'v1' });
  await expect(secrets.call('CreateSecret', { Name, SecretString: 'two' })).rejects.toMatchObject({
    type: 'ResourceExistsException',
  });
  await secrets.call('PutSecretValue', { SecretId: Name, SecretString: 'two', ClientRequestToken: 'v2' });
  const again = await open();
  for (const [VersionId, SecretString] of [
    ['v1', 'one'],
    ['v2', 'two'],
  ]) {
    expect(await again.call('GetSecretValue', { SecretId: Name, VersionId })).toMatchObject({
      SecretString,
      VersionId,
    });
  }
  await expect(again.call('GetSecretValue', { SecretId: Name, VersionId: 'v3' })).rejects.toMatchObject({
    type: 'ResourceNotFoundException',
  });
  await again.call('DeleteSecret', { SecretId: Name, ForceDeleteWithoutRecovery: true });
  await expect((await open()).call('GetSecretValue', { SecretId: Name })).rejects.toMatchObject({
    type: 'ResourceNotFoundException',
  });
});

test.each([
  ['an unknown secret', 'GetSecretValue', { SecretId: 'dispatcher-dev/a' }, 'ResourceNotFoundException'],
  ['a binary value', 'PutSecretValue', { SecretId: 'dispatcher-local/a' }, 'InvalidRequestException'],
  ['another operation', 'RotateSecret', { SecretId: 'dispatcher-local/a' }, 'UnknownOperationException'],
])('%s is refused', async (_, operation, input, type) => {
  await expect((await open()).call(operation, input)).rejects.toMatchObject({ type });
});

test('the endpoint serves it to signed requests only', async () => {
  const endpoint: AwsEndpoint = await startAwsEndpoint({ accessKeyId: 'KEY', secretNames: names });
  const request = (authorization: string) =>
    fetch(endpoint.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'secretsmanager.DescribeSecret', authorization },
      body: JSON.stringify({ SecretId: names[0] }),
    });
  expect((await request('AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/secretsmanager/aws4_request')).status).toBe(
    200,
  );
  expect((await request('')).status).toBe(400);
  await endpoint.close();
});
