import { runKeyPattern } from '@dispatcher/contracts';
import { deadLetterQueueNames } from '@dispatcher/dead-letters';
import { SummaryWindow } from '@dispatcher/store';
import * as z from 'zod';

const cursor = z.string().max(4_000).optional().describe('From the answer before: what follows it.');
const limit = z.coerce.number().int().min(1).max(100).default(50).describe('At most so many lines.');

// Strict: a filter that is not served and silently ignored would be taken for an answer.
export const NoQuery = z.strictObject({});
export const PageQuery = z.strictObject({ cursor });
export const ListQuery = z.strictObject({ cursor, limit });

const deliveryId = z.string().min(1).max(200);
const dispatchId = z.string().regex(/^[0-9a-f]{32}$/, 'write the 32 hex digits of a dispatch id');

export const DeliveryParams = z.object({ id: deliveryId.describe('The GUID that GitHub gave the delivery.') });
export const RunParams = z.object({
  runKey: z
    .string()
    .regex(runKeyPattern, 'write repository id, run id and attempt (11-9000000001-1), or a request (request-…)')
    .describe(
      'Repository id, run id and attempt: `11-9000000001-1`. Of a key’s request: `request-` and 32 hex digits.',
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
  owner: namePart.describe('In any case, as on GitHub.'),
  name: namePart.describe('In any case, as on GitHub.'),
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
    .describe(
      'The queue that the messages were on; `bus`: events that EventBridge could not hand over to their queue.',
    ),
});

const runId = /^(?:https?:\/\/[^\s?#]{1,400}\/actions\/runs\/)?(\d{1,20})(?:[/?#]\S{0,400})?$/;

/** Anything that names a run: exactly one of them, because each is an index of its own. */
export const RunsQuery = z
  .strictObject({
    run: z
      .string()
      .regex(runId, 'write a run id or the address of a run on GitHub')
      .transform((text) => runId.exec(text)?.[1] ?? text)
      .optional()
      .describe('GitHub’s run id, or the address of a run, an attempt or a job; of the source or of the target.'),
    commit: z
      .string()
      .regex(/^[0-9a-fA-F]{40}$/, 'write all 40 hex digits of the commit')
      .transform((text) => text.toLowerCase())
      .optional()
      .describe('The commit that the source’s run was of: all 40 hex digits.'),
    delivery: deliveryId.optional().describe('The GUID that GitHub gave the delivery.'),
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
