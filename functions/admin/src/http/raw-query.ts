import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/**
 * Moves the query as it was sent into the path, where the app parses it. API Gateway's parsed parameters hide what has to be
 * refused: they join a repeated parameter with commas, and copying them loses one called `__proto__`.
 */
export function withRawQuery(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  const path = event.rawPath.replace(/[?#]/g, encodeURIComponent);
  const rawPath = event.rawQueryString === '' ? path : `${path}?${event.rawQueryString}`;
  return { ...event, rawPath, queryStringParameters: {} };
}
