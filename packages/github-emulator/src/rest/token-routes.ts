import type { FastifyInstance } from 'fastify';
import { credentialOf } from '../auth/authentication.ts';
import { mintToken, type TokenRequest } from '../auth/installation-tokens.ts';
import { requireApp, tokenCovers } from '../auth/permissions.ts';
import { badCredentials, invalid } from '../common/api-error.ts';
import { record } from '../common/json-values.ts';
import { renderToken } from '../render/render-app.ts';
import { renderFullRepository } from '../render/render-repositories.ts';
import { callerOf, type EmulatorContext } from '../server/context.ts';
import type { Level } from '../state/entities.ts';
import { installationById } from './installation-routes.ts';
import { paginate } from './pagination.ts';

/** Routes of installation tokens. */
export function addTokenRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.post<{ Params: { id: string } }>('/app/installations/:id/access_tokens', (request, reply) => {
    requireApp(callerOf(context, request));
    const installation = installationById(context, request.params.id);
    const minted = mintToken(context.store, installation, parseTokenRequest(request.body), context.settings.tokenShape);
    void reply.code(201);
    return renderToken(context.store, context.base, minted.value, minted.token, minted.repositories);
  });
  app.delete('/installation/token', (request, reply) => {
    if (callerOf(context, request).kind !== 'installation') {
      throw badCredentials();
    }
    delete context.store.state.tokens[credentialOf(request.headers.authorization) ?? ''];
    return reply.code(204).send();
  });
  app.get('/installation/repositories', (request, reply) => {
    const caller = callerOf(context, request);
    if (caller.kind !== 'installation') {
      throw badCredentials();
    }
    const repositories = context.store.repositoriesOf(caller.installation).filter((one) => tokenCovers(caller, one));
    return {
      total_count: repositories.length,
      repository_selection: caller.installation.repositories === 'all' ? 'all' : 'selected',
      repositories: paginate(context, request, reply, repositories).map((one) =>
        renderFullRepository(context.store, context.base, one),
      ),
    };
  });
}

const LEVELS: readonly unknown[] = ['read', 'write', 'admin'] satisfies Level[];

function parseTokenRequest(body: unknown): TokenRequest {
  const { repositories, repository_ids: ids, permissions } = record(body);
  if (repositories !== undefined && !isListOf(repositories, 'string')) {
    throw invalid("Invalid request.\n\nFor 'properties/repositories', it is not an array of strings.");
  }
  if (ids !== undefined && !isListOf(ids, 'number')) {
    throw invalid("Invalid request.\n\nFor 'properties/repository_ids', it is not an array of integers.");
  }
  if (permissions !== undefined && !isPermissions(permissions)) {
    throw invalid("Invalid request.\n\nFor 'properties/permissions', it is not an object of read, write or admin.");
  }
  return {
    ...(repositories === undefined ? {} : { repositories: repositories as readonly string[] }),
    ...(ids === undefined ? {} : { repository_ids: ids as readonly number[] }),
    ...(permissions === undefined ? {} : { permissions }),
  };
}

function isListOf(value: unknown, type: 'string' | 'number'): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === type);
}

function isPermissions(value: unknown): value is Record<string, Level> {
  return typeof value === 'object' && value !== null && Object.values(value).every((level) => LEVELS.includes(level));
}
