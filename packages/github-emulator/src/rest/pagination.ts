import type { FastifyReply, FastifyRequest } from 'fastify';
import { type EmulatorContext, queryOf } from '../server/context.ts';

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

/**
 * Returns the page of a list that `per_page` and `page` select. Sets GitHub's `Link` header when there is a next page.
 */
export function paginate<T>(
  context: EmulatorContext,
  request: FastifyRequest,
  reply: FastifyReply,
  items: readonly T[],
): T[] {
  const query = queryOf(request);
  const perPage = perPageOf(query);
  const page = Math.max(1, Number(query['page'] ?? 1) || 1);
  const end = page * perPage;
  if (end < items.length) {
    linkNextPage(context, request, reply, { page: String(page + 1) });
  }
  return items.slice(end - perPage, end);
}

export function perPageOf(query: Readonly<Record<string, string | undefined>>): number {
  return Math.min(MAX_PER_PAGE, Math.max(1, Number(query['per_page'] ?? DEFAULT_PER_PAGE) || DEFAULT_PER_PAGE));
}

/** Sets the `Link` header to the request's URL with these parameters changed. */
export function linkNextPage(
  context: EmulatorContext,
  request: FastifyRequest,
  reply: FastifyReply,
  parameters: Record<string, string>,
): void {
  const next = new URL(request.url, context.base);
  for (const [name, value] of Object.entries(parameters)) {
    next.searchParams.set(name, value);
  }
  void reply.header('link', `<${next.href}>; rel="next"`);
}
