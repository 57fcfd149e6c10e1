import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { type EmulatorControl, emulatorControl } from './control.ts';
import { type Core, type Settings } from './core.ts';
import { UsedJwts } from './credentials.ts';
import { GitHubError, notFound } from './errors.ts';
import { Faults } from './faults.ts';
import { graphqlRoute } from './routes-graphql.ts';
import { installGate } from './gate.ts';
import { PendingManifests } from './manifests.ts';
import { pages } from './pages.ts';
import { openStateFile, readState } from './persistence.ts';
import { RateLimits } from './rate-limits.ts';
import { RequestLog } from './request-log.ts';
import { appRoutes } from './routes-app.ts';
import { conversionRoute, manifestPages } from './routes-manifest.ts';
import { controlRoutes } from './routes-control.ts';
import { repositoryRoutes } from './routes-repository.ts';
import { appFromSeed, ensureBot, type Seed, stateFromSeed } from './seed.ts';
import type { State } from './state.ts';
import { HeldWebhooks } from './held-webhooks.ts';
import { deliver } from './webhooks.ts';
import { World } from './world.ts';

export interface EmulatorOptions {
  readonly seed: Seed;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. The control API asks for no credential: keep it on this machine. */
  readonly host?: string;
  /** Where the state is kept. A restart goes on from there, and takes only the App from the seed. Default: memory. */
  readonly dataDir?: string;
  /** Milliseconds since 1970; default the machine's clock. */
  readonly now?: () => number;
  readonly settings?: Partial<Settings>;
  /** Requests an hour for each caller and resource; default 5,000. */
  readonly rateLimit?: number;
  /** Default true: a JWT is taken once, see {@link UsedJwts}. */
  readonly refuseRepeatedJwt?: boolean;
}

export interface Emulator {
  /** `GITHUB_API_URL`: REST at `/`, GraphQL at `/graphql`; the paths of GHES (`/api/v3`, `/api/graphql`) work too. */
  readonly url: string;
  readonly control: EmulatorControl;
  close(): Promise<void>;
}

const BODY_LIMIT = 30 * 1024 * 1024;

/** Starts a GitHub on this machine. Throws a sentence where the seed is wrong or the port is taken. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const clock = options.now ?? Date.now;
  const core = await makeCore(options, clock);
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    // A misspelt field of a control call is refused, not dropped.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allowUnionTypes: true } },
    forceCloseConnections: true,
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/api\/graphql/, '/graphql').replace(/^\/api\/v3(?=\/)/, ''),
  });
  parseEveryBodyAsJson(app);
  answerErrors(app);
  await app.register(async (control) => controlRoutes(control, core, clock), { prefix: '/_emulator' });
  pages(app, core);
  await app.register(async (web) => manifestPages(web, core));
  await app.register(async (api) => {
    installGate(api, core);
    appRoutes(api, core);
    conversionRoute(api, core);
    repositoryRoutes(api, core);
    graphqlRoute(api, core);
    api.all('*', () => {
      throw notFound();
    });
  });
  core.base = await listen(app, options.port ?? 0, options.host ?? '127.0.0.1');
  return {
    url: core.base,
    control: emulatorControl(core.base),
    async close() {
      await app.close();
      await core.save();
    },
  };
}

async function listen(app: FastifyInstance, port: number, host: string): Promise<string> {
  try {
    return await app.listen({ port, host });
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new Error(`Port ${port} is taken. Choose another for the GitHub emulator, or 0 for any.`, { cause: error });
    }
    throw error;
  }
}

async function makeCore(options: EmulatorOptions, clock: () => number): Promise<Core> {
  const world = new World(await initialState(options, clock), clock);
  ensureBot(world);
  const core: Core = {
    world,
    base: '',
    settings: {
      tokenShape: 'long',
      dispatchApi: 'github.com',
      runListLagMs: 0,
      webhookTimeoutMs: 10_000,
      ...options.settings,
    },
    faults: new Faults(),
    held: new HeldWebhooks((outgoing) => deliver(core.world, outgoing, core.settings.webhookTimeoutMs)),
    requests: new RequestLog(),
    manifests: new PendingManifests(),
    rateLimits: new RateLimits(options.rateLimit ?? 5_000, () => core.world.now()),
    usedJwts: (options.refuseRepeatedJwt ?? true) ? new UsedJwts() : null,
    perRequest: new WeakMap(),
    save: async () => {},
  };
  if (options.dataDir === undefined) {
    return core;
  }
  const file = await openStateFile(options.dataDir, () => core.world.state);
  return Object.assign(core, { save: () => file.save() });
}

async function initialState(options: EmulatorOptions, clock: () => number): Promise<State> {
  const kept = options.dataDir === undefined ? null : await readState(options.dataDir);
  return kept === null
    ? stateFromSeed(options.seed, clock)
    : { ...kept, app: { ...appFromSeed(options.seed.app, clock), createdAt: kept.app.createdAt } };
}

/** GitHub reads a body as JSON whatever its content type says, and takes an empty one for none. */
function parseEveryBodyAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body.toString()));
    } catch {
      done(new GitHubError(400, 'Problems parsing JSON'));
    }
  });
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | GitHubError>((error, request, reply) => {
    if (error instanceof GitHubError) {
      // GraphQL says "too many requests" with HTTP 200.
      if (request.url.startsWith('/graphql') && error.message.startsWith('API rate limit exceeded')) {
        return reply.code(200).send({ errors: [{ type: 'RATE_LIMITED', message: error.message }] });
      }
      return reply.code(error.status).send(error.body());
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      console.error(error);
    }
    return reply.code(status).send(new GitHubError(status, error.message).body());
  });
}
