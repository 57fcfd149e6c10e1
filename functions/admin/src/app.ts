import type { StepLog } from '@dispatcher/lambda';
import { CursorInvalid } from '@dispatcher/store';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Health } from './answers.ts';
import { addApiRoutes, type ApiReads } from './api.ts';
import type { Authentication } from './authentication.ts';
import { Problem, sendProblem } from './problem.ts';
import { validateWithZod } from './zod-provider.ts';

export interface AdminDependencies {
  readonly reads: ApiReads;
  readonly authentication: Authentication;
  readonly version: string;
  readonly log: StepLog;
}

/** Nothing here is a page, and nothing may be kept: the answers tell of private repositories. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

/** The admin API: the same app under Lambda, locally and in tests. Everything under `/api` needs a principal. */
export function createAdminApp({ reads, authentication, version, log }: AdminDependencies): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    // An address that cannot be decoded reaches no hook and no error handler.
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply.headers(securityHeaders), new Problem(error.statusCode ?? 400, error.message));
    },
  });
  app.setValidatorCompiler(validateWithZod);
  // Schemas describe the answers; what is stored goes out as it is stored.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders);
  });
  app.addHook('onResponse', async ({ method, routeOptions, id }, { statusCode: status, elapsedTime }) => {
    log.info('request answered', { method, route: routeOptions.url, status, milliseconds: elapsedTime, requestId: id });
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => sendProblem(reply, problemOf(error, request, log)));
  app.setNotFoundHandler(notFound);

  const health = { status: 'ok', version, authentication: authentication.mode } as const;
  app.get('/health', { schema: { response: { 200: Health } } }, async () => health);
  app.register(
    async (api) => {
      api.addHook('onRequest', (request) => authentication.authenticate(request));
      // Of its own, so that it stands behind the hook: what there is must not be told to strangers.
      api.setNotFoundHandler(notFound);
      addApiRoutes(api, reads);
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
  if (error instanceof CursorInvalid) return new Problem(400, error.message);
  if (error.statusCode !== undefined && error.statusCode < 500) return new Problem(error.statusCode, error.message);
  log.error('request failed', { requestId: request.id, error });
  return new Problem(500, `Something failed here. The log tells more under request ${request.id}.`);
}
