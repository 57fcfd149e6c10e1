import DataLoader from 'dataloader';
import { batchGet, type BatchGetDependencies, type Item } from '../batch-get.ts';
import { type ItemRead, readAlone } from './state-table.ts';

export interface CombinedReadsOptions extends BatchGetDependencies {
  /** Physical name: `STATE_TABLE`. */
  readonly table: string;
}

/** The limit of `BatchGetItem`. */
const maxKeys = 100;

/** DynamoDB refuses keys of more than 2,048 bytes, and with one of them the whole batch. */
const maxKeyBytes = 1_024;

/**
 * Returns a function that reads items with strong consistency. What is requested in the same moment, for one message or for
 * several of a batch, is read with one `BatchGetItem`.
 */
export function createCombinedReads({ client, table, pause }: CombinedReadsOptions): ItemRead {
  const loader = new DataLoader(
    async (keys: readonly string[]): Promise<(Item | null)[]> => {
      const names = [...new Set(keys)];
      const { [table]: items = [] } = await batchGet({ client, pause }, { [table]: names.map((pk) => ({ pk })) });
      const found = new Map(names.map((pk, index) => [pk, items[index] ?? null]));
      return keys.map((pk) => found.get(pk) ?? null);
    },
    { cache: false, maxBatchSize: maxKeys },
  );
  const single = readAlone(client, table);
  return (pk) => (Buffer.byteLength(pk) > maxKeyBytes ? single(pk) : loader.load(pk));
}
