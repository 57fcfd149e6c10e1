import * as fc from 'fast-check';
import type { Operation, Parameter } from '../openapi/document.ts';
import type { JsonSchema } from '../openapi/schemas.ts';

export interface GeneratedRequest {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One operation of the OpenAPI document. */
export interface OperationTarget {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Values that exist in the database: of parameters by their name, and a body. */
export interface KnownValues {
  readonly parameters: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Generates requests of one operation: some are valid, most are malformed or malicious. */
export function requestsOf(target: OperationTarget, known: KnownValues, components: Components) {
  const { method, path, operation } = target;
  const of = (place: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === place);
  const body = operation.requestBody?.content['application/json']?.schema;
  return fc
    .record({
      path: fc.record(
        Object.fromEntries(of('path').map(({ name, schema }) => [name, pathValue(schema, known.parameters[name])])),
      ),
      query: fc.record(
        Object.fromEntries(
          of('query').map(({ name, schema }) => [
            name,
            rarely(orKnown(orMalicious(valuesOf(schema, components)), known.parameters[name])),
          ]),
        ),
      ),
      extra: rarely(rarely(fc.tuple(fc.string(), maliciousText))),
      headers: fc.record(headersOf(of('header'))),
      credentials: rarely(
        rarely(fc.record({ 'x-api-key': headerText, authorization: headerText }, { requiredKeys: [] })),
      ),
      body: body === undefined ? fc.constant(undefined) : orKnownBody(bodies(body, components), known.body),
    })
    .map(({ path: values, query, extra, headers: described, credentials, body: sent }): GeneratedRequest => {
      const parameters = new URLSearchParams(
        Object.entries(query).flatMap(([name, value]): [string, string][] =>
          value === undefined ? [] : [[name, textOf(value)]],
        ),
      );
      if (extra !== undefined) parameters.append(...extra);
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
      const search = parameters.size === 0 ? '' : `?${parameters.toString()}`;
      const headers = withoutUndefined({ ...described, ...credentials });
      return { method, path, url: filled + search, headers, ...(sent === undefined ? {} : { body: sent }) };
    });
}

function withoutUndefined(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
  );
}

/** Sets a value in one of four cases. Each invalid value makes a 400: with more of them, no request would be served. */
function rarely<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

const maliciousText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ minLength: 90, maxLength: 300 }),
  fc.constantFrom(
    '..',
    '%',
    '\u0000',
    '__proto__',
    'constructor',
    '*',
    "' OR 1=1 --",
    '{"$ne":null}',
    '-1',
    '1e999',
    'null',
  ),
);

const visible = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
const headerText = fc.string({ unit: visible, maxLength: 300 });

/** A forged cursor: the right format, with positions at which no page ended. */
const forgedCursor = fc
  .array(
    fc.oneof(fc.string(), maliciousText, fc.constantFrom('a', '2026-11-03T14:00:00.000Z#10#x', '11-9000000001-1')),
    {
      maxLength: 4,
    },
  )
  .map((positions) => Buffer.from(JSON.stringify(positions)).toString('base64url'));

// A path segment `.` or `..` never arrives: clients resolve it before sending, and so does Fastify's router.
function pathValue(schema: JsonSchema, known: string | undefined): fc.Arbitrary<string> {
  const values = orKnown(orMalicious(valuesOf(schema, {})), known);
  return values.map(textOf).filter((value) => value.isWellFormed() && value !== '.' && value !== '..');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function orKnown(values: fc.Arbitrary<unknown>, known: string | undefined): fc.Arbitrary<unknown> {
  return known === undefined ? values : fc.oneof({ weight: 2, arbitrary: fc.constant(known) }, values);
}

function orMalicious(described: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 3, arbitrary: described },
    { weight: 1, arbitrary: maliciousText },
    { weight: 1, arbitrary: forgedCursor },
  );
}

function headersOf(described: readonly Parameter[]) {
  const declared = described.map(({ name, schema }) => {
    const value = fc.oneof(valuesOf(schema, {}).map(textOf), headerText, fc.constantFrom('*', '"x", W/"y"'));
    return [name.toLowerCase(), rarely(value)] as const;
  });
  return { ...Object.fromEntries(declared), accept: rarely(headerText), 'x-forwarded-for': rarely(headerText) };
}

function orKnownBody(values: fc.Arbitrary<string>, known: object | undefined): fc.Arbitrary<string> {
  return known === undefined ? values : fc.oneof(values, fc.constant(JSON.stringify(known)));
}

function bodies(schema: JsonSchema, components: Components): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: valuesOf(schema, components).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: maliciousText },
  );
}

export type Components = Readonly<Record<string, JsonSchema>>;

interface Shape {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
}

/** Generates values of a JSON Schema; supports the keywords that the requests use. */
export function valuesOf(schema: JsonSchema, components: Components): fc.Arbitrary<unknown> {
  const shape = schema as Shape;
  const either = shape.anyOf ?? shape.oneOf;
  if (shape.$ref !== undefined) return valuesOf(components[shape.$ref.split('/').at(-1) ?? ''] ?? {}, components);
  if (either !== undefined) return fc.oneof(...either.map((each) => valuesOf(each, components)));
  if (shape.const !== undefined) return fc.constant(shape.const);
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
  switch (shape.type) {
    case 'string':
      return stringsOf(shape);
    case 'integer':
    case 'number':
      return fc.integer({ min: shape.minimum ?? -1_000, max: shape.maximum ?? 1_000 });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valuesOf(shape.items ?? {}, components), {
        minLength: shape.minItems ?? 0,
        maxLength: Math.min(shape.maxItems ?? 5, 5),
      });
    case 'object':
      return objectsOf(shape, components);
    default:
      return fc.jsonValue();
  }
}

function stringsOf({ pattern, minLength = 0, maxLength = 60 }: Shape): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
}

function objectsOf({ properties = {}, required = [], additionalProperties }: Shape, components: Components) {
  const described = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valuesOf(each, components)])),
    { requiredKeys: [...required] },
  );
  if (typeof additionalProperties !== 'object') return described;
  const more = fc.dictionary(fc.string({ maxLength: 20 }), valuesOf(additionalProperties, components), { maxKeys: 3 });
  return fc.tuple(more, described).map(([extra, own]) => ({ ...extra, ...own }));
}
