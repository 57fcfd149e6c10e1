import {
  counted,
  BulkReplayMode,
  type BulkReplaySelection,
  Code,
  noticeOfRedaction,
  OperatorReason,
  Outcome,
} from '@dispatcher/contracts';
import { ProblemError } from '@dispatcher/lambda';
import { BulkReplay, SelectedRun, type StoredBulkReplay } from '@dispatcher/store';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type BulkReplayDependencies, settle } from '../bulk-replays/advance-bulk-replay.ts';
import { bulkReplayIdAt, type Change, newBulkReplay, resume, stop } from '../bulk-replays/bulk-replay-changes.ts';
import { readSelected } from '../bulk-replays/selected-runs.ts';
import { actionIdOf } from '../http/action-id.ts';
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
type BulkReplayRequest = z.output<typeof BulkReplayRequest>;

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

const maxListed = 100;
const maxPreviewRuns = 1_000;
/** A page examines up to 2,000 rows, and has few or none where most runs are not selected. */
const maxPreviewPages = 50;
const maxTries = 5;

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
    reply.code(200);
    return request.body.dryRun ? preview(deps, request.body) : startReplay(deps, request, request.body);
  });

  const problems = { 404: 'There is no bulk replay with this id.', 409: 'The state of the bulk replay forbids it.' };
  const stopping = {
    summary: 'Stops a bulk replay: no further replay is requested. Those that were requested are carried out.',
    params: BulkReplayParams,
    body: BulkReplayChangeRequest,
    response: { 200: BulkReplayChangedResponse },
    problems,
  };
  api.post('/bulk-replays/:bulkReplayId/stop', { schema: stopping }, async (request, reply) => {
    reply.code(200);
    return changeReplay(deps, request, request.params.bulkReplayId, request.body.reason, 'stopped');
  });

  const resuming = {
    summary: 'Resumes a stopped bulk replay with the first run that was not requested.',
    params: BulkReplayParams,
    body: BulkReplayChangeRequest,
    response: { 200: BulkReplayChangedResponse },
    problems,
  };
  api.post('/bulk-replays/:bulkReplayId/resume', { schema: resuming }, async (request, reply) => {
    reply.code(200);
    return changeReplay(deps, request, request.params.bulkReplayId, request.body.reason, 'resumed');
  });
}

function addReads(api: Api, { store }: BulkReplayDependencies): void {
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
    const stored = await store.getBulkReplay(bulkReplayId);
    if (stored === null) throw notFound(bulkReplayId);
    return { replay: stored.replay };
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

async function preview(deps: BulkReplayDependencies, body: BulkReplayRequest) {
  const selection = selectionOf(body, deps.now());
  const runs: SelectedRun[] = [];
  let position: string | null = null;
  for (let page = 0; page < maxPreviewPages && runs.length < maxPreviewRuns; page += 1) {
    const { items, cursor: next }: Awaited<ReturnType<typeof readSelected>> = await readSelected(
      deps.reads,
      selection,
      position,
    );
    runs.push(...items);
    position = next;
    if (next === null) break;
  }
  const { until } = selection;
  return {
    dryRun: true as const,
    until,
    selected: runs.length,
    more: position !== null,
    runs: runs.slice(0, maxListed),
  };
}

async function startReplay(deps: BulkReplayDependencies, request: FastifyRequest, body: BulkReplayRequest) {
  const { mode, perMinute, reason } = body;
  const now = deps.now();
  const requestHash = actionIdOf(request, 'bulk-replay').replaceAll('-', '');
  const stored = newBulkReplay(
    {
      bulkReplayId: bulkReplayIdAt(now, requestHash.slice(0, 8)),
      mode,
      selection: selectionOf(body, now),
      perMinute,
      operator: request.principal.name,
      reason,
      requestHash,
    },
    now,
  );
  const active = await deps.store.create(stored);
  // A retry of the request that started the active one: its response was lost.
  if (active !== null && active.requestHash !== requestHash) throw isActive(active);
  return responseOf(deps, active ?? stored, reason);
}

async function changeReplay(
  deps: BulkReplayDependencies,
  request: FastifyRequest,
  bulkReplayId: string,
  reason: string,
  action: 'stopped' | 'resumed',
) {
  const by: Change = { operator: request.principal.name, reason, now: deps.now() };
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const stored = await deps.store.getBulkReplay(bulkReplayId);
    if (stored === null) throw notFound(bulkReplayId);
    const change = action === 'stopped' ? stop(stored, by) : resume(stored, by);
    if (change === null) return unchanged(deps, stored, action, reason);
    const isStored =
      action === 'stopped' ? await deps.store.update(stored, change) : await deps.store.activate(stored, change);
    if (isStored) return responseOf(deps, { ...stored, ...change, version: stored.version + 1 }, reason);
    const active = await deps.store.getActive();
    if (action === 'resumed' && active !== null && active.replay.bulkReplayId !== bulkReplayId) throw isActive(active);
  }
  throw new ProblemError(409, `Bulk replay ${bulkReplayId} is being changed. Try again in a moment.`, {
    'retry-after': '1',
  });
}

/** Returns the bulk replay as it is if it is already stopped, or already goes on. @throws ProblemError 409 if it has ended */
function unchanged(deps: BulkReplayDependencies, stored: StoredBulkReplay, action: string, reason: string) {
  const { bulkReplayId, state, requested } = stored.replay;
  if (state !== 'completed') return responseOf(deps, stored, reason);
  const detail = `Bulk replay ${bulkReplayId} is completed, with ${counted(requested, 'replay')}: it cannot be ${action}.`;
  throw new ProblemError(409, detail);
}

async function responseOf(deps: BulkReplayDependencies, stored: StoredBulkReplay, reason: string) {
  try {
    await settle(deps, stored);
  } catch (error) {
    // Stored, and therefore published within a minute by the worker.
    deps.log.warn('bulk replay not recorded yet', { bulkReplayId: stored.replay.bulkReplayId, error });
  }
  const redaction = noticeOfRedaction(reason);
  return { dryRun: false as const, replay: stored.replay, ...(redaction === null ? {} : { notice: redaction }) };
}

function selectionOf(body: BulkReplayRequest, now: number): BulkReplaySelection {
  const { repository = null, outcome = null, code = null, since, until } = body;
  const end = until === undefined ? now : Math.min(Date.parse(until), now);
  return { repository, outcome, code, since: new Date(since).toISOString(), until: new Date(end).toISOString() };
}

function isActive({ replay }: StoredBulkReplay): ProblemError {
  const { bulkReplayId, operator, startedAt, state, selected, requested, reason, selection } = replay;
  const subject = selection.outcome ?? selection.code ?? 'runs';
  const detail =
    `Bulk replay ${bulkReplayId} of ${subject} is ${state}: ${operator} started it at ${startedAt} (${reason}), and ` +
    `${requested} of ${counted(selected, 'replay')} ${selected === 1 ? 'was' : 'were'} requested. Wait until it is completed, or stop it.`;
  return new ProblemError(409, detail);
}

function notFound(bulkReplayId: string): ProblemError {
  return new ProblemError(404, `There is no bulk replay ${bulkReplayId}. GET /api/bulk-replays lists them.`);
}
