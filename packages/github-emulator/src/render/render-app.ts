import type { App, Installation, Repository, Token } from '../state/entities.ts';
import { type StateStore, timestamp } from '../state/state-store.ts';
import { type Json, nodeId } from './json.ts';
import { renderUser } from './render-accounts.ts';
import { renderFullRepository } from './render-repositories.ts';

export function renderApp(store: StateStore, base: string): Json {
  const { app } = store.state;
  return {
    ...renderAppSummary(app, base, store),
    installations_count: store.state.installations.length,
  };
}

export function renderAppSummary(app: App, base: string, store: StateStore): Json {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('Integration', app.id),
    owner: renderUser(store, base, app.owner ?? store.state.owners[0]?.login ?? 'ghost'),
    name: app.name,
    description: '',
    external_url: base,
    html_url: `${base}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

export function renderInstallation(store: StateStore, base: string, installation: Installation): Json {
  const { app } = store.state;
  const url = `${base}/app/installations/${installation.id}`;
  const account = store.owner(installation.account);
  return {
    id: installation.id,
    client_id: app.clientId,
    account: renderUser(store, base, installation.account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${base}/installation/repositories`,
    html_url: `${base}/organizations/${installation.account}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account?.id ?? 0,
    target_type: account?.type ?? 'Organization',
    permissions: installation.permissions,
    events: app.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: installation.suspendedAt,
  };
}

export function renderToken(
  store: StateStore,
  base: string,
  value: string,
  token: Token,
  repositories: readonly Repository[] | null,
): Json {
  const installation = store.installation(token.installationId);
  const narrowed =
    repositories === null ? {} : { repositories: repositories.map((one) => renderFullRepository(store, base, one)) };
  return {
    token: value,
    expires_at: timestamp(token.expiresAt),
    permissions: token.permissions,
    repository_selection: repositories === null && installation?.repositories === 'all' ? 'all' : 'selected',
    ...narrowed,
  };
}
