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

export interface Answer {
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
  readonly responses: Readonly<Record<string, Answer>>;
}

/** As much of OpenAPI 3.1 as is used here. */
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
  oidc: { type: 'http', scheme: 'bearer', description: 'An OIDC token whose claim gives the role.' },
  basic: { type: 'http', scheme: 'basic' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
};

/** @param routes in the order in which they are to be read */
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
      description: 'What Dispatcher did and why; and what operators may do about it. `GET /health` says how to get in.',
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
    ...(isSchema(body) ? { requestBody: { required: true, content: json(body, `${operationId}Body`, schemas) } } : {}),
    responses: { ...successesOf(route, operationId, schemas), ...refusalsOf(route, schemas) },
  };
}

function parametersOf({ method, path, schema }: DescribedRoute): Parameter[] {
  return [...partsOf('path', schema.params), ...partsOf('query', schema.querystring), ...headersOf(method, path)];
}

function headersOf(method: string, path: string): Parameter[] {
  if (method !== 'GET') return [idempotencyKey];
  return path.startsWith('/api/') ? [ifNoneMatch] : [];
}

const ifNoneMatch: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of an answer that is at hand: 304 if it is still the same.',
  schema: { type: 'string' },
};

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Repeated with the same key, the request is done once and answered alike.',
  schema: { type: 'string', pattern: '^[!-~]{1,100}$' },
};

function partsOf(place: 'path' | 'query', schema: unknown): Parameter[] {
  if (!isSchema(schema)) return [];
  return propertiesOf(schema).map(({ name, required, schema: { description, ...rest } }) => ({
    name,
    in: place,
    required,
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function successesOf({ method, path, schema }: DescribedRoute, operationId: string, schemas: Schemas) {
  const answers = Object.entries((schema.response ?? {}) as Readonly<Record<string, unknown>>);
  const successes = answers.flatMap(([status, answer]): [string, Answer][] =>
    isSchema(answer)
      ? [
          [
            status,
            {
              description: status === '202' ? 'Taken; it is done soon.' : 'Done.',
              content: json(answer, operationId, schemas),
            },
          ],
        ]
      : [],
  );
  const cached = method === 'GET' && path.startsWith('/api/');
  if (!cached) return Object.fromEntries(successes);
  return {
    ...Object.fromEntries(successes.map(([status, answer]) => [status, { ...answer, headers: etag }])),
    304: { description: 'The answer at hand is still the same.', headers: etag },
  };
}

const etag = { ETag: { description: 'Changes with the answer.', schema: { type: 'string' } } };

function refusalsOf(route: DescribedRoute, schemas: Schemas): Record<string, Answer> {
  const document = schemas.reference(route.refusals?.document ?? ProblemDocument, 'Problem');
  const content = { 'application/problem+json': { schema: document } };
  const refusals = Object.entries(problemsOf(route));
  return Object.fromEntries(refusals.map(([status, description]) => [status, { description, content }]));
}

function json(schema: z.core.$ZodType, name: string, schemas: Schemas): Content {
  return { 'application/json': { schema: schemas.reference(schema, name) } };
}

// Not by instanceof: naming the class would bring the whole of zod into the bundle, all its languages included.
function isSchema(schema: unknown): schema is z.core.$ZodType {
  return typeof schema === 'object' && schema !== null && '_zod' in schema;
}

/** The resource: `dead-letters` of `/api/dead-letters/{queue}`. */
function tagOf(path: string): string {
  return path.split('/').find((part) => part !== '' && part !== 'api') ?? 'root';
}

/** `getRunsByRunKey` of `GET /api/runs/{runKey}`. */
function operationIdOf(method: string, path: string): string {
  const parts = path
    .replace(/^\/api/, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? `by-${part.slice(1, -1)}` : part));
  const words = parts.flatMap((part) => part.split(/[-.]/));
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
