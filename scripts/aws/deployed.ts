import { createHmac } from 'node:crypto';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { completeRun, startEmulator } from '../../packages/local/src/app/emulator.ts';
import { createFront, type Invoke } from '../../packages/local/src/app/http-front.ts';
import { loadLocalApp, type LocalApp } from '../../packages/local/src/app/local-app.ts';
import { type EventSource, startEventSource } from '../../packages/local/src/lambda/event-source.ts';
import { type LambdaFunction, startFunction } from '../../packages/local/src/lambda/lambda-runtime.ts';
import { dispatchedRuns } from '../../packages/local/src/testing/github.ts';
import type { Gate } from './gate.ts';
import type { Statement } from './policy.ts';

interface Tools {
  readonly check: (name: string, holds: boolean, detail?: string) => void;
  readonly awsJson: (...args: string[]) => Promise<unknown>;
  readonly password: string;
}

interface Session {
  readonly app: LocalApp;
  readonly gitHubUrl: string;
  /** Runs the bundles as Terraform configured them, and sends one delivery through them. */
  readonly processDelivery: (tools: Tools) => Promise<void>;
}

interface Configuration {
  readonly FunctionName: string;
  readonly Timeout: number;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

const names = ['ingress', 'planning', 'dispatch', 'facts', 'admin'] as const;
type Name = (typeof names)[number];

/** What the functions run in. */
interface Deployment {
  readonly gate: Gate;
  /** File descriptor of the log of the functions. */
  readonly log: number;
  readonly running: Map<Name, LambdaFunction>;
  readonly sources: EventSource[];
  /** URL of the HTTP API of the functions. */
  readonly url: string;
  readonly gitHubUrl: string;
}

/** Starts a GitHub emulator whose webhook goes to the functions that `processDelivery` starts. Stops all after `work`. */
export async function withSession(
  directory: string,
  gate: Gate,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  mkdirSync(join(directory, 'github'), { recursive: true });
  const app = await loadLocalApp(join(directory, 'github'));
  const log = openSync(join(directory, 'functions.log'), 'a');
  const running = new Map<Name, LambdaFunction>();
  const front = createHttpApi(running);
  const url = await front.listen({ port: 0, host: '127.0.0.1' });
  const emulator = await startEmulator({
    app,
    webhookUrl: `${url}/webhooks/github`,
    dataDir: join(directory, 'github'),
    log,
    onExit: () => undefined,
  });
  const deployment: Deployment = { gate, log, running, sources: [], url, gitHubUrl: emulator.url };
  try {
    await work({
      app,
      gitHubUrl: emulator.url,
      processDelivery: (tools) => processDelivery(deployment, tools),
    });
  } finally {
    await stopFunctions(deployment);
    await front.close();
    await emulator.stop();
  }
}

function createHttpApi(running: Deployment['running']) {
  const invoke =
    (name: Name): Invoke =>
    async (event) =>
      running.get(name)?.invoke(event) ?? {
        state: 'failed',
        error: { errorType: 'None', errorMessage: 'not started' },
      };
  return createFront({ ingress: invoke('ingress'), planning: invoke('planning'), admin: invoke('admin') });
}

async function processDelivery(deployment: Deployment, tools: Tools): Promise<void> {
  const { gate, running } = deployment;
  await startFunctions(deployment, tools.awsJson);
  await startEventSources(deployment, tools.awsJson);
  tools.check('each function starts with the variables that Terraform gave it', running.size === names.length);
  await checkDelivery(deployment, tools);
  await checkRollUp(deployment, tools);
  await checkGate(gate, tools);
  await stopFunctions(deployment);
  gate.roles.clear();
}

/** Starts the bundles as Terraform configured them, each with the policy of its own role. */
async function startFunctions({ gate, log, running }: Deployment, awsJson: Tools['awsJson']): Promise<void> {
  for (const name of names) {
    const { statements, configuration } = await readFunction(awsJson, name);
    gate.roles.set(`role-${name}`, { name, statements });
    running.set(
      name,
      await startFunction(
        {
          name,
          directory: join(import.meta.dirname, `../../functions/${name}/dist/image`),
          timeoutMs: 1000 * configuration.Timeout,
          environment: {
            ...configuration.Environment.Variables,
            AWS_ENDPOINT_URL: gate.url,
            AWS_REGION: 'eu-central-1',
            AWS_ACCESS_KEY_ID: `role-${name}`,
            AWS_SECRET_ACCESS_KEY: 'unused',
          },
          log,
        },
        1,
      ),
    );
  }
}

async function startEventSources({ gate, running, sources }: Deployment, awsJson: Tools['awsJson']): Promise<void> {
  const sqs = new SQSClient({
    endpoint: gate.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'poller', secretAccessKey: 'unused' },
  });
  sources.push(
    ...(await readEventSources(awsJson)).map(({ name, queueUrl, batchSize }) =>
      startEventSource({
        sqs,
        queueUrl,
        batchSize,
        batchingWindow: 0,
        concurrency: 1,
        invoke: async (event) => running.get(name)?.invoke(event) ?? { state: 'succeeded', payload: null },
        onError: () => undefined,
      }),
    ),
  );
}

async function stopFunctions({ running, sources }: Deployment): Promise<void> {
  await Promise.all(sources.splice(0).map((source) => source.stop()));
  await Promise.all([...running.values()].map((each) => each.close()));
  running.clear();
}

/** Checks that a signed delivery starts a workflow, and that the admin API shows it. */
async function checkDelivery({ gate, url, gitHubUrl }: Deployment, { check, password }: Tools): Promise<void> {
  const refused = await fetch(`${url}/webhooks/github`, {
    method: 'POST',
    body: '{}',
    headers: headersOf('{}', 'wrong'),
  });
  check('a delivery with a wrong signature gets 401', refused.status === 401, String(refused.status));
  const { delivery } = await completeRun(gitHubUrl, { repository: 'octo-org/app', workflow: 'ci.yml' });
  check('a signed delivery is accepted', delivery?.statusCode === 202, JSON.stringify(delivery));
  const started = await until(async () => (await dispatchedRuns(gitHubUrl, 'octo-org/deploy')).length > 0);
  check('the delivery starts a workflow in the target', started, gate.denied.join('\n'));
  const authorization = `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`;
  let answer = '';
  const shown = await until(async () => {
    const response = await fetch(`${url}/api/dispatches`, { headers: { authorization } });
    answer = `${response.status} ${await response.text()}`;
    return response.ok && answer.includes('"accepted"');
  });
  check('the admin API returns the accepted dispatch', shown, answer.slice(0, 600));
}

async function checkRollUp({ running }: Deployment, { check }: Tools): Promise<void> {
  const rolledUp = await running.get('facts')?.invoke({ scheduled: 'roll-up' });
  check('the schedule roll-up runs', rolledUp?.state === 'succeeded', JSON.stringify(rolledUp));
}

/** Checks that the roles of the functions suffice, and that the gate refuses what a role may not do. */
async function checkGate(gate: Gate, { check, awsJson }: Tools): Promise<void> {
  check(
    'no function needed a permission that its role does not have',
    gate.denied.length === 0,
    gate.denied.join('\n'),
  );
  const calls = [...gate.allowed].map(([name, count]) => `${name} ${count}`);
  check(
    `every role was used: ${calls.join(', ')}`,
    names.every((name) => (gate.allowed.get(name) ?? 0) > 0),
  );

  // The gate refuses what a role may not do: without this, an empty list of refusals would prove nothing.
  const secret = await fetch(gate.url, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=role-ingress/x/eu-central-1/secretsmanager/aws4_request',
      'x-amz-target': 'secretsmanager.GetSecretValue',
    },
    body: JSON.stringify({ SecretId: await privateKeyArn(awsJson) }),
  });
  check(
    'ingress may not read the private key of the App',
    secret.status === 400 && gate.denied.length === 1,
    gate.denied.join('\n'),
  );
}

async function readFunction(awsJson: Tools['awsJson'], name: Name) {
  const functionName = `dispatcher-dev-${name}`;
  const configuration = (await awsJson(
    'lambda',
    'get-function-configuration',
    '--function-name',
    functionName,
  )) as Configuration;
  const { PolicyDocument: policy } = (await awsJson(
    'iam',
    'get-role-policy',
    '--role-name',
    functionName,
    '--policy-name',
    'function-permissions',
  )) as { readonly PolicyDocument: { readonly Statement: readonly Statement[] } };
  return { configuration, statements: policy.Statement };
}

async function readEventSources(awsJson: Tools['awsJson']) {
  const { EventSourceMappings: mappings } = (await awsJson('lambda', 'list-event-source-mappings')) as {
    readonly EventSourceMappings: readonly { FunctionArn: string; EventSourceArn: string; BatchSize: number }[];
  };
  const { QueueUrls: urls } = (await awsJson('sqs', 'list-queues')) as { readonly QueueUrls: readonly string[] };
  return mappings.map(({ FunctionArn, EventSourceArn, BatchSize }) => {
    const queue = EventSourceArn.split(':').at(-1) ?? '';
    const name = names.find((each) => FunctionArn.includes(`dispatcher-dev-${each}`));
    const queueUrl = urls.find((each) => each.endsWith(`/${queue}`));
    if (name === undefined || queueUrl === undefined) throw new Error(`No function or queue for ${EventSourceArn}.`);
    return { name, queueUrl, batchSize: BatchSize };
  });
}

async function privateKeyArn(awsJson: Tools['awsJson']): Promise<string> {
  return (
    (await awsJson('secretsmanager', 'describe-secret', '--secret-id', 'dispatcher-dev/private-key')) as { ARN: string }
  ).ARN;
}

const headersOf = (body: string, secret: string) => ({
  'content-type': 'application/json',
  'x-github-event': 'workflow_run',
  'x-github-delivery': 'a-delivery',
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

/** Returns whether the condition held within two minutes. */
async function until(condition: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (await condition()) return true;
    await delay(500);
  }
  return false;
}
