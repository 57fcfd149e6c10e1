import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Delivery, DeliveryResponse } from './receive-delivery.ts';

/** Reads an event of API Gateway, which sends a body that is not plain text as base64 and header names in lower case. */
export function toDelivery(event: Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>): Delivery {
  return {
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    event: event.headers['x-github-event'],
    deliveryId: event.headers['x-github-delivery'],
    signature: event.headers['x-hub-signature-256'],
  };
}

export function toLambdaResult({ status, body }: DeliveryResponse): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
