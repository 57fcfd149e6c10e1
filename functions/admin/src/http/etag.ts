import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The media type of server-sent events. */
export const eventStream = 'text/event-stream';

/**
 * Adds an `ETag`, computed from the body, to every response to a GET, and answers a matching `If-None-Match` with 304.
 * The database is read all the same: only the transfer is saved.
 * @returns the payload to send: null with a 304
 */
export async function addEtag({ method, headers }: FastifyRequest, reply: FastifyReply, payload: unknown) {
  const isRead = method === 'GET' || method === 'HEAD';
  if (!isRead || reply.statusCode !== 200 || typeof payload !== 'string' || isStream(reply)) return payload;
  const tag = `"${createHash('sha256').update(payload).digest('base64url')}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (!matches(headers['if-none-match'], tag)) return payload;
  reply.code(304).removeHeader('content-type');
  return null;
}

/** A browser ends an `EventSource` for good at a 304. */
const isStream = (reply: FastifyReply): boolean => String(reply.getHeader('content-type')).startsWith(eventStream);

// Weak comparison, as RFC 9110 requires for If-None-Match: a compressing proxy turns "x" into W/"x".
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || [...header.matchAll(/"[^"]*"/g)].some(([each]) => each === tag);
}
