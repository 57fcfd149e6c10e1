import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { Code, Route, WorkflowAt } from '@dispatcher/contracts';
import { DeleteCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { writtenIf } from '../conditions.ts';
import { lineageItem } from './lineage.ts';
import { keptDays, readItem, secondsFrom, type StateTable } from './table.ts';

/** What is about to be started, with all that its facts, its lineage and its issue say. */
export const Intent = z.object({
  dispatchId: z.string(),
  runKey: z.string(),
  correlationId: z.string(),
  routeId: z.string(),
  route: Route,
  target: z.object({ repositoryId: z.int(), installationId: z.int() }),
  ref: z.string(),
  inputs: z.record(z.string(), z.string()),
  sourceRunUrl: z.string(),
  /** `updatedAt` of the source's run: the latency is measured from here. */
  sourceEndedAt: z.iso.datetime(),
  /** The way to the run that this dispatch starts: its own workflow is the last of the path. */
  lineage: z.object({ depth: z.int(), path: z.array(WorkflowAt) }),
});
export type Intent = z.infer<typeof Intent>;

const begun = {
  ...Intent.shape,
  intendedAt: z.iso.datetime(),
  /** Whose intent it is: a write repeated by the SDK after a lost answer finds its own. */
  holder: z.string(),
};
const accepted = {
  /** Null where GitHub answered without a run id. */
  workflowRunId: z.nullable(z.int()),
  htmlUrl: z.nullable(z.string()),
  acceptedAt: z.iso.datetime(),
};
const failed = {
  code: Code,
  /** GitHub's own sentence where it gave one. */
  message: z.string(),
  /** HTTP status of GitHub's answer; null where there was none. */
  status: z.nullable(z.int()),
  failedAt: z.iso.datetime(),
};
export const UnfinishedDispatch = z.object({ ...begun, state: z.literal('intent') });
export type UnfinishedDispatch = z.infer<typeof UnfinishedDispatch>;
export const FinishedDispatch = z.discriminatedUnion('state', [
  z.object({ ...begun, state: z.literal('accepted'), ...accepted }),
  z.object({ ...begun, state: z.literal('failed'), ...failed }),
]);
export type FinishedDispatch = z.infer<typeof FinishedDispatch>;
const DispatchRecord = z.union([UnfinishedDispatch, FinishedDispatch]);
export type DispatchRecord = z.infer<typeof DispatchRecord>;

export type Begun =
  | { readonly state: 'begun'; readonly record: UnfinishedDispatch }
  | { readonly state: 'finished'; readonly record: FinishedDispatch }
  /** Begun before, and its end is not known: a POST now could be the second. */
  | { readonly state: 'unfinished'; readonly record: UnfinishedDispatch };

export interface Acceptance {
  readonly workflowRunId: number | null;
  readonly htmlUrl: string | null;
  readonly acceptedAt: string;
}

export interface Refusal {
  readonly code: Code;
  readonly message: string;
  readonly status: number | null;
}

/**
 * The guard against a second run. Only who gets `begun` may POST, once; the finished record is what the dispatch's
 * facts are made of, now and whenever it is met again.
 */
export interface Ledger {
  begin(intent: Intent): Promise<Begun>;
  /** Writes the result and the started run's lineage together. Returns the record as it stands. */
  accept(intent: Intent, acceptance: Acceptance): Promise<FinishedDispatch>;
  fail(dispatchId: string, refusal: Refusal): Promise<FinishedDispatch>;
  /** After an answer that proves that nothing was started: the next attempt may POST. */
  release(dispatchId: string): Promise<void>;
  find(dispatchId: string): Promise<DispatchRecord | null>;
}

// `dispatch#<id>` holds one dispatch. `slot#…` is left to the slots of target repository, workflow and ref.
const dispatchKey = (dispatchId: string): string => `dispatch#${dispatchId}`;
const isIntent = { ConditionExpression: '#state = :intent', ExpressionAttributeNames: { '#state': 'state' } } as const;

function settlement(table: StateTable, dispatchId: string, values: Readonly<Record<string, unknown>>) {
  const names = Object.keys(values);
  return {
    TableName: table.name,
    Key: { pk: dispatchKey(dispatchId) },
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ConditionExpression: isIntent.ConditionExpression,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(names.map((name) => [`:${name}`, values[name]])),
      ':intent': 'intent',
    },
  };
}

export function createLedger(table: StateTable): Ledger {
  const find = async (dispatchId: string): Promise<DispatchRecord | null> => {
    const item = await readItem(table, dispatchKey(dispatchId));
    return item === null ? null : z.parse(DispatchRecord, item);
  };
  const finished = async (dispatchId: string): Promise<FinishedDispatch> => {
    const record = await find(dispatchId);
    if (record !== null && record.state !== 'intent') return record;
    throw new Error(`Dispatch ${dispatchId} has no intent to settle in the ledger; begin it first.`);
  };

  return {
    begin: async (intent) => {
      const now = table.now();
      const intendedAt = new Date(now).toISOString();
      const record: UnfinishedDispatch = { ...intent, intendedAt, holder: randomUUID(), state: 'intent' };
      const item = { ...record, pk: dispatchKey(intent.dispatchId), expiresAt: secondsFrom(now, keptDays) };
      const put = new PutCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
        ExpressionAttributeValues: { ':now': Math.floor(now / 1000) },
      });
      if (await writtenIf(table.client.send(put))) return { state: 'begun', record };
      const existing = await find(intent.dispatchId);
      if (existing === null) throw new Error(`Dispatch ${intent.dispatchId} was released just now; try again.`);
      if (existing.state !== 'intent') return { state: 'finished', record: existing };
      return { state: existing.holder === record.holder ? 'begun' : 'unfinished', record: existing };
    },
    accept: async (intent, { workflowRunId, htmlUrl, acceptedAt }) => {
      const { dispatchId } = intent;
      const update = settlement(table, dispatchId, { state: 'accepted', workflowRunId, htmlUrl, acceptedAt });
      if (workflowRunId === null) {
        await writtenIf(table.client.send(new UpdateCommand(update)));
        return finished(dispatchId);
      }
      const { runKey, correlationId, sourceRunUrl, routeId, route, lineage, target } = intent;
      const started = { dispatchId, runKey, correlationId, sourceRunUrl, routeId, route, ...lineage, acceptedAt };
      const item = lineageItem(target.repositoryId, workflowRunId, started, table.now());
      const both = [{ Update: update }, { Put: { TableName: table.name, Item: item } }];
      await settleTogether(() => table.client.send(new TransactWriteCommand({ TransactItems: both })), table.pause);
      return finished(dispatchId);
    },
    fail: async (dispatchId, { code, message, status }) => {
      const failedAt = new Date(table.now()).toISOString();
      const update = settlement(table, dispatchId, { state: 'failed', code, message, status, failedAt });
      await writtenIf(table.client.send(new UpdateCommand(update)));
      return finished(dispatchId);
    },
    release: async (dispatchId) => {
      await writtenIf(
        table.client.send(
          new DeleteCommand({
            TableName: table.name,
            Key: { pk: dispatchKey(dispatchId) },
            ...isIntent,
            ExpressionAttributeValues: { ':intent': 'intent' },
          }),
        ),
      );
    },
    find,
  };
}

const mostTries = 5;
const firstPauseMs = 20;

/**
 * Sends a transaction whose condition may not hold: that is an answer, and what stands is read afterwards. A conflict
 * with another writer is tried again here, because a result that is not written leaves a started run unaccounted for.
 */
async function settleTogether(send: () => Promise<unknown>, pause: StateTable['pause']): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await send();
      return;
    } catch (error) {
      const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      if (reasons.some(({ Code: code }) => code === 'ConditionalCheckFailed')) return;
      if (tries === mostTries || !reasons.some(({ Code: code }) => code === 'TransactionConflict')) throw error;
      await pause(firstPauseMs * 2 ** tries * Math.random());
    }
  }
}
