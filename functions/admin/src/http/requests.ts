import { runKeyPattern } from '@dispatcher/contracts';
import { deadLetterQueueNames } from '@dispatcher/dead-letters';
import { SummaryWindow } from '@dispatcher/store';
import * as z from 'zod';

const cursor = z.string().max(4_000).optional().describe('The `cursor` of the previous page.');
/** Leaves every other notation of a number (`0x10`, `1e1`, `+5`, ` 5`) as text, which the schema then refuses. */
const parseDecimal = (value: unknown) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value);
const limit = z
  .preprocess(parseDecimal, z.number('write a decimal number').int().min(1).max(100))
  .default(50)
  // The generator of JSON schemas omits the default of a preprocessed value.
  .meta({ description: 'The maximum number of items.', default: 50 });

// Strict: silently ignoring an unknown filter would return wrong results.
export const NoQuery = z.strictObject({});
export const PageQuery = z.strictObject({ cursor });
export const ListQuery = z.strictObject({ cursor, limit });

const deliveryId = z.string().min(1).max(200);
const dispatchId = z.string().regex(/^[0-9a-f]{32}$/, 'write the 32 hex digits of a dispatch id');

export const DeliveryParams = z.object({ id: deliveryId.describe('The delivery’s GUID (`X-GitHub-Delivery`).') });
export const RunParams = z.object({
  runKey: z
    .string()
    .regex(runKeyPattern, 'write repository id, run id and attempt (11-9000000001-1), or a request (request-…)')
    .describe(
      'Repository id, run id and attempt: `11-9000000001-1`. For a `POST /dispatch` request: `request-` and 32 hex digits.',
    ),
});
export const DispatchParams = z.object({ dispatchId: dispatchId.describe('32 hex digits.') });
export const RouteParams = z.object({
  routeId: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'write the 16 hex digits of a route id; GET /api/routes lists them')
    .describe('16 hex digits.'),
});

const namePart = z.string().regex(/^[\w.-]{1,100}$/, 'write letters, digits, -, _ and . only, at most 100');
export const RepositoryParams = z.object({
  owner: namePart.describe('Not case-sensitive, as on GitHub.'),
  name: namePart.describe('Not case-sensitive, as on GitHub.'),
});

export const BulkReplayParams = z.object({
  bulkReplayId: z
    .string()
    .regex(/^[0-9T]{15}-[0-9a-f]{8}$/, 'write the id of a bulk replay; GET /api/bulk-replays lists them')
    .describe('The id of a bulk replay: `20261103T140000-0a1b2c3d`.'),
});

export const SummaryQuery = z.strictObject({
  window: z
    .enum(SummaryWindow.options)
    .default('day')
    .describe('The last 60 minutes, 24 hours, 168 hours, or all time.'),
});

export const DeadLetterParams = z.object({
  queue: z
    .enum(deadLetterQueueNames)
    .describe('The source queue. `undelivered-events`: events that EventBridge could not deliver to their queue.'),
});

const runId = /^(?:https?:\/\/[^\s?#]{1,400}\/actions\/runs\/)?(\d{1,20})(?:[/?#]\S{0,400})?$/;

/** Exactly one search parameter, because each has its own index. */
export const RunsQuery = z
  .strictObject({
    run: z
      .string()
      .regex(runId, 'write a run id or the URL of a run on GitHub')
      .transform((text) => runId.exec(text)?.[1] ?? text)
      .optional()
      .describe('A run id, or the URL of a run, attempt or job on GitHub; of the source or of the target.'),
    commit: z
      .string()
      .regex(/^[0-9a-fA-F]{40}$/, 'write all 40 hex digits of the commit')
      .transform((text) => text.toLowerCase())
      .optional()
      .describe('The head commit of the source’s run: all 40 hex digits.'),
    delivery: deliveryId.optional().describe('The delivery’s GUID (`X-GitHub-Delivery`).'),
    dispatch: dispatchId.optional().describe('A dispatch id.'),
    cursor,
    limit,
  })
  .refine(
    ({ run, commit, delivery, dispatch }) =>
      [run, commit, delivery, dispatch].filter((value) => value !== undefined).length === 1,
    'name exactly one of run, commit, delivery and dispatch',
  );
export type RunsQuery = z.infer<typeof RunsQuery>;
