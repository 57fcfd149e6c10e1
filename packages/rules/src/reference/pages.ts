import { type Responsible, type Code, codes, fixOf } from '@dispatcher/contracts';
import { checkTable } from '../checks/checks.ts';
import { jsonSchema } from '../compile/json-schema.ts';
import { policyJsonSchema } from '../policy/compile-policy.ts';
import { templateFields } from '../values/template-fields.ts';

const responsibleLabels: Readonly<Record<Responsible, string>> = {
  source: 'the source repository',
  target: 'the target repository',
  operator: 'the operator',
  nobody: 'nobody',
};

/** Returns docs/reference/codes.md, generated from the list of codes. */
export function codesPage(): string {
  const entries = Object.keys(codes) as Code[];
  return `${[
    '# Codes of plans and decisions',
    '',
    'Every plan and every decision has one code. It says why a workflow was or was not started, who is responsible for the',
    'next step, and what to do. The first unsatisfied check determines the code; `dispatcher explain` shows all checks.',
    'Words in braces are placeholders. Codes and their meanings are stable.',
    '',
    'If the target is not public and has no inbound rule for the source, the source sees only `target-refused`, whether',
    'the repository exists or not. Operators see the precise code.',
    '',
    '| code | responsible |',
    '| --- | --- |',
    ...entries.map((code) => `| [\`${code}\`](#${code}) | ${responsibleLabels[codes[code].responsible]} |`),
    '',
    ...entries.flatMap(codeLines),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function codeLines(code: Code): string[] {
  const { title, message, responsible, fix } = codes[code];
  const requestFix = fixOf(code, 'key');
  const checks = Object.entries(checkTable).flatMap(([name, entry]) => (entry.code === code ? [`\`${name}\``] : []));
  return [
    `## ${code}`,
    '',
    title,
    '',
    `- Message: ${message}`,
    `- Responsible: ${responsibleLabels[responsible]}`,
    `- What to do: ${fix}`,
    ...(requestFix === fix ? [] : [`- What to do if an API key, a schedule or a webhook requested it: ${requestFix}`]),
    ...(checks.length === 0 ? [] : [`- Checks: ${checks.join(', ')}`]),
    '',
  ];
}

/** Returns docs/reference/dispatching.schema.json. */
export function schemaFile(): string {
  return schemaFileOf(jsonSchema());
}

/** Returns the text of a published JSON Schema. */
export function schemaFileOf(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
}

/** Returns the table of fields for docs/reference/dispatching.md. */
export function fieldTable(schema: object = jsonSchema()): string {
  const rows = fieldRows(schema, '');
  return ['| field | required | description |', '| --- | --- | --- |', ...rows].join('\n');
}

function fieldRows(node: SchemaNode, path: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const required = node.required?.includes(name) === true ? 'yes' : 'no';
    const row = `| \`${here}\` | ${required} | ${child.description ?? child.items?.description ?? ''} |`;
    return [row, ...fieldRows(child, here), ...(child.items ? fieldRows(child.items, `${here}[]`) : [])];
  });
}

/** Returns the table of template fields for docs/reference/dispatching.md. */
export function templateTable(): string {
  const fields = { ...templateFields, 'job.inputs.<name>': 'an input that the job sets; in rules with `job` only' };
  const rows = Object.entries(fields).map(([name, meaning]) => `| \`\${{ ${name} }}\` | ${meaning} |`);
  return ['| template | value |', '| --- | --- |', ...rows].join('\n');
}

/** Returns the page with the tables between its `<!-- name -->` and `<!-- /name -->` lines replaced. */
export function withTables(page: string): string {
  return replaceTables(page, { fields: fieldTable(), templates: templateTable() });
}

/** Returns docs/reference/dispatching-policy.md with the table of its fields. */
export function withPolicyTable(page: string): string {
  return replaceTables(page, { fields: fieldTable(policyJsonSchema()) });
}

function replaceTables(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [open, close] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
    const [start, end] = [text.indexOf(open), text.indexOf(close)];
    if (start < 0 || end < start)
      throw new Error(`The page must contain \`${open.trim()}\` and, after it, \`${close.trim()}\`.`);
    return `${text.slice(0, start + open.length)}${table}${text.slice(end)}`;
  }, page);
}
