import type { Queue, StepLog } from '@dispatcher/lambda';
import { type AccessStore, InvalidCursorError } from '@dispatcher/store';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Health } from './resources/responses.ts';
import { addDeadLetterRoutes, type DeadLetterDependencies } from './resources/dead-letter-actions.ts';
import { createDoor } from './auth/authenticate.ts';
import { addEtag } from './http/etag.ts';
import { addIdempotency } from './http/idempotency.ts';
import { addOpenApiRoute } from './openapi/openapi-route.ts';
import { collectRoutes } from './openapi/described-routes.ts';
import { type Authentication, checkMutation, decoratePrincipal, findPrincipal, setPrincipal } from './auth/principal.ts';
import { Problem, sendProblem } from './http/problem.ts';
import { addReplayRoutes } from './resources/replay.ts';
import { addResources } from './resources/index.ts';
import type { ApiReads } from './resources/api-reads.ts';
import { validateWithZod, type ZodTypeProvider } from './http/zod-provider.ts';

export interface AdminDependencies {
  readonly reads: ApiReads;
  readonly access: AccessStore;
  readonly authentication: Authentication;
  /** The queue `runs`. */
  readonly runs: Queue;
  readonly deadLetters: DeadLetterDependencies;
  readonly version: string;
  readonly log: StepLog;
  /** Milliseconds since the epoch; the system's clock where it is left out. */
  readonly now?: () => number;
}

/** Nothing here is a page, and nothing may be kept but what `addEtag` lets the asker's own cache check again. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

/**
 * The admin API: the same app under Lambda, locally and in tests. Everything but `/health` needs a principal, and every
 * method but GET and HEAD an operator.
 */
export function createAdminApp(deps: AdminDependencies): FastifyInstance {
  const { reads, access, authentication, runs, deadLetters, version, log, now = Date.now } = deps;
  const app = fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    // Fastify's own 100 would cut off what the schemas of the paths let through.
    routerOptions: { maxParamLength: 200 },
    // An address that cannot be decoded reaches no hook and no error handler.
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply.headers(securityHeaders), new Problem(error.statusCode ?? 400, error.message));
    },
  });
  const routes = collectRoutes(app);
  app.setValidatorCompiler(validateWithZod);
  // Schemas describe the answers; what is stored goes out as it is stored.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders);
  });
  app.addHook('onResponse', async (request, { statusCode: status, elapsedTime: milliseconds }) => {
    const { method, routeOptions, id: requestId } = request;
    const principal = findPrincipal(request)?.name;
    log.info('request answered', { method, route: routeOptions.url, status, milliseconds, requestId, principal });
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => sendProblem(reply, problemOf(error, request, log)));
  app.setNotFoundHandler(notFound);

  decoratePrincipal(app);
  const enter = createDoor({ authentication, keys: access.keys, now });
  // For the whole app, so that a new route has no way round it; what there is must not be told to strangers either.
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.open === true) return;
    setPrincipal(request, await enter(request));
    checkMutation(request);
  });
  addIdempotency(app, access.idempotency, log);

  const health = { status: 'ok', version, authentication: authentication.mode } as const;
  const healthSchema = {
    summary: 'Whether it is there, and how to get in. Open to everybody.',
    response: { 200: Health },
  };
  app.get('/health', { config: { open: true }, schema: healthSchema }, async () => health);
  app.register(
    async (api) => {
      api.addHook('onSend', addEtag);
      const typed = api.withTypeProvider<ZodTypeProvider>();
      addResources(typed, reads);
      addReplayRoutes(typed, { reads, runs, now });
      addDeadLetterRoutes(typed, deadLetters);
      addOpenApiRoute(typed, routes, version);
    },
    { prefix: '/api' },
  );
  return app;
}

function notFound({ method, url }: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, new Problem(404, `There is no ${method} ${url.split('?')[0]}.`));
}

function problemOf(error: FastifyError, request: FastifyRequest, log: StepLog): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidCursorError) return new Problem(400, error.message);
  if (error.statusCode !== undefined && error.statusCode < 500) return new Problem(error.statusCode, error.message);
  log.error('request failed', { requestId: request.id, error });
  return new Problem(500, `Something failed here. The log tells more under request ${request.id}.`);
}
