import { randomUUID } from 'node:crypto';
import {
  applyDeadLetterCommand,
  countMessages,
  deadLetterQueueNames,
  type DeadLetterQueues,
  findDeadLetter,
  deadLetterCauses,
  type DeadLetterMessage,
  type DeadLetterCommand,
  type DeadLetterOutcome,
  type DeadLetterTools,
} from '@dispatcher/dead-letters';
import { OperatorReason } from '@dispatcher/contracts';
import { ProblemError } from '@dispatcher/lambda';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { noticeIn } from '../http/operator-action.ts';
import { DeadLetterParams, NoQuery } from '../http/requests.ts';
import type { ZodTypeProvider } from '../http/zod-provider.ts';

export interface DeadLetterDependencies {
  readonly deadLetters: DeadLetterTools;
  readonly queues: DeadLetterQueues;
  /** An action starts no further dead letter after this time; the rest of the function's timeout is for cleaning up. */
  readonly timeLimitMs?: number;
}

const queue = z.enum(deadLetterQueueNames);
const deadLetterId = z.string().min(1).max(200);
const time = z.iso.datetime();

export const InspectRequest = z.strictObject({ queue, deadLetterId });

/** One dead letter with its message, as it is in the dead-letter queue. */
export const InspectResponse = z.object({
  id: z.string(),
  /** The source queue. `undelivered-events`: EventBridge could not deliver the event. */
  queue: z.string(),
  /** The queue that a redrive sends it to; null if it cannot be redriven. */
  to: z.string().nullable(),
  /** The queue that it names as its source, if that is a different one. */
  misplacedFrom: z.string().nullable(),
  /** `unrecorded`: SQS moved it, and no fact records why. */
  reason: z.enum(deadLetterCauses),
  detail: z.string().nullable(),
  attempts: z.int().nullable(),
  redrives: z.int(),
  messageId: z.string(),
  /** When it became a dead letter; if unrecorded, when the message was first sent. */
  since: time,
  correlationId: z.string(),
  runKey: z.string().nullable(),
  /** The SQS message group. */
  group: z.string().nullable(),
  /** The message. For an undelivered event the whole event, of which a redrive sends the `detail`. */
  body: z.string(),
});

const select = z.union([
  z.strictObject({ ids: z.array(deadLetterId).min(1).max(100) }),
  z.strictObject({ reason: z.enum(deadLetterCauses) }),
  z.strictObject({ olderThanSeconds: z.int().min(0) }),
  z.strictObject({ all: z.literal(true) }),
]);

const action = {
  queue,
  select,
  /**
   * Selects only dead letters that are not newer, except with `ids`; the time of the request by default, and never a later one.
   * Repeat the `before` of a dry run to act on what it listed.
   */
  before: time.optional(),
  /**
   * The `actionId` of an earlier response: this request continues that action, and its facts have the same id. One request
   * handles a limited number of dead letters; a new action by default.
   */
  actionId: z.uuid().optional(),
  /** The operator's reason, recorded; secrets in it are not. */
  reason: OperatorReason,
  /** Only returns what would be done. */
  dryRun: z.boolean().default(true),
  /** The maximum number of dead letters to redrive or discard. */
  limit: z.int().min(1).max(1_000).default(100),
  /** The maximum number of dead letters to redrive or discard per second. */
  perSecond: z.int().min(1).max(100).default(20),
};

export const RedriveRequest = z
  .strictObject({
    ...action,
    /** Also redrives dead letters that were redriven three times before. */
    quarantined: z.boolean().default(false),
  })
  .refine(({ select, quarantined }) => !quarantined || 'ids' in select, {
    error: 'select quarantined dead letters by ids',
    path: ['quarantined'],
  });

export const DiscardRequest = z.strictObject(action);

const outcome = z.enum(['redriven', 'discarded', 'quarantined', 'misplaced', 'failed']);

/** What was done, or in a dry run what would be done. */
export const DeadLetterActionResponse = z.object({
  /** The action id in the facts `dead-letter.acted`. */
  actionId: z.string(),
  /** What to do about a secret in the reason, which was redacted. */
  notice: z.string().optional(),
  dryRun: z.boolean(),
  /** Dead letters that are newer than this time were not selected. Send it with the next request of the same command. */
  before: time,
  /** Dead letters scanned, selected or not. */
  scanned: z.int(),
  /** Dead letters that were left out because they are newer than `before`. */
  newer: z.int(),
  outcomes: z.record(outcome, z.int()),
  /** The selected dead letters; at most 1,000. */
  deadLetters: z.array(
    z.object({
      id: z.string(),
      /** The queue that a redrive sends it to; null if it cannot be redriven. */
      to: z.string().nullable(),
      reason: z.enum(deadLetterCauses),
      since: time,
      redrives: z.int(),
      runKey: z.string().nullable(),
      outcome,
      problem: z.string().nullable(),
    }),
  ),
  /** Ids that were not received. With `ended: "completed"` they are not in the queue. */
  notFound: z.array(z.string()),
  /**
   * Why the action ended: the scan is `completed`, other readers still have messages `held`, it reached the `limit`, was
   * `stopped` by its time limit, or `failed`.
   */
  ended: z.enum(['completed', 'held', 'limit', 'stopped', 'failed']),
  problem: z.string().nullable(),
  /** Selected dead letters may remain: send the request again, with this `before` and a new Idempotency-Key. */
  more: z.boolean(),
  /** The depth of the dead-letter queue afterwards, by SQS's approximate counts; null if SQS could not be read. */
  queueDepth: z.object({ waiting: z.int(), inFlight: z.int() }).nullable(),
});

/** The approximate number of messages in a dead-letter queue, according to SQS. */
export const DeadLetterDepthResponse = z.object({
  queue: z.enum(deadLetterQueueNames),
  /** Messages that can be received now. */
  waiting: z.int(),
  /** Messages that another reader holds. */
  inFlight: z.int(),
});

type ActionResponse = z.input<typeof DeadLetterActionResponse>;

const maxListed = 1_000;
// Shorter than the time limit, so that an action that waited in vain says so.
const maxHeldWaitMs = 2_500;
const retryAfterSeconds = 2;

/** Adds the actions that the command `dispatcher dead-letters` offers, too; one request handles a limited number. */
export function addDeadLetterActionRoutes(instance: FastifyInstance, deps: DeadLetterDependencies): void {
  const api = instance.withTypeProvider<ZodTypeProvider>();

  const depth = {
    summary: 'Returns the number of messages in one dead-letter queue, according to SQS.',
    params: DeadLetterParams,
    querystring: NoQuery,
    response: { 200: DeadLetterDepthResponse },
  };
  api.get('/dead-letters/:queue/depth', { schema: depth }, async ({ params: { queue } }) => ({
    queue,
    ...(await countMessages(deps.deadLetters.sqs, deps.queues[queue].deadLetterUrl)),
  }));

  const inspect = {
    summary: 'Returns one dead letter with its whole message, and leaves it in its dead-letter queue.',
    body: InspectRequest,
    response: { 200: InspectResponse },
    problems: {
      404: 'The dead letter is not in the queue.',
      503: 'Another reader holds messages of the queue. Try again after the number of seconds in `Retry-After`.',
    },
  };
  api.post('/dead-letters/inspect', { schema: inspect }, async ({ body }) => {
    const { deadLetterId: id, queue } = body;
    const { deadLetters: tools } = deps;
    const waitForHeld = { maxMs: maxHeldWaitMs, now: tools.now, sleep: tools.sleep };
    const search = await findDeadLetter(tools, deps.queues[queue], id, { signal: timeLimit(deps), waitForHeld });
    if (search.state === 'found') return withoutMessage(search.deadLetter);
    const missing = `Dead letter ${id} was not received from the dead-letter queue of ${queue}`;
    if (search.state === 'absent') {
      throw new ProblemError(404, `${missing}: it was redriven, discarded or deleted, or was never there.`);
    }
    const cause =
      search.state === 'held'
        ? `another reader holds ${search.held} of its messages`
        : 'the request reached its time limit before it had read all messages';
    const again = { 'retry-after': String(retryAfterSeconds) };
    throw new ProblemError(503, `${missing}: ${cause}. Try again in ${retryAfterSeconds} seconds.`, again);
  });

  const redrive = {
    summary: 'Redrives the selected dead letters to their source queue, undelivered events to their target queue.',
    description: 'A dead letter that was redriven three times is quarantined and stays.',
    body: RedriveRequest,
    response: { 200: DeadLetterActionResponse },
  };
  api.post('/dead-letters/redrive', { schema: redrive }, (request) =>
    applyAction(deps, request, request.body.queue, { action: 'redrive', ...request.body }),
  );

  const discard = {
    summary: 'Deletes the selected dead letters permanently.',
    body: DiscardRequest,
    response: { 200: DeadLetterActionResponse },
  };
  api.post('/dead-letters/discard', { schema: discard }, (request) =>
    applyAction(deps, request, request.body.queue, { action: 'discard', quarantined: false, ...request.body }),
  );
}

// The body already contains the message, and it may be large.
function withoutMessage(deadLetter: DeadLetterMessage): z.input<typeof InspectResponse> {
  const { message: _, ...shown } = deadLetter;
  return shown;
}

function timeLimit({ timeLimitMs = 5_000 }: DeadLetterDependencies): AbortSignal {
  return AbortSignal.timeout(timeLimitMs);
}

type RequestedAction = Omit<DeadLetterCommand, 'actionId' | 'operator' | 'before'> & {
  readonly actionId?: string | undefined;
  readonly before?: string | undefined;
  readonly perSecond: number;
};

async function applyAction(
  deps: DeadLetterDependencies,
  request: FastifyRequest,
  name: keyof DeadLetterQueues,
  { perSecond, ...requested }: RequestedAction,
): Promise<ActionResponse> {
  const command: DeadLetterCommand = {
    ...requested,
    before: earlierOf(requested.before, deps.deadLetters.now()),
    actionId: requested.actionId ?? randomUUID(),
    operator: request.principal.name,
  };
  const deadLetters: ActionResponse['deadLetters'] = [];
  const onDeadLetter = (
    { id, to, reason, since, redrives, runKey }: DeadLetterMessage,
    result: DeadLetterOutcome,
    problem: string | null,
  ) => {
    if (deadLetters.length < maxListed)
      deadLetters.push({ id, to, reason, since, redrives, runKey, outcome: result, problem });
  };
  const waitForHeld = { maxMs: maxHeldWaitMs };
  const progress = { signal: timeLimit(deps), perSecond, waitForHeld, onDeadLetter };
  const { scanned, newer, outcomes, notFound, ended, problem } = await applyDeadLetterCommand(
    deps.deadLetters,
    deps.queues[name],
    command,
    progress,
  );
  return {
    actionId: command.actionId,
    ...noticeIn(command.reason),
    dryRun: command.dryRun,
    before: command.before,
    scanned,
    newer,
    outcomes,
    deadLetters,
    notFound: [...notFound],
    ended,
    problem,
    more: ended !== 'completed',
    // A failed count must not hide the result of the action.
    queueDepth: await countMessages(deps.deadLetters.sqs, deps.queues[name].deadLetterUrl).catch(() => null),
  };
}

/** Returns the requested time, or now: dead letters that appear while the action runs may be its own. */
function earlierOf(requested: string | undefined, now: number): string {
  return new Date(requested === undefined ? now : Math.min(Date.parse(requested), now)).toISOString();
}
