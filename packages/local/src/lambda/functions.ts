import type { TableName } from '@dispatcher/topology';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FunctionStartError } from './execution-environment.ts';
import { type LambdaFunction, startFunction } from './lambda-runtime.ts';
import { awsAccess, queueUrl, tableName } from '../aws/provision.ts';
import { busName, type FunctionName, queues, undeliveredEventsQueue } from '@dispatcher/topology';

export type Functions = Readonly<Record<FunctionName, LambdaFunction>>;

// Enough to run two environments of a function concurrently, without overloading a laptop.
const concurrency: Readonly<Record<FunctionName, number>> = {
  ingress: 2,
  // Two for runs, and one that reads hints.
  planning: 3,
  dispatch: 2,
  facts: 1,
  admin: 1,
};

export const functionNames = Object.keys(concurrency) as FunctionName[];

/** Starts the five function bundles. @throws Error if a bundle is missing or rejects its configuration */
export async function startFunctions(options: {
  readonly awsUrl: string;
  /** Variables of every function: the GitHub App and the guard rails. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of single functions. */
  readonly variablesOf?: Partial<Readonly<Record<FunctionName, Readonly<Record<string, string>>>>>;
  /** Timeout of an invocation, in seconds. */
  readonly timeouts: Readonly<Record<FunctionName, number>>;
  readonly openLog: (name: FunctionName) => number;
}): Promise<Functions> {
  const environment = { ...resourceVariables(options.awsUrl), ...localVariables(options.awsUrl), ...options.variables };
  const starts = await Promise.allSettled(
    functionNames.map(async (name) => {
      const directory = bundleDirectory(name);
      const timeoutMs = options.timeouts[name] * 1000;
      const ofFunction = { ...environment, ...options.variablesOf?.[name] };
      const description = { name, directory, timeoutMs, environment: ofFunction, log: options.openLog(name) };
      return [name, await startFunction(description, concurrency[name])] as const;
    }),
  );
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const errors = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason as Error] : []));
  if (errors.length > 0) {
    await Promise.all(started.map(([, running]) => running.close()));
    throw new Error(describeFailures(errors));
  }
  return Object.fromEntries(started) as unknown as Functions;
}

/** Returns each sentence once, with the functions that cannot start for this reason: they share most of their variables. */
function describeFailures(errors: readonly Error[]): string {
  const functionsOf = new Map<string, string[]>();
  for (const error of errors) {
    const [name, text] =
      error instanceof FunctionStartError ? [error.functionName, error.reason] : [null, error.message];
    for (const sentence of text.split('\n')) {
      const names = functionsOf.get(sentence) ?? [];
      functionsOf.set(sentence, name === null ? names : [...names, name]);
    }
  }
  return [...functionsOf]
    .map(([sentence, names]) => (names.length === 0 ? sentence : `${sentence} (${names.join(', ')})`))
    .join('\n');
}

function bundleDirectory(name: FunctionName): string {
  const directory = fileURLToPath(new URL(`../../../../functions/${name}/dist/image`, import.meta.url));
  if (existsSync(`${directory}/handler.mjs`)) return directory;
  throw new Error(`The bundle of the ${name} function is missing. Run: npm run build`);
}

/** Returns the names and URLs of queues, tables and the bus, as Terraform passes them to functions and operators. */
export function resourceVariables(awsUrl: string): Record<string, string> {
  const variables: Record<string, string> = {
    BUS_NAME: busName,
    UNDELIVERED_EVENTS_QUEUE_URL: queueUrl(awsUrl, undeliveredEventsQueue.name),
  };
  for (const { name, deadLetterQueue } of queues) {
    variables[`${name.toUpperCase()}_QUEUE_URL`] = queueUrl(awsUrl, name);
    variables[`${name.toUpperCase()}_DEAD_LETTER_QUEUE_URL`] = queueUrl(awsUrl, deadLetterQueue);
  }
  for (const table of ['state', 'plans', 'facts', 'projections', 'access'] satisfies TableName[]) {
    variables[`${table.toUpperCase()}_TABLE`] = tableName(table);
  }
  return variables;
}

/** Returns the variables with which the AWS SDK uses the local endpoint. */
export function accessVariables(awsUrl: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: awsUrl,
    AWS_REGION: awsAccess.region,
    AWS_ACCESS_KEY_ID: awsAccess.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: awsAccess.credentials.secretAccessKey,
  };
}

function localVariables(awsUrl: string): Record<string, string> {
  return {
    ...accessVariables(awsUrl),
    // A rotation of the webhook secret is rehearsed in seconds instead of minutes.
    SECRET_CACHE_SECONDS: '2',
    // The HTTP front listens on the loopback address only.
    ADMIN_AUTHENTICATION: 'disabled',
    ADMIN_LISTENS_ON: '127.0.0.1',
  };
}
