import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** The result of an invocation: the handler's response, or what Lambda reports as the function error. */
export type Outcome =
  | { readonly state: 'succeeded'; readonly payload: unknown }
  | { readonly state: 'failed'; readonly error: FunctionError };

/** The Lambda Runtime API for one process: the process requests events and posts their results. */
export interface RuntimeApi {
  /** For `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Resolves when the process first requests an event; rejects if it reports an initialisation error. */
  readonly ready: Promise<void>;
  /** Runs one invocation. The caller must wait for it before the next. */
  invoke(event: unknown, timeoutMs: number): Promise<Outcome>;
  /** Fails the current invocation, and the initialisation if it has not finished. */
  fail(error: FunctionError): void;
  close(): void;
}

interface Invocation {
  readonly id: string;
  readonly body: string;
  readonly deadlineMs: number;
  settle(outcome: Outcome): void;
}

// AWS's runtime client treats a response without a content type as a failure.
const jsonHeaders = { 'content-type': 'application/json' } as const;

export async function startRuntimeApi(functionName: string): Promise<RuntimeApi> {
  let idle: ServerResponse | undefined;
  let current: Invocation | undefined;
  const ready = Promise.withResolvers<void>();
  // A handler may run longer than the default keep-alive timeout, and would post its response to a closed connection.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      idle = response;
      ready.resolve();
      sendEvent();
      return;
    }
    let body: unknown;
    try {
      body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    } catch {
      // From something else than a runtime client, or from a process that ended while it sent. Neither ends the system.
      response.writeHead(400, jsonHeaders).end('{}');
      return;
    }
    response.writeHead(202, jsonHeaders).end('{}');
    if (path === 'init/error') ready.reject(new Error((body as FunctionError).errorMessage));
    else if (path === `invocation/${current?.id}/response`) settle({ state: 'succeeded', payload: body });
    else if (path === `invocation/${current?.id}/error`) settle({ state: 'failed', error: body as FunctionError });
  }

  // A process posts a response and requests the next event separately: an invocation may arrive in between.
  function sendEvent(): void {
    if (idle === undefined || current === undefined) return;
    idle.writeHead(200, {
      ...jsonHeaders,
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
      sendEvent();
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
