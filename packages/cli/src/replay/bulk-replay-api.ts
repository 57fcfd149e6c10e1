import { BulkReplayMode, BulkReplaySelection } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import type { ApiClient } from '../client/api-client.ts';

// The part of the admin API's responses that the commands show.

export const BulkReplay = z.object({
  bulkReplayId: z.string(),
  state: z.enum(['selecting', 'running', 'stopped', 'completed']),
  mode: BulkReplayMode,
  selection: BulkReplaySelection,
  perMinute: z.int(),
  operator: z.string(),
  reason: z.string(),
  startedAt: z.string(),
  changedAt: z.string(),
  changedBy: z.nullable(z.string()),
  selected: z.int(),
  requested: z.int(),
  problem: z.nullable(z.string()),
});
export type BulkReplay = z.infer<typeof BulkReplay>;

export const BulkReplayPreview = z.object({
  until: z.string(),
  selected: z.int(),
  more: z.boolean(),
  runs: z.array(
    z.object({ runKey: z.string(), time: z.string(), repository: z.nullable(z.string()), code: z.string() }),
  ),
});
export type BulkReplayPreview = z.infer<typeof BulkReplayPreview>;

const Changed = z.object({ replay: BulkReplay });
const List = z.object({ bulkReplays: z.array(BulkReplay) });

export interface BulkReplayStart {
  readonly mode: BulkReplayMode;
  readonly outcome?: string | undefined;
  readonly code?: string | undefined;
  readonly repository?: string | undefined;
  readonly since: string;
  readonly until?: string | undefined;
  readonly perMinute: number;
  readonly reason: string;
}

/** The admin API's bulk replays. */
export interface BulkReplayApi {
  preview(start: BulkReplayStart): Promise<BulkReplayPreview>;
  start(start: BulkReplayStart): Promise<BulkReplay>;
  get(bulkReplayId: string): Promise<BulkReplay>;
  /** The newest ones. */
  list(): Promise<readonly BulkReplay[]>;
  change(bulkReplayId: string, action: 'stop' | 'resume', reason: string): Promise<BulkReplay>;
}

const path = '/api/bulk-replays';

export function createBulkReplayApi(client: Pick<ApiClient, 'get' | 'post'>): BulkReplayApi {
  return {
    preview: async (start) => z.parse(BulkReplayPreview, await client.post(path, { ...start, dryRun: true })),
    start: async (start) => z.parse(Changed, await client.post(path, { ...start, dryRun: false })).replay,
    get: async (id) => z.parse(Changed, await client.get(`${path}/${encodeURIComponent(id)}`)).replay,
    list: async () => z.parse(List, await client.get(path)).bulkReplays,
    change: async (id, action, reason) =>
      z.parse(Changed, await client.post(`${path}/${encodeURIComponent(id)}/${action}`, { reason })).replay,
  };
}
