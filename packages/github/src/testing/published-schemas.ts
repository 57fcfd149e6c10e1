import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery, parse, validate } from 'graphql';
import { isObject } from '../transport/error-mapping.ts';

interface RequestSchema {
  readonly path: object;
  readonly query: object;
  readonly body: object | null;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON; null for an empty body. */
  readonly body: unknown;
}

// Path and query parameters arrive as strings.
const ajv = new Ajv({ strict: false, coerceTypes: true, formats: { 'date-time': true, int64: true } });

const restSchemas = JSON.parse(readFileSync(new URL('request-schemas.json', import.meta.url), 'utf8')) as {
  requests: Record<string, RequestSchema>;
};

let graphqlSchema: GraphQLSchema | undefined;

/** Returns GitHub's complete published GraphQL schema. */
export function publishedGraphqlSchema(): GraphQLSchema {
  // Read as a file: the package's entry point loads a second copy of graphql.
  const json = readFileSync(new URL('./schema.json', import.meta.resolve('@octokit/graphql-schema')), 'utf8');
  graphqlSchema ??= buildClientSchema(JSON.parse(json) as IntrospectionQuery, { assumeValid: true });
  return graphqlSchema;
}

/** Returns where a request violates GitHub's published schemas. */
export function violationsOf(request: SeenRequest): string[] {
  const operation = `${request.method} ${request.path}`;
  const version = request.headers['x-github-api-version'];
  const versionViolations =
    version === '2022-11-28' ? [] : [`${operation}: X-GitHub-Api-Version is ${String(version)}`];
  const violations = request.path.endsWith('/graphql') ? graphqlViolations(request.body) : restViolations(request);
  return [...versionViolations, ...violations.map((violation) => `${operation}: ${violation}`)];
}

function graphqlViolations(body: unknown): string[] {
  if (!isObject(body) || typeof body['query'] !== 'string') return ['no query'];
  return validate(publishedGraphqlSchema(), parse(body['query'])).map(({ message }) => message);
}

function restViolations(seen: SeenRequest): string[] {
  // GitHub redirects requests for a renamed repository to this address, which its description leaves out.
  const request = { ...seen, path: seen.path.replace(/^\/repositories\/\d+\//, '/repos/renamed/repository/') };
  for (const [operation, schema] of Object.entries(restSchemas.requests)) {
    const path = pathParameters(operation, request);
    if (path === null) continue;
    return [
      ...errorsOf('path', schema.path, path),
      ...errorsOf('query', schema.query, { ...request.query }),
      ...(schema.body === null ? [] : errorsOf('body', schema.body, request.body)),
    ];
  }
  return ['No such operation in request-schemas.json: add it to extract-request-schemas.ts if GitHub publishes it'];
}

function pathParameters(operation: string, request: SeenRequest): Record<string, string> | null {
  const [method = '', template = ''] = operation.split(' ');
  const pattern = template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const match = new RegExp(`^(?:/api/v3)?${pattern}$`).exec(request.path);
  return method === request.method && match !== null ? { ...match.groups } : null;
}

function errorsOf(part: string, schema: object, value: unknown): string[] {
  return ajv.validate(schema, value) ? [] : [`${part}: ${ajv.errorsText()}`];
}
