import { execFile, fork } from 'node:child_process';
import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { completedRunExample } from '@dispatcher/contracts/testing';
import { withBundles } from '../bundle-code.ts';
import { type Figure, line, median } from '../figures.ts';
import type { Delivery, PeerLoad } from './peers-process.ts';

// Measures the CPU time that ingress spends on a delivery of a completed run, beside the AWS SDK alone and beside frameworks
// for GitHub Apps, each in a process of its own.

const probotVersion = '14.3.2';
const secret = 'bench';
const bundle = new URL('../../../../functions/ingress/dist/image/handler.mjs', import.meta.url);

/** Returns a delivery of `workflow_run`, as GitHub sends it to an App for a repository of an organization. */
function sampleDelivery(): Delivery {
  const body = JSON.stringify({ ...completedRunExample(), installation: { id: 7, node_id: 'MDQ6' } });
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'workflow_run',
      'x-github-delivery': '00000000-0000-4000-8000-000000000000',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  };
}

const eventOf = "{ rawPath: '/webhooks/github', headers: { ...headers }, body, isBase64Encoded: false }";

/** Handles a delivery with the deployed bundle, and fails unless it is stored. */
const ingress = `
import { handler } from ${JSON.stringify(bundle.href)};
export async function handle({ headers, body }) {
  const { statusCode } = await handler(${eventOf});
  if (statusCode !== 202) throw new Error('Ingress returned ' + statusCode);
}`;

/** The code of ingress over a queue that stores nothing. */
const ingressWithoutQueue = `
import { createRuntime, readConfiguration } from '@dispatcher/lambda';
import { Configuration } from './configuration.ts';
import { createHandler } from './create-handler.ts';
import { createDependencies } from './dependencies.ts';
const environment = readConfiguration(Configuration);
const sqs = { send: async () => ({ MessageId: '1' }) };
const thirdParty = async () => Promise.reject(new Error('Only deliveries of GitHub are measured.'));
const handler = createHandler(createDependencies(environment, { ...createRuntime('ingress', 'info'), sqs }), thirdParty);
export async function handle({ headers, body }) {
  const { statusCode } = await handler(${eventOf});
  if (statusCode !== 202) throw new Error('Ingress returned ' + statusCode);
}`;

const sendMessage = `
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const sqs = new SQSClient({ maxAttempts: 2, requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } });
const MessageBody = 'a'.repeat(Number(process.env.MESSAGE_BYTES));
export const handle = () => sqs.send(new SendMessageCommand({ QueueUrl: process.env.RUNS_QUEUE_URL, MessageBody }));`;

const octokitWebhooks = `
import { Webhooks } from '@octokit/webhooks';
const webhooks = new Webhooks({ secret: ${JSON.stringify(secret)} });
webhooks.on('workflow_run.completed', () => undefined);
export const handle = ({ headers, body }) => webhooks.verifyAndReceive({
  id: headers['x-github-delivery'], name: 'workflow_run', signature: headers['x-hub-signature-256'], payload: body,
});`;

const fastify = `
import Fastify from 'fastify';
import { verify } from '@octokit/webhooks-methods';
const app = Fastify();
app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
app.post('/webhooks/github', async (request, reply) => {
  const isValid = await verify(${JSON.stringify(secret)}, request.body, request.headers['x-hub-signature-256']);
  if (!isValid) return reply.code(401).send({});
  return reply.code(202).send({ accepted: JSON.parse(request.body).workflow_run.id });
});
export async function handle({ headers, body }) {
  const { statusCode } = await app.inject({ method: 'POST', url: '/webhooks/github', headers, payload: body });
  if (statusCode !== 202) throw new Error('Fastify returned ' + statusCode);
}`;

const probot = (privateKey: string) => `
import { Probot } from 'probot';
const probot = new Probot({
  appId: 1, privateKey: ${JSON.stringify(privateKey)}, secret: ${JSON.stringify(secret)}, logLevel: 'info',
});
await probot.load((app) => void app.on('workflow_run.completed', () => undefined));
export const handle = ({ headers, body }) => probot.webhooks.verifyAndReceive({
  id: headers['x-github-delivery'], name: 'workflow_run', signature: headers['x-hub-signature-256'], payload: body,
});`;

/** A queue that confirms every message, as SQS does. */
async function startQueue() {
  const messages: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { MessageBody: body } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly MessageBody: string };
      messages[0] = body;
      const hash = createHash('md5').update(body).digest('hex');
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify({ MessageId: '00000000-0000-4000-8000-000000000001', MD5OfMessageBody: hash }));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lastBytes: () => Buffer.byteLength(messages[0] ?? ''),
    close: () => void server.close(),
  };
}

/** Installs probot outside the repository, which does not depend on it. @returns null if the registry cannot be reached */
async function installProbot(): Promise<string | null> {
  const directory = join(tmpdir(), `dispatcher-bench-probot-${probotVersion}`);
  const installed = join(directory, 'node_modules/probot/package.json');
  if (existsSync(installed)) return directory;
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), '{"private":true,"type":"module"}');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  try {
    await promisify(execFile)('npm', ['install', `probot@${probotVersion}`, ...options], { cwd: directory });
    return directory;
  } catch {
    return null;
  }
}

function measureOne(load: PeerLoad, environment: Readonly<Record<string, string>>): Promise<number> {
  const child = fork(fileURLToPath(new URL('peers-process.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (us) => resolve(Number(us)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The process of ${load.module} ended with ${code} and no result.`)));
    child.send(load);
  });
}

/** CPU time of one delivery, in microseconds; of probot null if it cannot be installed. */
export interface PeerTimes {
  readonly bytes: number;
  readonly ingress: number;
  readonly sendMessage: number;
  readonly ingressWithoutQueue: number;
  readonly octokitWebhooks: number;
  readonly fastify: number;
  readonly probot: number | null;
}

const rounds = 3;

/** @param count number of deliveries of each process */
export async function measurePeers(count = 2_000): Promise<PeerTimes> {
  if (!existsSync(bundle))
    throw new Error('Run `npm run build` first: functions/ingress/dist/image/handler.mjs is missing.');
  const delivery = sampleDelivery();
  const queue = await startQueue();
  const environment = {
    NODE_ENV: 'production',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL: queue.url,
    GITHUB_APP_ID: '1',
    RUNS_QUEUE_URL: `${queue.url}/000000000000/runs`,
    HINTS_QUEUE_URL: `${queue.url}/000000000000/hints`,
    ACCESS_TABLE: 'access',
    WEBHOOK_SECRETS_PREFIX: 'webhooks/',
    GITHUB_WEBHOOK_SECRET: secret,
    LOG_LEVEL: 'info',
  };
  const measureFile = (module: string) =>
    measureOne(
      { module, delivery, warmUps: Math.ceil(count / 2), count },
      // The queue remembers how large the message of ingress is, for the SDK alone.
      { ...environment, MESSAGE_BYTES: String(queue.lastBytes()) },
    );
  try {
    return await withBundles([sendMessage, ingressWithoutQueue, octokitWebhooks, fastify], async (bundles) => {
      const probotModule = await writeProbot();
      // A module that imports a deployed bundle as it is.
      const deployed = `data:text/javascript,${encodeURIComponent(ingress)}`;
      const modules = [deployed, ...bundles, ...(probotModule === null ? [] : [probotModule])];
      const times = modules.map((): number[] => []);
      // They take turns, so that what else the machine does meets all of them.
      for (let round = 0; round < rounds; round += 1) {
        for (const [at, module] of modules.entries()) times[at]?.push(await measureFile(module));
      }
      const [own = NaN, sdk = NaN, withoutQueue = NaN, webhooks = NaN, server = NaN, bot] = times.map(median);
      return {
        bytes: Buffer.byteLength(delivery.body),
        ingress: own,
        sendMessage: sdk,
        ingressWithoutQueue: withoutQueue,
        octokitWebhooks: webhooks,
        fastify: server,
        probot: bot ?? null,
      };
    });
  } finally {
    queue.close();
  }
}

/** Installs probot and writes the module that measures it. @returns null if it cannot be installed */
async function writeProbot(): Promise<string | null> {
  const directory = await installProbot();
  if (directory === null) return null;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(directory, 'peer.mjs');
  await writeFile(file, probot(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()));
  return pathToFileURL(file).href;
}

const overSendMessage = 1.25;
const overProbot = 1.3;

export function peerFigures(times: PeerTimes): Figure[] {
  const { ingress, sendMessage, ingressWithoutQueue, octokitWebhooks, probot } = times;
  const command = 'npm run build && npm run bench -- ingress';
  return [
    {
      name: 'ingress, CPU time over that of the SDK’s `SendMessage`, a process each',
      before: [1.46],
      goal: [overSendMessage],
      now: [ingress / sendMessage],
      command,
      reason:
        'Besides the `SendMessage`, ingress verifies the signature, parses the body and writes one log line. The verification ' +
        'and the parsing grow with the body, so a smaller one has a lower ratio.',
    },
    ...(probot === null
      ? []
      : [
          {
            name: 'ingress without storing, deliveries per CPU second over those of probot',
            before: [0.94],
            goal: [overProbot],
            isMinimum: true,
            now: [probot / ingressWithoutQueue],
            command,
            reason:
              `The signature and \`JSON.parse\` alone take the ${Math.round(octokitWebhooks)} µs of \`@octokit/webhooks\`, and the goal ` +
              `allows ${Math.round(probot / overProbot)}. Ingress writes a log line with Powertools (about 18 µs; by hand, it would be 6), ` +
              'checks every field of the run that it takes (about 8), and creates the message and the response. Probot checks no ' +
              'field and logs nothing of a delivery. A hand-written log line and reader of these fields would raise ' +
              'the ratio, but replace libraries with own code.',
          },
        ]),
  ];
}

const row = (name: string, us: number | null, own: number): string =>
  line([name, us === null ? 'not installed' : Math.round(us), us === null ? '' : (us / own).toFixed(2)]);

export function peersText(times: PeerTimes): string {
  const { ingress, ingressWithoutQueue } = times;
  return [
    `CPU time of one delivery of ${times.bytes.toLocaleString('en')} bytes, a process each:`,
    '',
    line(['what', 'CPU µs', 'over ingress']),
    line(['---', '--:', '--:']),
    row('ingress, the deployed bundle, stores in a queue', ingress, ingress),
    row('`SendMessage` of the SDK alone, the same message', times.sendMessage, ingress),
    '',
    line(['what, without storing', 'CPU µs', 'over ingress']),
    line(['---', '--:', '--:']),
    row('ingress, with its log line', ingressWithoutQueue, ingressWithoutQueue),
    row('`@octokit/webhooks`, `verifyAndReceive`', times.octokitWebhooks, ingressWithoutQueue),
    row(`probot ${probotVersion}, \`verifyAndReceive\``, times.probot, ingressWithoutQueue),
    row('Fastify with `verify` of `@octokit/webhooks-methods`, injected', times.fastify, ingressWithoutQueue),
    '',
  ].join('\n');
}
