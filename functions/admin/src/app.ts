import {
  type ConfirmRepositoryDependencies,
  createFailedAuthenticationLimiter,
  methodNotAllowed,
  ProblemError,
  type Queue,
  type StepLog,
} from '@dispatcher/lambda';
import { type AccessStore, InvalidCursorError } from '@dispatcher/store';
import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { createAuthenticator } from './auth/authenticate.ts';
import { authorizeMutation } from './auth/authorize.ts';
import { type Authentication, decoratePrincipal, findPrincipal, setPrincipal } from './auth/principal.ts';
import { type DashboardFiles, isDashboardPage } from './dashboard/dashboard-files.ts';
import { addDashboardRoutes } from './dashboard/dashboard-routes.ts';
import { addEtag } from './http/etag.ts';
import { addIdempotency } from './http/idempotency.ts';
import { plugin } from './http/plugin.ts';
import { sendProblem } from './http/problem.ts';
import { NoQuery } from './http/requests.ts';
import { validateWithZod, type ZodTypeProvider } from './http/zod-provider.ts';
import { allowedMethods, collectRoutes, type DescribedRoute } from './openapi/described-routes.ts';
import { addOpenApiRoute } from './openapi/openapi-route.ts';
import type { ApiReads } from './resources/api-reads.ts';
import { addDeadLetterActionRoutes, type DeadLetterDependencies } from './resources/dead-letter-actions.ts';
import { addResources } from './resources/index.ts';
import { addConfirmRepositoryRoute } from './resources/confirm-repository.ts';
import { addBulkReplayRoutes } from './resources/bulk-replays.ts';
import type { BulkReplayDependencies } from './bulk-replays/advance-bulk-replay.ts';
import { addPauseRoutes, type PauseDependencies } from './resources/pause.ts';
import { addKeyRoutes, type KeyDependencies } from './resources/api-key-changes.ts';
import { addReplayRoutes } from './resources/replay.ts';
import { addScheduleRoutes } from './resources/schedules.ts';
import type { ScheduleDependencies } from './schedules/schedule-changes.ts';
import { addWebhookRoutes } from './resources/webhooks.ts';
import type { WebhookDependencies } from './webhooks/webhook-changes.ts';
import { HealthResponse } from './resources/responses.ts';
import { addMeRoute } from './sign-in/me-route.ts';
import { createSessionAuthentication } from './sign-in/session-authentication.ts';
import { addSignInRoutes } from './sign-in/sign-in-routes.ts';
import { authorizeLimitedRead, decorateReads } from './visibility/request-reads.ts';

export interface AdminDependencies {
  readonly reads: ApiReads;
  readonly access: AccessStore;
  readonly authentication: Authentication;
  /** Where browsers reach this API, without a path; null: under the host of the request. */
  readonly publicUrl: string | null;
  /** The queue `runs`. */
  readonly runs: Queue;
  readonly deadLetters: DeadLetterDependencies;
  readonly pause: PauseDependencies;
  readonly apiKeys: KeyDependencies;
  readonly confirmation: ConfirmRepositoryDependencies;
  readonly bulkReplays: BulkReplayDependencies;
  readonly schedules: ScheduleDependencies;
  readonly webhooks: WebhookDependencies;
  /** Null if the dashboard is not built. */
  readonly dashboard: DashboardFiles | null;
  readonly version: string;
  /** `IMAGE_DIGEST`; null if it is not known. */
  readonly imageDigest: string | null;
  readonly log: StepLog;
  /** Milliseconds since the epoch; the system's clock by default. */
  readonly now?: () => number;
}

/** For responses that are never rendered as pages. `addEtag` relaxes `cache-control` for the client's own cache. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

type Authenticate = ReturnType<typeof createAuthenticator>;

/**
 * Creates the admin API: the same app on Lambda, locally and in tests. Every route except `/health` needs authentication,
 * and every method except GET and HEAD the role `operator`.
 */
export function createAdminApp(deps: AdminDependencies): FastifyInstance {
  const { access, authentication, publicUrl, log, now = Date.now } = deps;
  const { keys } = access;
  const failedAuthentications = createFailedAuthenticationLimiter(now);
  const sessions = createSessionAuthentication({ sessions: access.sessions, authentication, publicUrl, log, now });
  const authenticate = createAuthenticator({ authentication, sessions, failedAuthentications, keys, log, now });
  const app = createServer(authenticate, log);
  // Hooks run in the order in which they are added. An `onRoute` hook sees only the routes that are added after it.
  requireQuerySchema(app);
  const routes = collectRoutes(app);
  addHeadersAndLog(app, log);
  addErrorHandlers(app, deps, routes);
  decoratePrincipal(app);
  decorateReads(app, deps.reads);
  addAuthentication(app, authenticate, routes);
  addIdempotency(app, access.idempotency, log);
  addHealthRoute(app, deps, now);
  const signIn = { authentication, sessions, failedAuthentications, publicUrl, log, now };
  app.register(
    plugin('sign-in', async (auth) => addSignInRoutes(auth, signIn)),
    { prefix: '/auth' },
  );
  app.register(
    plugin('api', async (api) => addApi(api, deps, routes, now)),
    { prefix: '/api' },
  );
  return app;
}

function createServer(authenticate: Authenticate, log: StepLog): FastifyInstance {
  return fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    // Instead of Ajv and fast-json-stringify, which the bundle leaves out.
    schemaController: {
      compilersFactory: {
        // Fastify's type knows only Ajv's schemas.
        buildValidator: (() => validateWithZod) as never,
        // The schemas only document the responses: stored data is returned as it is stored.
        buildSerializer: () => () => (response) => JSON.stringify(response),
      },
    },
    // Fastify's default of 100 would reject path parameters that the schemas allow.
    routerOptions: { maxParamLength: 200 },
    // A path that the router refuses (it cannot be decoded, or a parameter is too long) reaches no hook and no error handler.
    frameworkErrors: (failure, request, reply) => {
      const refusal = authenticate(request).then(
        () => new ProblemError(failure.statusCode ?? 400, failure.message),
        (cause: FastifyError) => problemOf(cause, request, log),
      );
      void refusal.then((problem) => sendProblem(reply.headers(securityHeaders), problem));
    },
  });
}

/** A route without a query schema takes no parameters: one that is ignored would look like one that worked. */
function requireQuerySchema(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.open !== true) route.schema = { querystring: NoQuery, ...route.schema };
  });
}

function addHeadersAndLog(app: FastifyInstance, log: StepLog): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders);
  });
  app.addHook('onResponse', async (request, { statusCode: status, elapsedTime: milliseconds }) => {
    const { method, routeOptions, id: requestId } = request;
    const principal = findPrincipal(request)?.name;
    log.info('request completed', { method, route: routeOptions.url, status, milliseconds, requestId, principal });
  });
}

/** Adds the responses to errors and to paths without a route, some of which are pages of the dashboard. */
function addErrorHandlers(
  app: FastifyInstance,
  { dashboard, log }: AdminDependencies,
  routes: readonly DescribedRoute[],
): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => sendProblem(reply, problemOf(error, request, log)));
  const sendPage = addDashboardRoutes(app, dashboard);
  // Never called for an unauthenticated request, except for a page: `addAuthentication` refuses it first.
  app.setNotFoundHandler((request, reply) => {
    if (isDashboardPage(request.method, request.url)) return sendPage(reply);
    throw noSuchRoute(request, routes);
  });
}

/** Authenticates every request of the app: no new route can bypass it, and unauthenticated clients do not learn which routes exist. */
function addAuthentication(app: FastifyInstance, authenticate: Authenticate, routes: readonly DescribedRoute[]): void {
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.open === true) return;
    // The dashboard itself contains no data.
    if (request.is404 && isDashboardPage(request.method, request.url)) return;
    setPrincipal(request, await authenticate(request));
    // Before the role and the content type are checked: neither would make the request succeed.
    if (request.is404) throw noSuchRoute(request, routes);
    authorizeMutation(request);
    authorizeLimitedRead(request);
  });
}

function addHealthRoute(app: FastifyInstance, deps: AdminDependencies, now: () => number): void {
  const { version, imageDigest, authentication } = deps;
  const startedAt = new Date(now()).toISOString();
  const health = { status: 'ok', version, imageDigest, startedAt, authentication: authentication.mode } as const;
  const schema = {
    summary:
      'Returns the health, what is running since when, and the configured authentication. Needs no authentication.',
    response: { 200: HealthResponse },
  };
  app.get('/health', { config: { open: true }, schema }, async () => health);
}

function addApi(
  app: FastifyInstance,
  deps: AdminDependencies,
  routes: readonly DescribedRoute[],
  now: () => number,
): void {
  app.addHook('onSend', addEtag);
  const api = app.withTypeProvider<ZodTypeProvider>();
  addMeRoute(api);
  addResources(api, now);
  addReplayRoutes(api, { reads: deps.reads, runs: deps.runs, now });
  addBulkReplayRoutes(api, deps.bulkReplays);
  addDeadLetterActionRoutes(api, deps.deadLetters);
  addPauseRoutes(api, deps.pause);
  addKeyRoutes(api, deps.apiKeys);
  addScheduleRoutes(api, deps.schedules);
  addWebhookRoutes(api, deps.webhooks);
  addConfirmRepositoryRoute(api, deps.confirmation);
  addOpenApiRoute(api, routes, deps.version);
}

/** Returns 405 with `Allow` if the path has routes for other methods, else 404. */
function noSuchRoute({ method, url }: FastifyRequest, routes: readonly DescribedRoute[]): ProblemError {
  const [path = ''] = url.split('?');
  const allowed = allowedMethods(routes, path);
  if (allowed.length === 0) return new ProblemError(404, `There is no route ${method} ${path}.`);
  return methodNotAllowed(`${method} ${path}`, allowed);
}

function problemOf(error: FastifyError, request: FastifyRequest, log: StepLog): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof InvalidCursorError) return new ProblemError(400, error.message);
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY')
    return new ProblemError(400, 'The request body is not valid JSON.');
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new ProblemError(error.statusCode, error.message);
  log.error('request failed', { requestId: request.id, error });
  return new ProblemError(500, `Internal error. See the log for request ${request.id}.`);
}
