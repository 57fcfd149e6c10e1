import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AjvCompiler } from '@fastify/ajv-compiler';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { type EmulatorControl, createEmulatorControl } from './control/control-client.ts';
import { type EmulatorContext, type Settings } from './server/context.ts';
import { UsedJwts } from './auth/authentication.ts';
import { JobTokens } from './auth/job-tokens.ts';
import { ApiError, notFound } from './common/api-error.ts';
import { FaultInjector } from './faults/faults.ts';
import { addGraphqlRoute } from './graphql/graphql-route.ts';
import { plugin } from './server/plugin.ts';
import { addRequestHooks } from './server/request-hooks.ts';
import { PendingManifests } from './state/app-manifests.ts';
import { AuthorizationCodes } from './state/user-authorizations.ts';
import { addPages } from './web/pages.ts';
import { openStateFile, type StateFile } from './state/state-file.ts';
import { addHostCheck, addTokenCheck } from './server/local-access.ts';
import { RateLimits } from './server/rate-limits.ts';
import { RequestLog } from './server/request-log.ts';
import { addIssuerRoutes } from './rest/issuer-routes.ts';
import { addRestRoutes } from './rest/rest-routes.ts';
import { addAppManifestPages } from './web/app-manifest-pages.ts';
import { addAuthorizePages } from './web/authorize-pages.ts';
import { addControlRoutes } from './control/control-routes.ts';
import { RunTimers } from './control/run-timers.ts';
import { withStoredKeys } from './state/app-keys.ts';
import { appFromSeed, ensureBot, type Seed, stateFromSeed } from './state/seed.ts';
import type { State } from './state/entities.ts';
import { DelayedWebhooks } from './webhooks/delayed-webhooks.ts';
import { deliverWebhook } from './webhooks/webhook-delivery.ts';
import { StateStore } from './state/state-store.ts';

export interface EmulatorOptions {
  readonly seed: Seed;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Instead of `port`: used if it is free, otherwise any free port. */
  readonly preferredPort?: number;
  /** Default: 127.0.0.1. The App manifest pages have no sign-in: do not expose them to a network. */
  readonly host?: string;
  /** Directory of the state. After a restart only the App comes from the seed. Default: the state is kept in memory. */
  readonly dataDir?: string;
  /** The token that every control call needs. Default: a random one. */
  readonly controlToken?: string;
  /** Returns milliseconds since the epoch. Default: the system clock. */
  readonly now?: () => number;
  readonly settings?: Partial<Settings>;
  /** Requests per hour of each caller and resource. Default: 5,000. */
  readonly rateLimit?: number;
  /** Whether a JWT is accepted only once, see {@link UsedJwts}. Default: true. */
  readonly refuseRepeatedJwt?: boolean;
}

export interface Emulator {
  /**
   * `GITHUB_API_URL`. REST is at `/` and GraphQL at `/graphql`; GHES's paths (`/api/v3`, `/api/graphql`) work as well.
   */
  readonly url: string;
  readonly control: EmulatorControl;
  /** For `createEmulatorControl` in another process. */
  readonly controlToken: string;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 30 * 1024 * 1024;
/** After a killed process, the emulator of the last start may still be exiting. */
const PORT_WAIT_MS = 2_000;

/** Shared by the emulators of a process: compiling the schemas takes longer than the rest of a start. */
const buildValidator = AjvCompiler();

/** Starts an emulator. Throws an error with instructions when the seed is invalid or the port is in use. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const clock = options.now ?? Date.now;
  const { host = '127.0.0.1', controlToken = randomBytes(20).toString('hex') } = options;
  const file = options.dataDir === undefined ? null : await openStateFile(options.dataDir);
  const context = createContext(options, clock, file);
  const timers = new RunTimers(context);
  context.runStarted = (run) => timers.start(run);
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    // Refuse unknown fields of control calls instead of removing them.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allowUnionTypes: true } },
    schemaController: { compilersFactory: { buildValidator } },
    forceCloseConnections: true,
    rewriteUrl: ({ url = '/' }) =>
      url
        .replace(/^\/api\/graphql/, '/graphql')
        .replace(/^\/api\/v3(?=\/)/, '')
        .replace(/^\/repositories\/(\d+)/, (path, id) => pathOfRepository(context, Number(id)) ?? path),
  });
  addHostCheck(app, host);
  parseEveryBodyAsJson(app);
  addErrorHandler(app);
  await app.register(
    plugin('control', async (control) => {
      addTokenCheck(control, controlToken);
      addControlRoutes(control, context, { clock, timers });
    }),
    { prefix: '/_emulator' },
  );
  addPages(app, context);
  await app.register(plugin('app-manifest', async (web) => addAppManifestPages(web, context)));
  await app.register(plugin('authorize', async (web) => addAuthorizePages(web, context)));
  await app.register(plugin('issuer', async (issuer) => addIssuerRoutes(issuer, context)));
  await app.register(
    plugin('api', async (api) => {
      addRequestHooks(api, context);
      addRestRoutes(api, context);
      addGraphqlRoute(api, context);
      api.all('*', () => {
        throw notFound();
      });
    }),
  );
  context.base =
    options.preferredPort === undefined
      ? await listenOn(app, options.port ?? 0, host)
      : await listenPreferring(app, options.preferredPort, host);
  timers.startAll();
  return {
    url: context.base,
    control: createEmulatorControl(context.base, controlToken),
    controlToken,
    async close() {
      await timers.stop();
      await app.close();
      await file?.close(() => context.store.state);
    },
  };
}

function pathOfRepository({ store }: EmulatorContext, id: number): string | null {
  const repository = store.repositoryById(id);
  return repository === undefined ? null : `/repos/${repository.owner}/${repository.name}`;
}

async function listenOn(app: FastifyInstance, port: number, host: string): Promise<string> {
  try {
    return await app.listen({ port, host });
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new Error(`Port ${port} is in use. Choose another port for the GitHub emulator, or 0 for any free port.`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** Listens on the port if it is free within {@link PORT_WAIT_MS}, otherwise on any free port. */
async function listenPreferring(app: FastifyInstance, port: number, host: string): Promise<string> {
  for (const deadline = Date.now() + PORT_WAIT_MS; ; ) {
    try {
      return await app.listen({ port, host });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (Date.now() > deadline) return app.listen({ port: 0, host });
    }
    await delay(100);
  }
}

function createContext(options: EmulatorOptions, clock: () => number, file: StateFile | null): EmulatorContext {
  const store = new StateStore(initialState(options, clock, file?.stored ?? null), clock);
  ensureBot(store);
  const context: EmulatorContext = {
    store,
    base: '',
    settings: {
      tokenShape: 'long',
      dispatchApi: 'github.com',
      runListLagMs: 0,
      checkListLagMs: 0,
      comparedCommits: 'oldest-first',
      webhookTimeoutMs: 10_000,
      runDurationMs: null,
      runConclusion: 'success',
      ...options.settings,
    },
    faults: new FaultInjector(),
    delayedWebhooks: new DelayedWebhooks((outgoing) =>
      deliverWebhook(context.store, outgoing, context.settings.webhookTimeoutMs),
    ),
    requests: new RequestLog(),
    manifests: new PendingManifests(),
    authorizationCodes: new AuthorizationCodes(),
    jobTokens: new JobTokens(),
    rateLimits: new RateLimits(options.rateLimit ?? 5_000, () => context.store.now()),
    usedJwts: (options.refuseRepeatedJwt ?? true) ? new UsedJwts() : null,
    runStarted: () => undefined,
    requestStates: new WeakMap(),
    save: async () => file?.save(() => context.store.state),
  };
  return context;
}

function initialState(options: EmulatorOptions, clock: () => number, stored: State | null): State {
  return stored === null
    ? stateFromSeed(options.seed, clock)
    : {
        ...stored,
        app: { ...withStoredKeys(appFromSeed(options.seed.app, clock), stored.app), createdAt: stored.app.createdAt },
      };
}

/** GitHub parses every body as JSON, whatever its content type, and treats an empty one as missing. */
function parseEveryBodyAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body.toString()));
    } catch {
      done(new ApiError(400, 'Problems parsing JSON'));
    }
  });
}

function addErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | ApiError>((error, request, reply) => {
    if (error instanceof ApiError) {
      // GraphQL reports a rate limit with HTTP 200.
      if (request.url.startsWith('/graphql') && error.message.startsWith('API rate limit exceeded')) {
        return reply.code(200).send({ errors: [{ type: 'RATE_LIMITED', message: error.message }] });
      }
      const { url } = error.extra;
      if (error.status < 400 && typeof url === 'string') void reply.header('location', url);
      return reply.code(error.status).send(error.body());
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      console.error(error);
    }
    return reply.code(status).send(new ApiError(status, error.message).body());
  });
}
