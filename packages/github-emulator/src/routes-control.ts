import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DeliverRequest, DeliveryResult, Push, RepositoryChange, RunRequest, SettingsChange } from './control.ts';
import {
  clockSchema,
  conclusionSchema,
  deliverSchema,
  faultsSchema,
  installationSchema,
  ownerSchema,
  pushSchema,
  repositoryChangeSchema,
  repositorySchema,
  runSchema,
  seedSchema,
  settingsSchema,
  suspensionSchema,
  webhookSchema,
  workflowChangeSchema,
} from './control-schemas.ts';
import { type Core, queryOf } from './core.ts';
import { GitHubError } from './errors.ts';
import type { FaultRule } from './faults.ts';
import type { FileContent, Files } from './git.ts';
import {
  completeRun,
  deliveryResult,
  NO_URL,
  repositoryNamed,
  reportRun,
  rerun,
  runHappens,
  stopRun,
} from './happenings.ts';
import { workflowOf } from './runs.ts';
import {
  addOwner,
  addRepository,
  type Seed,
  type SeedInstallation,
  type SeedOwner,
  type SeedRepository,
  setInstallation,
  stateFromSeed,
} from './seed.ts';
import { type Conclusion, type Repository, type Run, type Workflow } from './state.ts';
import { World } from './world.ts';
import { deliver } from './webhooks.ts';

/** The emulator's own API, below `/_emulator`: what on GitHub people and time do. See {@link EmulatorControl}. */
export function controlRoutes(app: FastifyInstance, core: Core, clock: () => number): void {
  // What a seed or a push breaks is the caller's to mend, so it is no 500.
  app.setErrorHandler<Error & { statusCode?: number; status?: number }>((error, _request, reply) =>
    reply.code(error.status ?? error.statusCode ?? 422).send({ message: error.message }),
  );
  app.addHook('onSend', async (request) => {
    if (request.method !== 'GET') {
      await core.save();
    }
  });
  app.put<{ Body: Seed }>('/seed', { schema: { body: seedSchema } }, (request) => {
    core.world = new World(stateFromSeed(request.body, clock), clock);
    return {};
  });
  app.patch<{ Body: { url?: string | null; secret?: string } }>(
    '/webhook',
    { schema: { body: webhookSchema } },
    (request) => {
      Object.assign(core.world.state.app.webhook, request.body);
      return {};
    },
  );
  repositoryControls(app, core);
  installationControls(app, core);
  runControls(app, core);
  observationControls(app, core);
}

function repositoryControls(app: FastifyInstance, core: Core): void {
  app.post<{ Body: SeedOwner }>('/owners', { schema: { body: ownerSchema } }, (request) =>
    addOwner(core.world, request.body),
  );
  app.post<{ Body: SeedRepository }>('/repositories', { schema: { body: repositorySchema } }, (request) => ({
    id: addRepository(core.world, request.body).id,
  }));
  app.patch<{ Body: RepositoryChange }>(
    '/repositories/:owner/:repo',
    { schema: { body: repositoryChangeSchema } },
    (request) => {
      const { issues, ...change } = request.body;
      Object.assign(repositoryOf(core, request), change, issues === undefined ? {} : { issuesEnabled: issues });
      return {};
    },
  );
  app.delete('/repositories/:owner/:repo', (request) => {
    const gone = repositoryOf(core, request);
    core.world.state.repositories = core.world.state.repositories.filter((repository) => repository !== gone);
    return {};
  });
  app.post<{ Body: Push }>('/repositories/:owner/:repo/push', { schema: { body: pushSchema } }, (request) => {
    const repository = repositoryOf(core, request);
    const { branch = repository.defaultBranch, files, message = 'Update', tag } = request.body;
    const sha = core.world.commit(repository, branch, changed(filesOf(repository, branch), files), message);
    if (tag !== undefined) {
      repository.tags[tag] = sha;
    }
    return { sha };
  });
  app.patch<{ Body: { state: Workflow['state'] } }>(
    '/repositories/:owner/:repo/workflows/:workflow',
    { schema: { body: workflowChangeSchema } },
    (request) => {
      const { workflow } = request.params as { readonly workflow: string };
      workflowOf(repositoryOf(core, request), workflow).state = request.body.state;
      return {};
    },
  );
}

function installationControls(app: FastifyInstance, core: Core): void {
  app.post<{ Body: SeedInstallation }>('/installations', { schema: { body: installationSchema } }, (request) => {
    setInstallation(core.world, request.body);
    return {};
  });
  app.patch<{ Params: { id: string }; Body: { suspended: boolean } }>(
    '/installations/:id',
    { schema: { body: suspensionSchema } },
    (request) => {
      const installation = core.world.installation(Number(request.params.id));
      if (installation === undefined) {
        throw new GitHubError(404, `The emulator has no installation ${request.params.id}.`);
      }
      installation.suspendedAt = request.body.suspended ? core.world.timestamp() : null;
      return {};
    },
  );
  app.delete<{ Params: { id: string } }>('/installations/:id', (request) => {
    const { state } = core.world;
    state.installations = state.installations.filter(({ id }) => String(id) !== request.params.id);
    return {};
  });
  app.delete('/tokens', (request) => {
    const { installation } = queryOf(request);
    const { state } = core.world;
    state.tokens = Object.fromEntries(
      Object.entries(state.tokens).filter(
        ([, token]) => installation !== undefined && String(token.installationId) !== installation,
      ),
    );
    return {};
  });
}

function runControls(app: FastifyInstance, core: Core): void {
  app.get('/runs', () => core.world.state.runs.map((run) => reportRun(core, run)));
  app.post<{ Body: RunRequest }>('/runs', { schema: { body: runSchema } }, (request) => runHappens(core, request.body));
  app.post<{ Params: { id: string }; Body: { conclusion: Conclusion } }>(
    '/runs/:id/complete',
    { schema: { body: conclusionSchema } },
    (request) => completeRun(core, runById(core, request.params.id), request.body.conclusion),
  );
  app.post<{ Params: { id: string } }>('/runs/:id/stop', (request) => stopRun(core, runById(core, request.params.id)));
  app.post<{ Params: { id: string }; Body: { conclusion: Conclusion } }>(
    '/runs/:id/rerun',
    { schema: { body: conclusionSchema } },
    (request) => rerun(core, runById(core, request.params.id), request.body.conclusion),
  );
  app.post<{ Body: DeliverRequest }>('/deliver', { schema: { body: deliverSchema } }, (request) =>
    deliverAnything(core, request.body),
  );
}

async function deliverAnything(core: Core, request: DeliverRequest): Promise<DeliveryResult> {
  const { payload, event = 'workflow_run', guid, signWith } = request;
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const delivery = await deliver(core.world, { event, body, guid, signWith }, core.settings.webhookTimeoutMs);
  if (delivery === null) {
    throw new GitHubError(409, NO_URL);
  }
  return deliveryResult(delivery);
}

function observationControls(app: FastifyInstance, core: Core): void {
  app.get('/issues', () =>
    core.world.state.issues.map((issue) => {
      const repository = core.world.repositoryById(issue.repositoryId);
      return { ...issue, repository: repository === undefined ? '' : `${repository.owner}/${repository.name}` };
    }),
  );
  app.get('/deliveries', () => core.world.state.deliveries);
  app.get('/requests', () => core.requests.report());
  app.delete('/requests', () => {
    core.requests.clear();
    return {};
  });
  app.get('/clock', () => ({ now: new Date(core.world.now()).toISOString() }));
  app.post<{ Body: { advanceMs: number } }>('/clock', { schema: { body: clockSchema } }, (request) => {
    core.world.state.clockOffsetMs += request.body.advanceMs;
    return { now: new Date(core.world.now()).toISOString() };
  });
  app.get('/faults', () => core.faults.list());
  app.post<{ Body: { rules: readonly FaultRule[]; seed?: number } }>(
    '/faults',
    { schema: { body: faultsSchema } },
    (request) => {
      core.faults.set(request.body.rules, request.body.seed);
      return {};
    },
  );
  app.post('/webhooks/release', async () => ({ released: await core.held.release() }));
  app.delete('/faults', () => {
    core.faults.set([]);
    return {};
  });
  app.patch<{ Body: SettingsChange }>('/settings', { schema: { body: settingsSchema } }, (request) => {
    const { rateLimit, ...settings } = request.body;
    Object.assign(core.settings, settings);
    core.rateLimits.limit = rateLimit ?? core.rateLimits.limit;
    return {};
  });
}

function repositoryOf(core: Core, request: FastifyRequest): Repository {
  const { owner, repo } = request.params as { readonly owner: string; readonly repo: string };
  return repositoryNamed(core.world, `${owner}/${repo}`);
}

function filesOf(repository: Repository, branch: string): Files {
  const head = repository.branches[branch] ?? repository.branches[repository.defaultBranch] ?? '';
  return repository.commits[head]?.files ?? {};
}

function changed(before: Files, change: Push['files']): Files {
  const files: Record<string, FileContent> = { ...before };
  for (const [path, content] of Object.entries(change)) {
    if (content === null) {
      delete files[path];
    } else {
      files[path] = content;
    }
  }
  return files;
}

function runById(core: Core, id: string): Run {
  const found = core.world.state.runs.find((run) => String(run.id) === id);
  if (found === undefined) {
    throw new GitHubError(404, `The emulator has no run ${id}: GET /_emulator/runs lists them.`);
  }
  return found;
}
