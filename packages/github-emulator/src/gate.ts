import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Core, pathOf, perRequest } from './core.ts';
import { authenticate, type Caller, credentialOf } from './credentials.ts';
import { GitHubError, notAccessible, notFound } from './errors.ts';
import type { Fault } from './faults.ts';

/** What every request of the API passes: the log, faults, the credential and the rate limit. */
export function installGate(app: FastifyInstance, core: Core): void {
  app.addHook('onRequest', async (request, reply) => {
    const credential = credentialOf(request.headers.authorization);
    const installationId = core.world.state.tokens[credential ?? '']?.installationId ?? null;
    const path = pathOf(request);
    const fault = core.faults.take(request.method, path);
    const limit = core.rateLimits.take(limitKey(credential, installationId), path === '/graphql' ? 'graphql' : 'core');
    core.perRequest.set(request, {
      entry: core.requests.add(request.method, request.url, core.world.timestamp(), installationId),
      fault,
      caller: { kind: 'anonymous' },
      rateLimit: limit,
    });
    void reply.headers(limit.headers);
    if (fault === 'token-revoked' && credential !== null) {
      delete core.world.state.tokens[credential];
    }
    await meetBefore(fault, request, reply);
  });

  app.addHook('preHandler', async (request) => {
    const state = perRequest(core, request);
    state.caller = await authenticate(core.world, core.usedJwts, credentialOf(request.headers.authorization));
    if (!state.rateLimit.allowed) {
      throw rateLimited(state.caller);
    }
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const { entry, fault } = perRequest(core, request);
    if (request.method !== 'GET' && entry.operation !== 'graphql') {
      await core.save();
    }
    void reply.headers({ 'x-github-request-id': randomUUID(), 'x-github-api-version-selected': '2022-11-28' });
    const answer = await meetAfter(fault, request, reply, payload);
    entry.status = fault === 'reset-after' ? null : reply.statusCode;
    return answer;
  });
}

async function meetBefore(fault: Fault | null, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (fault === 'reset-before') {
    reply.hijack();
    request.raw.socket.resetAndDestroy();
  } else if (fault === 'repository-hidden' && pathOf(request) !== '/graphql') {
    // A token cannot be narrowed to what the App does not see.
    const refusal = pathOf(request).endsWith('/access_tokens') ? notAccessible() : notFound();
    await reply.code(refusal.status).type('application/json').send(JSON.stringify(refusal.body()));
  } else if (fault === 'graphql-502') {
    await reply.code(502).type('text/html').send('<html><body>502 Bad Gateway</body></html>');
  } else if (typeof fault === 'object' && fault !== null) {
    if ('status' in fault) {
      const body = fault.body ?? new GitHubError(fault.status, `The fault asked for: ${fault.status}`).body();
      await reply
        .code(fault.status)
        .type('application/json')
        .headers(fault.headers ?? {})
        .send(typeof body === 'string' ? body : JSON.stringify(body));
    } else if ('delayMs' in fault && fault.when !== 'after') {
      await slow(fault.delayMs);
    }
  }
}

async function meetAfter(
  fault: Fault | null,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (fault === 'reset-after') {
    request.raw.socket.resetAndDestroy();
  } else if (fault === 'status-after') {
    void reply.code(500).type('application/json');
    return JSON.stringify(new GitHubError(500, 'Server Error').body());
  } else if (fault === 'truncated-body' || fault === 'empty-body') {
    const text = typeof payload === 'string' ? payload : '';
    return fault === 'empty-body' ? '' : text.slice(0, Math.floor(text.length / 2));
  } else if (typeof fault === 'object' && fault !== null && 'delayMs' in fault && fault.when === 'after') {
    await slow(fault.delayMs);
  }
  return payload;
}

/** Nobody has to wait for an answer that no client waits for: a process whose server is closed ends. */
function slow(ms: number): Promise<void> {
  return delay(ms, undefined, { ref: false });
}

/** Every installation has its own limit; so has the App, and all that come without a credential share one. */
function limitKey(credential: string | null, installationId: number | null): string {
  if (installationId !== null) {
    return `installation/${installationId}`;
  }
  return credential === null ? 'anonymous' : 'app';
}

export function rateLimited(caller: Caller): GitHubError {
  const whose = caller.kind === 'installation' ? `installation ID ${caller.installation.id}` : caller.kind;
  return new GitHubError(403, `API rate limit exceeded for ${whose}.`);
}
