import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Gives every answer to a GET a validator made of its bytes, and answers `If-None-Match` with 304. The read is made all
 * the same: what is saved is the answer's way.
 * @returns what to send: null where the one who asks has it already
 */
export async function addEtag({ method, headers }: FastifyRequest, reply: FastifyReply, payload: unknown) {
  const read = method === 'GET' || method === 'HEAD';
  if (!read || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
  const tag = `"${createHash('sha256').update(payload).digest('base64url')}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (!matches(headers['if-none-match'], tag)) return payload;
  reply.code(304).removeHeader('content-type');
  return null;
}

// Weakly, as RFC 9110 has it for If-None-Match: a proxy that compresses turns "x" into W/"x".
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || [...header.matchAll(/"[^"]*"/g)].some(([each]) => each === tag);
}
