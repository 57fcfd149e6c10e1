import type { OpenApiDocument, Operation, Parameter } from './document.ts';
import {
  problemsOfAuthenticatedRoutes,
  problemsOfEveryRoute,
  problemsOfMutations,
  problemsOfPathParameters,
} from './problems.ts';
import type { JsonSchema } from './schemas.ts';

const intro = `# The admin API

Generated from the OpenAPI document, which the API serves at \`/api/openapi.json\` and which is stored
[beside this page](openapi.json).

- Every GET returns stored data, with one read of the database.
- Everything under \`/api\` needs authentication: an OIDC bearer token, basic authentication, or an API key in \`x-api-key\`. Only
  \`/health\` is open; it names the configured authentication. Requests other than GET need the role \`operator\`.
  \`POST /dispatch\` needs [a key with the role \`dispatch\`](../guide/start-by-key.md) or [the token of a
  job](../guide/start-from-a-job.md) instead, and lists all its errors itself.
- Lists are paginated: pass the \`cursor\` of one response to the next request. It is opaque; new items neither shift nor repeat
  items of later pages. An unknown parameter is a \`400\`; it is never ignored.
- Requests other than GET accept an \`Idempotency-Key\`: a retry with the same key is executed once and receives the first response.
- Every response to a GET, except the stream, has an \`ETag\`; sent as \`If-None-Match\`, the response is \`304\` without a body while nothing has changed.
- An error is a problem document (RFC 9457, \`application/problem+json\`); its \`detail\` says what to do next.
- Lists are current within seconds; data of the roll-up within about a minute.`;

const generalProblems = [
  { where: 'all requests', problems: problemsOfEveryRoute },
  { where: 'paths with parameters', problems: problemsOfPathParameters },
  { where: 'under `/api`', problems: problemsOfAuthenticatedRoutes },
  { where: 'requests other than GET', problems: problemsOfMutations },
];
const generalSentences = new Set(generalProblems.flatMap(({ problems }) => Object.values(problems)));
const generalErrors = `These errors are common to many requests; each request below lists only its own.

${table(
  ['status', 'requests', 'when'],
  generalProblems.flatMap(({ where, problems }) =>
    Object.entries(problems).map(([status, when]) => [`\`${status}\``, where, when]),
  ),
)}`;

/** Renders docs/reference/api.md from the OpenAPI document. */
export function apiPage({ tags, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
  const resources = tags.map(({ name: tag }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return [`## ${tag}`, ...own.map(({ name, operation }) => operationText(name, operation))].join('\n\n');
  });
  const schemas = Object.entries(components.schemas).map(([name, schema]) => `### ${name}\n\n${schemaText(schema)}`);
  return `${[intro, generalErrors, ...resources, '## Schemas', ...schemas].join('\n\n')}\n`;
}

function operationText(name: string, operation: Operation): string {
  const { summary, description = '', parameters, requestBody, responses } = operation;
  const body = requestBody?.content['application/json']?.schema;
  const all = Object.entries(responses);
  const own = all.filter(([status, { description: when }]) => Number(status) >= 400 && !generalSentences.has(when));
  return [
    `### ${name}`,
    `${summary} ${description}`.trim(),
    ...parameterTables(parameters),
    ...(body === undefined ? [] : [`Body: ${typeText(body)}.`]),
    ...all
      .filter(([status]) => Number(status) < 300)
      .map(([status, { content = {} }]) => {
        const [mediaType, schema] = Object.entries(content)[0] ?? [];
        if (schema === undefined) return `Response \`${status}\`.`;
        const type = mediaType === 'application/json' ? '' : ` (\`${mediaType}\`)`;
        return `Response \`${status}\`${type}: ${typeText(schema.schema)}.`;
      }),
    ...own.map(([status, { description: when }]) => `Error \`${status}\`: ${when}`),
  ].join('\n\n');
}

const generalHeaders = new Set(['If-None-Match', 'Idempotency-Key']);

/** Headers that every request has are left out: the introduction describes them. */
function parameterTables(parameters: readonly Parameter[]): string[] {
  const listed = parameters.filter(({ name }) => !generalHeaders.has(name));
  if (listed.length === 0) return [];
  const lines = table(
    ['parameter', 'in', 'type', 'description'],
    listed.map(({ name, in: place, required, schema, description = '' }) => [
      `\`${name}\``,
      place,
      `${typeText(schema)}${required || place === 'path' ? '' : ', optional'}`,
      description,
    ]),
  );
  return [lines];
}

function schemaText(schema: JsonSchema): string {
  const { properties, anyOf, oneOf } = schema as Shape;
  const either = anyOf ?? oneOf;
  if (either !== undefined) return `One of:\n\n${either.map((each) => `- ${typeText(each)}`).join('\n')}`;
  if (properties === undefined) return `${capital(typeText(schema))}.`;
  return table(
    ['field', 'type'],
    Object.entries(properties).map(([name, field]) => {
      const note = (field as { description?: string }).description;
      return [`\`${name}\``, `${typeText(field)}${optional(schema, name)}${note === undefined ? '' : `. ${note}`}`];
    }),
  );
}

function optional({ required = [] }: { readonly required?: unknown }, name: string): string {
  return (required as readonly string[]).includes(name) ? '' : ', optional';
}

interface Shape {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

/** Describes a schema in words: ``list of [Fact](#fact)``, ``integer from 1 to 100 (default `50`)``. */
function typeText(schema: JsonSchema): string {
  const shape = schema as Shape;
  const either = shape.anyOf ?? shape.oneOf;
  if (shape.$ref !== undefined) return linkTo(shape.$ref.split('/').at(-1) ?? '');
  if (either !== undefined) return either.map(typeText).join(' or ');
  if (shape.const !== undefined) return code(shape.const);
  if (shape.enum !== undefined) return `${shape.enum.map(code).join(', ')}${defaultText(shape)}`;
  if (shape.items !== undefined) return `list of ${typeText(shape.items)}`;
  if (shape.properties !== undefined) return objectText(schema, shape.properties);
  if (typeof shape.additionalProperties === 'object') return `${typeText(shape.additionalProperties)} by name`;
  return `${plainText(shape)}${defaultText(shape)}`;
}

function objectText(schema: JsonSchema, properties: Readonly<Record<string, JsonSchema>>): string {
  const fields = Object.entries(properties).map(
    ([name, field]) => `\`${name}\`: ${typeText(field)}${optional(schema, name)}`,
  );
  return `{ ${fields.join('; ')} }`;
}

function plainText({ type = 'any', format, minimum, maximum }: Shape): string {
  if (format === 'date-time') return 'time';
  const name = [type].flat().join(' or ');
  return minimum !== undefined && maximum !== undefined ? `${name} from ${minimum} to ${maximum}` : name;
}

function defaultText({ default: value }: Shape): string {
  return value === undefined ? '' : ` (default ${code(value)})`;
}

function linkTo(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
}
