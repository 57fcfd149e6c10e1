import { sourceFile, startNode, stopChild } from './child-process.ts';
import { type Outcome, type RuntimeApi, startRuntimeApi } from './runtime-api.ts';

export interface FunctionDescription {
  readonly name: string;
  /** Directory that holds `handler.mjs`, whose export `handler` is invoked. */
  readonly directory: string;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /** File descriptor for the function's output. */
  readonly log: number;
}

/** Thrown if a function's first cold start fails; `reason` is the function's own message. */
export class FunctionStartError extends Error {
  override readonly name = 'FunctionStartError';
  readonly functionName: string;
  readonly reason: string;

  constructor(functionName: string, reason: string, options?: ErrorOptions) {
    super(`${functionName} cannot start: ${reason}`, options);
    this.functionName = functionName;
    this.reason = reason;
  }
}

/** One process that has loaded the bundle and serves one invocation at a time. */
export interface ExecutionEnvironment {
  readonly isAlive: () => boolean;
  /** Process id, for fault injection. */
  readonly pid: number | undefined;
  invoke(event: unknown): Promise<Outcome>;
  close(): Promise<void>;
}

// Six times Lambda's limit. On a busy machine a shorter one would only delay messages until their visibility timeout.
const initMs = 60_000;
// Inherited from this process, because the machine decides how to reach the network, and where compiled code is kept. All else
// is configuration, as on Lambda.
const inherited = [
  'PATH',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_ENV_PROXY',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SystemRoot',
];

/** @throws FunctionStartError with the function's own message if its code cannot be loaded, for example because of a missing variable */
export async function startEnvironment(description: FunctionDescription): Promise<ExecutionEnvironment> {
  const { name, timeoutMs, log } = description;
  const api = await startRuntimeApi(name);
  const child = startNode(sourceFile('lambda/bootstrap.mjs'), {
    env: environmentFor(description, api.address),
    output: [log, log],
  });
  let killed = false;
  child.once('exit', (code, signal) => {
    const errorMessage = `The process ended with ${signal ?? `exit code ${code}`}.`;
    api.fail({ errorType: 'Runtime.ExitError', errorMessage });
    api.close();
  });
  try {
    await waitUntilReady(api);
  } catch (error) {
    await stopChild(child, 0);
    throw new FunctionStartError(name, (error as Error).message, { cause: error });
  }

  return {
    pid: child.pid,
    isAlive: () => !killed && child.exitCode === null && child.signalCode === null,
    async invoke(event) {
      const timer = setTimeout(() => {
        // The process exits a moment later, and must not receive another invocation until then.
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

async function waitUntilReady(api: RuntimeApi): Promise<void> {
  const timer = setTimeout(() => {
    const errorMessage = `The function did not finish loading within ${initMs / 1000} s.`;
    api.fail({ errorType: 'Sandbox.Timedout', errorMessage });
  }, initMs);
  await api.ready.finally(() => clearTimeout(timer));
}

function environmentFor(description: FunctionDescription, runtimeApi: string): NodeJS.ProcessEnv {
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
