import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { toBody, toLambdaResult } from '../http.ts';
import type { WebhookRequest, WebhookResponse } from './receive-message.ts';

type Event = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded' | 'rawPath'>;

/** Reads an event of `POST /webhooks/{name}` or `POST /webhooks/{name}/{token}`. */
export function toWebhookRequest(event: Event): WebhookRequest {
  const [name = '', token] = event.rawPath.replace(/^\/webhooks\//, '').split('/');
  return {
    name: decoded(name),
    pathToken: token === undefined ? null : decoded(token),
    headers: event.headers,
    body: toBody(event),
  };
}

/** Names and tokens need no encoding; one that cannot be decoded names nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export function toWebhookResult(response: WebhookResponse): APIGatewayProxyStructuredResultV2 {
  if (!('text' in response)) return toLambdaResult(response);
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return {
    statusCode: response.status,
    headers: { ...headers, 'x-content-type-options': 'nosniff' },
    body: response.text,
  };
}
