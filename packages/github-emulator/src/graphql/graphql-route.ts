import type { FastifyInstance } from 'fastify';
import { type EmulatorContext, type RequestState, requestState } from '../server/context.ts';
import { badCredentials, ApiError } from '../common/api-error.ts';
import type { Fault } from '../faults/faults.ts';
import { executeGraphql, type GraphqlResponse } from './execute-query.ts';
import { rateLimitError } from '../server/request-hooks.ts';

/** Adds `POST /graphql`. */
export function addGraphqlRoute(app: FastifyInstance, context: EmulatorContext): void {
  app.post('/graphql', (request) => execute(context, requestState(context, request), request.body));
}

async function execute(
  context: EmulatorContext,
  { caller, rateLimit, fault }: RequestState,
  body: unknown,
): Promise<GraphqlResponse> {
  if (caller.kind === 'anonymous') {
    throw new ApiError(401, 'This endpoint requires you to be authenticated.');
  }
  if (caller.kind === 'app') {
    throw badCredentials();
  }
  if (fault === 'graphql-rate-limited') {
    throw rateLimitError(caller);
  }
  return applyFault(
    await executeGraphql(
      {
        store: context.store,
        base: context.base,
        caller,
        rateLimit: rateLimit.status,
        comparedCommits: context.settings.comparedCommits,
      },
      body,
    ),
    fault,
  );
}

function applyFault(response: GraphqlResponse, fault: Fault | null): GraphqlResponse {
  const repositories = Object.keys(response.data ?? {}).filter((key) => key !== 'rateLimit');
  if (fault === 'graphql-partial') {
    const message =
      'Something went wrong while executing your query. Please include `EMULATOR` when reporting this issue.';
    return nullFields(response, repositories.slice(-1), { message });
  }
  if (fault === 'repository-hidden') {
    const message = 'Could not resolve to a Repository: an injected fault hides it.';
    return nullFields(response, repositories.slice(-1), { type: 'NOT_FOUND', message });
  }
  if (fault === 'graphql-resource-limits' && repositories.length > 1) {
    return nullFields(response, repositories.slice(Math.ceil(repositories.length / 2)), {
      type: 'RESOURCE_LIMITS_EXCEEDED',
      message: 'Resource limits for this query exceeded.',
    });
  }
  return response;
}

function nullFields(
  response: GraphqlResponse,
  fields: readonly string[],
  error: Record<string, unknown>,
): GraphqlResponse {
  const removed = new Set(fields);
  return {
    data: { ...response.data, ...Object.fromEntries(fields.map((field) => [field, null])) },
    errors: [
      ...(response.errors ?? []).filter(({ path }) => !(Array.isArray(path) && removed.has(String(path[0])))),
      ...fields.map((field) => ({ ...error, path: [field] })),
    ],
  };
}
