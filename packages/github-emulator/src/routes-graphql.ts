import type { FastifyInstance } from 'fastify';
import { type Core, type PerRequest, perRequest } from './core.ts';
import { badCredentials, GitHubError } from './errors.ts';
import type { Fault } from './faults.ts';
import { answerGraphql, type GraphqlAnswer } from './graphql.ts';
import { rateLimited } from './gate.ts';

export function graphqlRoute(app: FastifyInstance, core: Core): void {
  app.post('/graphql', (request) => answer(core, perRequest(core, request), request.body));
}

async function answer(core: Core, { caller, rateLimit, fault }: PerRequest, body: unknown): Promise<GraphqlAnswer> {
  if (caller.kind === 'anonymous') {
    throw new GitHubError(401, 'This endpoint requires you to be authenticated.');
  }
  if (caller.kind === 'app') {
    throw badCredentials();
  }
  if (fault === 'graphql-rate-limited') {
    throw rateLimited(caller);
  }
  return withFault(
    await answerGraphql({ world: core.world, base: core.base, caller, rateLimit: rateLimit.reading }, body),
    fault,
  );
}

function withFault(answer: GraphqlAnswer, fault: Fault | null): GraphqlAnswer {
  const repositories = Object.keys(answer.data ?? {}).filter((key) => key !== 'rateLimit');
  if (fault === 'graphql-partial') {
    const message =
      'Something went wrong while executing your query. Please include `EMULATOR` when reporting this issue.';
    return withoutFields(answer, repositories.slice(-1), { message });
  }
  if (fault === 'repository-hidden') {
    const message = 'Could not resolve to a Repository: it is hidden by the fault asked for.';
    return withoutFields(answer, repositories.slice(-1), { type: 'NOT_FOUND', message });
  }
  if (fault === 'graphql-resource-limits' && repositories.length > 1) {
    return withoutFields(answer, repositories.slice(Math.ceil(repositories.length / 2)), {
      type: 'RESOURCE_LIMITS_EXCEEDED',
      message: 'Resource limits for this query exceeded.',
    });
  }
  return answer;
}

function withoutFields(
  answer: GraphqlAnswer,
  fields: readonly string[],
  error: Record<string, unknown>,
): GraphqlAnswer {
  const gone = new Set(fields);
  return {
    data: { ...answer.data, ...Object.fromEntries(fields.map((field) => [field, null])) },
    errors: [
      ...(answer.errors ?? []).filter(({ path }) => !(Array.isArray(path) && gone.has(String(path[0])))),
      ...fields.map((field) => ({ ...error, path: [field] })),
    ],
  };
}
