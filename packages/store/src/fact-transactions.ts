import type { Fact } from '@dispatcher/contracts';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Addition, additionsOf, sumAdditions } from './projections/counters.ts';
import type { FactTables } from './facts/fact-writer.ts';
import { itemsOf } from './facts/items.ts';

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** The actions of one transaction, and the fact of each conditional put by the index of its action. */
export interface Transaction {
  readonly actions: readonly Action[];
  readonly factAt: ReadonlyMap<number, Fact>;
}

// DynamoDB's limits are 100 actions and 4 MB. The margin covers what is not counted here: the counters, at most 5 KB
// each, and the difference between DynamoDB's item size and JSON.
const maxActions = 100;
const maxBytes = 3_000_000;

/** Splits facts, in order, into as few groups as possible that each fit one transaction. */
export function cut(facts: readonly Fact[]): Fact[][] {
  const groups: Fact[][] = [];
  let actions = 0;
  let bytes = 0;
  let counters = new Set<string>();
  for (const fact of facts) {
    const items = itemsOf(fact);
    const size = Buffer.byteLength(JSON.stringify(items));
    const own = additionsOf(fact).map(({ key }) => JSON.stringify(key));
    const added = own.filter((name) => !counters.has(name));
    const group = groups.at(-1);
    if (group && actions + items.length + added.length <= maxActions && bytes + size <= maxBytes) {
      group.push(fact);
      actions += items.length + added.length;
      bytes += size;
      for (const name of added) counters.add(name);
    } else {
      groups.push([fact]);
      counters = new Set(own);
      actions = items.length + counters.size;
      bytes = size;
    }
  }
  return groups;
}

export function transactionOf(facts: readonly Fact[], tables: FactTables, retentionDays?: number): Transaction {
  const actions: Action[] = [];
  const factAt = new Map<number, Fact>();
  for (const fact of facts) {
    const [item, ...details] = itemsOf(fact, retentionDays);
    factAt.set(actions.length, fact);
    actions.push({ Put: { TableName: tables.facts, Item: item, ConditionExpression: 'attribute_not_exists(pk)' } });
    // Needs no condition: it is written only together with its fact.
    for (const detail of details) actions.push({ Put: { TableName: tables.facts, Item: detail } });
  }
  for (const addition of sumAdditions(facts)) actions.push({ Update: updateOf(addition, tables.projections) });
  return { actions, factAt };
}

function updateOf({ key, add, expiresAt, first }: Addition, table: string): NonNullable<Action['Update']> {
  const counters = Object.entries(add);
  const names: Record<string, string> = Object.fromEntries(counters.map(([name], index) => [`#c${index}`, name]));
  const values: Record<string, unknown> = Object.fromEntries(counters.map(([, by], index) => [`:c${index}`, by]));
  const set: string[] = [];
  if (expiresAt !== undefined) {
    set.push('expiresAt = :expiresAt');
    values[':expiresAt'] = expiresAt;
  }
  if (first !== undefined) {
    set.push('#first = if_not_exists(#first, :first)', '#order = if_not_exists(#order, :order)');
    Object.assign(names, { '#first': first.name, '#order': `${first.name}Order` });
    Object.assign(values, { ':first': first.value, ':order': first.order });
  }
  const addition = `ADD ${counters.map((_, index) => `#c${index} :c${index}`).join(', ')}`;
  return {
    TableName: table,
    Key: key,
    UpdateExpression: set.length === 0 ? addition : `${addition} SET ${set.join(', ')}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
