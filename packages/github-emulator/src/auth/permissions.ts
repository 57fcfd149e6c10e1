import { ApiError, badCredentials, forbidden, notFound } from '../common/api-error.ts';
import type { Level, Repository } from '../state/entities.ts';
import { includesLevel } from '../state/levels.ts';
import { covers, type StateStore } from '../state/state-store.ts';
import type { Caller } from './authentication.ts';

/** Throws 401 unless the caller is the App itself. */
export function requireApp(caller: Caller): void {
  if (caller.kind !== 'app') {
    throw new ApiError(401, 'A JSON web token could not be decoded');
  }
}

export function canRead(caller: Caller, repository: Repository): boolean {
  return repository.visibility === 'public' || tokenCovers(caller, repository);
}

/** Returns whether the token covers this repository. A public repository outside the token is not covered. */
export function tokenCovers(caller: Caller, repository: Repository): boolean {
  return (
    caller.kind === 'installation' &&
    covers(caller.installation, repository) &&
    (caller.token.repositoryIds?.includes(repository.id) ?? true)
  );
}

export function hasPermission(caller: Caller, name: string, level: Level): boolean {
  return caller.kind === 'installation' && includesLevel(caller.token.permissions[name], level);
}

/** Returns the repository of a REST path. Throws 404 when it does not exist or the caller may not see it. */
export function visibleRepository(store: StateStore, caller: Caller, owner: string, name: string): Repository {
  if (caller.kind === 'anonymous') {
    throw new ApiError(401, 'Requires authentication');
  }
  if (caller.kind === 'app') {
    throw badCredentials();
  }
  const repository = store.repository(owner, name);
  if (repository === undefined || !canRead(caller, repository)) {
    throw notFound();
  }
  return repository;
}

/**
 * Throws 403 unless the token covers the repository and has the permission. Reading a public repository needs none.
 */
export function requirePermission(caller: Caller, repository: Repository, name: string, level: Level): void {
  if (level === 'read' && repository.visibility === 'public') {
    return;
  }
  if (!tokenCovers(caller, repository) || !hasPermission(caller, name, level)) {
    throw forbidden();
  }
}
