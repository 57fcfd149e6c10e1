import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** What became of one invocation: the handler's answer, or what Lambda reports as the function error. */
export type Outcome =
  | { readonly state: 'answered'; readonly payload: unknown }
  | { readonly state: 'failed'; readonly error: FunctionError };

/** The Lambda Runtime API for one process: it asks for events and posts what became of them. */
export interface RuntimeApi {
  /** For `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Resolves at the process's first question for an event; rejects where it says that it cannot start. */
  readonly ready: Promise<void>;
  /** One at a time. */
  invoke(event: unknown, timeoutMs: number): Promise<Outcome>;
  /** Ends the invocation under way, and the start where it still is one. */
  fail(error: FunctionError): void;
  close(): void;
}

interface Invocation {
  readonly id: string;
  readonly body: string;
  readonly deadlineMs: number;
  settle(outcome: Outcome): void;
}

// AWS's own runtime client takes an answer without a content type for a failure.
const answersJson = { 'content-type': 'application/json' } as const;

export async function startRuntimeApi(functionName: string): Promise<RuntimeApi> {
  let idle: ServerResponse | undefined;
  let current: Invocation | undefined;
  const ready = Promise.withResolvers<void>();
  // A handler may take longer than a connection is kept idle by default, and its answer would meet a closed one.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      idle = response;
      ready.resolve();
      hand();
      return;
    }
    const body: unknown = JSON.parse(Buffer.concat(await request.toArray()).toString());
    response.writeHead(202, answersJson).end('{}');
    if (path === 'init/error') ready.reject(new Error((body as FunctionError).errorMessage));
    else if (path === `invocation/${current?.id}/response`) settle({ state: 'answered', payload: body });
    else if (path === `invocation/${current?.id}/error`) settle({ state: 'failed', error: body as FunctionError });
  }

  // The answer to one invocation and the question for the next are two requests: an invocation may come between them.
  function hand(): void {
    if (idle === undefined || current === undefined) return;
    idle.writeHead(200, {
      ...answersJson,
      'lambda-runtime-aws-request-id': current.id,
      'lambda-runtime-deadline-ms': String(current.deadlineMs),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    });
    idle.end(current.body);
    idle = undefined;
  }

  function settle(outcome: Outcome): void {
    current?.settle(outcome);
    current = undefined;
  }

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: ready.promise,
    invoke(event, timeoutMs) {
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      current = {
        id: randomUUID(),
        body: JSON.stringify(event),
        deadlineMs: Date.now() + timeoutMs,
        settle: resolve,
      };
      hand();
      return promise;
    },
    fail(error) {
      ready.reject(new Error(error.errorMessage));
      settle({ state: 'failed', error });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
