import type { Fact } from '@dispatcher/contracts';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { itemsOf } from './items.ts';
import { countersOf, hourOf, sumTotals, type Totals, type TotalsSpan, totalsKey } from './totals.ts';
import { expiryOf } from './keys.ts';

export interface FactTables {
  readonly facts: string;
  readonly projections: string;
}

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** What one transaction stores, and which of its actions is the conditional put of which fact. */
export interface Transaction {
  readonly actions: readonly Action[];
  readonly factAt: ReadonlyMap<number, Fact>;
}

// DynamoDB's limits are 100 actions and 4 MB; JSON is somewhat shorter than what DynamoDB counts.
const mostActions = 100;
const mostBytes = 3_000_000;

/** Cuts facts into as few groups as fit a transaction each, their order kept. */
export function cut(facts: readonly Fact[]): Fact[][] {
  const groups: Fact[][] = [];
  let actions = 0;
  let bytes = 0;
  let spans = new Set<TotalsSpan>();
  for (const fact of facts) {
    const items = itemsOf(fact);
    const size = Buffer.byteLength(JSON.stringify(items));
    const added = spansOf(fact).filter((span) => !spans.has(span));
    const group = groups.at(-1);
    if (group && actions + items.length + added.length <= mostActions && bytes + size <= mostBytes) {
      group.push(fact);
      actions += items.length + added.length;
      bytes += size;
      for (const span of added) spans.add(span);
    } else {
      groups.push([fact]);
      spans = new Set(spansOf(fact));
      actions = items.length + spans.size;
      bytes = size;
    }
  }
  return groups;
}

function spansOf(fact: Fact): TotalsSpan[] {
  return countersOf(fact).length === 0 ? [] : ['all', hourOf(fact.time)];
}

export function transactionOf(facts: readonly Fact[], tables: FactTables): Transaction {
  const actions: Action[] = [];
  const factAt = new Map<number, Fact>();
  for (const fact of facts) {
    const [item, ...details] = itemsOf(fact);
    factAt.set(actions.length, fact);
    actions.push({ Put: { TableName: tables.facts, Item: item, ConditionExpression: 'attribute_not_exists(pk)' } });
    // Without a condition of its own: it stands or falls with its fact.
    for (const detail of details) actions.push({ Put: { TableName: tables.facts, Item: detail } });
  }
  for (const [span, totals] of sumTotals(facts)) actions.push({ Update: addition(span, totals, tables.projections) });
  return { actions, factAt };
}

function addition(span: TotalsSpan, totals: Totals, table: string): NonNullable<Action['Update']> {
  const counters = Object.entries(totals);
  const add = `ADD ${counters.map((_, index) => `#c${index} :c${index}`).join(', ')}`;
  const names = Object.fromEntries(counters.map(([name], index) => [`#c${index}`, name]));
  const values = Object.fromEntries(counters.map(([, by], index) => [`:c${index}`, by]));
  return {
    TableName: table,
    Key: totalsKey(span),
    UpdateExpression: span === 'all' ? add : `${add} SET expiresAt = :expiresAt`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: span === 'all' ? values : { ...values, ':expiresAt': expiryOf(`${span}:00:00Z`) },
  };
}
