import { createConsumer } from '@dispatcher/lambda';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { actOnDecision } from './act-on-decision.ts';
import { budgets, consumer, dependencies } from './dependencies.ts';

const consume = createConsumer(consumer, (decided, attempt) => actOnDecision(dependencies, decided, attempt));

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const answer = await consume(event, context);
  await budgets.publish();
  return answer;
}
