import { type Acceptance, type Intent, type Slot, storedDispatch } from './ledger-records.ts';
import { lineageItem } from './lineage.ts';
import { retentionDays, expirySeconds, type StateTable } from './state-table.ts';
import type { Action } from './state-transactions.ts';
import { isAbsent, nowSeconds } from './update-live.ts';

// The writes that make up the ledger's transactions, each with its condition.

export const dispatchKey = (dispatchId: string): string => `dispatch#${dispatchId}`;

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export function setExpression(values: Readonly<Record<string, unknown>>) {
  const names = Object.keys(values);
  return {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, values[name]])),
  };
}

export function putSlot(table: StateTable, slot: Slot): Action {
  return {
    Put: {
      TableName: table.name,
      Item: { ...slot, expiresAt: expirySeconds(table.now(), retentionDays) },
      ConditionExpression: isAbsent,
      ExpressionAttributeValues: nowSeconds(table),
    },
  };
}

/** Records the intent. Only a later revision of the plan can replace the record of a refused dispatch. */
export function putIntent(table: StateTable, intent: Intent, begunAt: number): Action {
  return putFirst(table, { ...intent, intendedAt: iso(begunAt), state: 'intent' });
}

/** Records a refusal, under the condition under which an intent could be recorded. */
export function putRefusal(table: StateTable, record: Intent & Readonly<Record<string, unknown>>): Action {
  return putFirst(table, record);
}

function putFirst(table: StateTable, record: Intent & Readonly<Record<string, unknown>>): Action {
  return {
    Put: {
      TableName: table.name,
      Item: dispatchItem(table, record),
      ConditionExpression: `${isAbsent} OR (#state = :failed AND revision < :revision)`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ...nowSeconds(table), ':failed': 'failed', ':revision': record.revision },
    },
  };
}

function dispatchItem(table: StateTable, record: Intent & Readonly<Record<string, unknown>>): Record<string, unknown> {
  const expiresAt = expirySeconds(table.now(), retentionDays);
  return { ...storedDispatch(record), pk: dispatchKey(record.dispatchId), expiresAt };
}

export function putDispatch(table: StateTable, record: Intent & Readonly<Record<string, unknown>>): Action {
  return {
    Put: {
      TableName: table.name,
      Item: dispatchItem(table, record),
      ConditionExpression: isAbsent,
      ExpressionAttributeValues: nowSeconds(table),
    },
  };
}

export function completeIntent(
  table: StateTable,
  { dispatchId }: Slot,
  values: Readonly<Record<string, unknown>>,
): Action {
  const set = setExpression(values);
  return {
    Update: {
      TableName: table.name,
      Key: { pk: dispatchKey(dispatchId) },
      ...set,
      ConditionExpression: '#state = :intent',
      ExpressionAttributeValues: { ...set.ExpressionAttributeValues, ':intent': 'intent' },
    },
  };
}

export function deleteIntent(table: StateTable, { dispatchId }: Slot): Action {
  return {
    Delete: {
      TableName: table.name,
      Key: { pk: dispatchKey(dispatchId) },
      ConditionExpression: 'attribute_not_exists(pk) OR #state = :intent',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':intent': 'intent' },
    },
  };
}

export function deleteSlot(table: StateTable, slot: Slot, by: 'holder' | 'dispatchId'): Action {
  return {
    Delete: {
      TableName: table.name,
      Key: { pk: slot.pk },
      ConditionExpression: '#by = :by',
      ExpressionAttributeNames: { '#by': by },
      ExpressionAttributeValues: { ':by': slot[by] },
    },
  };
}

type PutLineage = { readonly Put: { readonly TableName: string; readonly Item: Record<string, unknown> } };

export function putLineage(
  table: StateTable,
  intent: Omit<Intent, 'inputs'>,
  { workflowRunId, acceptedAt }: Acceptance,
): PutLineage {
  const { dispatchId, runKey, correlationId, sourceRunUrl, routeId, route, lineage, target } = intent;
  const started = { dispatchId, runKey, correlationId, sourceRunUrl, routeId, route, ...lineage, acceptedAt };
  return {
    Put: { TableName: table.name, Item: lineageItem(target.repositoryId, workflowRunId, started, table.now()) },
  };
}

/** Adds the condition that no other dispatch has claimed the run. */
export function ifUnclaimed({ Put: put }: PutLineage): Action {
  return {
    Put: {
      ...put,
      ConditionExpression: 'attribute_not_exists(pk) OR dispatchId = :id',
      ExpressionAttributeValues: { ':id': put.Item['dispatchId'] },
    },
  };
}
