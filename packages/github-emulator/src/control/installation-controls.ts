import type { FastifyInstance } from 'fastify';
import { ApiError } from '../common/api-error.ts';
import { nodeId } from '../render/json.ts';
import { renderInstallation } from '../render/render-app.ts';
import { type EmulatorContext, queryOf } from '../server/context.ts';
import type { Installation, Repository } from '../state/entities.ts';
import { type SeedInstallation, setInstallation } from '../state/seed.ts';
import { notifyOfInstallation } from '../server/notify.ts';
import type { AppChange } from './control-client.ts';
import { appChangeSchema, installationSchema, suspensionSchema } from './control-schemas.ts';

/** Adds what owners do with their installations, and the owner of the App with its permissions. */
export function addInstallationControls(app: FastifyInstance, context: EmulatorContext): void {
  app.patch<{ Body: AppChange }>('/app', { schema: { body: appChangeSchema } }, (request) => {
    const { state } = context.store;
    const { permissions, events } = request.body;
    // Installations keep what was granted: what the App requests in addition is pending until the owner accepts it.
    Object.assign(state.app, {
      ...(permissions === undefined ? {} : { permissions: { ...permissions, metadata: 'read' } }),
      ...(events === undefined ? {} : { events: [...events] }),
    });
    return {};
  });
  app.post<{ Body: SeedInstallation }>('/installations', { schema: { body: installationSchema } }, (request) =>
    putInstallation(context, request.body),
  );
  app.post<{ Params: { id: string } }>('/installations/:id/accept', (request) => {
    const installation = installationById(context, request.params.id);
    installation.permissions = { ...context.store.state.app.permissions };
    return notifyOf(context, installation, 'new_permissions_accepted');
  });
  app.patch<{ Params: { id: string }; Body: { suspended: boolean } }>(
    '/installations/:id',
    { schema: { body: suspensionSchema } },
    (request) => {
      const installation = installationById(context, request.params.id);
      installation.suspendedAt = request.body.suspended ? context.store.timestamp() : null;
      return notifyOf(context, installation, request.body.suspended ? 'suspend' : 'unsuspend');
    },
  );
  app.delete<{ Params: { id: string } }>('/installations/:id', (request) => {
    const { state } = context.store;
    const removed = context.store.installation(Number(request.params.id));
    state.installations = state.installations.filter((installation) => installation !== removed);
    return removed === undefined ? {} : notifyOf(context, removed, 'deleted');
  });
  app.delete('/tokens', (request) => {
    const { installation } = queryOf(request);
    const { state } = context.store;
    state.tokens = Object.fromEntries(
      Object.entries(state.tokens).filter(
        ([, token]) => installation !== undefined && String(token.installationId) !== installation,
      ),
    );
    return {};
  });
}

/** Installs the App, or changes the repositories of its installation. */
async function putInstallation(context: EmulatorContext, seed: SeedInstallation): Promise<object> {
  const { store } = context;
  const known = store.installation(seed.id);
  const before = known === undefined ? [] : store.repositoriesOf(known);
  setInstallation(store, seed);
  const installation = installationById(context, String(seed.id));
  if (known === undefined) {
    return notifyOf(context, installation, 'created');
  }
  const after = store.repositoriesOf(installation);
  const added = after.filter((one) => !before.includes(one));
  const removed = before.filter((one) => !after.includes(one));
  const lists = { repositories_added: added.map(short), repositories_removed: removed.map(short) };
  for (const [action, changed] of [['added', added] as const, ['removed', removed] as const]) {
    if (changed.length === 0) continue;
    await notifyOfInstallation(context, 'installation_repositories', {
      action,
      installation: renderInstallation(store, context.base, installation),
      repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
      ...lists,
      requester: null,
    });
  }
  return {};
}

/** Sends the event `installation`. Returns the response of the control call. */
async function notifyOf(context: EmulatorContext, installation: Installation, action: string): Promise<object> {
  const { store, base } = context;
  await notifyOfInstallation(context, 'installation', {
    action,
    installation: renderInstallation(store, base, installation),
    repositories: store.repositoriesOf(installation).map(short),
    requester: null,
  });
  return {};
}

function short({ id, owner, name, visibility }: Repository) {
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name: `${owner}/${name}`,
    private: visibility !== 'public',
  };
}

function installationById(context: EmulatorContext, id: string): Installation {
  const installation = context.store.installation(Number(id));
  if (installation === undefined) {
    throw new ApiError(404, `The emulator has no installation ${id}.`);
  }
  return installation;
}
