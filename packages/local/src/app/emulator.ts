import { appEvents, appFeatures, appPermissions } from '@dispatcher/contracts';
import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sourceFile, startNode, stopChild } from '../lambda/child-process.ts';
import { emulatorToken } from './emulator-token.ts';
import type { LocalApp } from './local-app.ts';
import { writePrivateFile } from './private-file.ts';

export interface RunningEmulator {
  /** For `GITHUB_API_URL`. The control API is below `/_emulator`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A workflow run to simulate, as the emulator's control API expects it. */
export interface CiRun {
  readonly repository: string;
  readonly workflow: string;
  /** A branch, or `refs/tags/…`. Default: the default branch. */
  readonly branch?: string;
  /** The commit of the run. Default: the newest one of the branch or tag. */
  readonly sha?: string;
  /** How long ago the run was created. Default: 0. */
  readonly ageMs?: number;
  readonly conclusion?: string;
  readonly event?: string;
  readonly actor?: string;
  readonly attempt?: number;
  readonly fork?: boolean;
  /** Numbers of the pull requests whose head is the head of the run. */
  readonly pullRequests?: readonly number[];
}

export interface CompletedCiRun {
  readonly run: { readonly id: number; readonly htmlUrl: string };
  /** Null if the emulator sent no webhook; `notDelivered` says why. */
  readonly delivery: {
    readonly guid: string;
    readonly statusCode: number;
    readonly responseBody: string | null;
  } | null;
  readonly notDelivered: string | null;
}

// By path: the emulator is a separate program, not a dependency.
const program = sourceFile('../../github-emulator/src/main.ts');

/** With which people sign in to the local system. */
export interface EmulatedSignIn {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly callbackUrls: readonly string[];
}

/** Starts the emulator as a separate process. It contains the example organisation unless its data directory has a state. */
export async function startEmulator(options: {
  readonly app: LocalApp;
  /** Default: nobody can sign in with the App. */
  readonly signIn?: EmulatedSignIn;
  readonly webhookUrl: string;
  /** The optional features of the App, as `dispatcher app create --with` names them. */
  readonly features?: readonly string[];
  readonly dataDir: string;
  /** The port of the first start with this data directory. Later starts use the same port. Default: any free port. */
  readonly firstPort?: number;
  /** How long dispatched runs take. Default: null, until a control call completes them. */
  readonly runSeconds?: number | null;
  /** How long a webhook waits for a response. Default: ten seconds, as at GitHub. */
  readonly webhookTimeoutSeconds?: number;
  /** File descriptor for the emulator's output. */
  readonly log: number;
  readonly onExit: () => void;
  /** Receives a sentence for the user if the port of the earlier starts is in use. */
  readonly print?: (line: string) => void;
}): Promise<RunningEmulator> {
  const {
    app,
    webhookUrl,
    dataDir,
    log,
    onExit,
    firstPort = 0,
    runSeconds = null,
    webhookTimeoutSeconds,
    print,
  } = options;
  await mkdir(dataDir, { recursive: true });
  const storedPort = await readPort(dataDir);
  const example = join(dataDir, 'app.json');
  await writeFile(example, appFile(app, webhookUrl, options.signIn, options.features), { mode: 0o600 });
  const child = startNode(program, {
    args: [
      '--prefer-port',
      String(storedPort ?? firstPort),
      '--example',
      example,
      '--data',
      join(dataDir, 'state'),
      ...(runSeconds === null ? [] : ['--run-seconds', String(runSeconds)]),
      ...(webhookTimeoutSeconds === undefined ? [] : ['--webhook-timeout-seconds', String(webhookTimeoutSeconds)]),
    ],
    // Not an argument: every user of this machine can list those.
    env: { ...process.env, EMULATOR_TOKEN: emulatorToken },
    output: ['pipe', log],
  });
  const url = await listening(child, log);
  child.once('exit', onExit);
  const port = Number(new URL(url).port);
  if (storedPort === null) await writePrivateFile(portFile(dataDir), `${port}\n`);
  else if (storedPort !== port) print?.(portInUse(storedPort, url));
  return {
    url,
    stop: () => {
      child.off('exit', onExit);
      return stopChild(child, 5_000);
    },
  };
}

/** The stored port: addresses of runs and issues that were printed or stored stay valid at the next start. */
const portFile = (dataDir: string) => join(dataDir, 'port');

async function readPort(dataDir: string): Promise<number | null> {
  const port = Number(await readFile(portFile(dataDir), 'utf8').catch(() => ''));
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : null;
}

function portInUse(port: number, url: string): string {
  return (
    `Port ${port}, which the GitHub emulator used before, is in use; at this start it is at ${url}. ` +
    `Addresses of runs and issues from earlier starts do not open until port ${port} is free and you start again.`
  );
}

/** The features of the App of `npm start`. */
export const startedFeatures = ['hints', 'checks'];

/** The features of the App where no others are given: changes of a `dispatching.yml` show at once. */
const defaultFeatures = ['hints'];

/** Returns the permissions and the events that an App with these optional features requests. */
export function appAccess(features: readonly string[] = defaultFeatures) {
  const chosen = appFeatures.filter(({ name }) => features.includes(name));
  const permissions = [...appPermissions, ...chosen.flatMap((feature) => feature.permissions)];
  const events = [...appEvents, ...chosen.flatMap((feature) => feature.events)];
  return {
    permissions: Object.fromEntries(permissions.map(({ key, level }) => [key, level])),
    events: events.map(({ key }) => key),
  };
}

/** Returns the App of the example organisation, as the emulator's option `--example` expects it. */
function appFile(
  { id, slug, privateKey: key, webhookSecret }: LocalApp,
  webhookUrl: string,
  { clientSecret, callbackUrls }: Partial<EmulatedSignIn> = {},
  features?: readonly string[],
): string {
  const access = appAccess(features);
  return JSON.stringify({ appId: id, slug, key, webhookUrl, webhookSecret, ...access, clientSecret, callbackUrls });
}

function listening(child: ChildProcess, log: number): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('The GitHub emulator did not start. See logs/github-emulator.log.')));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).once('line', (line) => {
      resolve((JSON.parse(line) as { listening: string }).listening);
    });
    child.stdout.pipe(createWriteStream('', { fd: log, autoClose: false }));
  });
}

/**
 * Runs a workflow to completion, and resolves once its webhook was delivered.
 * @param token the token of the control API; default: that of an emulator which this process started
 * @throws Error with the emulator's message
 */
export async function completeRun(emulatorUrl: string, run: CiRun, token = emulatorToken): Promise<CompletedCiRun> {
  const response = await fetch(`${emulatorUrl}/_emulator/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(run),
  });
  const body = (await response.json()) as CompletedCiRun & { message?: string };
  if (!response.ok) throw new Error(`The emulator rejected the run: ${body.message ?? `HTTP ${response.status}`}`);
  return body;
}
