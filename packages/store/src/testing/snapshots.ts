import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDispatchReads, type DispatchReadsOptions, type DispatchSnapshot } from '../dispatch-reads.ts';

/** What a test reads; the rest of the snapshot is about nothing that is stored. */
export interface SnapshotNeeds {
  readonly dispatchId?: string;
  readonly slotKey?: string;
  readonly withdrawals?: readonly string[];
}

/** Reads slots, dispatches and withdrawals as the dispatch function does. */
export function createSnapshotReader(
  client: DynamoDBDocumentClient,
  tables: DispatchReadsOptions['tables'],
): (needs: SnapshotNeeds, now: number) => Promise<DispatchSnapshot> {
  return ({ dispatchId = 'none', slotKey = 'slot#none', withdrawals = [] }, now) => {
    const rateLimits = { keyToRead: () => null, remember: () => {} };
    const reads = createDispatchReads({ client, tables, rateLimits, now: () => now, pause: async () => {} });
    return reads.read({
      runKey: 'none',
      revision: 0,
      routeId: 'none',
      dispatchId,
      issueName: 'none',
      start: { slotKey, installationId: 7, rateKey: 'none', withdrawals, requester: null },
    });
  };
}
