import { type Responsible, type Code, codes } from '@dispatcher/contracts';
import { checkTable } from '../checks/checks.ts';
import { jsonSchema } from '../compile/json-schema.ts';
import { templateFields } from '../values/template.ts';

const who: Readonly<Record<Responsible, string>> = {
  source: 'the source repository',
  target: 'the target repository',
  operator: 'the operator',
  nobody: 'nobody',
};

/** docs/reference/codes.md, from the list of codes. */
export function codesPage(): string {
  const entries = Object.keys(codes) as Code[];
  return `${[
    '# Codes: why did it run, or why not?',
    '',
    'Every plan and every decision carries one code. Find yours below; it says who must act and what to do.',
    'The code is that of the first check that is not satisfied. `dispatcher explain` shows all checks.',
    'Words in braces are filled in. Code and meaning are stable.',
    '',
    'Of a target that is not public and has no inbound rule for the source, the source sees only `target-refused`,',
    'whether the repository exists or not. The precise code is shown to the operators.',
    '',
    '| code | who must act |',
    '| --- | --- |',
    ...entries.map((code) => `| [\`${code}\`](#${code}) | ${who[codes[code].responsible]} |`),
    '',
    ...entries.flatMap(codeLines),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function codeLines(code: Code): string[] {
  const { title, message, responsible, fix } = codes[code];
  const checks = Object.entries(checkTable).flatMap(([name, entry]) => (entry.code === code ? [`\`${name}\``] : []));
  return [
    `## ${code}`,
    '',
    title,
    '',
    `- Message: ${message}`,
    `- Who must act: ${who[responsible]}`,
    `- What to do: ${fix}`,
    ...(checks.length === 0 ? [] : [`- Checks: ${checks.join(', ')}`]),
    '',
  ];
}

/** docs/reference/dispatching.schema.json. */
export function schemaFile(): string {
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
}

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
}

/** The table of fields in docs/reference/dispatching.md. */
export function fieldTable(): string {
  const rows = fieldRows(jsonSchema(), '');
  return ['| field | required | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function fieldRows(node: SchemaNode, path: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const required = node.required?.includes(name) === true ? 'yes' : 'no';
    const row = `| \`${here}\` | ${required} | ${child.description ?? child.items?.description ?? ''} |`;
    return [row, ...fieldRows(child, here), ...(child.items ? fieldRows(child.items, `${here}[]`) : [])];
  });
}

/** The table of template fields in docs/reference/dispatching.md. */
export function templateTable(): string {
  const rows = Object.entries(templateFields).map(([name, meaning]) => `| \`\${{ ${name} }}\` | ${meaning} |`);
  return ['| template | value |', '| --- | --- |', ...rows].join('\n');
}

/** The page with what stands between its `<!-- name -->` and `<!-- /name -->` lines made anew. */
export function withTables(page: string): string {
  const tables: Readonly<Record<string, string>> = { fields: fieldTable(), templates: templateTable() };
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [open, close] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
    const [start, end] = [text.indexOf(open), text.indexOf(close)];
    if (start < 0 || end < start) throw new Error(`The page has no \`${open.trim()}\` … \`${close.trim()}\`.`);
    return `${text.slice(0, start + open.length)}${table}${text.slice(end)}`;
  }, page);
}
