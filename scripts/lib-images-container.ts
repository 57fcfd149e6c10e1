// One image, running as Lambda runs it: its own user, a file system that cannot be written to but for /tmp, and a
// Runtime API that hands it events.
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { type FunctionError, type Outcome, startRuntimeApi } from '../packages/local/src/lambda/runtime-api.ts';

export interface Container {
  /** From `podman run` to the function's first question for an event. */
  readonly coldStartMs: number;
  /** One at a time. */
  invoke(event: unknown): Promise<Outcome>;
  /** What the function printed so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface ContainerOptions {
  readonly image: string;
  readonly functionName: string;
  readonly environment: Readonly<Record<string, string>>;
}

const startLimitMs = 60_000;
const invocationLimitMs = 30_000;

/** @throws Error with the function's own output where it does not come to ask for an event. */
export async function startContainer({ image, functionName, environment }: ContainerOptions): Promise<Container> {
  const api = await startRuntimeApi(functionName);
  const began = performance.now();
  const running = runContainer(image, functionName, { AWS_LAMBDA_RUNTIME_API: api.address, ...environment });
  void running.ended.then((code) => api.fail(failure(`The container ended with ${code}.`)));
  const stop = async () => {
    await running.stop();
    api.close();
  };
  try {
    await within(startLimitMs, api.ready, () => api.fail(failure('It did not ask for an event in time.')));
  } catch (error) {
    await stop();
    throw new Error(`${functionName} does not start: ${(error as Error).message}\n${running.output()}`, {
      cause: error,
    });
  }
  return {
    coldStartMs: performance.now() - began,
    invoke: (event) =>
      within(invocationLimitMs, api.invoke(event, invocationLimitMs), () =>
        api.fail(failure('It did not answer the event in time.')),
      ),
    output: running.output,
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
  // By name only: podman takes the values from its own environment, so that no key shows in the list of processes.
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
    async stop() {
      // Killing `podman run` would leave the container running, and the first process of one hears no SIGTERM. That it
      // has ended by itself in the meantime is no error.
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
