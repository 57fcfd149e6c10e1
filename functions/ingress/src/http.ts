import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Delivery } from './receive-delivery.ts';

/** Returns the bytes of the body, which API Gateway sends as base64 if it is not plain text. */
export function toBody({ body, isBase64Encoded }: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

/** Reads an event of API Gateway, which sends header names in lower case. */
export function toDelivery(event: Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>): Delivery {
  return {
    // GitHub sends JSON, which arrives as text. Bytes would only be made to become the same text again.
    body: event.isBase64Encoded ? toBody(event).toString('utf8') : (event.body ?? ''),
    event: event.headers['x-github-event'],
    deliveryId: event.headers['x-github-delivery'],
    signature: event.headers['x-hub-signature-256'],
  };
}

/** Returns a response with a JSON body. */
export function toLambdaResult({
  status,
  body,
}: {
  readonly status: number;
  readonly body: object;
}): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
