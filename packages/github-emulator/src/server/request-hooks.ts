import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type EmulatorContext, pathOf, requestState } from './context.ts';
import { authenticate, type Caller, credentialOf } from '../auth/authentication.ts';
import { ApiError, notAccessible, notFound } from '../common/api-error.ts';
import type { Fault } from '../faults/faults.ts';

/** Adds the hooks of every API request: the request log, fault injection, authentication and the rate limit. */
export function addRequestHooks(app: FastifyInstance, context: EmulatorContext): void {
  app.addHook('onRequest', async (request, reply) => {
    const credential = credentialOf(request.headers.authorization);
    const installationId = context.store.state.tokens[credential ?? '']?.installationId ?? null;
    const path = pathOf(request);
    const fault = context.faults.takeFault(request.method, path);
    const limit = context.rateLimits.countRequest(
      limitKey(credential, installationId),
      path === '/graphql' ? 'graphql' : 'core',
    );
    context.requestStates.set(request, {
      entry: context.requests.add(request.method, request.url, context.store.timestamp(), installationId),
      fault,
      caller: { kind: 'anonymous' },
      rateLimit: limit,
    });
    void reply.headers(limit.headers);
    if (fault === 'token-revoked' && credential !== null) {
      delete context.store.state.tokens[credential];
    }
    await applyFaultBeforeHandler(fault, request, reply);
  });

  app.addHook('preHandler', async (request) => {
    const state = requestState(context, request);
    state.caller = await authenticate(context.store, context.usedJwts, credentialOf(request.headers.authorization));
    if (!state.rateLimit.allowed) {
      throw rateLimitError(state.caller);
    }
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const { entry, fault } = requestState(context, request);
    if (request.method !== 'GET' && entry.operation !== 'graphql') {
      await context.save();
    }
    void reply.headers({ 'x-github-request-id': randomUUID(), 'x-github-api-version-selected': '2022-11-28' });
    const body = await applyFaultToResponse(fault, request, reply, payload);
    entry.status = fault === 'reset-after' ? null : reply.statusCode;
    return body;
  });
}

/** Adds the hooks of requests without an account or a rate limit: the request log and the faults that replace a response. */
export function addPublicHooks(app: FastifyInstance, context: EmulatorContext): void {
  app.addHook('onRequest', async (request, reply) => {
    const entry = context.requests.add(request.method, request.url, context.store.timestamp(), null);
    reply.raw.on('finish', () => {
      entry.status = reply.statusCode;
    });
    await applyFaultBeforeHandler(context.faults.takeFault(request.method, pathOf(request)), request, reply);
  });
}

async function applyFaultBeforeHandler(
  fault: Fault | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (fault === 'reset-before') {
    reply.hijack();
    request.raw.socket.resetAndDestroy();
  } else if (fault === 'repository-hidden' && pathOf(request) !== '/graphql') {
    // A token cannot be limited to a repository that the App cannot see.
    const refusal = pathOf(request).endsWith('/access_tokens') ? notAccessible() : notFound();
    await reply.code(refusal.status).type('application/json').send(JSON.stringify(refusal.body()));
  } else if (fault === 'graphql-502') {
    await reply.code(502).type('text/html').send('<html><body>502 Bad Gateway</body></html>');
  } else if (typeof fault === 'object' && fault !== null) {
    if ('status' in fault) {
      const body = fault.body ?? new ApiError(fault.status, `Injected fault: ${fault.status}`).body();
      await reply
        .code(fault.status)
        .type('application/json')
        .headers(fault.headers ?? {})
        .send(typeof body === 'string' ? body : JSON.stringify(body));
    } else if ('delayMs' in fault && fault.when !== 'after') {
      await delayResponse(fault.delayMs);
    }
  }
}

async function applyFaultToResponse(
  fault: Fault | null,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (fault === 'reset-after') {
    request.raw.socket.resetAndDestroy();
  } else if (fault === 'status-after') {
    void reply.code(500).type('application/json');
    return JSON.stringify(new ApiError(500, 'Server Error').body());
  } else if (fault === 'truncated-body' || fault === 'empty-body') {
    const text = typeof payload === 'string' ? payload : '';
    return fault === 'empty-body' ? '' : text.slice(0, Math.floor(text.length / 2));
  } else if (typeof fault === 'object' && fault !== null && 'delayMs' in fault && fault.when === 'after') {
    await delayResponse(fault.delayMs);
  }
  return payload;
}

/** Does not keep the process alive: after the server is closed, no client waits for the response. */
function delayResponse(ms: number): Promise<void> {
  return delay(ms, undefined, { ref: false });
}

/** Each installation has its own limit, and so has the App. All requests without a credential share one. */
function limitKey(credential: string | null, installationId: number | null): string {
  if (installationId !== null) {
    return `installation/${installationId}`;
  }
  return credential === null ? 'anonymous' : 'app';
}

export function rateLimitError(caller: Caller): ApiError {
  const subject = caller.kind === 'installation' ? `installation ID ${caller.installation.id}` : caller.kind;
  return new ApiError(403, `API rate limit exceeded for ${subject}.`);
}
