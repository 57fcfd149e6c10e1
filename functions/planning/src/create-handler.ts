import type { RunsMessage } from '@dispatcher/contracts';
import { type Attempt, createConsumer } from '@dispatcher/lambda';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import type { Dependencies } from './dependencies.ts';
import type { LooksInProgress } from './hints/handle-hint.ts';
import { recordIgnoredRun } from './plan/ignored-run.ts';
import type { QueuedRequestDependencies } from './plan/queued-request.ts';
import { planRun } from './plan/plan-run.ts';
import { deferOnRateLimit } from './plan/defer-on-rate-limit.ts';
import type { RepeatChecksDependencies } from './plan/repeat-checks.ts';
import { createParseScheduler } from './plan/parse-scheduler.ts';
import type { EndSessionsDependencies } from './authorization/end-sessions.ts';

/** The input of the schedule. Events of the queue have `Records`, those of the HTTP API a `rawPath`. */
export interface ScheduledEvent {
  readonly scheduled: 'check-deliveries' | 'due-schedules' | 'sweep';
}

// A page of the delivery log with a hundred failed deliveries takes about ten seconds.
const maxPageMs = 15_000;

/** The requests of ten schedules take far less, unless AWS is slow. */
const maxSchedulesMs = 10_000;

/** Loads what a completed run does not need. */
const loadRareRequests = () => import('./rare-requests.ts');

/**
 * Creates the Lambda handler: messages of the queues `runs` and `hints`, `POST /dispatch`, the scheduled delivery check, and the
 * schedules that are due.
 */
export function createHandler(dependencies: Dependencies) {
  const {
    budgets,
    consumer,
    deliveryCheck,
    dispatchApi,
    dueSchedules,
    hints,
    hintsConsumer,
    planning,
    sweep,
    createOnce,
    createReader,
  } = dependencies;
  return async (
    event: SQSEvent | ScheduledEvent | APIGatewayProxyEventV2,
    context: Context,
  ): Promise<SQSBatchResponse | APIGatewayProxyStructuredResultV2 | void> => {
    if ('scheduled' in event) {
      const { checkDeliveries, runDueSchedules, sweepRepositories } = await loadRareRequests();
      if (event.scheduled === 'due-schedules') {
        return runDueSchedules(dueSchedules, () => context.getRemainingTimeInMillis() > maxSchedulesMs);
      }
      if (event.scheduled === 'sweep') {
        await sweepRepositories(sweep, () => context.getRemainingTimeInMillis() > maxPageMs);
        return budgets.publish();
      }
      return checkDeliveries(deliveryCheck, () => context.getRemainingTimeInMillis() > maxPageMs);
    }
    if ('Records' in event && isFromQueue(event, hintsConsumer.queueUrl)) {
      const { handleHint } = await loadRareRequests();
      const inProgress: LooksInProgress = new Map();
      const response = await createConsumer(hintsConsumer, (hint, attempt) =>
        handleHint(hints, hint, attempt, inProgress),
      )(event, context);
      await budgets.publish();
      return response;
    }
    const scheduler = createParseScheduler();
    const invocation = { ...planning, reader: createReader(), once: createOnce(context) };
    const handleRequest = async (request: APIGatewayProxyEventV2) => {
      const { receive, toDispatchApiRequest, toLambdaResult } = await loadRareRequests();
      return toLambdaResult(
        await scheduler.handle((waitToParse) =>
          receive({ ...invocation, ...dispatchApi, waitToParse }, toDispatchApiRequest(request)),
        ),
      );
    };
    const result =
      'rawPath' in event
        ? await handleRequest(event)
        : await createConsumer(consumer, (message, attempt) =>
            scheduler.handle((waitToParse) => handleMessage({ ...invocation, waitToParse }, message, attempt)),
          )(event, context);
    await budgets.publish();
    return result;
  };
}

/** Returns whether a batch comes from this queue: the ARN and the URL of a queue both end with its name. */
function isFromQueue({ Records: records }: SQSEvent, queueUrl: string): boolean {
  return records[0]?.eventSourceARN?.split(':').at(-1) === queueUrl.split('/').at(-1);
}

/** Handles one message of the `runs` queue. */
async function handleMessage(
  deps: RepeatChecksDependencies &
    QueuedRequestDependencies &
    EndSessionsDependencies &
    Pick<Dependencies['planning'], 'fairnessQueue'>,
  message: RunsMessage,
  attempt: Attempt,
): Promise<void> {
  if (message.type === 'run.completed') return deferOnRateLimit(deps, message, () => planRun(deps, message, attempt));
  if (message.type === 'run.ignored') {
    return deferOnRateLimit(deps, message, () => recordIgnoredRun(deps, message, attempt));
  }
  const { endSessions, planQueuedRequest, repeatChecks, replayRun } = await loadRareRequests();
  // Needs nothing of GitHub, so no rate limit can defer it.
  if (message.type === 'authorization.revoked') return endSessions(deps, message);
  return deferOnRateLimit(deps, message, () => {
    if (message.type === 'run.replay') return replayRun(deps, message, attempt);
    if (message.type === 'checks.rerequested') return repeatChecks(deps, message, attempt);
    return planQueuedRequest(deps, message, attempt);
  });
}
