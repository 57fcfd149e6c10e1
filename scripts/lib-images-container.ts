// One image, running as Lambda runs it: its own user, a file system that cannot be written to but for /tmp, and a
// Runtime API that hands it events.
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outcome } from '../packages/local/src/lambda-runtime.ts';

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
  void running.ended.then((code) => api.fail(`The container ended with ${code}.`));
  const stop = async () => {
    await running.stop();
    api.close();
  };
  try {
    await within(startLimitMs, api.ready, () => api.fail('It did not ask for an event in time.'));
  } catch (error) {
    await stop();
    throw new Error(`${functionName} does not start: ${(error as Error).message}\n${running.output()}`, {
      cause: error,
    });
  }
  return {
    coldStartMs: performance.now() - began,
    invoke: (event) =>
      within(invocationLimitMs, api.invoke(event), () => api.fail('It did not answer the event in time.')),
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

/** The Lambda Runtime API for one container. */
async function startRuntimeApi(functionName: string) {
  const ready = Promise.withResolvers<void>();
  let idle: ServerResponse | undefined;
  let current: { readonly id: string; readonly event: unknown; settle(outcome: Outcome): void } | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      idle = response;
      ready.resolve();
      hand();
      return;
    }
    const body: unknown = JSON.parse(Buffer.concat(await request.toArray()).toString());
    response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
    if (path === 'init/error') fail(JSON.stringify(body));
    else if (path === `invocation/${current?.id}/response`) current?.settle({ state: 'answered', payload: body });
    else if (path === `invocation/${current?.id}/error`) fail(JSON.stringify(body));
  }

  function hand(): void {
    if (idle === undefined || current === undefined) return;
    idle.writeHead(200, {
      // AWS's runtime interface client dies of an answer without a content type.
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': current.id,
      'lambda-runtime-deadline-ms': String(Date.now() + invocationLimitMs),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    });
    idle.end(JSON.stringify(current.event));
    idle = undefined;
  }

  function fail(errorMessage: string): void {
    ready.reject(new Error(errorMessage));
    current?.settle({ state: 'failed', error: { errorType: 'Images', errorMessage } });
  }

  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: ready.promise,
    fail,
    invoke(event: unknown): Promise<Outcome> {
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      current = { id: randomUUID(), event, settle: resolve };
      hand();
      return promise;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function within<T>(limitMs: number, promise: Promise<T>, onLimit: () => void): Promise<T> {
  const timer = setTimeout(onLimit, limitMs);
  return promise.finally(() => clearTimeout(timer));
}
