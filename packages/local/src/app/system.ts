import { randomBytes } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryInUseError, startAwsEndpoint } from '../aws/aws-endpoint.ts';
import { explainDataError, explainDirectoryInUse, logDirOf, prepareDataDirectory } from './data-directory.ts';
import { type EmulatedSignIn, startEmulator } from './emulator.ts';
import { emulatorToken } from './emulator-token.ts';
import { type EventSource, startEventSource } from '../lambda/event-source.ts';
import { type Functions, startFunctions } from '../lambda/functions.ts';
import { createFront } from './http-front.ts';
import { loadLocalApp } from './local-app.ts';
import { fillSecrets, secretNames, secretVariables, storeSecret, webhookSecretsPrefix } from './local-secrets.ts';
import type { SecretsManager } from '../aws/secrets-manager.ts';
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
  /** URL of the HTTP front: webhooks, dispatch API, health and admin API. */
  readonly url: string;
  /** URL of the local AWS endpoint. */
  readonly awsUrl: string;
  /** Null if the system serves a real App. */
  readonly emulatorUrl: string | null;
  /** The token of the emulator's control API. */
  readonly emulatorToken: string;
  readonly webhookSecret: string;
  /** Resolves to true once GitHub was reached; to false if the system was closed before. */
  readonly connected: Promise<boolean>;
  readonly logDir: string;
  /** Returns the process ids of a function's execution environments, for fault injection. */
  processes(name: FunctionName, which?: 'busy'): number[];
  /** Waits for current invocations, stops every process and closes the stores. */
  close(): Promise<void>;
}

export interface SystemOptions {
  /** Directory of messages, items, the emulator's state and logs. One system at a time. */
  readonly dataDir: string;
  /** Default: PORT of the environment, else 3000. 0: any free port. */
  readonly port?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Time between two invocations of a schedule. Default: the topology's. */
  readonly scheduleEveryMs?: number;
  /** Timeouts of functions in seconds, for tests that suspend one. Default: the topology's. */
  readonly functionTimeouts?: Partial<Readonly<Record<FunctionName, number>>>;
  /**
   * Whether a request may take as long as a busy machine needs: webhooks, ingress and admin then end after five minutes and
   * not after ten seconds. Default: with port 0, which tests use; they judge what happens and not how fast.
   */
  readonly isPatient?: boolean;
  /** Builds the function bundles. Called once nothing else can refuse the start. Default: they are built already. */
  readonly bundle?: () => Promise<void>;
  /** The optional features of the emulator's App, as `dispatcher app create --with` names them. Default: `hints`. */
  readonly appFeatures?: readonly string[];
  /** Receives messages for the user while the system runs. Default: ignored. */
  readonly print?: (line: string) => void;
}

/** As long as tests wait for anything. */
const patientSeconds = 300;

type Cleanup = () => Promise<unknown> | void;

/**
 * Starts the whole system: the AWS endpoint, the emulator (or the connection to a real App), the five function bundles,
 * their event sources and schedules, and the HTTP front.
 * @throws Error with a message for the user, after it has stopped everything that was started
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
  {
    dataDir,
    port,
    scheduleEveryMs,
    functionTimeouts,
    isPatient = port === 0,
    appFeatures,
    print = () => undefined,
    bundle = async () => undefined,
  }: SystemOptions,
  settings: Settings,
  cleanups: Cleanup[],
  close: () => Promise<void>,
): Promise<System> {
  for (const warning of settings.warnings) print(`Warning: ${warning}`);
  const logDir = logDirOf(dataDir);
  await prepareDataDirectory(dataDir, logDir);
  const openLog = (name: string) => {
    const file = openSync(join(logDir, `${name}.log`), 'a');
    cleanups.push(() => closeSync(file));
    return file;
  };

  const aws = await startAws(dataDir);
  cleanups.push(() => aws.close());

  // The HTTP front starts before everything that takes time, so that a port in use fails the start early.
  const functions = Promise.withResolvers<Functions>();
  const invoke = (name: FunctionName) => async (event: unknown) => (await functions.promise)[name].invoke(event);
  const front = createFront({ ingress: invoke('ingress'), planning: invoke('planning'), admin: invoke('admin') });
  const url = await listen(front, port ?? settings.port);
  cleanups.push(() => front.close());
  // Otherwise a request that arrived before the functions would block the cleanup of a failed start.
  functions.promise.catch(() => undefined);
  cleanups.push(() => functions.reject(new Error('The system is stopping.')));

  await Promise.all([provision(aws.url), bundle()]);
  const webhookUrl = `${url}/webhooks/github`;
  // 4000 next to 3000: a second system with PORT=3001 finds both of its ports free. Tests use any free port.
  const emulatorPort = (port ?? settings.port) === 0 ? 0 : Math.min(Number(new URL(url).port) + 1_000, 65_535);
  const github = await startGitHub(settings, {
    dataDir,
    openLog,
    webhookUrl,
    emulatorPort,
    ...(isPatient ? { webhookTimeoutSeconds: patientSeconds } : {}),
    ...(appFeatures === undefined ? {} : { appFeatures }),
    secrets: aws.secrets,
    cleanups,
    print,
  });
  const running = await startFunctions({
    awsUrl: aws.url,
    variables: { ...github.variables, WEBHOOK_SECRETS_PREFIX: webhookSecretsPrefix },
    // Issues link to the dashboard here, and jobs request tokens for this address. The dashboard itself also has other
    // names, such as localhost.
    variablesOf: {
      dispatch: { PUBLIC_URL: url, ...publicUrlIn(settings) },
      planning: { PUBLIC_URL: url, ...publicUrlIn(settings) },
    },
    timeouts: {
      ...topologyTimeouts,
      ...(isPatient ? { ingress: patientSeconds, admin: patientSeconds } : {}),
      ...functionTimeouts,
    },
    openLog,
  });
  cleanups.push(() => Promise.all(Object.values(running).map((each) => each.close())));
  functions.resolve(running);

  const sources = startEventSources(aws.url, running, print);
  cleanups.push(() => Promise.all(sources.map((source) => source.stop())));
  // When webhooks are relayed from the delivery log, every delivery in it is failed, so the check for missed ones is off.
  const isChecked = settings.mode === 'emulator' || settings.smeeUrl !== null;
  const started = startSchedules(running, { everyMs: scheduleEveryMs, isChecked, print });
  cleanups.push(() => Promise.all(started.map((schedule) => schedule.stop())));
  const relay = settings.mode === 'app' ? startWebhookRelay({ settings, dataDir, webhookUrl, print }) : null;
  cleanups.push(() => relay?.stop());
  await writeOperatorEnvironment(dataDir, { url, awsUrl: aws.url, emulatorUrl: github.url, app: github.variables });
  cleanups.push(() => removeOperatorEnvironment(dataDir));
  // Cleanups run in reverse order: the front closes first, while requests in progress still find every other part.
  cleanups.push(() => front.close());
  return {
    mode: settings.mode,
    url,
    awsUrl: aws.url,
    emulatorUrl: github.url,
    emulatorToken,
    webhookSecret: github.webhookSecret,
    connected: relay?.connected ?? Promise.resolve(true),
    logDir,
    processes: (name, which) => running[name].processes(which),
    close,
  };
}

async function startAws(dataDir: string) {
  try {
    return await startAwsEndpoint({
      dataDir: join(dataDir, 'aws'),
      accessKeyId: awsAccess.credentials.accessKeyId,
      eventRules,
      undeliveredEventsQueue: undeliveredEventsQueue.name,
      secretNames,
      onSecret: (name, text) => storeSecret(dataDir, name, text),
    });
  } catch (error) {
    if (error instanceof DirectoryInUseError) throw await explainDirectoryInUse(error, dataDir);
    throw explainDataError(error, dataDir);
  }
}

async function listen(front: ReturnType<typeof createFront>, port: number): Promise<string> {
  try {
    return await front.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const sentence = {
      EADDRINUSE: `Port ${port} is already in use. Set PORT to a free port, or stop the process that uses it.`,
      EACCES: `This user may not listen on port ${port}. Set PORT to a number of at least 1024.`,
    }[code ?? ''];
    throw sentence === undefined ? error : new Error(sentence, { cause: error });
  }
}

interface GitHub {
  readonly url: string | null;
  readonly variables: Readonly<Record<string, string>>;
  readonly webhookSecret: string;
}

async function startGitHub(
  settings: Settings,
  options: {
    dataDir: string;
    openLog: (name: string) => number;
    webhookUrl: string;
    emulatorPort: number;
    webhookTimeoutSeconds?: number;
    appFeatures?: readonly string[];
    secrets: SecretsManager;
    cleanups: Cleanup[];
    print: (line: string) => void;
  },
): Promise<GitHub> {
  if (settings.mode === 'app') {
    return {
      url: null,
      variables: settings.functions,
      webhookSecret: settings.functions['GITHUB_WEBHOOK_SECRET'] ?? '',
    };
  }
  const stored = await fillSecrets(options.secrets, await loadLocalApp(options.dataDir));
  // A webhook secret in .env takes the place of the one in Secrets Manager, which then cannot be rotated.
  const app = { ...stored, webhookSecret: settings.functions['GITHUB_WEBHOOK_SECRET'] ?? stored.webhookSecret };
  const signIn = settings.functions['ADMIN_AUTHENTICATION'] === 'github' ? signInAt(options.webhookUrl, app.id) : null;
  const emulator = await startEmulator({
    app,
    ...(signIn === null ? {} : { signIn }),
    webhookUrl: options.webhookUrl,
    ...(options.appFeatures === undefined ? {} : { features: options.appFeatures }),
    dataDir: join(options.dataDir, 'github'),
    firstPort: options.emulatorPort,
    runSeconds: settings.runSeconds,
    ...(options.webhookTimeoutSeconds === undefined ? {} : { webhookTimeoutSeconds: options.webhookTimeoutSeconds }),
    print: options.print,
    log: options.openLog('github-emulator'),
    onExit: () => options.print('The GitHub emulator exited unexpectedly. See logs/github-emulator.log.'),
  });
  options.cleanups.push(() => emulator.stop());
  const variables = {
    ...(signIn === null ? {} : { ADMIN_OPERATORS: 'repo:octo-org/deploy' }),
    ...settings.functions,
    ...(signIn === null ? {} : { GITHUB_CLIENT_ID: signIn.clientId, GITHUB_CLIENT_SECRET: signIn.clientSecret }),
    GITHUB_APP_ID: String(app.id),
    GITHUB_APP_SLUG: app.slug,
    ...secretVariables(),
    GITHUB_API_URL: emulator.url,
    OIDC_ISSUERS: `${emulator.url}/_services/token`,
  };
  return { url: emulator.url, variables, webhookSecret: app.webhookSecret };
}

function publicUrlIn({ functions }: Settings): Readonly<Record<string, string>> {
  const { PUBLIC_URL: configured } = functions;
  return configured === undefined ? {} : { PUBLIC_URL: configured };
}

/** Lets people sign in to this system with the emulated App. The secret lives as long as this start. */
function signInAt(webhookUrl: string, appId: number): EmulatedSignIn {
  const { port } = new URL(webhookUrl);
  return {
    clientId: `Iv23liEmulator${appId}`,
    clientSecret: randomBytes(20).toString('hex'),
    callbackUrls: ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}/auth/callback`),
  };
}

function startEventSources(awsUrl: string, functions: Functions, print: (line: string) => void): EventSource[] {
  return eventSources.map((source) => {
    // One client for each mapping: each long poll occupies a connection.
    const sqs = new SQSClient({ endpoint: awsUrl, ...awsAccess });
    return startEventSource({
      sqs,
      queueUrl: queueUrl(awsUrl, source.queue),
      batchSize: source.batchSize,
      // A batching window would only delay an interactive user; what arrives together is received together without it.
      batchingWindow: 0,
      concurrency: source.queue === 'hints' ? 1 : Math.min(source.maximumConcurrency, 2),
      invoke: (event) => functions[source.function].invoke(event),
      onError: (message) => print(`${source.function}: ${message}`),
    });
  });
}

/** Locally, what was recorded is shown a second later. */
const rollUpEveryMs = 1_000;

function startSchedules(
  functions: Functions,
  options: {
    readonly everyMs: number | undefined;
    readonly isChecked: boolean;
    readonly print: (line: string) => void;
  },
): Schedule[] {
  const { everyMs, isChecked, print } = options;
  return schedules
    .filter(({ name }) => isChecked || name !== 'check-deliveries')
    .map(({ name, function: target, everySeconds, input }) =>
      startSchedule({
        everyMs: everyMs ?? (name === 'roll-up' ? rollUpEveryMs : everySeconds * 1_000),
        invoke: () => functions[target].invoke(input),
        onError: (message) => print(`${name}: ${message}`),
      }),
    );
}
