import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SweepProgress } from '@dispatcher/projections';
import { partitions } from './projection-keys.ts';

/** Stores the progress of the sweep through each installation. They are gauges: only the newest value of each is kept. */
export interface SweepProgressStore {
  setProgress(progress: SweepProgress): Promise<void>;
}

/** @param table physical name of the table `projections` */
export function createSweepProgressStore({
  client,
  table,
}: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}): SweepProgressStore {
  return {
    setProgress: async (row) => {
      const Item = { pk: partitions.sweeps, sk: String(row.installationId), row };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
  };
}
