import type * as z from 'zod';
import { ProblemDocument } from '../http/problem.ts';
import { problemsOf } from './problems.ts';
import type { DescribedRoute } from './described-routes.ts';
import { createSchemas, type JsonSchema, propertiesOf, type Schemas } from './schemas.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Content {
  readonly [mediaType: string]: { readonly schema: JsonSchema };
}

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: JsonSchema }>>;
  readonly content?: Content;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  /** By status. */
  readonly responses: Readonly<Record<string, Response>>;
}

/** The part of OpenAPI 3.1 that this API uses. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  /** By path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
}

const securitySchemes = {
  oidc: { type: 'http', scheme: 'bearer', description: 'An OIDC token; one of its claims grants the role.' },
  basic: { type: 'http', scheme: 'basic' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  jobToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The OIDC token of a GitHub Actions job, with this address as its audience.',
  },
};

/** @param routes in the order of the reference */
export function openApiDocument(routes: readonly DescribedRoute[], version: string): OpenApiDocument {
  const schemas = createSchemas();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Dispatcher',
      version,
      description:
        'What Dispatcher did and why, and the actions of operators. `GET /health` names the configured authentication.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ path }) => tagOf(path)))].map((name) => ({ name })),
    paths,
    components: { schemas: schemas.components(), securitySchemes },
  };
}

function operationOf(route: DescribedRoute, schemas: Schemas): Operation {
  const { method, path, security, schema } = route;
  const { summary = '', description, body } = schema;
  const operationId = operationIdOf(method, path);
  return {
    operationId,
    tags: [tagOf(path)],
    summary,
    ...(description === undefined ? {} : { description }),
    security: security.map((name) => ({ [name]: [] })),
    parameters: parametersOf(route),
    ...(isSchema(body)
      ? { requestBody: { required: true, content: contentOf(body, `${operationId}Body`, schemas) } }
      : {}),
    responses: { ...successesOf(route, operationId, schemas), ...problemResponsesOf(route, schemas) },
  };
}

function parametersOf(route: DescribedRoute): Parameter[] {
  const { params, querystring, headers } = route.schema;
  return [
    ...partsOf('path', params),
    ...partsOf('query', querystring),
    ...partsOf('header', headers),
    ...headersOf(route),
  ];
}

function headersOf(route: DescribedRoute): Parameter[] {
  if (route.method !== 'GET') return [idempotencyKey];
  return isCached(route) ? [ifNoneMatch] : [];
}

const isCached = ({ method, path, schema }: DescribedRoute): boolean =>
  method === 'GET' && path.startsWith('/api/') && schema.mediaType === undefined;

const ifNoneMatch: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of a cached response: 304 if it has not changed.',
  schema: { type: 'string' },
};

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A retry with the same key is executed once and receives the first response.',
  schema: { type: 'string', pattern: '^[!-~]{1,100}$' },
};

function partsOf(place: Parameter['in'], schema: unknown): Parameter[] {
  if (!isSchema(schema)) return [];
  return propertiesOf(schema).map(({ name, required, schema: { description, ...rest } }) => ({
    name,
    in: place,
    required,
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function successesOf(route: DescribedRoute, operationId: string, schemas: Schemas) {
  const { schema } = route;
  const responses = Object.entries((schema.response ?? {}) as Readonly<Record<string, unknown>>);
  const successes = responses.flatMap(([status, response]): [string, Response][] =>
    isSchema(response)
      ? [
          [
            status,
            {
              description: status === '202' ? 'Accepted: executed asynchronously.' : 'Success.',
              content: contentOf(response, operationId, schemas, schema.mediaType),
            },
          ],
        ]
      : [],
  );
  if (!isCached(route)) return Object.fromEntries(successes);
  return {
    ...Object.fromEntries(successes.map(([status, response]) => [status, { ...response, headers: etag }])),
    304: { description: 'The cached response has not changed.', headers: etag },
  };
}

const etag = { ETag: { description: 'Changes with the response.', schema: { type: 'string' } } };

function problemResponsesOf(route: DescribedRoute, schemas: Schemas): Record<string, Response> {
  const document = schemas.reference(route.external?.document ?? ProblemDocument, 'Problem');
  const content = { 'application/problem+json': { schema: document } };
  const problems = Object.entries(problemsOf(route));
  return Object.fromEntries(problems.map(([status, description]) => [status, { description, content }]));
}

function contentOf(schema: z.core.$ZodType, name: string, schemas: Schemas, mediaType = 'application/json'): Content {
  return { [mediaType]: { schema: schemas.reference(schema, name) } };
}

// Not `instanceof`: naming the class would add all of zod with its locales to the bundle.
function isSchema(schema: unknown): schema is z.core.$ZodType {
  return typeof schema === 'object' && schema !== null && '_zod' in schema;
}

/** Returns the resource: `dead-letters` for `/api/dead-letters/{queue}`. */
function tagOf(path: string): string {
  return path.split('/').find((part) => part !== '' && part !== 'api') ?? 'root';
}

/** Returns `getRunsByRunKey` for `GET /api/runs/{runKey}`. */
function operationIdOf(method: string, path: string): string {
  const parts = path
    .replace(/^\/api/, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? `by-${part.slice(1, -1)}` : part));
  const words = parts.flatMap((part) => part.split(/[-.]/));
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
