import { Code, DeadLetterReason, Outcome, runKeyPattern } from '@dispatcher/contracts';
import { deadLetterQueueNames } from '@dispatcher/dead-letters';
import {
  auditActions,
  DeadLetterState,
  DispatchRow,
  filteredKinds,
  filteredRouteStates,
  listedFactTypes,
  SummaryWindow,
} from '@dispatcher/store';
import * as z from 'zod';

const cursor = z.string().max(4_000).optional().describe('The `cursor` of the previous page.');
/** Leaves every other notation of a number (`0x10`, `1e1`, `+5`, ` 5`) as text, which the schema then refuses. */
const parseDecimal = (value: unknown) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value);
const limit = z
  .preprocess(parseDecimal, z.number().int().min(1).max(100))
  .default(50)
  // The generator of JSON schemas omits the default of a preprocessed value.
  .meta({ description: 'The maximum number of items.', default: 50 });

// Strict: silently ignoring an unknown filter would return wrong results.
export const NoQuery = z.strictObject({});
export const PageQuery = z.strictObject({ cursor });
export const PlansQuery = z.strictObject({
  revision: z
    .preprocess(parseDecimal, z.number().int().min(0).max(999_999).optional())
    .describe('Only the plan of this revision; the first one is 0.'),
  cursor,
});
export const ListQuery = z.strictObject({ cursor, limit });

/** A time in UTC with milliseconds, which is how times are stored. */
const time = z.iso
  .datetime({ offset: true, error: 'write a time as in 2026-11-03T14:00:00Z, with Z or an offset' })
  .transform((text) => new Date(text).toISOString())
  .refine((text) => /^\d{4}-/.test(text), 'write a year of four digits')
  .optional();
const since = time.meta({ description: 'Only rows of this time and later: `2026-11-03T14:00:00Z`.' });
const until = time.meta({ description: 'Only rows before this time.' });
const inOrder = (query: { readonly since?: string | undefined; readonly until?: string | undefined }) =>
  query.since === undefined || query.until === undefined || query.since <= query.until;
const notInOrder = { error: 'must not be before `since`', path: ['until'] };

const repository = z
  .string()
  .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, 'write OWNER/NAME')
  .optional();
const code = z
  .string()
  .regex(/^[a-z-]{1,60}$/, 'write a code as in `no-match`')
  .refine(isCode, 'is not a code of Dispatcher; docs/reference/codes.md lists them')
  .optional();
function isCode(text: string): text is Code {
  return (Code.options as readonly string[]).includes(text);
}

/** Returns the refinement that accepts at most one of these parameters. */
function atMostOne(...names: readonly string[]) {
  const list = names.map((name) => `\`${name}\``).join(', ');
  return [
    (query: Readonly<Record<string, unknown>>) => names.filter((name) => query[name] !== undefined).length <= 1,
    `Use at most one of ${list}.`,
  ] as const;
}

const sourceFilters = {
  repository: repository.meta({ description: 'Only of this source repository: `owner/name`, in any case.' }),
  kind: z
    .enum(filteredKinds)
    .optional()
    .describe(
      'Only deliveries of this kind. `requested`: requests of jobs, API keys, schedules and webhooks. Planned runs are found by `outcome`.',
    ),
  outcome: z.enum(Outcome.options).optional().describe('Only plans with this outcome.'),
  code: code.meta({ description: 'Only plans with this code, which is more precise than an outcome.' }),
  branch: z.string().min(1).max(255).optional().describe('Only runs of this branch or tag.'),
  pullRequest: z
    .preprocess(parseDecimal, z.number().int().min(1).optional())
    .describe(
      'Only runs of the event `pull_request` for the pull request with this number; requires `repository`. Runs of forks, and of commits that are the head of several pull requests, are recorded without a number.',
    ),
  since,
  until,
};
const requestsHaveNoRepository = [
  ({ kind, repository: name }: { readonly kind?: string | undefined; readonly repository?: string | undefined }) =>
    kind !== 'requested' || name === undefined,
  'Requests of API keys have no source repository: use either `repository` or `kind=requested`.',
] as const;
const pullRequestsAreOfARepository = [
  ({ pullRequest, repository: name }: { readonly pullRequest?: unknown; readonly repository?: string | undefined }) =>
    pullRequest === undefined || name !== undefined,
  'Each repository numbers its own pull requests: use `pullRequest` together with `repository`.',
] as const;

export const DeliveriesQuery = z
  .strictObject({ ...sourceFilters, cursor, limit })
  .refine(...atMostOne('kind', 'outcome', 'code'))
  .refine(...requestsHaveNoRepository)
  .refine(...pullRequestsAreOfARepository)
  .refine(inOrder, notInOrder);

export const DispatchesQuery = z
  .strictObject({
    repository: repository.meta({ description: 'Only of this target repository: `owner/name`, in any case.' }),
    state: z
      .enum(DispatchRow.shape.state.options)
      .optional()
      .describe('Only dispatches whose newest step is this. `accepted`: started, and not completed yet.'),
    code: code.meta({ description: 'Only dispatches with this code, which only failed and unverified ones have.' }),
    conclusion: z
      .string()
      .regex(/^[a-z_]{1,40}$/, 'write a conclusion as GitHub names it: `failure`')
      .optional()
      .describe('Only dispatches whose run completed with this conclusion: `failure`, `success`, `cancelled`.'),
    since,
    until,
    cursor,
    limit,
  })
  .refine(...atMostOne('state', 'code'))
  .refine(inOrder, notInOrder);

export const RoutesQuery = z
  .strictObject({
    repository: repository.meta({ description: 'Only routes into this target repository: `owner/name`, in any case.' }),
    source: repository.meta({ description: 'Only routes from this source repository: `owner/name`, in any case.' }),
    state: z
      .enum(filteredRouteStates)
      .optional()
      .describe(
        'Only routes whose newest step needs action. `failed`: GitHub did not accept the dispatch. `failing`: the dispatch failed, or the run that it started did.',
      ),
    code: code.meta({ description: 'Only denied and failed routes with this code.' }),
    cursor,
    limit,
  })
  .refine(...atMostOne('state', 'code'));

export const AuditQuery = z
  .strictObject({
    operator: z.string().min(1).max(200).optional().describe('Only actions of this operator.'),
    action: z.enum(auditActions).optional().describe('Only actions of this kind.'),
    since,
    until,
    cursor,
    limit,
  })
  .refine(inOrder, notInOrder);

export const DeadLettersQuery = z
  .strictObject({
    state: z.enum(DeadLetterState.options).optional().describe('Only dead letters in this state.'),
    reason: z.enum(DeadLetterReason.options).optional().describe('Only dead letters with this reason.'),
    since,
    until,
    cursor,
    limit,
  })
  .refine(inOrder, notInOrder);

const feed = z.enum(['deliveries', 'dispatches', 'audit']);

export const FeedQuery = z
  .strictObject({
    list: feed.describe(
      'Which facts: about deliveries and their plans, about dispatches, or about actions of operators.',
    ),
    type: z
      .enum(listedFactTypes)
      .optional()
      .describe('Only facts of this type, such as `dispatch.failed`. A type of another list matches nothing.'),
    source: repository.meta({
      description: 'Only facts about runs of this repository, or about routes from it: `owner/name`, in any case.',
    }),
    target: repository.meta({
      description: 'Only facts about routes into this repository, or about requests for it: `owner/name`, in any case.',
    }),
    since,
    until,
    cursor,
    limit,
  })
  .refine(inOrder, notInOrder);

export const StreamQuery = z.strictObject({
  list: feed.default('deliveries').describe('The list whose new facts are sent, without a filter.'),
});

// Any value is accepted: at an error status, a browser ends an `EventSource` for good.
export const StreamHeaders = z.looseObject({
  'last-event-id': z.string().optional().describe('The `id` of the last event, which browsers repeat by themselves.'),
});

/** For lists of the facts of one object. */
export const FactsQuery = z.strictObject({ since, until, cursor, limit }).refine(inOrder, notInOrder);

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

export const OwnerParams = z.object({ owner: namePart.describe('A user or an organization; not case-sensitive.') });

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

const searches = ['run', 'commit', 'delivery', 'dispatch'] as const;

/** At most one search parameter, because each has its own index; without one, the list with its filters. */
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
    dispatch: dispatchId.optional().describe('The dispatch id of an allowed decision.'),
    ...sourceFilters,
    cursor,
    limit,
  })
  .refine(...atMostOne(...searches))
  .refine(
    (query) =>
      searches.every((name) => query[name] === undefined) || filterNames.every((name) => query[name] === undefined),
    `Use either one of ${searches.map((name) => `\`${name}\``).join(', ')}, or filters, not both.`,
  )
  .refine(...atMostOne('kind', 'outcome', 'code'))
  .refine(...requestsHaveNoRepository)
  .refine(...pullRequestsAreOfARepository)
  .refine(inOrder, notInOrder);
const filterNames = ['repository', 'kind', 'outcome', 'code', 'branch', 'pullRequest', 'since', 'until'] as const;
export type RunsQuery = z.infer<typeof RunsQuery>;
