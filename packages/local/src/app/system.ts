import { SQSClient } from '@aws-sdk/client-sqs';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startAwsEndpoint } from '../aws/aws-endpoint.ts';
import { startEmulator } from './emulator.ts';
import { type EventSource, startEventSource } from '../lambda/event-source.ts';
import { type Functions, startFunctions } from '../lambda/functions.ts';
import { createFront } from './http-front.ts';
import { loadLocalApp } from './local-app.ts';
import { awsAccess, provision, queueUrl } from '../aws/provision.ts';
import { removeOperatorEnvironment, writeOperatorEnvironment } from './operator-environment.ts';
import { type Schedule, startSchedule } from '../lambda/schedule.ts';
import { readSettings, type Settings } from './settings.ts';
import {
  eventRules,
  eventSources,
  type FunctionName,
  functionTimeouts as topologyTimeouts,
  schedules,
  undeliveredEventsQueue,
} from '@dispatcher/topology';
import { startWebhookRelay } from './webhook-relay.ts';

export interface System {
  readonly mode: Settings['mode'];
  /** The front: webhooks, health and the admin API. */
  readonly url: string;
  /** The local AWS endpoint, for looking into queues and tables. */
  readonly awsUrl: string;
  /** Null where a real App is served. */
  readonly emulatorUrl: string | null;
  readonly webhookSecret: string;
  readonly logDir: string;
  /** Process ids of a function's environments, for whoever means to kill or stop one. */
  processes(name: FunctionName): number[];
  /** Lets what is under way end, stops every process and closes the stores. */
  close(): Promise<void>;
}

export interface SystemOptions {
  /** Everything that is kept: messages, items, the emulator's GitHub, logs. One system at a time. */
  readonly dataDir: string;
  /** Default: PORT of the environment, else 3000. 0 takes any free port. */
  readonly port?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Between two invocations of a schedule; default: as the topology says. */
  readonly scheduleEveryMs?: number;
  /** Time-outs of functions in seconds, for an experiment that holds one up; default: as the topology says. */
  readonly functionTimeouts?: Partial<Readonly<Record<FunctionName, number>>>;
  /** Told what a person should know while it runs; absent: nothing is said. */
  readonly print?: (line: string) => void;
}

type Cleanup = () => Promise<unknown> | void;

/**
 * Starts the whole system: AWS endpoint, emulator or real App, the five bundles, their queues, the front.
 * @throws Error with a sentence for people; whatever was started until then is stopped again.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const settings = readSettings(options.env ?? process.env);
  const cleanups: Cleanup[] = [];
  const close = async () => {
    for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
  };
  try {
    return await open(options, settings, cleanups, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  { dataDir, port, scheduleEveryMs, functionTimeouts, print = () => undefined }: SystemOptions,
  settings: Settings,
  cleanups: Cleanup[],
  close: () => Promise<void>,
): Promise<System> {
  const logDir = join(dataDir, 'logs');
  await mkdir(logDir, { recursive: true });
  const openLog = (name: string) => {
    const file = openSync(join(logDir, `${name}.log`), 'a');
    cleanups.push(() => closeSync(file));
    return file;
  };

  const aws = await startAwsEndpoint({
    dataDir: join(dataDir, 'aws'),
    eventRules,
    undeliveredEventsQueue: undeliveredEventsQueue.name,
  });
  cleanups.push(() => aws.close());
  await provision(aws.url);

  // The front comes before the functions: a port in use is found before anything else was started.
  const functions = Promise.withResolvers<Functions>();
  const invoke = (name: FunctionName) => async (event: unknown) => (await functions.promise)[name].invoke(event);
  const front = createFront({ ingress: invoke('ingress'), planning: invoke('planning'), admin: invoke('admin') });
  const url = await listen(front, port ?? settings.port);
  cleanups.push(() => front.close());
  // A request that came before the functions must not hold up the end of a start that failed.
  functions.promise.catch(() => undefined);
  cleanups.push(() => functions.reject(new Error('The system is stopping.')));

  const webhookUrl = `${url}/webhooks/github`;
  const github = await startGitHub(settings, { dataDir, openLog, webhookUrl, cleanups, print });
  const running = await startFunctions({
    awsUrl: aws.url,
    variables: github.variables,
    timeouts: { ...topologyTimeouts, ...functionTimeouts },
    openLog,
  });
  cleanups.push(() => Promise.all(Object.values(running).map((each) => each.close())));
  functions.resolve(running);

  const sources = startEventSources(aws.url, running, print);
  cleanups.push(() => Promise.all(sources.map((source) => source.stop())));
  // Where webhooks are fetched from the delivery log, each of them stands in it as failed: that is no missed one.
  if (settings.mode === 'emulator' || settings.smeeUrl !== null) {
    const started = startSchedules(running, scheduleEveryMs, print);
    cleanups.push(() => Promise.all(started.map((schedule) => schedule.stop())));
  }
  if (settings.mode === 'app') {
    const relay = await startWebhookRelay({ settings, dataDir, webhookUrl, print });
    cleanups.push(() => relay.stop());
  }
  await writeOperatorEnvironment(dataDir, { url, awsUrl: aws.url, emulatorUrl: github.url });
  cleanups.push(() => removeOperatorEnvironment(dataDir));
  // Before all else: what is taken in now still finds everything it needs.
  cleanups.push(() => front.close());
  const webhookSecret = github.variables['GITHUB_WEBHOOK_SECRET'] ?? '';
  return {
    mode: settings.mode,
    url,
    awsUrl: aws.url,
    emulatorUrl: github.url,
    webhookSecret,
    logDir,
    processes: (name) => running[name].processes(),
    close,
  };
}

async function listen(front: ReturnType<typeof createFront>, port: number): Promise<string> {
  try {
    return await front.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use. Set PORT to a free one, or stop what uses it.`, { cause: error });
  }
}

interface GitHub {
  readonly url: string | null;
  readonly variables: Readonly<Record<string, string>>;
}

async function startGitHub(
  settings: Settings,
  options: {
    dataDir: string;
    openLog: (name: string) => number;
    webhookUrl: string;
    cleanups: Cleanup[];
    print: (line: string) => void;
  },
): Promise<GitHub> {
  if (settings.mode === 'app') return { url: null, variables: settings.functions };
  const kept = await loadLocalApp(options.dataDir);
  const app = { ...kept, webhookSecret: settings.functions['GITHUB_WEBHOOK_SECRET'] ?? kept.webhookSecret };
  const emulator = await startEmulator({
    app,
    webhookUrl: options.webhookUrl,
    dataDir: join(options.dataDir, 'github'),
    log: options.openLog('github-emulator'),
    onExit: () => options.print('The GitHub emulator ended by itself; logs/github-emulator.log may say why.'),
  });
  options.cleanups.push(() => emulator.stop());
  const variables = {
    ...settings.functions,
    GITHUB_APP_ID: String(app.id),
    GITHUB_APP_SLUG: app.slug,
    GITHUB_APP_PRIVATE_KEY: app.privateKey,
    GITHUB_WEBHOOK_SECRET: app.webhookSecret,
    GITHUB_API_URL: emulator.url,
  };
  return { url: emulator.url, variables };
}

function startEventSources(awsUrl: string, functions: Functions, print: (line: string) => void): EventSource[] {
  return eventSources.map((source) => {
    // One client a mapping: each long poll holds a connection.
    const sqs = new SQSClient({ endpoint: awsUrl, ...awsAccess });
    return startEventSource({
      sqs,
      queueUrl: queueUrl(awsUrl, source.queue),
      batchSize: source.batchSize,
      // Nobody waits for the second message of a batch at a terminal.
      batchingWindow: Math.min(source.batchingWindow, 1),
      concurrency: Math.min(source.maximumConcurrency, 2),
      invoke: (event) => functions[source.function].invoke(event),
      onError: (message) => print(`${source.function}: ${message}`),
    });
  });
}

function startSchedules(functions: Functions, everyMs: number | undefined, print: (line: string) => void): Schedule[] {
  return schedules.map(({ name, function: target, everySeconds, input }) =>
    startSchedule({
      everyMs: everyMs ?? everySeconds * 1_000,
      invoke: () => functions[target].invoke(input),
      onError: (message) => print(`${name}: ${message}`),
    }),
  );
}
