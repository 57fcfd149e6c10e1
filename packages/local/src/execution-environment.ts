import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { sourceFile, startNode, stopChild } from './child-process.ts';

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** What became of one invocation: the handler's answer, or what Lambda reports as the function error. */
export type Outcome =
  | { readonly state: 'answered'; readonly payload: unknown }
  | { readonly state: 'failed'; readonly error: FunctionError };

export interface FunctionDescription {
  readonly name: string;
  /** Directory that holds `handler.mjs`, whose export `handler` is invoked. */
  readonly directory: string;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /** File descriptor that takes what the function prints. */
  readonly log: number;
}

/** One process that has loaded the bundle and serves one invocation at a time. */
export interface ExecutionEnvironment {
  readonly isAlive: () => boolean;
  invoke(event: unknown): Promise<Outcome>;
  close(): Promise<void>;
}

interface Invocation {
  readonly id: string;
  readonly body: string;
  readonly deadlineMs: number;
  settle(outcome: Outcome): void;
}

// Six times Lambda's own limit: on a busy machine, giving up would only make a message wait for its visibility.
const initMs = 60_000;
// A person's machine decides how to reach the network, all else a function gets is its configuration, as on Lambda.
const inherited = [
  'PATH',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_ENV_PROXY',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SystemRoot',
];

/** @throws Error with the function's own sentence where its code cannot be loaded, for example a missing variable. */
export async function startEnvironment(description: FunctionDescription): Promise<ExecutionEnvironment> {
  let idle: ServerResponse | undefined;
  let current: Invocation | undefined;
  const ready = Promise.withResolvers<void>();

  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = startNode(sourceFile('bootstrap.mjs'), {
    env: environmentOf(description, (server.address() as AddressInfo).port),
    output: [description.log, description.log],
  });
  let killed = false;
  const isAlive = () => !killed && child.exitCode === null && child.signalCode === null;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      idle = response;
      ready.resolve();
      hand();
      return;
    }
    const body = Buffer.concat(await request.toArray()).toString();
    // Answered first: a handler that is told "accepted" late would have its time counted into the next invocation.
    response.writeHead(202).end();
    if (path === 'init/error') ready.reject(new Error((JSON.parse(body) as FunctionError).errorMessage));
    else if (path === `invocation/${current?.id}/response`) settle({ state: 'answered', payload: JSON.parse(body) });
    else if (path === `invocation/${current?.id}/error`)
      settle({ state: 'failed', error: JSON.parse(body) as FunctionError });
  }

  // The answer to one invocation and the question for the next are two requests: an invocation may come between them.
  function hand(): void {
    if (idle === undefined || current === undefined) return;
    idle.writeHead(200, {
      'lambda-runtime-aws-request-id': current.id,
      'lambda-runtime-deadline-ms': String(current.deadlineMs),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:us-east-1:000000000000:function:${description.name}`,
    });
    idle.end(current.body);
    idle = undefined;
  }

  function settle(outcome: Outcome): void {
    current?.settle(outcome);
    current = undefined;
  }

  child.once('exit', (code, signal) => {
    const errorMessage = `The process ended with ${signal ?? `exit code ${code}`}.`;
    ready.reject(new Error(errorMessage));
    settle({ state: 'failed', error: { errorType: 'Runtime.ExitError', errorMessage } });
    server.close();
    server.closeAllConnections();
  });

  const initTimer = setTimeout(() => {
    ready.reject(new Error(`It did not finish loading within ${initMs / 1000} s.`));
  }, initMs);
  try {
    await ready.promise;
  } catch (error) {
    await stopChild(child, 0);
    throw new Error(`${description.name} cannot start: ${(error as Error).message}`, { cause: error });
  } finally {
    clearTimeout(initTimer);
  }

  return {
    isAlive,
    invoke(event) {
      const { timeoutMs } = description;
      const outcome = Promise.withResolvers<Outcome>();
      current = {
        id: randomUUID(),
        body: JSON.stringify(event),
        deadlineMs: Date.now() + timeoutMs,
        settle: outcome.resolve,
      };
      const timer = setTimeout(() => {
        const errorMessage = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
        // The process is gone only a moment later, and must not get another invocation until then.
        killed = true;
        child.kill('SIGKILL');
        settle({ state: 'failed', error: { errorType: 'Sandbox.Timedout', errorMessage } });
      }, timeoutMs);
      hand();
      return outcome.promise.finally(() => clearTimeout(timer));
    },
    close: () => stopChild(child, 0),
  };
}

function environmentOf(description: FunctionDescription, port: number): NodeJS.ProcessEnv {
  const { name, directory, environment } = description;
  return {
    ...Object.fromEntries(inherited.map((variable) => [variable, process.env[variable]])),
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: directory,
    _HANDLER: 'handler.handler',
    ...environment,
  };
}
