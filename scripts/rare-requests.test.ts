// Runs the bundle of planning in a process of its own, against the AWS endpoint and the GitHub emulator, and looks which files
// it loads.
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pickRunCompleted } from '../packages/contracts/src/index.ts';
import { type Emulator, startEmulator } from '../packages/github-emulator/src/emulator.ts';
import { exampleSeed } from '../packages/github-emulator/src/state/example-seed.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../packages/local/src/aws/aws-endpoint.ts';
import { provision } from '../packages/local/src/aws/provision.ts';
import { eventRules } from '../packages/topology/src/index.ts';
import { environmentOf } from './images/harness.ts';

const handler = fileURLToPath(new URL('../functions/planning/dist/image/handler.mjs', import.meta.url));

/**
 * Invokes the handler with an event, prints its response and the files that were loaded until then, and ends: as in Lambda, the
 * connections that the handler keeps open for the next event would keep the process alive.
 */
const program = `
import { registerHooks } from 'node:module';
const files = [];
registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
const { handler } = await import(process.argv[1]);
const context = { getRemainingTimeInMillis: () => 60_000, awsRequestId: 'request-1', functionName: 'planning' };
const response = await handler(JSON.parse(process.argv[2]), context);
process.stderr.write(JSON.stringify({ response, files: files.map((url) => url.split('/').at(-1)) }), () => process.exit());`;

let aws: AwsEndpoint;
let github: Emulator;
let environment: Record<string, string>;
const deliveries: string[] = [];
const webhooks = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    deliveries.push(Buffer.concat(chunks).toString());
    response.writeHead(202).end();
  });
});

beforeAll(async () => {
  const { privateKey: key } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const app = { slug: 'dispatcher-bundle', key, webhookSecret: 'secret' };
  await new Promise<void>((resolve) => void webhooks.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(webhooks.address() as AddressInfo).port}/`;
  aws = await startAwsEndpoint({ eventRules });
  await provision(aws.url);
  github = await startEmulator({ seed: exampleSeed({ ...app, webhookUrl }) });
  environment = { ...environmentOf(aws, github, app), LOG_LEVEL: 'info' };
});
afterAll(async () => {
  webhooks.close();
  await github.close();
  await aws.close();
});

async function invoke(
  event: object,
): Promise<{ readonly files: string[]; readonly response: unknown; output: string }> {
  const argv = ['--input-type=module', '-e', program, handler, JSON.stringify(event)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, {
    env: { PATH: process.env['PATH'], ...environment },
  });
  return { ...(JSON.parse(stderr) as { files: string[]; response: unknown }), output: stdout };
}

test('a run that is dispatched loads nothing but what a start loads, and a schedule loads one chunk more', async () => {
  await github.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' });
  const picked = pickRunCompleted(JSON.parse(deliveries[0] ?? ''), {
    deliveryId: 'delivery-1',
    receivedAt: new Date().toISOString(),
  });
  if (picked.state !== 'picked') throw new Error(`The webhook was not picked: ${JSON.stringify(picked)}`);
  const body = JSON.stringify(picked.run);
  const record = {
    messageId: 'm1',
    body,
    attributes: { ApproximateReceiveCount: '1' },
    eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:runs',
  };
  const planned = await invoke({ Records: [record] });
  expect(planned.response).toEqual({ batchItemFailures: [] });
  expect(planned.output).toContain('"effect":"allow"');
  const scheduled = await invoke({ scheduled: 'due-schedules' });
  const more = scheduled.files.filter((file) => file.endsWith('.mjs') && !planned.files.includes(file));
  expect(planned.files).toContain('handler.mjs');
  expect(more).toEqual([expect.stringMatching(/^chunk-\w+\.mjs$/)]);
});
