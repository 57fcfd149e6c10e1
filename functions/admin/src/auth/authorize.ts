import { ProblemError } from '@dispatcher/lambda';
import type { FastifyRequest } from 'fastify';

const safeMethods = new Set(['GET', 'HEAD']);

/** Returns whether a request may change something. Derived from the method, so that no route can forget to declare it. */
export function isMutation({ method }: Pick<FastifyRequest, 'method'>): boolean {
  return !safeMethods.has(method);
}

/**
 * Allows mutations to operators only, and only as JSON. A browser sends JSON to another site only after a CORS preflight,
 * which this API never grants. Any other content type could come from a form on a foreign page, with the credentials that
 * the browser stores for this API.
 * @throws ProblemError 403 or 415
 */
export function authorizeMutation(request: FastifyRequest): void {
  if (!isMutation(request)) return;
  if (request.principal.role !== 'operator') {
    throw new ProblemError(
      403,
      'This request needs the role `operator`; you have the role `viewer`. Ask an administrator for `operator`.',
    );
  }
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new ProblemError(415, 'Send a JSON body with the header `content-type: application/json`.');
  }
}
