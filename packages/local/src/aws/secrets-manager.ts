import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Input } from './dynalite.ts';
import { AwsError } from './aws-error.ts';

interface Version {
  readonly id: string;
  readonly text: string;
}

/** Null: the secret exists without a value, as Terraform creates it. */
interface Versions {
  readonly current: Version | null;
  readonly previous: Version | null;
}

export interface SecretsManager {
  /** Runs one operation of Secrets Manager's JSON protocol. @throws {@link AwsError} */
  call(operation: string, input: Input): Promise<object>;
  /** Returns the current value of a secret; null if it has none. */
  read(name: string): string | null;
  /** Sets the current value of a secret; the value before becomes its previous version. */
  put(name: string, text: string): Promise<void>;
}

const arnPrefix = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:';

/** Returns the ARN of a secret. AWS appends six characters to the name, and so does this. */
export function secretArn(name: string): string {
  return `${arnPrefix}${name}-local0`;
}

/**
 * Opens a Secrets Manager with these secrets. Without a file it is kept in memory; the file is readable by its owner only.
 * @param onPut receives every new value before the call ends
 */
export async function openSecretsManager(options: {
  readonly names: readonly string[];
  readonly file?: string;
  readonly onPut?: (name: string, text: string) => Promise<void>;
}): Promise<SecretsManager> {
  const { names, file, onPut } = options;
  const stored = file === undefined ? {} : await readStored(file);
  const secrets = new Map<string, Versions>(
    names.map((name) => [name, stored[name] ?? { current: null, previous: null }]),
  );
  // Secrets that were created while the system ran.
  for (const [name, versions] of Object.entries(stored)) if (!secrets.has(name)) secrets.set(name, versions);
  const find = (id: unknown): { readonly name: string; readonly versions: Versions } => {
    const name = nameOf(String(id));
    const versions = secrets.get(name);
    if (versions !== undefined) return { name, versions };
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };
  // One write after the other: two writes at once would share the temporary file.
  let writing = Promise.resolve();
  const save = async () => {
    if (file === undefined) return;
    writing = writing.then(() => write(file, JSON.stringify(Object.fromEntries(secrets))));
    await writing;
  };
  const put = async (name: string, text: string, id: string = randomUUID()) => {
    secrets.set(name, { current: { id, text }, previous: secrets.get(name)?.current ?? null });
    await save();
    await onPut?.(name, text);
    return id;
  };
  const putText = async (name: string, { SecretString: text, ClientRequestToken: token }: Input) => {
    if (typeof text !== 'string') {
      throw new AwsError('InvalidRequestException', 'The local Secrets Manager stores a SecretString only.');
    }
    const id = await put(name, text, typeof token === 'string' ? token : undefined);
    return { ARN: secretArn(name), Name: name, VersionId: id, VersionStages: ['AWSCURRENT'] };
  };
  const operations: Readonly<Record<string, (input: Input) => object | Promise<object>>> = {
    GetSecretValue: (input) => {
      const { name, versions } = find(input['SecretId']);
      const { VersionId: id, VersionStage: named } = input;
      const isPrevious = named === 'AWSPREVIOUS' || (id !== undefined && versions.previous?.id === id);
      const stage = isPrevious ? 'AWSPREVIOUS' : 'AWSCURRENT';
      const version = isPrevious ? versions.previous : versions.current;
      if (version === null || (id !== undefined && version.id !== id)) {
        const which = id === undefined ? `staging label: ${stage}` : `VersionId: ${JSON.stringify(id)}`;
        const message = `Secrets Manager can't find the specified secret value for ${which}`;
        throw new AwsError('ResourceNotFoundException', message);
      }
      return {
        ARN: secretArn(name),
        Name: name,
        SecretString: version.text,
        VersionId: version.id,
        VersionStages: [stage],
      };
    },
    PutSecretValue: async (input) => {
      const { name } = find(input['SecretId']);
      return putText(name, input);
    },
    CreateSecret: async (input) => {
      const name = String(input['Name']);
      if (secrets.has(name)) {
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${name} already exists.`,
        );
      }
      return putText(name, input);
    },
    DeleteSecret: async (input) => {
      const { name } = find(input['SecretId']);
      if (input['ForceDeleteWithoutRecovery'] !== true) {
        const message = 'The local Secrets Manager deletes only with ForceDeleteWithoutRecovery.';
        throw new AwsError('InvalidRequestException', message);
      }
      secrets.delete(name);
      await save();
      return { ARN: secretArn(name), Name: name };
    },
    DescribeSecret: (input) => {
      const { name, versions } = find(input['SecretId']);
      return { ARN: secretArn(name), Name: name, VersionIdsToStages: stagesOf(versions) };
    },
    ListSecrets: () => ({ SecretList: [...secrets.keys()].map((name) => ({ ARN: secretArn(name), Name: name })) }),
  };
  return {
    async call(operation, input) {
      const run = operations[operation];
      if (run !== undefined) return await run(input);
      throw new AwsError('UnknownOperationException', `The local Secrets Manager does not implement ${operation}.`);
    },
    read: (name) => secrets.get(name)?.current?.text ?? null,
    put: async (name, text) => void (await put(find(name).name, text)),
  };
}

function nameOf(id: string): string {
  return id.startsWith(arnPrefix) ? id.slice(arnPrefix.length).replace(/-[A-Za-z0-9]{6}$/, '') : id;
}

function stagesOf({ current, previous }: Versions): Record<string, readonly string[]> {
  return {
    ...(previous === null ? {} : { [previous.id]: ['AWSPREVIOUS'] }),
    ...(current === null ? {} : { [current.id]: ['AWSCURRENT'] }),
  };
}

async function readStored(file: string): Promise<Readonly<Record<string, Versions>>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, Versions>>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Renamed into place: a partly written file would break every later start. */
async function write(file: string, text: string): Promise<void> {
  await rm(`${file}.new`, { force: true });
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
