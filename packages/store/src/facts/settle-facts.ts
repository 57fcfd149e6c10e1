import { dispatchId, type Fact } from '@dispatcher/contracts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tryConditionalWrite } from '../conditional-write.ts';
import { queryEach } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import { parseFact } from './fact-bytes.ts';
import { runPlace } from './fact-keys.ts';
import type { Mark } from './fact-line.ts';
import type { FactWriter } from './fact-writer.ts';
import type { RecordedFact } from './recorded-fact.ts';

/**
 * Corrects what lists show of earlier facts of the same runs: a dispatch that failed and was started at a replay is listed
 * once, a failed one that a later dispatch of the same route replaced is marked as resolved, and a redriven dead letter
 * leaves the list of deliveries. Only facts of failures and replays need it, so an ordinary dispatch costs nothing.
 * Idempotent, and the result does not depend on the order of the facts: it is computed from all stored ones.
 */
export async function settleFacts(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  const runKeys = new Set(facts.flatMap((fact) => (mayChangeEarlier(fact) ? [fact.runKey] : [])));
  for (const runKey of runKeys) await settleRun(writer, runKey);
}

function mayChangeEarlier(fact: Fact): boolean {
  switch (fact.type) {
    case 'dispatch.failed':
    case 'dead-letter.acted':
      return true;
    case 'message.dead-lettered':
      return fact.data.queue === 'runs';
    case 'dispatch.accepted':
      return (fact.data.revision ?? 0) > 0 || generationOf(fact) > 0;
    default:
      return false;
  }
}

/** A later generation than any that an operator asks for. The bound only protects against an endless search. */
const maxGenerations = 100;

/** Returns how often an operator had dispatched the route of this run again before; 0 for a foreign dispatch id. */
function generationOf({ runKey = '', data }: DispatchFact): number {
  for (let generation = 0; generation < maxGenerations; generation += 1) {
    if (dispatchId(runKey, data.routeId, generation) === data.dispatchId) return generation;
  }
  return 0;
}

type DispatchFact = Pick<Extract<Fact, { type: 'dispatch.accepted' | 'dispatch.failed' }>, 'data'> & {
  readonly runKey?: string | undefined;
};

interface Stored {
  readonly item: StoredItem;
  readonly fact: RecordedFact;
}

/** From the steps of dispatches to the actions of operators. */
const settled = { from: '30', to: '81' };

async function settleRun({ client, tables }: FactWriter, runKey: string | undefined): Promise<void> {
  const place = runPlace(runKey);
  if (place === null) return;
  const stored: Stored[] = [];
  const items = queryEach(client, {
    TableName: tables.facts,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': place.pk,
      ':from': place.prefix + settled.from,
      ':to': place.prefix + settled.to,
    },
    // The fact that this call is about was stored before.
    ConsistentRead: true,
  });
  for await (const item of items) stored.push({ item, fact: parseItem(tables.facts, item, parseFact) });
  const facts = stored.map(({ fact }) => fact);
  for (const { item, fact } of stored) await settle({ client, tables }, item, stateOf(fact, facts));
}

interface State {
  /** The list has a later row of the same dispatch or delivery. */
  readonly isReplaced: boolean;
  readonly mark: Mark | null;
}

/** Returns what the other facts of its run make of a fact. */
function stateOf(fact: RecordedFact, facts: readonly RecordedFact[]): State {
  if (fact.type === 'message.dead-lettered') {
    const isReplaced = facts.some(
      ({ type, data }) => type === 'dead-letter.acted' && data.deadLetterId === fact.id && data.result === 'redriven',
    );
    return { isReplaced, mark: null };
  }
  if (fact.type !== 'dispatch.failed') return { isReplaced: false, mark: null };
  const { dispatchId: id, routeId, revision = 0 } = fact.data;
  const isReplaced = facts.some(
    ({ type, data }) =>
      (type === 'dispatch.accepted' && data.dispatchId === id) ||
      (type === 'dispatch.failed' && data.dispatchId === id && (data.revision ?? 0) > revision),
  );
  const generation = generationOf(fact);
  const isResolved = facts.some(
    (each) => each.type === 'dispatch.accepted' && each.data.routeId === routeId && generationOf(each) > generation,
  );
  return { isReplaced, mark: isResolved ? { resolved: true } : null };
}

async function settle(
  { client, tables }: Pick<FactWriter, 'client' | 'tables'>,
  item: StoredItem,
  { isReplaced, mark }: State,
): Promise<void> {
  const leaves = isReplaced && item['feed'] !== undefined;
  const isMarked = mark !== null && item['mark'] === undefined;
  if (!leaves && !isMarked) return;
  await tryConditionalWrite(
    client.send(
      new UpdateCommand({
        TableName: tables.facts,
        Key: { pk: item.pk, sk: item.sk },
        UpdateExpression: [...(isMarked ? ['SET mark = :mark'] : []), ...(leaves ? ['REMOVE feed'] : [])].join(' '),
        // Otherwise an item that expired since the read would come back with nothing else in it.
        ConditionExpression: 'attribute_exists(pk)',
        ...(isMarked ? { ExpressionAttributeValues: { ':mark': mark } } : {}),
      }),
    ),
  );
}
