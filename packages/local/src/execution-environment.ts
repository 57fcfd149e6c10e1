import { sourceFile, startNode, stopChild } from './child-process.ts';
import { type Outcome, type RuntimeApi, startRuntimeApi } from './runtime-api.ts';

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
  /** For whoever means to kill or stop it. */
  readonly pid: number | undefined;
  invoke(event: unknown): Promise<Outcome>;
  close(): Promise<void>;
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
  const { name, timeoutMs, log } = description;
  const api = await startRuntimeApi(name);
  const child = startNode(sourceFile('bootstrap.mjs'), {
    env: environmentOf(description, api.address),
    output: [log, log],
  });
  let killed = false;
  child.once('exit', (code, signal) => {
    const errorMessage = `The process ended with ${signal ?? `exit code ${code}`}.`;
    api.fail({ errorType: 'Runtime.ExitError', errorMessage });
    api.close();
  });
  try {
    await initialised(api);
  } catch (error) {
    await stopChild(child, 0);
    throw new Error(`${name} cannot start: ${(error as Error).message}`, { cause: error });
  }

  return {
    pid: child.pid,
    isAlive: () => !killed && child.exitCode === null && child.signalCode === null,
    async invoke(event) {
      const timer = setTimeout(() => {
        // The process is gone only a moment later, and must not get another invocation until then.
        killed = true;
        child.kill('SIGKILL');
        const errorMessage = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
        api.fail({ errorType: 'Sandbox.Timedout', errorMessage });
      }, timeoutMs);
      return api.invoke(event, timeoutMs).finally(() => clearTimeout(timer));
    },
    close: () => stopChild(child, 0),
  };
}

async function initialised(api: RuntimeApi): Promise<void> {
  const timer = setTimeout(() => {
    const errorMessage = `It did not finish loading within ${initMs / 1000} s.`;
    api.fail({ errorType: 'Sandbox.Timedout', errorMessage });
  }, initMs);
  await api.ready.finally(() => clearTimeout(timer));
}

function environmentOf(description: FunctionDescription, runtimeApi: string): NodeJS.ProcessEnv {
  const { name, directory, environment } = description;
  return {
    ...Object.fromEntries(inherited.map((variable) => [variable, process.env[variable]])),
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
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
