import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { batchGet, type Item, type ItemKey } from './batch-get.ts';
import { parsePlanItem, planKey, type StoredPlan } from './plans/stored-plan.ts';
import { type CheckGroup, checkGroupKey, parseCheckGroup } from './state/check-records.ts';
import { type DispatchRecord, parseDispatch } from './state/ledger-records.ts';
import { dispatchKey } from './state/ledger-writes.ts';
import { liveItem } from './state/state-table.ts';

/** What the check runs of a run depend on. */
export interface CheckNeeds {
  readonly runKey: string;
  /** The revisions of the plan to read. */
  readonly revisions: readonly number[];
  /** The dispatches whose records to read from the ledger. */
  readonly dispatchIds: readonly string[];
}

/** What was requested, as it is stored; null where nothing is. */
export interface CheckSnapshot {
  /** What is recorded of the check runs; an empty group if nothing is. */
  readonly group: CheckGroup;
  /** By revision. */
  readonly plans: ReadonlyMap<number, StoredPlan | null>;
  /** By dispatch id. */
  readonly dispatches: ReadonlyMap<string, DispatchRecord | null>;
}

/** Reads all that the check runs of a run depend on with one consistent `BatchGetItem`. */
export interface CheckReads {
  read(needs: CheckNeeds): Promise<CheckSnapshot>;
}

export interface CheckReadsOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical names. */
  readonly tables: { readonly state: string; readonly plans: string };
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** `BatchGetItem` accepts 100 keys. A run with 100 targets has one more, and is read twice. */
const maxKeys = 100;

/** The items are read together, but not as of one moment: what the check runs show is decided under the claim on their group. */
export function createCheckReads({ client, tables, now, pause }: CheckReadsOptions): CheckReads {
  const readAll = async (keys: readonly (readonly [table: string, key: ItemKey])[]): Promise<(Item | null)[]> => {
    const items: (Item | null)[] = [];
    for (let start = 0; start < keys.length; start += maxKeys) {
      const some = keys.slice(start, start + maxKeys);
      const ofTable = (name: string) => some.filter(([table]) => table === name).map(([, key]) => key);
      const read = await batchGet(
        { client, pause },
        { [tables.plans]: ofTable(tables.plans), [tables.state]: ofTable(tables.state) },
      );
      items.push(...(read[tables.plans] ?? []), ...(read[tables.state] ?? []));
    }
    return items;
  };
  return {
    read: async ({ runKey, revisions, dispatchIds }) => {
      const stateKeys = [checkGroupKey(runKey), ...dispatchIds.map(dispatchKey)];
      const items = await readAll([
        ...revisions.map((revision) => [tables.plans, planKey(runKey, revision)] as const),
        ...stateKeys.map((pk) => [tables.state, { pk }] as const),
      ]);
      const plans = items.slice(0, revisions.length);
      const [group, ...records] = items.slice(revisions.length).map((item) => liveItem(item, now()));
      return {
        group: parseCheckGroup(group ?? null),
        plans: new Map(
          revisions.map((revision, index) => [revision, parsePlanItem(plans[index] ?? undefined, now())] as const),
        ),
        dispatches: new Map(
          dispatchIds.map((id, index) => {
            const record = records[index] ?? null;
            return [id, record === null ? null : parseDispatch(record)] as const;
          }),
        ),
      };
    },
  };
}
