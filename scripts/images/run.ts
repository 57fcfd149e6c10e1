// Runs the images of all functions in the order in which a delivery passes through them, against the local AWS endpoint
// and the GitHub emulator. Prints `ok NAME …` for each image that had the expected effect; scripts/images/check.sh counts
// these lines. Argument: the base image of the images.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { exampleSeed } from '../../packages/github-emulator/src/state/example-seed.ts';
import { startEmulator } from '../../packages/github-emulator/src/emulator.ts';
import { startAwsEndpoint } from '../../packages/local/src/aws/aws-endpoint.ts';
import { createFront } from '../../packages/local/src/app/http-front.ts';
import { awsAccess, provision } from '../../packages/local/src/aws/provision.ts';
import { eventRules, type FunctionName } from '../../packages/topology/src/index.ts';
import { createDocumentClient } from '../../packages/store/src/document-client.ts';
import { type Container, startContainer } from './container.ts';
import { type App, drain, environmentOf, expect, handle, scan, type Harness } from './harness.ts';

const base = process.argv[2];
if (base === undefined) throw new Error('usage: node scripts/images/run.ts BASE (scripts/images/check.sh calls it)');

interface Step {
  readonly function: FunctionName;
  /** Lets the function work and describes its effect. @throws Error if the effect is missing */
  readonly run: (harness: Harness) => Promise<string>;
}

let deliveryId = '';

const steps: readonly Step[] = [
  {
    function: 'ingress',
    async run({ github }) {
      const { delivery } = await github.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' });
      expect(delivery?.statusCode === 202, `the signed delivery returned ${JSON.stringify(delivery)}`);
      deliveryId = delivery?.guid ?? '';
      return 'a signed delivery returned 202';
    },
  },
  {
    function: 'planning',
    async run(harness) {
      const messages = await drain(harness, 'runs');
      expect(messages.length === 1, `one delivery became ${messages.length} messages`);
      await handle(harness, 'runs', messages);
      const stored = await scan(harness, 'plans');
      const plans = stored.filter(({ status }) => status === 'COMPLETED');
      expect(plans.length === 1, `expected one stored plan; the table has ${JSON.stringify(stored)}`);
      return 'the plan is stored';
    },
  },
  {
    function: 'dispatch',
    async run(harness) {
      const messages = await drain(harness, 'decisions');
      expect(messages.length === 3, `expected the plan and two decisions on the queue, found ${messages.length}`);
      await handle(harness, 'decisions', messages);
      const runs = await harness.github.control.runs();
      const started = runs.filter(({ event }) => event === 'workflow_dispatch');
      const [run] = started;
      expect(
        started.length === 1 && run?.repository === 'octo-org/deploy',
        `unexpected runs: ${JSON.stringify(started)}`,
      );
      return `${run?.workflow} runs in ${run?.repository}`;
    },
  },
  {
    function: 'facts',
    async run(harness) {
      const messages = await drain(harness, 'facts');
      await handle(harness, 'facts', messages);
      const keys = (await scan(harness, 'facts')).map(({ sk }) => String(sk));
      const ids = messages.map(({ Body }) => (JSON.parse(Body ?? '') as { id: string }).id);
      const missing = ids.filter((id) => !keys.some((key) => key.endsWith(`#${id}`)));
      expect(
        ids.length >= 4 && missing.length === 0,
        `of ${ids.length} facts these are not stored: ${missing.join(', ')}`,
      );
      return `${ids.length} facts are stored`;
    },
  },
  {
    function: 'admin',
    async run({ frontUrl }) {
      const delivery = await read(`${frontUrl}/api/deliveries/${deliveryId}`);
      const { runKey } = (JSON.parse(delivery) as { facts: { runKey: string }[] }).facts[0] ?? {};
      const history = await read(`${frontUrl}/api/runs/${runKey}`);
      const types = ['run.planned', 'route.decided', 'dispatch.accepted'];
      const missing = types.filter((type) => !history.includes(`"${type}"`));
      expect(missing.length === 0, `the history lacks ${missing.join(', ')}: ${history}`);
      return 'the API returns the delivery and the history of its run';
    },
  },
];

async function read(url: string): Promise<string> {
  const response = await fetch(url);
  const body = await response.text();
  expect(response.ok, `${url} returned ${response.status}: ${body}`);
  return body;
}

function podman(...args: string[]): string {
  return execFileSync('podman', args, { encoding: 'utf8' });
}

const isCacheFile = (path: string) => path.startsWith('/var/task/compile-cache/');
const isCode = (path: string) => /^\/var\/task\/(?:handler|start|chunk-\w+)\.mjs$/.test(path);
const isDashboardFile = (path: string) => path.startsWith('/var/task/site/');

/** Checks the image. @throws Error if it adds anything but the bundle, and admin's dashboard, to its base, or runs as root */
function inspect(image: string): void {
  const changes = JSON.parse(podman('diff', '--format', 'json', image, base ?? '')) as Record<string, string[]>;
  // The builder mounts files of its own in /etc while a RUN runs, which changes the directory but adds nothing.
  const added = Object.values(changes)
    .flat()
    .filter((path) => path !== '/etc');
  const files = added.filter((path) => !added.some((other) => other.startsWith(`${path}/`)));
  const [dashboard, others] = [files.filter(isDashboardFile), files.filter((path) => !isDashboardFile(path))];
  const [cache, code] = [others.filter(isCacheFile), others.filter((path) => !isCacheFile(path))];
  expect(
    ['/var/task/handler.mjs', '/var/task/start.mjs'].every((path) => code.includes(path)) && code.every(isCode),
    `${image} must add only the bundle and its start; it changes ${added.join(', ')}`,
  );
  expect(cache.length > 0, `${image} has no compile cache`);
  const needsDashboard = image.includes('admin');
  expect(dashboard.length > 0 === needsDashboard, `${image} has ${dashboard.length} files of the dashboard`);
  const [{ Config }] = JSON.parse(podman('image', 'inspect', image)) as [
    { Config: { User: string; Labels: Record<string, string> } },
  ];
  expect(!/^(0|root)?(:|$)/.test(Config.User), `${image} runs as root`);
  for (const label of ['source', 'revision', 'version']) {
    expect(Boolean(Config.Labels[`org.opencontainers.image.${label}`]), `${image} lacks the label ${label}`);
  }
}

/** What Node prints with NODE_DEBUG_NATIVE when V8 takes the compiled bundle from the image. */
const compileCacheAccepted = /code cache for ESM file:\/\/\/var\/task\/handler\.mjs was accepted/;

function createApp(): App {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { slug: 'dispatcher-images', key: privateKey, webhookSecret: randomBytes(32).toString('hex') };
}

async function main(): Promise<void> {
  const app = createApp();
  let current: Container | undefined;
  const container = () => {
    expect(current !== undefined, 'no container is running');
    return current;
  };
  const aws = await startAwsEndpoint({ eventRules });
  await provision(aws.url);
  const invoke = (event: unknown) => container().invoke(event);
  const front = createFront({ ingress: invoke, planning: invoke, admin: invoke });
  const frontUrl = await front.listen({ port: 0, host: '127.0.0.1' });
  const github = await startEmulator({
    seed: exampleSeed({ ...app, webhookUrl: `${frontUrl}/webhooks/github` }),
  });
  const sqs = new SQSClient({ endpoint: aws.url, ...awsAccess });
  const documents = createDocumentClient({ endpoint: aws.url, ...awsAccess });
  const harness: Harness = { aws, github, sqs, documents, frontUrl, container };
  try {
    for (const { function: functionName, run } of steps) {
      const image = `localhost/dispatcher-${functionName}:v0.0.0`;
      inspect(image);
      const environment = { ...environmentOf(aws, github, app), NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
      current = await startContainer({ image, functionName, environment });
      const { coldStartMs } = current;
      try {
        expect(await current.prints(compileCacheAccepted), 'V8 did not accept the compile cache of the image.');
        console.log(
          `ok ${functionName.padEnd(9)} requested an event after ${coldStartMs.toFixed(0)} ms; ${await run(harness)}`,
        );
      } catch (error) {
        console.error(current.output());
        throw new Error(`The image of ${functionName}: ${(error as Error).message}`, { cause: error });
      } finally {
        await current.stop();
      }
    }
  } finally {
    await front.close();
    await github.close();
    sqs.destroy();
    documents.destroy();
    await aws.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
