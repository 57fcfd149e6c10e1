import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { queues, tables } from '@dispatcher/topology';
import { withBundles } from './bundle-code.ts';
import { type Figure, line, median } from './figures.ts';

// Measures the CPU time that a function takes until it can handle its first event, with and without the compile cache of its
// image, beside a process that only creates clients of the AWS SDK.

const functions = ['planning', 'admin'] as const;
type Name = (typeof functions)[number];
const goals: Readonly<Record<Name, number>> = { planning: 1.8, admin: 2.5 };
const before: Readonly<Record<Name, number>> = { planning: 2.3, admin: 3.9 };

/** The clients of planning, as it creates them. */
const clients = `
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
export const all = [
  DynamoDBDocumentClient.from(new DynamoDBClient({})), new EventBridgeClient({}), new SQSClient({}),
  GetCommand, PutCommand, QueryCommand, UpdateCommand,
];`;

const url = 'http://127.0.0.1:1/000000000000/';

function environment(): Record<string, string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const resources = [
    ...queues.flatMap(({ name, deadLetterQueue }): [string, string][] => [
      [`${name.toUpperCase()}_QUEUE_URL`, url + name],
      [`${name.toUpperCase()}_DEAD_LETTER_QUEUE_URL`, url + deadLetterQueue],
    ]),
    ...tables.map(({ name }): [string, string] => [`${name.toUpperCase()}_TABLE`, name]),
  ];
  return {
    ...Object.fromEntries(resources),
    BUS_NAME: 'dispatcher',
    UNDELIVERED_EVENTS_QUEUE_URL: `${url}undelivered-events`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    GITHUB_APP_ID: '1',
    GITHUB_APP_SLUG: 'dispatcher',
    GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    GITHUB_WEBHOOK_SECRET: 'bench',
    WEBHOOK_SECRETS_PREFIX: 'webhooks/',
    ADMIN_AUTHENTICATION: 'disabled',
    ADMIN_LISTENS_ON: '127.0.0.1',
    LOG_LEVEL: 'error',
  };
}

const program = `
await import(process.argv[1]);
const { user, system } = process.cpuUsage();
process.stderr.write('CPU ' + (user + system) + '\\n');
process.exit();`;

interface Start {
  readonly module: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Returns the CPU time of a process that imports a module, in milliseconds. */
async function cpuMsOf({ module, env }: Start): Promise<number> {
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, module], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return Number(/^CPU (\d+)$/m.exec(stderr)?.[1]) / 1_000;
}

/** Returns the median of each start. They take turns, so that what else the machine does meets all of them. */
async function medianCpuMs(starts: readonly Start[], count: number): Promise<number[]> {
  const times = starts.map((): number[] => []);
  for (let index = 0; index < count; index += 1) {
    for (const [at, start] of starts.entries()) times[at]?.push(await cpuMsOf(start));
  }
  return times.map(median);
}

/** CPU milliseconds from the start of a process to its last import, those of an empty process left out. */
export interface StartTimes {
  readonly clients: number;
  readonly withCache: Readonly<Record<Name, number>>;
  readonly withoutCache: Readonly<Record<Name, number>>;
}

/** Copies what becomes the image of a function, and makes its compile cache, as the Dockerfile does. */
async function prepareImage(name: Name, directory: string, env: Readonly<Record<string, string>>): Promise<string> {
  const built = fileURLToPath(new URL(`../../../functions/${name}/dist/image/`, import.meta.url));
  if (!existsSync(join(built, 'handler.mjs')))
    throw new Error(`Run \`npm run build\` first: functions/${name}/dist/image/handler.mjs is missing.`);
  const image = join(directory, name);
  await cp(built, image, { recursive: true });
  const start = join(image, 'start.mjs');
  await promisify(execFile)(process.execPath, [start], { env: { PATH: process.env['PATH'], ...env } });
  return image;
}

/** @param count number of starts of each */
export async function measureStarts(count = 15): Promise<StartTimes> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatcher-bench-'));
  try {
    const empty = join(directory, 'empty.mjs');
    await writeFile(empty, '');
    const starts: Start[] = [];
    for (const name of functions) {
      const TMPDIR = join(directory, `${name}-tmp`);
      await mkdir(TMPDIR);
      const env = { ...environment(), TMPDIR };
      const image = await prepareImage(name, directory, env);
      starts.push({ module: join(image, 'start.mjs'), env }, { module: join(image, 'handler.mjs'), env });
    }
    return await withBundles([clients], async ([bundle = '']) => {
      const all = [{ module: empty, env: {} }, { module: bundle, env: environment() }, ...starts];
      const [emptyMs = NaN, ...times] = await medianCpuMs(all, count);
      const [sdk = NaN, planning = NaN, planningAlone = NaN, admin = NaN, adminAlone = NaN] = times.map(
        (ms) => ms - emptyMs,
      );
      return {
        clients: sdk,
        withCache: { planning, admin },
        withoutCache: { planning: planningAlone, admin: adminAlone },
      };
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

export function startFigure({ clients: sdk, withCache }: StartTimes): Figure {
  return {
    name: 'start, CPU time with the compile cache over that of SDK clients alone without it: planning / admin',
    before: Object.values(before),
    goal: Object.values(goals),
    now: functions.map((name) => withCache[name] / sdk),
    command: 'npm run build && npm run bench -- start',
    reason:
      'V8 does not compile what is in the cache, but it runs it. In a CPU profile of the start of admin, zod takes a fifth (the ' +
      'schemas of all routes), Fastify with its router and its plugins 16 %, garbage collection 8 %, and `crypto`, `https` and ' +
      '`zlib` of Node another 8 %. Many schemas describe responses, and only the OpenAPI document reads them: creating those ' +
      'with the first request for it would lower the start most.',
  };
}

export function startText({ clients: sdk, withCache, withoutCache }: StartTimes): string {
  const row = (name: string, ms: number) => line([name, Math.round(ms), (ms / sdk).toFixed(2)]);
  return [
    'CPU time from the start of a process until its module is imported, less that of an empty process:',
    '',
    line(['what', 'CPU ms', 'over SDK clients']),
    line(['---', '--:', '--:']),
    row('SDK clients of DynamoDB, SQS and EventBridge', sdk),
    ...functions.flatMap((name) => [
      row(`${name}, with the compile cache of its image`, withCache[name]),
      row(`${name}, without it`, withoutCache[name]),
    ]),
    '',
  ].join('\n');
}
