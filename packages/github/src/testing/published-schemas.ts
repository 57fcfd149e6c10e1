import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery, parse, validate } from 'graphql';
import { isObject } from '../failures.ts';

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
  /** Parsed JSON; null where there was none. */
  readonly body: unknown;
}

// Values of paths and queries are text on the wire.
const ajv = new Ajv({ strict: false, coerceTypes: true, formats: { 'date-time': true, int64: true } });

const restSchemas = JSON.parse(readFileSync(new URL('request-schemas.json', import.meta.url), 'utf8')) as {
  requests: Record<string, RequestSchema>;
};

let graphqlSchema: GraphQLSchema | undefined;

/** GitHub's whole published schema. */
export function publishedGraphqlSchema(): GraphQLSchema {
  // Read from its place: the package's own entry loads a second graphql.
  const json = readFileSync(new URL('./schema.json', import.meta.resolve('@octokit/graphql-schema')), 'utf8');
  graphqlSchema ??= buildClientSchema(JSON.parse(json) as IntrospectionQuery, { assumeValid: true });
  return graphqlSchema;
}

/** What in a request does not agree with what GitHub publishes; empty where all does. */
export function violationsOf(request: SeenRequest): string[] {
  const place = `${request.method} ${request.path}`;
  const version = request.headers['x-github-api-version'];
  const versionViolations = version === '2022-11-28' ? [] : [`${place}: X-GitHub-Api-Version is ${String(version)}`];
  const violations = request.path.endsWith('/graphql') ? graphqlViolations(request.body) : restViolations(request);
  return [...versionViolations, ...violations.map((violation) => `${place}: ${violation}`)];
}

function graphqlViolations(body: unknown): string[] {
  if (!isObject(body) || typeof body['query'] !== 'string') return ['no query'];
  return validate(publishedGraphqlSchema(), parse(body['query'])).map(({ message }) => message);
}

function restViolations(request: SeenRequest): string[] {
  for (const [operation, schema] of Object.entries(restSchemas.requests)) {
    const path = pathParameters(operation, request);
    if (path === null) continue;
    return [
      ...errorsOf('path', schema.path, path),
      ...errorsOf('query', schema.query, { ...request.query }),
      ...(schema.body === null ? [] : errorsOf('body', schema.body, request.body)),
    ];
  }
  return ['GitHub publishes no such operation, or its schema is not in request-schemas.json'];
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
