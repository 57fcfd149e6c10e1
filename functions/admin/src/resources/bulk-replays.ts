import { BulkReplayMode, Code, OperatorReason, Outcome } from '@dispatcher/contracts';
import { BulkReplay, SelectedRun, type StoredBulkReplay } from '@dispatcher/store';
import * as z from 'zod';
import type { BulkReplayDependencies } from '../bulk-replays/advance-bulk-replay.ts';
import {
  changeBulkReplay,
  findBulkReplay,
  previewBulkReplay,
  startBulkReplay,
} from '../bulk-replays/bulk-replay-actions.ts';
import { actionOf, noticeIn } from '../http/operator-action.ts';
import { BulkReplayParams, ListQuery, PageQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';

const time = z.iso.datetime();

export const BulkReplayRequest = z
  .strictObject({
    mode: z.enum(BulkReplayMode.options).default('as-recorded'),
    /** Selects runs with this outcome. */
    outcome: z.optional(Outcome),
    /** Selects runs whose plan has this code. */
    code: z.optional(Code),
    /** Selects runs of this source repository: `owner/name`. */
    repository: z
      .string()
      .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, 'write owner/name')
      .optional(),
    /** Selects runs that were recorded at or after this time. */
    since: time,
    /** Selects runs that were recorded at or before this time; now by default, and never later. */
    until: time.optional(),
    /** The maximum number of replays requested per minute. */
    perMinute: z.int().min(1).max(600).default(60),
    /** The operator's reason, recorded; secrets in it are not. */
    reason: OperatorReason,
    /** Only returns what would be replayed. */
    dryRun: z.boolean().default(true),
  })
  .refine(({ outcome, code }) => (outcome === undefined) !== (code === undefined), {
    error: 'select runs by exactly one of outcome and code',
    path: ['outcome'],
  });

export const BulkReplayChangeRequest = z.strictObject({
  /** The operator's reason, recorded; secrets in it are not. */
  reason: OperatorReason,
});

const notice = z.string().optional();
const cursor = z.string().nullable().describe('Pass it as `cursor` to get the next page; null on the last page.');

/** What would be replayed. */
export const BulkReplayPreview = z.object({
  dryRun: z.literal(true),
  /** Send it with the request that starts the bulk replay, so that it selects the same runs. */
  until: time,
  /** Number of selected runs, of those that were read. */
  selected: z.int(),
  /** Further runs may be selected: the dry run stops after about 1,000 selected runs or 100,000 rows. */
  more: z.boolean(),
  /** The newest selected runs; at most 100. */
  runs: z.array(SelectedRun).readonly(),
});

/** `notice` says what to do about a secret in the reason, which was redacted. */
export const BulkReplayChangedResponse = z.object({ dryRun: z.literal(false), replay: BulkReplay, notice });
export const BulkReplayStartResponse = z.discriminatedUnion('dryRun', [BulkReplayPreview, BulkReplayChangedResponse]);
export const BulkReplayResponse = z.object({ replay: BulkReplay });
export const BulkReplaysResponse = z.object({ bulkReplays: z.array(BulkReplay).readonly(), cursor });
export const BulkReplayItemsResponse = z.object({
  bulkReplayId: z.string(),
  /** As they were when they were selected, newest first within a page; the oldest run is replayed first. */
  runs: z.array(SelectedRun).readonly(),
  cursor,
});

/** Adds bulk replays: a replay of many runs that goes on by itself, at a limited rate. */
export function addBulkReplayRoutes(api: Api, deps: BulkReplayDependencies): void {
  addReads(api, deps);

  const start = {
    summary: 'Replays the selected runs, oldest first and at a limited rate. It is a dry run unless it says otherwise.',
    description:
      'The bulk replay goes on by itself within a minute; read its progress, stop it and resume it. Only one is active at a time.',
    body: BulkReplayRequest,
    response: { 200: BulkReplayStartResponse },
    problems: { 409: 'Another bulk replay is active; `detail` says which and whose.' },
  };
  api.post('/bulk-replays', { schema: start }, async (request, reply) => {
    const { body } = request;
    reply.code(200);
    if (body.dryRun) return { dryRun: true as const, ...(await previewBulkReplay(deps, body)) };
    return changed(await startBulkReplay(deps, body, actionOf(request, 'bulk-replay')), body.reason);
  });

  const problems = { 404: 'There is no bulk replay with this id.', 409: 'The state of the bulk replay forbids it.' };
  const stopping = {
    summary: 'Stops a bulk replay: no further replay is requested. Those that were requested are carried out.',
    params: BulkReplayParams,
    body: BulkReplayChangeRequest,
    response: { 200: BulkReplayChangedResponse },
    problems,
  };
  api.post(
    '/bulk-replays/:bulkReplayId/stop',
    { schema: stopping },
    async ({ params, body: { reason }, principal }, reply) => {
      const by = { operator: principal.name, reason };
      const stored = await changeBulkReplay(deps, params.bulkReplayId, 'stopped', by);
      reply.code(200);
      return changed(stored, reason);
    },
  );

  const resuming = {
    summary: 'Resumes a stopped bulk replay with the first run that was not requested.',
    params: BulkReplayParams,
    body: BulkReplayChangeRequest,
    response: { 200: BulkReplayChangedResponse },
    problems,
  };
  api.post(
    '/bulk-replays/:bulkReplayId/resume',
    { schema: resuming },
    async ({ params, body: { reason }, principal }, reply) => {
      const by = { operator: principal.name, reason };
      const stored = await changeBulkReplay(deps, params.bulkReplayId, 'resumed', by);
      reply.code(200);
      return changed(stored, reason);
    },
  );
}

function addReads(api: Api, { store }: Pick<BulkReplayDependencies, 'store'>): void {
  const list = {
    summary: 'Lists the bulk replays, newest first.',
    querystring: ListQuery,
    response: { 200: BulkReplaysResponse },
  };
  api.get('/bulk-replays', { schema: list }, async ({ query }) => {
    const page = await store.list(query);
    return { bulkReplays: page.items, cursor: page.cursor };
  });

  const one = {
    summary: 'Returns one bulk replay with its progress.',
    params: BulkReplayParams,
    response: { 200: BulkReplayResponse },
    problems: { 404: 'There is no bulk replay with this id.' },
  };
  api.get('/bulk-replays/:bulkReplayId', { schema: one }, async ({ params: { bulkReplayId } }) => {
    const { replay } = await findBulkReplay({ store }, bulkReplayId);
    return { replay };
  });

  const items = {
    summary: 'Lists the runs that a bulk replay has selected.',
    params: BulkReplayParams,
    querystring: PageQuery,
    response: { 200: BulkReplayItemsResponse },
  };
  api.get('/bulk-replays/:bulkReplayId/runs', { schema: items }, async ({ params: { bulkReplayId }, query }) => {
    const page = await store.listItems(bulkReplayId, query);
    return { bulkReplayId, runs: page.items.flat(), cursor: page.cursor };
  });
}

/** Returns the response to a change. @param reason of the operator */
function changed({ replay }: StoredBulkReplay, reason: string) {
  return { dryRun: false as const, replay, ...noticeIn(reason) };
}
