import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Answer, Delivery } from './receive.ts';

/** API Gateway sends a body that is not plain text as base64; header names arrive in lower case. */
export function asDelivery(event: Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>): Delivery {
  return {
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    event: event.headers['x-github-event'],
    deliveryId: event.headers['x-github-delivery'],
    signature: event.headers['x-hub-signature-256'],
  };
}

export function asAnswer(answer: Answer): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: answer.status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(answer.body),
  };
}
