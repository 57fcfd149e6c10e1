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
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { Problem } from '../http/problem.ts';
import type { ZodTypeProvider } from '../http/zod-provider.ts';

export interface DeadLetterDependencies {
  readonly deadLetters: DeadLetterTools;
  readonly queues: DeadLetterQueues;
  /** After so long an action begins with no further letter; the rest of the function's time is for ending well. */
  readonly timeLimitMs?: number;
}

const queue = z.enum(deadLetterQueueNames);
const deadLetterId = z.string().min(1).max(200);
const time = z.iso.datetime();

export const InspectRequest = z.strictObject({ queue, deadLetterId });

/** One letter with its message, as it lies in the dead-letter queue. */
export const InspectedDeadLetter = z.object({
  id: z.string(),
  /** Among whose dead letters it lies; `bus`: EventBridge could not hand it over. */
  queue: z.string(),
  /** The queue that a redrive sends it to; null where that is none that it may be sent to from here. */
  to: z.string().nullable(),
  /** The queue it says it came from, where that is another one. */
  misplacedFrom: z.string().nullable(),
  /** `unrecorded`: SQS moved it, and no fact tells of it. */
  reason: z.enum(deadLetterCauses),
  detail: z.string().nullable(),
  attempts: z.int().nullable(),
  redrives: z.int(),
  messageId: z.string(),
  /** When it became a dead letter; of an unrecorded one, when the message was first sent. */
  since: time,
  correlationId: z.string(),
  runKey: z.string().nullable(),
  /** SQS's message group. */
  group: z.string().nullable(),
  /** The message; of the bus the whole event, of which a redrive sends the detail. */
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
  /** Why; recorded. */
  reason: z.string().trim().min(1).max(1_000),
  /** Only says what would be done. */
  dryRun: z.boolean().default(true),
  /** At most so many letters are sent back or discarded. */
  limit: z.int().min(1).max(100).default(100),
};

export const RedriveRequest = z
  .strictObject({
    ...action,
    /** Sends back letters that were redriven three times before. */
    quarantined: z.boolean().default(false),
  })
  .refine(({ select, quarantined }) => !quarantined || 'ids' in select, {
    error: 'quarantined letters are selected by ids only',
    path: ['quarantined'],
  });

export const DiscardRequest = z.strictObject(action);

const outcome = z.enum(['redriven', 'discarded', 'quarantined', 'misplaced', 'failed']);

/** What was done, or in a dry run what would be. */
export const DeadLetterAction = z.object({
  /** Of the facts `dead-letter.acted` that tell of it. */
  actionId: z.string(),
  dryRun: z.boolean(),
  /** Letters looked at, selected or not. */
  scanned: z.int(),
  outcomes: z.record(outcome, z.int()),
  /** The selected letters; at most 200. */
  deadLetters: z.array(
    z.object({
      id: z.string(),
      reason: z.enum(deadLetterCauses),
      since: time,
      redrives: z.int(),
      runKey: z.string().nullable(),
      outcome,
      problem: z.string().nullable(),
    }),
  ),
  /** Ids that were not met: somebody may hold them for a minute. */
  notFound: z.array(z.string()),
  /** Why it ended: `through` the queue, at the `limit`, `stopped` by its time, or `failed`. */
  ended: z.enum(['completed', 'limit', 'stopped', 'failed']),
  problem: z.string().nullable(),
  /** Selected letters may remain; the same request goes on with them, under an idempotency key of its own. */
  more: z.boolean(),
  /** What is in the dead-letter queue afterwards, by SQS's approximate counts; null where SQS did not say. */
  queueDepth: z.object({ waiting: z.int(), inFlight: z.int() }).nullable(),
});

type Action = z.input<typeof DeadLetterAction>;

const mostListed = 200;

/** What an operator can do with dead letters: the same as the command `dispatcher dead-letters`, in portions. */
export function addDeadLetterRoutes(instance: FastifyInstance, deps: DeadLetterDependencies): void {
  const api = instance.withTypeProvider<ZodTypeProvider>();

  const inspect = {
    summary: 'Reads one letter with its whole message out of its dead-letter queue, and leaves it there.',
    body: InspectRequest,
    response: { 200: InspectedDeadLetter },
    problems: { 404: 'The queue did not give it: somebody may hold it for a minute, or it is gone.' },
  };
  api.post('/dead-letters/inspect', { schema: inspect }, async ({ body }) => {
    const { deadLetterId: id } = body;
    const deadLetter = await findDeadLetter(deps.deadLetters, deps.queues[body.queue], id, timeLimit(deps));
    if (deadLetter !== null) return withoutMessage(deadLetter);
    const detail = `The dead-letter queue of ${body.queue} did not give the letter ${id}. Somebody may hold it for a minute, or it is gone.`;
    throw new Problem(404, detail);
  });

  const redrive = {
    summary:
      'Sends the selected letters back to their queue, of the bus to the queue that the event was for; one that was redriven three times stays.',
    body: RedriveRequest,
    response: { 200: DeadLetterAction },
  };
  api.post('/dead-letters/redrive', { schema: redrive }, (request) =>
    applyAction(deps, request, request.body.queue, { action: 'redrive', ...request.body }),
  );

  const discard = {
    summary: 'Deletes the selected letters for good.',
    body: DiscardRequest,
    response: { 200: DeadLetterAction },
  };
  api.post('/dead-letters/discard', { schema: discard }, (request) =>
    applyAction(deps, request, request.body.queue, { action: 'discard', quarantined: false, ...request.body }),
  );
}

// The body holds it already, and it may be large.
function withoutMessage(deadLetter: DeadLetterMessage): z.input<typeof InspectedDeadLetter> {
  const { message: _, ...shown } = deadLetter;
  return shown;
}

function timeLimit({ timeLimitMs = 5_000 }: DeadLetterDependencies): AbortSignal {
  return AbortSignal.timeout(timeLimitMs);
}

async function applyAction(
  deps: DeadLetterDependencies,
  request: FastifyRequest,
  name: keyof DeadLetterQueues,
  asked: Omit<DeadLetterCommand, 'actionId' | 'operator'>,
): Promise<Action> {
  const command: DeadLetterCommand = { ...asked, actionId: randomUUID(), operator: request.principal.name };
  const deadLetters: Action['deadLetters'] = [];
  const onDeadLetter = (
    { id, reason, since, redrives, runKey }: DeadLetterMessage,
    result: DeadLetterOutcome,
    problem: string | null,
  ) => {
    if (deadLetters.length < mostListed)
      deadLetters.push({ id, reason, since, redrives, runKey, outcome: result, problem });
  };
  const progress = { signal: timeLimit(deps), perSecond: 20, onDeadLetter };
  const { scanned, outcomes, notFound, ended, problem } = await applyDeadLetterCommand(
    deps.deadLetters,
    deps.queues[name],
    command,
    progress,
  );
  return {
    actionId: command.actionId,
    dryRun: command.dryRun,
    scanned,
    outcomes,
    deadLetters,
    notFound: [...notFound],
    ended,
    problem,
    more: ended !== 'completed',
    // What was done is worth more than the count.
    queueDepth: await countMessages(deps.deadLetters.sqs, deps.queues[name].deadLetterUrl).catch(() => null),
  };
}
