import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { readItem, type StateTable } from './state-table.ts';

/** How far GitHub's log of deliveries has been looked through. */
export const DeliveryCheck = z.object({
  /** Every delivery up to here has been looked at. */
  checkedUntil: z.iso.datetime(),
  /** GitHub limits the App until then; null where it does not. */
  notBefore: z.nullable(z.iso.datetime()),
  /** A look through the log that has not come to `through` yet; the log is read newest first. */
  scan: z.nullable(
    z.object({
      startedAt: z.iso.datetime(),
      /** GitHub's own cursor of the page to read next. */
      cursor: z.string(),
      /** GUIDs with an attempt newer than that page. */
      attempted: z.array(z.string()),
    }),
  ),
});
export type DeliveryCheck = z.infer<typeof DeliveryCheck>;

export interface DeliveryCheckStore {
  /** Null before the first check. */
  find(): Promise<DeliveryCheck | null>;
  put(check: DeliveryCheck): Promise<void>;
}

// One item, and it does not expire: an App has one log. Every environment is an App and a table of its own.
const pk = 'delivery-check';

export function createDeliveryCheckStore(table: StateTable): DeliveryCheckStore {
  return {
    find: async () => {
      const item = await readItem(table, pk);
      return item === null ? null : z.parse(DeliveryCheck, item);
    },
    put: async (check) => {
      await table.client.send(new PutCommand({ TableName: table.name, Item: { ...check, pk } }));
    },
  };
}
