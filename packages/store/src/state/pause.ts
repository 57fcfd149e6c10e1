import { DateTime } from '@dispatcher/contracts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { readItem, type StateTable } from './state-table.ts';

/** Whether dispatches are paused, and who said so last. */
export const Pause = z.object({
  paused: z.boolean(),
  changedAt: DateTime,
  operator: z.string(),
  reason: z.string(),
});
export type Pause = z.infer<typeof Pause>;

/** The switch with which operators pause all dispatches. */
export interface PauseStore {
  /** Returns null if nobody has ever paused the dispatches. The read is consistent. */
  getPause(): Promise<Pause | null>;
  putPause(pause: Pause): Promise<void>;
}

/** The only item of the table `state` that the admin function may read and write. */
export const pauseKey = 'pause';

export function createPauseStore(table: StateTable): PauseStore {
  return {
    getPause: async () => {
      const item = await readItem(table, pauseKey);
      return item === null ? null : z.parse(Pause, item);
    },
    putPause: async (pause) => {
      await table.client.send(new PutCommand({ TableName: table.name, Item: { ...pause, pk: pauseKey } }));
    },
  };
}
