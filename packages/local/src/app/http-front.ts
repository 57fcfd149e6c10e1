import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type FastifyInstance, fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Outcome } from '../lambda/lambda-runtime.ts';

export type Invoke = (event: APIGatewayProxyEventV2) => Promise<Outcome>;

/** `ANY` of an HTTP API; Fastify adds HEAD to GET. */
const anyMethod = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The HTTP API's limit for a request body. */
const bodyLimit = 10 * 1024 * 1024;

/**
 * Creates the HTTP API in front of ingress, planning and admin. It converts requests to events of payload format 2.0 and
 * the functions' results to responses.
 */
export function createFront(functions: {
  readonly ingress: Invoke;
  readonly planning: Invoke;
  readonly admin: Invoke;
}): FastifyInstance {
  const front = fastify({ logger: false, bodyLimit, forceCloseConnections: 'idle' });
  // The signature covers the bytes of the body, so the body must not be parsed here.
  front.removeAllContentTypeParsers();
  front.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  front.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'Not Found' }));
  front.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).send({ message: status === 413 ? 'Request Entity Too Large' : 'Internal Server Error' });
  });
  const route = (method: 'GET' | 'POST' | readonly string[], url: string, invoke: Invoke) =>
    front.route({
      method: [method].flat(),
      url,
      handler: async (request, reply) => respond(reply, await invoke(toEvent(request))),
    });
  route('POST', '/webhooks/github', functions.ingress);
  route('POST', '/webhooks/:name', functions.ingress);
  route('POST', '/webhooks/:name/:token', functions.ingress);
  route('GET', '/health', functions.admin);
  route(anyMethod, '/dispatch', functions.planning);
  route(anyMethod, '/api/*', functions.admin);
  route(anyMethod, '/auth/*', functions.admin);
  route('GET', '/', functions.admin);
  route('GET', '/*', functions.admin);
  return front;
}

export function toEvent(request: FastifyRequest): APIGatewayProxyEventV2 {
  const { pathname, search } = new URL(request.url, 'http://front');
  const query = toQueryParameters(new URLSearchParams(search));
  // An HTTP API passes cookies as a list of their own, without the header.
  const { cookie, ...otherHeaders } = request.headers;
  const headers = Object.fromEntries(
    Object.entries(otherHeaders).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    ...(search === '' ? {} : { queryStringParameters: query }),
    requestContext: requestContextOf(request, pathname),
    ...bodyOf(request.body),
  };
}

/** Returns the parameters as an HTTP API passes them: the values of a repeated one are joined with commas. */
function toQueryParameters(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(',')]));
}

/** Passes UTF-8 as text, and all other bodies as base64, because decoding would change their bytes. */
function bodyOf(body: unknown): Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'> {
  if (!Buffer.isBuffer(body) || body.length === 0) return { isBase64Encoded: false };
  return isUtf8(body)
    ? { body: body.toString(), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

function requestContextOf(request: FastifyRequest, path: string): APIGatewayProxyEventV2['requestContext'] {
  const now = new Date();
  return {
    accountId: '000000000000',
    apiId: 'local',
    domainName: request.hostname,
    domainPrefix: 'local',
    http: {
      method: request.method,
      path,
      protocol: `HTTP/${request.raw.httpVersion}`,
      sourceIp: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey: '$default',
    stage: '$default',
    time: now.toISOString(),
    timeEpoch: now.getTime(),
  };
}

function respond(reply: FastifyReply, outcome: Outcome): FastifyReply {
  const result = outcome.state === 'succeeded' ? (outcome.payload as APIGatewayProxyStructuredResultV2 | null) : null;
  // API Gateway's response for a function that failed or returned something else.
  if (typeof result?.statusCode !== 'number') return reply.code(500).send({ message: 'Internal Server Error' });
  for (const [name, value] of Object.entries(result.headers ?? {})) reply.header(name, String(value));
  for (const cookie of result.cookies ?? []) reply.header('set-cookie', cookie);
  const body = result.body ?? '';
  return reply.code(result.statusCode).send(result.isBase64Encoded === true ? Buffer.from(body, 'base64') : body);
}
