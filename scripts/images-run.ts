// Runs the image of every function, in the order in which a delivery passes them, against this repository's AWS
// endpoint and GitHub emulator. Prints `ok NAME …` for each image that had the effect it is there for;
// scripts/images.sh counts these lines. Argument: the base the images were built on.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { exampleSeed } from '../packages/github-emulator/src/example-seed.ts';
import { startEmulator } from '../packages/github-emulator/src/emulator.ts';
import { startAwsEndpoint } from '../packages/local/src/aws/aws-endpoint.ts';
import { createFront } from '../packages/local/src/app/http-front.ts';
import { awsAccess, provision } from '../packages/local/src/aws/provision.ts';
import { eventRules, type FunctionName } from '../packages/topology/src/index.ts';
import { createDocumentClient } from '../packages/store/src/client.ts';
import { type Container, startContainer } from './lib-images-container.ts';
import { type App, drain, environmentOf, expect, handle, scan, type World } from './lib-images-world.ts';

const base = process.argv[2];
if (base === undefined) throw new Error('usage: node scripts/images-run.ts BASE (scripts/images.sh calls it)');

interface Step {
  readonly function: FunctionName;
  /** Lets the function work and looks for its effect, which it tells. @throws Error where it is not there. */
  readonly exercise: (world: World) => Promise<string>;
}

let deliveryId = '';

const steps: readonly Step[] = [
  {
    function: 'ingress',
    async exercise({ github }) {
      const { delivery } = await github.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' });
      expect(delivery?.statusCode === 202, `the signed delivery was answered ${JSON.stringify(delivery)}`);
      deliveryId = delivery?.guid ?? '';
      return 'a signed delivery was answered 202';
    },
  },
  {
    function: 'planning',
    async exercise(world) {
      const messages = await drain(world, 'runs');
      expect(messages.length === 1, `one delivery became ${messages.length} messages`);
      await handle(world, 'runs', messages);
      const stored = await scan(world, 'state');
      const plans = stored.filter(({ pk, status }) => String(pk).startsWith('plan') && status === 'COMPLETED');
      expect(plans.length === 1, `one plan should be stored; the table holds ${JSON.stringify(stored)}`);
      return 'the plan is stored';
    },
  },
  {
    function: 'dispatch',
    async exercise(world) {
      const messages = await drain(world, 'decisions');
      expect(messages.length === 2, `the bus should have handed on two decisions; it did ${messages.length}`);
      await handle(world, 'decisions', messages);
      const runs = await world.github.control.runs();
      const started = runs.filter(({ event }) => event === 'workflow_dispatch');
      const [run] = started;
      expect(started.length === 1 && run?.repository === 'octo-org/deploy', `started were ${JSON.stringify(started)}`);
      return `${run?.workflow} runs in ${run?.repository}`;
    },
  },
  {
    function: 'facts',
    async exercise(world) {
      const messages = await drain(world, 'facts');
      await handle(world, 'facts', messages);
      const keys = (await scan(world, 'facts')).map(({ sk }) => String(sk));
      const ids = messages.map(({ Body }) => (JSON.parse(Body ?? '') as { id: string }).id);
      const missing = ids.filter((id) => !keys.some((key) => key.endsWith(`#${id}`)));
      expect(ids.length >= 4 && missing.length === 0, `of ${ids.length} facts, not stored are: ${missing.join(', ')}`);
      return `${ids.length} facts are stored`;
    },
  },
  {
    function: 'admin',
    async exercise({ frontUrl }) {
      const response = await fetch(`${frontUrl}/api/deliveries/${deliveryId}`);
      const answer = await response.text();
      const told = ['run.planned', 'route.decided', 'dispatch.accepted'];
      const missing = told.filter((type) => !answer.includes(`"${type}"`));
      expect(response.ok && missing.length === 0, `without ${missing.join(', ')}: ${response.status} ${answer}`);
      return 'the API tells what became of the delivery';
    },
  },
];

function podman(...args: string[]): string {
  return execFileSync('podman', args, { encoding: 'utf8' });
}

/** What the image adds to its base. @throws Error where that is anything but the bundle, or root would run it. */
function inspect(image: string): void {
  const changes = JSON.parse(podman('diff', '--format', 'json', image, base ?? '')) as Record<string, string[]>;
  const added = Object.values(changes).flat();
  const files = added.filter((path) => !added.some((other) => other.startsWith(`${path}/`)));
  expect(
    files.join() === '/var/task/handler.mjs',
    `${image} should add the bundle only; it changes ${added.join(', ')}`,
  );
  const [{ Config }] = JSON.parse(podman('image', 'inspect', image)) as [
    { Config: { User: string; Labels: Record<string, string> } },
  ];
  expect(!/^(0|root)?(:|$)/.test(Config.User), `${image} would be run by root`);
  for (const label of ['source', 'revision', 'version']) {
    expect(Boolean(Config.Labels[`org.opencontainers.image.${label}`]), `${image} lacks the label ${label}`);
  }
}

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
    expect(current !== undefined, 'no container runs');
    return current;
  };
  const aws = await startAwsEndpoint({ eventRules });
  await provision(aws.url);
  const invoke = (event: unknown) => container().invoke(event);
  const front = createFront({ ingress: invoke, admin: invoke });
  const frontUrl = await front.listen({ port: 0, host: '127.0.0.1' });
  const github = await startEmulator({
    seed: exampleSeed({ ...app, webhookUrl: `${frontUrl}/webhooks/github` }),
  });
  const sqs = new SQSClient({ endpoint: aws.url, ...awsAccess });
  const documents = createDocumentClient({ endpoint: aws.url, ...awsAccess });
  const world: World = { aws, github, sqs, documents, frontUrl, container };
  try {
    for (const { function: functionName, exercise } of steps) {
      const image = `localhost/dispatcher-${functionName}:check`;
      inspect(image);
      current = await startContainer({ image, functionName, environment: environmentOf(aws, github, app) });
      const { coldStartMs } = current;
      try {
        console.log(
          `ok ${functionName.padEnd(9)} asked for an event after ${coldStartMs.toFixed(0)} ms; ${await exercise(world)}`,
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
