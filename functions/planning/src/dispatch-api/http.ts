import { problemDocument, type ProblemError, problemMediaType } from '@dispatcher/lambda';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A request to `/dispatch` as API Gateway passes it on. */
export interface DispatchApiRequest {
  /** The HTTP method: the API passes every method on, so that the response is ours. */
  readonly method: string;
  /** The query as it was sent, without `?`. */
  readonly query: string;
  readonly body: string;
  readonly apiKey: string | undefined;
  /** The header `Authorization`. */
  readonly authorization?: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** The caller's IP address. */
  readonly address: string;
}

export interface DispatchApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Creates a response with a problem document (RFC 9457); `members` are added to the document as they are. */
export function problem(
  status: number,
  members: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): DispatchApiResponse {
  return {
    status,
    headers: { ...headers, 'content-type': problemMediaType },
    body: problemDocument(status, members),
  };
}

/** Creates the response of an error that the dispatch API and the admin API share. */
export function toProblem(
  { status, message: detail, headers }: ProblemError,
  members: Readonly<Record<string, unknown>> = {},
): DispatchApiResponse {
  return problem(status, { ...members, detail }, headers);
}

/** Reads an event of the HTTP API, whose header names are in lower case. */
export function toDispatchApiRequest({
  headers,
  body = '',
  isBase64Encoded,
  rawQueryString: query,
  requestContext,
}: APIGatewayProxyEventV2): DispatchApiRequest {
  return {
    method: requestContext.http.method,
    query,
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString() : body,
    apiKey: headers['x-api-key'],
    authorization: headers['authorization'],
    idempotencyKey: headers['idempotency-key'],
    address: requestContext.http.sourceIp,
  };
}

export function toLambdaResult({ status, headers, body }: DispatchApiResponse): APIGatewayProxyStructuredResultV2 {
  const securityHeaders = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'",
    'x-content-type-options': 'nosniff',
  };
  return { statusCode: status, headers: { ...securityHeaders, ...headers }, body: JSON.stringify(body) };
}
