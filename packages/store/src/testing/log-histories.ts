import { setImmediate } from 'node:timers/promises';
import type { Fact } from '@dispatcher/contracts';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createFactStore, type FactStore } from '../fact-store.ts';
import { itemsOf } from '../facts/items.ts';
import { LogRestoredError, type LogSource } from '../log/fold-log.ts';
import { meetFaults } from './faults.ts';
import { createMemoryDynamo, type Meet } from './memory-dynamo.ts';
import { batchesOf, deliver, type Transport } from './transports.ts';

/** How a history ended. */
export interface FoldedHistory {
  readonly store: FactStore;
  /** Number of batches and roll-ups that failed and were tried again. */
  readonly failures: number;
  /** Whether the table was restored to a time before the cursor, and the roll-up noticed. */
  readonly isRestored: boolean;
  /** The largest number of shards. */
  readonly shards: number;
}

interface Stores {
  /** Creates the store of one writer or roll-up, with its faults. */
  readonly storeOf: (shards: number) => FactStore;
  /** A store without faults. */
  readonly reader: FactStore;
}

/** Names a table that can be backed up and restored. */
type Backup = () => void;

/**
 * Records and folds a history: two writers share the batches, and some go to both; roll-ups run all the time; each crashes,
 * is paused and gets incomplete answers as the transport says. At the end, everything is delivered and folded.
 */
export async function foldHistory(
  facts: readonly Fact[],
  how: Transport,
  stores: Stores & { readonly restoreBackup?: Backup } = memoryStores(how),
): Promise<FoldedHistory> {
  const batches = batchesOf(facts, how);
  const ofFirst = batches.filter((_, index) => index % 4 !== 1);
  const ofSecond = batches.filter((_, index) => index % 4 === 1 || index % 4 === 3).toReversed();
  const state = { isDelivered: false };
  const writers = [deliver(stores.storeOf(how.shards[0]), ofFirst), deliver(stores.storeOf(how.shards[1]), ofSecond)];
  const rollUps = Array.from({ length: how.rollUps }, async () => {
    const { rollUp } = stores.storeOf(how.shards[1]);
    let failures = 0;
    for (let runs = 1; runs <= maxRunsOfRollUp && !state.isDelivered; runs += 1) {
      await rollUp.fold().catch(() => (failures += 1));
      for (let yields = 0; yields < 50 * runs; yields += 1) await Promise.resolve();
    }
    return failures;
  });
  const delivered = await Promise.all(writers);
  state.isDelivered = true;
  const folded = await Promise.all(rollUps);
  const { reader, restoreBackup } = stores;
  await reader.rollUp.fold();
  let isRestored = false;
  if (restoreBackup !== undefined && how.restore !== null) {
    restoreBackup();
    await reader.rollUp.fold().catch((error: unknown) => {
      if (!(error instanceof LogRestoredError)) throw error;
      isRestored = true;
    });
    await reader.rebuild();
    // What was recorded after the backup is replayed from the archive.
    await deliver(reader, batches);
    await reader.rollUp.fold();
  }
  const failures = [...delivered, ...folded].reduce((sum, count) => sum + count, 0);
  return { store: reader, failures, isRestored, shards: Math.max(...how.shards) };
}

/** Enough to run from the beginning to the end of nearly every delivery. */
const maxRunsOfRollUp = 6;

const pause = async () => undefined;
const options = { table: 'facts', projectionsTable: 'projections', pause };

/** Stores over a model of DynamoDB. @param source replaces the log's reads of the roll-ups */
export function memoryStores(
  how: Transport,
  source?: LogSource,
): Stores & { readonly restoreBackup: Backup; readonly client: DynamoDBDocumentClient } {
  let calls = 0;
  const backUp = () => {
    if (calls === how.restore) memory.backUp('facts');
    calls += 1;
  };
  const memory = createMemoryDynamo();
  const itemsOnce = rememberedItems();
  let actors = 0;
  let ids = 0;
  let now = Date.parse('2026-11-03T14:00:00Z');
  const newEntryId = () => String((ids += 1));
  const storeOf = (shards: number): FactStore => {
    const actor = actors;
    actors += 1;
    const isWriter = actor < 2;
    const faultOf = (call: number) => how.faults[2 * call + (actor % 2)] ?? null;
    const yieldsOf = (call: number) => how.yields[(call + 5 * actor) % how.yields.length] ?? 0;
    const meet = meetFaults(faultOf, yieldsOf);
    const pausedAt = actor === 0 ? how.pausedWriter : actor === 2 ? how.pausedRollUp : null;
    let own = 0;
    const meetPaused: Meet = async (command, perform, input) => {
      backUp();
      const call = own;
      own += 1;
      // Everything else waits for promises only, so all others have ended, or are paused as well, when this continues.
      if (call === pausedAt) await setImmediate();
      return meet(command, perform, input);
    };
    return createFactStore({
      client: memory.newClient(meetPaused),
      ...options,
      itemsOf: itemsOnce,
      shards,
      newEntryId,
      // A writer whose clock is an hour behind.
      now: () => (now += 1) - (actor === 1 ? 3_600_000 : 0),
      ...(isWriter || source === undefined ? {} : { source }),
    });
  };
  const reader = createFactStore({
    client: memory.newClient(),
    ...options,
    shards: how.shards[1],
    newEntryId,
    ...(source === undefined ? {} : { source }),
  });
  return { storeOf, reader, client: memory.newClient(), restoreBackup: () => memory.restore('facts') };
}

/**
 * Returns `itemsOf` that creates the items of a fact once, because to deflate them takes a sixth of a history and a fact is
 * delivered several times. The roll-up creates its own: it has other objects, from the log.
 */
function rememberedItems(): typeof itemsOf {
  const known = new WeakMap<Fact, ReturnType<typeof itemsOf>>();
  return (fact, retentionDays) => {
    const items = known.get(fact) ?? itemsOf(fact, retentionDays);
    known.set(fact, items);
    return items;
  };
}

/** Throws unless the stored projections are what the logs fold to. */
export async function expectFoldedOnce(store: FactStore): Promise<void> {
  const { differences } = await store.verify();
  if (differences.length > 0) throw new Error(`The projections differ from the logs: ${JSON.stringify(differences)}`);
}
