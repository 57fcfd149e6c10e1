interface DocumentedOperation {
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly { readonly name: string; readonly text: string }[];
}

/** Returns the operations of an OpenAPI document by tag, in its order; those whose path or text contains the filter. */
export function operationsOf(
  { paths }: OpenApi,
  filter: string,
): readonly { readonly tag: string; readonly operations: readonly Operation[] }[] {
  const wanted = filter.trim().toLowerCase();
  const groups = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { summary, description = '', tags = [], parameters = [] }] of Object.entries(methods)) {
      if (![path, summary, description].some((text) => text.toLowerCase().includes(wanted))) continue;
      const tag = tags[0] ?? 'other';
      const operation = {
        method: method.toUpperCase(),
        path,
        summary,
        description,
        parameters: parameters
          .filter((parameter) => parameter.in !== 'header')
          .map(({ name, description: text = '' }) => ({ name, text })),
      };
      groups.set(tag, [...(groups.get(tag) ?? []), operation]);
    }
  }
  return [...groups].map(([tag, operations]) => ({ tag, operations }));
}
