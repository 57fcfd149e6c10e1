import { problemDocument, ProblemError, problemMediaType } from '@dispatcher/lambda';
import type { FastifyReply } from 'fastify';
import * as z from 'zod';

/** The body of every error response (RFC 9457). The title is the status's own; the detail says what to do. */
export const ProblemDocument = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
});

export function sendProblem(reply: FastifyReply, { status, message, headers }: ProblemError): FastifyReply {
  const document = problemDocument(status, { detail: message });
  return reply.code(status).headers(headers).type(problemMediaType).send(JSON.stringify(document));
}

/**
 * Returns a 404.
 * @param subject what was requested, for example `run 11-9000000001-1`
 * @param scope sentence that says what is never recorded
 */
export function notRecorded(subject: string, scope?: string): ProblemError {
  const detail = `Nothing is recorded for ${subject}. If it is new, try again in a few seconds.`;
  return new ProblemError(404, scope === undefined ? detail : `${detail} ${scope}`);
}
