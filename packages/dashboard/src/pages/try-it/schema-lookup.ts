// What our JSON Schema says about a place of a dispatching.yml.

export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
}

const alternatives = (schema: JsonSchema): readonly JsonSchema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap(alternatives),
];

function step(schema: JsonSchema, key: string): readonly JsonSchema[] {
  return alternatives(schema).flatMap((each) => {
    if (key === '-') return each.items === undefined ? [] : [each.items];
    const property = each.properties?.[key];
    if (property !== undefined) return [property];
    return typeof each.additionalProperties === 'object' ? [each.additionalProperties] : [];
  });
}

/** Returns the schemas of a place; several where the schema has alternatives, none where it knows no such place. */
export const schemasAt = (schema: JsonSchema, path: readonly string[]): readonly JsonSchema[] => {
  let found: readonly JsonSchema[] = [schema];
  for (const key of path) found = found.flatMap((each) => step(each, key));
  return found.flatMap(alternatives);
};

export interface Option {
  readonly label: string;
  readonly kind: 'key' | 'value';
  readonly detail: string;
}

/** Returns the keys that are allowed at a place. */
export function keysAt(schema: JsonSchema, path: readonly string[]): readonly Option[] {
  const options = new Map<string, Option>();
  for (const { properties = {}, required = [] } of schemasAt(schema, path)) {
    for (const [label, property] of Object.entries(properties)) {
      const detail = descriptionOf([property]) ?? '';
      if (!options.has(label)) {
        options.set(label, {
          label,
          kind: 'key',
          detail: required.includes(label) ? `Required. ${detail}`.trim() : detail,
        });
      }
    }
  }
  return [...options.values()];
}

/** Returns the values that are allowed at a place, if they are a fixed list. */
export function valuesAt(schema: JsonSchema, path: readonly string[]): readonly Option[] {
  const values = schemasAt(schema, path).flatMap((each) => {
    if (each.const !== undefined) return [each.const];
    return each.type === 'boolean' ? [true, false] : (each.enum ?? []);
  });
  return [...new Set(values.map(String))].map((label) => ({ label, kind: 'value', detail: '' }));
}

const descriptionOf = (schemas: readonly JsonSchema[]): string | undefined =>
  schemas.flatMap(alternatives).find(({ description }) => description !== undefined)?.description;

/** Returns what a place is for; undefined if the schema does not say. */
export const describePlace = (schema: JsonSchema, path: readonly string[]): string | undefined =>
  descriptionOf(schemasAt(schema, path));
