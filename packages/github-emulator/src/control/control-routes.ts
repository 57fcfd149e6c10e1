import type { FastifyInstance, FastifyRequest } from 'fastify';
import type {
  DeliverRequest,
  DeliveryResult,
  PullRequestRequest,
  Push,
  RepositoryChange,
  RunRequest,
  SettingsChange,
} from './control-client.ts';
import { deleteOtherAppKeys, generateAppKey } from '../state/app-keys.ts';
import { addCheckControls } from './check-controls.ts';
import {
  appKeySchema,
  clockSchema,
  conclusionSchema,
  deliverSchema,
  faultsSchema,
  ownerSchema,
  pullRequestSchema,
  pushSchema,
  refSchema,
  renameRepositorySchema,
  renameSchema,
  repositoryChangeSchema,
  repositorySchema,
  runSchema,
  seedSchema,
  settingsSchema,
  transferSchema,
  webhookSchema,
  workflowChangeSchema,
} from './control-schemas.ts';
import { type EmulatorContext, queryOf } from '../server/context.ts';
import { ApiError } from '../common/api-error.ts';
import type { FaultRule } from '../faults/faults.ts';
import { addInstallationControls } from './installation-controls.ts';
import { addJobControls } from './job-controls.ts';
import { moveRef, pushCommit, removeRef } from './ref-changes.ts';
import { renameAccount } from './rename-account.ts';
import { changeRepository, renameRepository, transferRepository, updatePullRequest } from './repository-changes.ts';
import {
  completeRun,
  toDeliveryResult,
  NO_WEBHOOK_URL,
  findRepository,
  rerun,
  createCompletedRun,
  failRunAtStartup,
  runById,
  stopRun,
} from './run-lifecycle.ts';
import { renderRepositoryReport } from '../render/render-repositories.ts';
import { renderRunReport } from '../render/render-runs.ts';
import { findWorkflow } from '../workflows/workflow-runs.ts';
import {
  addOwner,
  addRepository,
  type Seed,
  type SeedOwner,
  type SeedRepository,
  stateFromSeed,
} from '../state/seed.ts';
import { type Conclusion, type Owner, type Repository, type Workflow } from '../state/entities.ts';
import { type RefChange, resolveCommit } from '../state/refs.ts';
import { StateStore } from '../state/state-store.ts';
import { revokeAuthorization } from '../server/revoke-authorization.ts';
import type { RunTimers } from './run-timers.ts';
import { deliverWebhook } from '../webhooks/webhook-delivery.ts';

/** Adds the control API below `/_emulator`: it does what people and time do on GitHub. See {@link EmulatorControl}. */
export function addControlRoutes(
  app: FastifyInstance,
  context: EmulatorContext,
  { clock, timers }: { readonly clock: () => number; readonly timers: RunTimers },
): void {
  // An invalid seed or push is the caller's error, so its status is 422 and not 500.
  app.setErrorHandler<Error & { statusCode?: number; status?: number }>((error, _request, reply) =>
    reply.code(error.status ?? error.statusCode ?? 422).send({ message: error.message }),
  );
  app.addHook('onSend', async (request) => {
    if (request.method !== 'GET') {
      await context.save();
    }
  });
  app.put<{ Body: Seed }>('/seed', { schema: { body: seedSchema } }, (request) => {
    context.store = new StateStore(stateFromSeed(request.body, clock), clock);
    return {};
  });
  app.patch<{ Body: { url?: string | null; secret?: string } }>(
    '/webhook',
    { schema: { body: webhookSchema } },
    (request) => {
      Object.assign(context.store.state.app.webhook, request.body);
      return {};
    },
  );
  app.post('/app/keys', () => generateAppKey(context.store.state.app));
  app.delete<{ Body: { keep: string } }>('/app/keys', { schema: { body: appKeySchema } }, (request) => {
    deleteOtherAppKeys(context.store.state.app, request.body.keep);
    return {};
  });
  addRepositoryControls(app, context);
  addInstallationControls(app, context);
  addRunControls(app, context);
  addJobControls(app, context);
  addCheckControls(app, context);
  addObservationControls(app, context, timers);
}

function addRepositoryControls(app: FastifyInstance, context: EmulatorContext): void {
  app.post<{ Body: SeedOwner }>('/owners', { schema: { body: ownerSchema } }, (request) =>
    addOwner(context.store, request.body),
  );
  app.patch<{ Params: { login: string }; Body: { login: string } }>(
    '/owners/:login',
    { schema: { body: renameSchema } },
    (request) => renameAccount(context, request.params.login, request.body.login),
  );
  app.delete<{ Params: { login: string } }>('/authorizations/:login', (request) =>
    revokeAuthorization(context, userOf(context, request.params.login).id).then((delivery) =>
      delivery === null ? null : toDeliveryResult(delivery),
    ),
  );
  app.get('/repositories', () =>
    context.store.state.repositories.map((repository) => renderRepositoryReport(context.base, repository)),
  );
  app.get('/repositories/:owner/:repo/files', (request) => {
    const repository = repositoryOf(context, request);
    const ref = queryOf(request)['ref'] ?? repository.defaultBranch;
    const oid = resolveCommit(repository, ref);
    if (oid === null && ref !== repository.defaultBranch) {
      throw new ApiError(404, `${repository.owner}/${repository.name} has no commit, branch or tag "${ref}".`);
    }
    return repository.commits[oid ?? '']?.files ?? {};
  });
  app.post<{ Body: SeedRepository }>('/repositories', { schema: { body: repositorySchema } }, (request) => ({
    id: addRepository(context.store, request.body).id,
  }));
  app.patch<{ Body: RepositoryChange }>(
    '/repositories/:owner/:repo',
    { schema: { body: repositoryChangeSchema } },
    (request) => changeRepository(context, repositoryOf(context, request), request.body),
  );
  app.post<{ Body: { name: string } }>(
    '/repositories/:owner/:repo/rename',
    { schema: { body: renameRepositorySchema } },
    (request) => renameRepository(context, repositoryOf(context, request), request.body),
  );
  app.post<{ Body: { owner: string } }>(
    '/repositories/:owner/:repo/transfer',
    { schema: { body: transferSchema } },
    (request) => transferRepository(context, repositoryOf(context, request), request.body),
  );
  app.post<{ Body: PullRequestRequest }>(
    '/repositories/:owner/:repo/pulls',
    { schema: { body: pullRequestSchema } },
    (request) => updatePullRequest(context, repositoryOf(context, request), request.body),
  );
  app.delete('/repositories/:owner/:repo', (request) => {
    const removed = repositoryOf(context, request);
    context.store.state.repositories = context.store.state.repositories.filter((repository) => repository !== removed);
    return {};
  });
  app.post<{ Body: Push }>('/repositories/:owner/:repo/push', { schema: { body: pushSchema } }, (request) =>
    pushCommit(context, repositoryOf(context, request), request.body),
  );
  app.put<{ Body: RefChange }>('/repositories/:owner/:repo/refs', { schema: { body: refSchema } }, (request) =>
    moveRef(context, repositoryOf(context, request), request.body),
  );
  app.delete('/repositories/:owner/:repo/refs', (request) =>
    removeRef(context, repositoryOf(context, request), request),
  );
  app.patch<{ Body: { state: Workflow['state'] } }>(
    '/repositories/:owner/:repo/workflows/:workflow',
    { schema: { body: workflowChangeSchema } },
    (request) => {
      const { workflow } = request.params as { readonly workflow: string };
      findWorkflow(repositoryOf(context, request), workflow).state = request.body.state;
      return {};
    },
  );
}

function addRunControls(app: FastifyInstance, context: EmulatorContext): void {
  app.get('/runs', () => context.store.state.runs.map((run) => renderRunReport(context.store, context.base, run)));
  app.post<{ Body: RunRequest }>('/runs', { schema: { body: runSchema } }, (request) =>
    createCompletedRun(context, request.body),
  );
  app.post<{ Params: { id: string }; Body: { conclusion: Conclusion } }>(
    '/runs/:id/complete',
    { schema: { body: conclusionSchema } },
    (request) => completeRun(context, runById(context, request.params.id), request.body.conclusion),
  );
  app.post<{ Params: { id: string } }>('/runs/:id/stop', (request) =>
    stopRun(context, runById(context, request.params.id)),
  );
  app.post<{ Params: { id: string } }>('/runs/:id/fail-at-startup', (request) =>
    failRunAtStartup(context, runById(context, request.params.id)),
  );
  app.post<{ Params: { id: string }; Body: { conclusion: Conclusion } }>(
    '/runs/:id/rerun',
    { schema: { body: conclusionSchema } },
    (request) => rerun(context, runById(context, request.params.id), request.body.conclusion),
  );
  app.post<{ Body: DeliverRequest }>('/deliver', { schema: { body: deliverSchema } }, (request) =>
    deliverPayload(context, request.body),
  );
}

async function deliverPayload(context: EmulatorContext, request: DeliverRequest): Promise<DeliveryResult> {
  const { payload, event = 'workflow_run', guid, signWith } = request;
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const delivery = await deliverWebhook(
    context.store,
    { event, body, guid, signWith },
    context.settings.webhookTimeoutMs,
  );
  if (delivery === null) {
    throw new ApiError(409, NO_WEBHOOK_URL);
  }
  return toDeliveryResult(delivery);
}

function addObservationControls(app: FastifyInstance, context: EmulatorContext, timers: RunTimers): void {
  app.get('/issues', () =>
    context.store.state.issues.map((issue) => {
      const repository = context.store.repositoryById(issue.repositoryId);
      return { ...issue, repository: repository === undefined ? '' : `${repository.owner}/${repository.name}` };
    }),
  );
  app.get('/deliveries', () => context.store.state.deliveries);
  app.get('/requests', () => context.requests.report());
  app.delete('/requests', () => {
    context.requests.clear();
    return {};
  });
  app.get('/clock', () => ({ now: new Date(context.store.now()).toISOString() }));
  app.post<{ Body: { advanceMs: number } }>('/clock', { schema: { body: clockSchema } }, (request) => {
    context.store.state.clockOffsetMs += request.body.advanceMs;
    return { now: new Date(context.store.now()).toISOString() };
  });
  app.get('/faults', () => context.faults.list());
  app.post<{ Body: { rules: readonly FaultRule[]; seed?: number } }>(
    '/faults',
    { schema: { body: faultsSchema } },
    (request) => {
      context.faults.set(request.body.rules, request.body.seed);
      return {};
    },
  );
  app.post('/webhooks/release', async () => ({ released: await context.delayedWebhooks.release() }));
  app.delete('/faults', () => {
    context.faults.set([]);
    return {};
  });
  app.patch<{ Body: SettingsChange }>('/settings', { schema: { body: settingsSchema } }, (request) => {
    const { rateLimit, ...settings } = request.body;
    Object.assign(context.settings, settings);
    if (settings.runDurationMs !== undefined) timers.startAll();
    context.rateLimits.limit = rateLimit ?? context.rateLimits.limit;
    return {};
  });
}

function repositoryOf(context: EmulatorContext, request: FastifyRequest): Repository {
  const { owner, repo } = request.params as { readonly owner: string; readonly repo: string };
  return findRepository(context.store, `${owner}/${repo}`);
}

function userOf(context: EmulatorContext, login: string): Owner {
  const user = context.store.owner(login);
  if (user === undefined) {
    throw new ApiError(404, `The emulator has no user ${login}.`);
  }
  return user;
}
