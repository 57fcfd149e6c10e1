import { deflateSync, inflateSync } from 'node:zlib';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { retentionDays } from '../state/state-table.ts';

/** The content of a file that a plan was decided on. Git's blob id identifies it, so a content is stored once. */
export interface StoredFile {
  readonly blobId: string;
  readonly text: string;
}

export interface FileReads {
  /** Returns the content of a file that a stored plan names; null if it is not stored, or has expired. */
  file(blobId: string): Promise<StoredFile | null>;
}

export interface FileStore {
  /** Stores a content, or extends how long it is kept. A content that is too large is left out. */
  put(file: StoredFile): Promise<void>;
}

export interface FileStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical name: `PLANS_TABLE`. */
  readonly table: string;
  /** Returns milliseconds since the epoch; the system clock by default. */
  readonly now?: () => number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** A content is written again after this time, so that it outlives the plans that were decided on it. */
const rewriteAfterMs = dayMs;
const keptMs = (retentionDays + 2) * dayMs;
/** A file of the maximum size of a dispatching.yml is far below, unless it contains noise. */
const maxStoredBytes = 64 * 1024;
const maxRemembered = 10_000;

const fileKey = (blobId: string) => ({ pk: `file#${blobId}`, sk: 'text' });

const FileItem = z.object({ data: z.instanceof(Uint8Array), expiresAt: z.number() });

export function createFileReads({ client, table, now = Date.now }: FileStoreOptions): FileReads {
  return {
    file: async (blobId) => {
      const { Item: item } = await client.send(new GetCommand({ TableName: table, Key: fileKey(blobId) }));
      if (item === undefined) return null;
      const { data, expiresAt } = z.parse(FileItem, item);
      // DynamoDB can take days to delete expired items.
      return expiresAt * 1000 <= now() ? null : { blobId, text: inflateSync(data).toString() };
    },
  };
}

/** Creates a store that writes each content once a day at most: it remembers what this process has written. */
export function createFileStore({ client, table, now = Date.now }: FileStoreOptions): FileStore {
  const writtenAt = new Map<string, number>();
  return {
    put: async ({ blobId, text }) => {
      const at = now();
      if (at - (writtenAt.get(blobId) ?? -Infinity) < rewriteAfterMs) return;
      const data = deflateSync(text, { level: 9 });
      if (data.length > maxStoredBytes) return;
      const expiresAt = Math.ceil((at + keptMs) / 1000);
      await client.send(new PutCommand({ TableName: table, Item: { ...fileKey(blobId), data, expiresAt } }));
      if (writtenAt.size >= maxRemembered) writtenAt.clear();
      writtenAt.set(blobId, at);
    },
  };
}
