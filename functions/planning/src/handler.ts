import { createConsumer } from '@dispatcher/lambda';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { checkDeliveries } from './check-deliveries.ts';
import { budgets, checking, consumer, dependenciesOf, door } from './dependencies.ts';
import { asDoorRequest, asResult } from './door/answer.ts';
import { receive } from './door/receive.ts';
import { replayRun } from './plan-again.ts';
import { planRun } from './plan-run.ts';
import { deferringOnRateLimit } from './rate-limit.ts';

/** What the schedule hands over; the queue's events have `Records`, those of the HTTP API a `rawPath`. */
export interface ScheduledEvent {
  readonly scheduled: 'check-deliveries';
}

// A page of the log with a hundred failed deliveries takes some ten seconds.
const longestPageMs = 15_000;

export async function handler(
  event: SQSEvent | ScheduledEvent | APIGatewayProxyEventV2,
  context: Context,
): Promise<SQSBatchResponse | APIGatewayProxyStructuredResultV2 | void> {
  if ('scheduled' in event) return checkDeliveries(checking, () => context.getRemainingTimeInMillis() > longestPageMs);
  const deps = dependenciesOf(context);
  const answer =
    'rawPath' in event
      ? asResult(await receive({ ...deps, ...door }, asDoorRequest(event)))
      : await createConsumer(consumer, (message, attempt) =>
          deferringOnRateLimit(deps, message, () =>
            message.type === 'run.replay' ? replayRun(deps, message, attempt) : planRun(deps, message, attempt),
          ),
        )(event, context);
  await budgets.publish();
  return answer;
}
