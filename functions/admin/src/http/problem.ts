import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import * as z from 'zod';

/** RFC 9457. `type` is `about:blank`: the title is the status's own, and the detail says what to do. */
export const ProblemDocument = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
});

/** An answer that is a refusal. The detail is for the one who asked: it tells nothing about others' data. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

export function sendProblem(reply: FastifyReply, { status, message, headers }: Problem): FastifyReply {
  const document = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail: message };
  return reply.code(status).headers(headers).type('application/problem+json').send(JSON.stringify(document));
}

/** @param what was asked for: `run 11-9000000001-1` */
export function notRecorded(what: string): Problem {
  return new Problem(404, `Nothing is recorded about ${what}. If it came in just now, ask again in some seconds.`);
}
