import { randomBytes } from 'node:crypto';
import { ApiError, invalid, notAccessible } from '../common/api-error.ts';
import type { Installation, Level, Permissions, Repository, Token } from '../state/entities.ts';
import { covers, type StateStore } from '../state/state-store.ts';
import { includesLevel } from '../state/levels.ts';

export type TokenShape = 'long' | 'short';

const TOKEN_VALIDITY_MS = 3_600_000;

export interface TokenRequest {
  readonly repositories?: readonly string[];
  readonly repository_ids?: readonly number[];
  readonly permissions?: Readonly<Record<string, Level>>;
}

/** Creates an installation token. Throws 422 when one of the repositories is outside the installation. */
export function mintToken(
  store: StateStore,
  installation: Installation,
  request: TokenRequest,
  shape: TokenShape,
): { readonly value: string; readonly token: Token; readonly repositories: readonly Repository[] | null } {
  if (installation.suspendedAt !== null) {
    throw new ApiError(403, 'This installation has been suspended');
  }
  const repositories = requestedRepositories(store, installation, request);
  const token: Token = {
    installationId: installation.id,
    repositoryIds: repositories?.map(({ id }) => id) ?? null,
    permissions: requestedPermissions(installation, request.permissions),
    expiresAt: Math.floor(store.now() / 1000) * 1000 + TOKEN_VALIDITY_MS,
  };
  deleteExpiredTokens(store);
  const value = tokenValue(shape);
  store.state.tokens[value] = token;
  return { value, token, repositories };
}

function requestedRepositories(
  store: StateStore,
  installation: Installation,
  request: TokenRequest,
): Repository[] | null {
  if (request.repositories === undefined && request.repository_ids === undefined) {
    return null;
  }
  const repositories = [
    ...(request.repositories ?? []).map((name) => store.repository(installation.account, name)),
    ...(request.repository_ids ?? []).map((id) => store.repositoryById(id)),
  ];
  return repositories.map((repository) => {
    if (repository === undefined || !covers(installation, repository)) {
      throw notAccessible();
    }
    return repository;
  });
}

function requestedPermissions(installation: Installation, requested: TokenRequest['permissions']): Permissions {
  if (requested === undefined) {
    return { metadata: 'read', ...installation.permissions };
  }
  for (const [name, level] of Object.entries(requested)) {
    if (!includesLevel(installation.permissions[name], level)) {
      throw invalid('The permissions requested are not granted to this installation.');
    }
  }
  // Every token includes `metadata: read`.
  return { metadata: 'read', ...requested };
}

function deleteExpiredTokens(store: StateStore): void {
  for (const [value, token] of Object.entries(store.state.tokens)) {
    if (token.expiresAt <= store.now()) {
      delete store.state.tokens[value];
    }
  }
}

/** GitHub introduced the long format (about 520 characters, with dots) in 2026; GHES still uses the short one. */
function tokenValue(shape: TokenShape): string {
  if (shape === 'short') {
    return `ghs_${randomBytes(18).toString('hex')}`;
  }
  return `ghs_${[60, 240, 86].map((bytes) => randomBytes(bytes).toString('base64url')).join('.')}`;
}
