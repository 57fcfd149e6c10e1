import type { FastifyRequest } from 'fastify';
import type { Caller } from '../auth/authentication.ts';
import { canRead, requirePermission, visibleRepository } from '../auth/permissions.ts';
import { ApiError, forbidden } from '../common/api-error.ts';
import { callerOf, type EmulatorContext } from '../server/context.ts';
import type { Level, Repository } from '../state/entities.ts';

/** Returns the repository of the path. Throws 404 when the caller may not see it, 403 without the permission. */
export function repositoryOf(
  context: EmulatorContext,
  request: FastifyRequest,
  permission: string,
  level: Level,
): Repository {
  const { owner = '', repo = '' } = pathParameters(request);
  const caller = callerOf(context, request);
  const moved = context.store.movedRepository(owner, repo);
  if (moved !== undefined && canRead(caller, moved)) throw movedTo(context, request, moved);
  const repository = visibleRepository(context.store, caller, owner, repo);
  requirePermission(caller, repository, permission, level);
  return repository;
}

/** Returns GitHub's redirect to a renamed or transferred repository. Only a GET is permanent: others keep method and body. */
function movedTo({ base }: EmulatorContext, { method, url }: FastifyRequest, { id }: Repository): ApiError {
  const location = `${base}/repositories/${id}${url.replace(/^\/repos\/[^/?]+\/[^/?]+/, '')}`;
  return new ApiError(method === 'GET' ? 301 : 307, 'Moved Permanently', { url: location });
}

export function pathParameters(request: FastifyRequest): Readonly<Record<string, string>> {
  return request.params as Readonly<Record<string, string>>;
}

/** Returns the installation of the caller. Throws 403 for other callers. */
export function installationIdOf(caller: Caller): number {
  if (caller.kind !== 'installation') {
    throw forbidden();
  }
  return caller.installation.id;
}
