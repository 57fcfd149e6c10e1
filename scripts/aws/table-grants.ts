import { readFileSync } from 'node:fs';
import type { Statement } from './policy.ts';

const source = readFileSync(
  new URL('../../infrastructure/terraform/modules/dispatcher/grants.tf', import.meta.url),
  'utf8',
);

/** Returns what each function's role may do with the tables, as `grants.tf` says. A table is the resource `table/NAME`. */
export function tableGrants(): ReadonlyMap<string, readonly Statement[]> {
  const grants = new Map<string, Statement[]>();
  const add = (name: string, statement: Statement) => grants.set(name, [...(grants.get(name) ?? []), statement]);
  const keys = new Map(blocksOf('table_keys').map(([name, block]) => [name, listsOf(block)]));
  for (const [name, block] of blocksOf('table_actions')) {
    for (const [table, actions] of listsOf(block)) {
      const leadingKeys = keys.get(name)?.get(table);
      add(name, statementOf(table, actions, leadingKeys && ['ForAllValues:StringLike', { LeadingKeys: leadingKeys }]));
    }
  }
  for (const [, name = '', block = ''] of source.matchAll(
    /for key in \["(\w+)"\] : "\w+" => \{(.*?)\n {8}\} if key/gs,
  )) {
    const [, table] = /resources\s*=\s*\[module\.tables\["(\w+)"\]\.arn\]/.exec(block) ?? [];
    if (table === undefined) continue;
    const conditions = Object.fromEntries(
      [...block.matchAll(/"dynamodb:(\w+)"\s*=\s*\[(.*?)\]/g)].map(([, key = '', values = '']) => [
        key,
        textsOf(values),
      ]),
    );
    const [, operator = ''] = /"(ForAllValues:\w+)"/.exec(block) ?? [];
    add(name, statementOf(table, listsOf(block).get('actions') ?? [], [operator, conditions]));
  }
  return grants;
}

type Condition = readonly [operator: string, keys: Readonly<Record<string, readonly string[]>>];

function statementOf(table: string, actions: readonly string[], condition?: Condition): Statement {
  const resources = [`table/${table}`, ...(actions.includes('dynamodb:Query') ? [`table/${table}/index/*`] : [])];
  const statement = { Effect: 'Allow', Action: actions, Resource: resources };
  if (condition === undefined) return statement;
  const [operator, keys] = condition;
  const named = Object.fromEntries(Object.entries(keys).map(([key, values]) => [`dynamodb:${key}`, values]));
  return { ...statement, Condition: { [operator]: named } };
}

/** Returns the entries of a map of maps among the locals. */
function blocksOf(local: string): [name: string, block: string][] {
  const [, map = ''] = new RegExp(`\\n  ${local} = \\{\\n(.*?)\\n  \\}\\n`, 's').exec(source) ?? [];
  const entries = map.matchAll(/^ {4}(\w+)\s*= \{(?:([^\n]*)\}|\n(.*?)\n {4}\})$/gms);
  return [...entries].map(([, name = '', line, lines]) => [name, line ?? lines ?? '']);
}

/** Returns the lists of texts in a block, by name. */
function listsOf(block: string): Map<string, string[]> {
  const lists = block.matchAll(/(\w+)\s*=\s*\[(.*?)\]/g);
  return new Map([...lists].map(([, name = '', values = '']) => [name, textsOf(values)]));
}

const textsOf = (values: string): string[] => [...values.matchAll(/"(.*?)"/g)].map(([, text = '']) => text);
