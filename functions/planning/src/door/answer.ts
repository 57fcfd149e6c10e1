import { STATUS_CODES } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A request as the HTTP API hands it over; header names are in lower case. */
export interface DoorRequest {
  readonly body: string;
  readonly apiKey: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** Of whoever asks. */
  readonly address: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** RFC 9457. What is given beside the status stands in the document as it is. */
export function problem(
  status: number,
  members: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: { type: 'about:blank', title, status, ...members },
  };
}

export function asDoorRequest({
  headers,
  body = '',
  isBase64Encoded,
  requestContext,
}: APIGatewayProxyEventV2): DoorRequest {
  return {
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString() : body,
    apiKey: headers['x-api-key'],
    idempotencyKey: headers['idempotency-key'],
    address: requestContext.http.sourceIp,
  };
}

export function asResult({ status, headers, body }: Answer): APIGatewayProxyStructuredResultV2 {
  const always = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'",
    'x-content-type-options': 'nosniff',
  };
  return { statusCode: status, headers: { ...always, ...headers }, body: JSON.stringify(body) };
}
