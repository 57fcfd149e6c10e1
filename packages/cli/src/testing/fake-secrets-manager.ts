import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export interface FakeSecretsManager {
  readonly client: SecretsManagerClient;
  /** By name; null if the entry exists without a value. */
  readonly values: Map<string, string | null>;
  /** `PutSecretValue NAME`, in order. */
  readonly writes: string[];
  close(): Promise<void>;
}

/** Starts a fake of the Secrets Manager operations that the CLI uses. */
export async function startFakeSecretsManager(names: readonly string[]): Promise<FakeSecretsManager> {
  const values = new Map<string, string | null>(names.map((name) => [name, null]));
  const writes: string[] = [];
  const operations: Readonly<Record<string, (id: string, input: { SecretString?: string }) => object | null>> = {
    DescribeSecret: (Name) => ({
      Name,
      ...(values.get(Name) == null ? {} : { VersionIdsToStages: { v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT'] } }),
    }),
    GetSecretValue: (Name) => (values.get(Name) == null ? null : { Name, SecretString: values.get(Name) }),
    PutSecretValue: (Name, { SecretString = '' }) => {
      values.set(Name, SecretString);
      writes.push(Name);
      return { Name, VersionStages: ['AWSCURRENT'] };
    },
  };
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void (async () => {
      const operation = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
      const input = JSON.parse(await text(request)) as { SecretId: string; SecretString?: string };
      const output = values.has(input.SecretId) ? operations[operation]?.(input.SecretId, input) : null;
      response.writeHead(output ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
      const notFound = { __type: 'ResourceNotFoundException', Message: 'Secrets Manager can’t find the secret.' };
      response.end(JSON.stringify(output ?? notFound));
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    client,
    values,
    writes,
    close: () =>
      new Promise((closed) => {
        client.destroy();
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
