import { DateTime } from '@dispatcher/contracts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { readItem, type StateTable } from './state-table.ts';

/** Progress of the check of GitHub's delivery log for missed deliveries. */
export const DeliveryCheck = z.object({
  /** Every delivery up to this time has been checked. */
  checkedUntil: DateTime,
  /** GitHub rate-limits the App until this time; null if it does not. */
  notBefore: z.nullable(DateTime),
  /** An unfinished scan of the log, which is read newest first; null between scans. */
  scan: z.nullable(
    z.object({
      startedAt: DateTime,
      /** GitHub's cursor of the next page. */
      cursor: z.string(),
      /** GUIDs with a delivery attempt that is newer than that page. */
      attempted: z.array(z.string()),
    }),
  ),
});
export type DeliveryCheck = z.infer<typeof DeliveryCheck>;

export interface DeliveryCheckStore {
  /** Returns null before the first check. */
  getDeliveryCheck(): Promise<DeliveryCheck | null>;
  putDeliveryCheck(check: DeliveryCheck): Promise<void>;
}

// One item without expiry: an App has one log, and every environment has an App and a table of its own.
const pk = 'delivery-check';

export function createDeliveryCheckStore(table: StateTable): DeliveryCheckStore {
  return {
    getDeliveryCheck: async () => {
      const item = await readItem(table, pk);
      return item === null ? null : z.parse(DeliveryCheck, item);
    },
    putDeliveryCheck: async (check) => {
      await table.client.send(new PutCommand({ TableName: table.name, Item: { ...check, pk } }));
    },
  };
}
