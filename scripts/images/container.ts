// Runs an image as Lambda does: as an unprivileged user, with a read-only file system except for /tmp, and with a Runtime
// API that provides the events.
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type FunctionError, type Outcome, startRuntimeApi } from '../../packages/local/src/lambda/runtime-api.ts';

export interface Container {
  /** Time from `podman run` to the function's first request for an event. */
  readonly coldStartMs: number;
  /** Invokes the function; one invocation at a time. */
  invoke(event: unknown): Promise<Outcome>;
  /** Returns what the function has printed so far. */
  output(): string;
  /** Waits until the function has printed what the pattern matches. Returns whether it has, within a limit. */
  prints(pattern: RegExp): Promise<boolean>;
  stop(): Promise<void>;
}

export interface ContainerOptions {
  readonly image: string;
  readonly functionName: string;
  readonly environment: Readonly<Record<string, string>>;
}

const startLimitMs = 60_000;
const invocationLimitMs = 30_000;
/** Output passes through podman, so it may arrive after the function's request for an event. */
const outputLimitMs = 30_000;

/** Starts a container and waits for its request for an event. @throws Error with the function's output if it fails */
export async function startContainer({ image, functionName, environment }: ContainerOptions): Promise<Container> {
  const api = await startRuntimeApi(functionName);
  const began = performance.now();
  const running = runContainer(image, functionName, { AWS_LAMBDA_RUNTIME_API: api.address, ...environment });
  void running.ended.then((code) => api.fail(failure(`The container exited with ${code}.`)));
  const stop = async () => {
    await running.stop();
    api.close();
  };
  try {
    await within(startLimitMs, api.ready, () => api.fail(failure('The function did not request an event in time.')));
  } catch (error) {
    await stop();
    throw new Error(`${functionName} did not start: ${(error as Error).message}\n${running.output()}`, {
      cause: error,
    });
  }
  return {
    coldStartMs: performance.now() - began,
    invoke: (event) =>
      within(invocationLimitMs, api.invoke(event, invocationLimitMs), () =>
        api.fail(failure('The function did not respond to the event in time.')),
      ),
    output: running.output,
    prints: (pattern) => running.prints(pattern),
    stop,
  };
}

function runContainer(image: string, functionName: string, environment: Readonly<Record<string, string>>) {
  const name = `dispatcher-${functionName}-${randomUUID()}`;
  const variables: Readonly<Record<string, string>> = {
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'images',
    ...environment,
  };
  const asLambda = ['--user', '993:990', '--read-only', '--read-only-tmpfs=false', '--tmpfs', '/tmp:rw,mode=1777'];
  const limits = ['--cap-drop', 'all', '--security-opt', 'no-new-privileges', '--network', 'host'];
  // By name only: podman takes the values from its own environment, so that the process list does not show secrets.
  const passed = Object.keys(variables).flatMap((variable) => ['--env', variable]);
  const child = spawn(
    'podman',
    ['run', '--rm', '--name', name, '--pull', 'never', '--http-proxy=false', ...asLambda, ...limits, ...passed, image],
    { env: { ...process.env, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    ended,
    output: () => output,
    async prints(pattern: RegExp) {
      for (const endsAt = performance.now() + outputLimitMs; performance.now() < endsAt; await delay(50)) {
        if (pattern.test(output)) return true;
      }
      return false;
    },
    async stop() {
      // Killing `podman run` would leave the container running, and process 1 in it ignores SIGTERM. The container may
      // have exited in the meantime, so errors are ignored.
      if (child.exitCode === null) spawnSync('podman', ['kill', name], { stdio: 'ignore' });
      await ended;
    },
  };
}

const failure = (errorMessage: string): FunctionError => ({ errorType: 'Images', errorMessage });

async function within<T>(limitMs: number, promise: Promise<T>, onLimit: () => void): Promise<T> {
  const timer = setTimeout(onLimit, limitMs);
  return promise.finally(() => clearTimeout(timer));
}
