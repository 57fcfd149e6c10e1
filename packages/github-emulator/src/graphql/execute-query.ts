import { readFileSync } from 'node:fs';
import { buildSchema, type DocumentNode, execute, GraphQLError, parse, validate } from 'graphql';
import { record, stringOrNull } from '../common/json-values.ts';
import { type GraphqlContext, QueryResolver } from './resolvers.ts';

/** A part of GitHub's published schema, written by `tools/prune-schema.ts`. */
const schema = buildSchema(readFileSync(new URL('./github.graphql', import.meta.url), 'utf8'));

export interface GraphqlResponse {
  data?: Record<string, unknown> | null;
  errors?: Record<string, unknown>[];
}

/** Executes a GraphQL request. An invalid query returns `errors` and no exception: GitHub sends HTTP 200 for it. */
export async function executeGraphql(context: GraphqlContext, body: unknown): Promise<GraphqlResponse> {
  const { query, variables, operationName } = parseRequest(body);
  if (query === null) {
    return { errors: [{ message: 'A query attribute must be specified and must be a string.' }] };
  }
  const document = cachedDocument(query);
  if (!('kind' in document)) {
    return { errors: document.map(formatError) };
  }
  const rootValue = new QueryResolver(context);
  const result = await execute({ schema, document, rootValue, variableValues: variables, operationName });
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(result.errors === undefined ? {} : { errors: result.errors.map(formatError) }),
  };
}

const MAX_CACHED_DOCUMENTS = 100;
const documents = new Map<string, DocumentNode | readonly GraphQLError[]>();

/**
 * Returns the document of a query, or its errors. Cached by the text of the query: clients repeat their queries, and
 * validation takes longer than execution.
 */
function cachedDocument(query: string): DocumentNode | readonly GraphQLError[] {
  const known = documents.get(query) ?? parseAndValidate(query);
  if (documents.size >= MAX_CACHED_DOCUMENTS) {
    documents.clear();
  }
  documents.set(query, known);
  return known;
}

function parseAndValidate(query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    return errors.length === 0 ? document : errors;
  } catch (error) {
    if (error instanceof GraphQLError) {
      return [error];
    }
    throw error;
  }
}

function parseRequest(body: unknown): {
  readonly query: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
} {
  const { query, variables, operationName } = record(body);
  return {
    query: stringOrNull(query),
    variables: record(variables),
    operationName: stringOrNull(operationName),
  };
}

/** GitHub puts `type` at the top level of an error, which the GraphQL library does not support. */
function formatError(error: GraphQLError): Record<string, unknown> {
  if (error.originalError !== undefined && !(error.originalError instanceof GraphQLError)) {
    // A bug of the emulator, which the response alone would hide.
    console.error(error.originalError);
  }
  const { type, ...extensions } = error.extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    locations: error.locations?.map(({ line, column }) => ({ line, column })) ?? [],
    message: error.message,
  };
}
