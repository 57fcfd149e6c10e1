import { BulkReplayMode, BulkReplaySelection } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { findApi } from '../client/find-api.ts';
import type { CommandContext } from '../context/command-context.ts';

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

/** The API refused the request: the message is the `detail` of its problem document, which says what to do. */
export class RefusedRequestError extends Error {
  override readonly name = 'RefusedRequestError';
}

/** @throws UsageError if no API is named and none runs on this machine */
export function createBulkReplayApi(context: Pick<CommandContext, 'env' | 'root'>): BulkReplayApi {
  const { url: base, headers } = findApi(context);
  const send = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    const response = await fetch(new URL(`api/bulk-replays${path}`, base), {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new RefusedRequestError(detailOf(text) ?? `The API responded with ${response.status}.`);
  };
  return {
    preview: async (start) => z.parse(BulkReplayPreview, await send('POST', '', { ...start, dryRun: true })),
    start: async (start) => z.parse(Changed, await send('POST', '', { ...start, dryRun: false })).replay,
    get: async (id) => z.parse(Changed, await send('GET', `/${encodeURIComponent(id)}`)).replay,
    list: async () => z.parse(List, await send('GET', '')).bulkReplays,
    change: async (id, action, reason) =>
      z.parse(Changed, await send('POST', `/${encodeURIComponent(id)}/${action}`, { reason })).replay,
  };
}

function detailOf(text: string): string | null {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === 'object' && problem !== null && 'detail' in problem ? String(problem.detail) : null;
  } catch {
    return null;
  }
}
