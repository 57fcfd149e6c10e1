import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, TokenShape, UsedJwts } from './credentials.ts';
import type { Fault, Faults } from './faults.ts';
import type { PendingManifests } from './manifests.ts';
import type { RateLimits, Taken } from './rate-limits.ts';
import type { RequestEntry, RequestLog } from './request-log.ts';
import type { HeldWebhooks } from './held-webhooks.ts';
import type { World } from './world.ts';

export interface Settings {
  tokenShape: TokenShape;
  /** `ghes-3.20` refuses `return_run_details`, as GitHub Enterprise Server does up to that version. */
  dispatchApi: 'github.com' | 'ghes-3.20';
  /** How long a run stays out of the run lists. */
  runListLagMs: number;
  webhookTimeoutMs: number;
}

/** What the routes share. */
export interface Core {
  world: World;
  /** The emulator's own URL, known once it listens. */
  base: string;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly held: HeldWebhooks;
  readonly requests: RequestLog;
  readonly rateLimits: RateLimits;
  readonly manifests: PendingManifests;
  readonly usedJwts: UsedJwts | null;
  readonly perRequest: WeakMap<FastifyRequest, PerRequest>;
  /** Resolves when the state is on disk, or at once where it is kept in memory only. */
  save(): Promise<void>;
}

export interface PerRequest {
  readonly entry: RequestEntry;
  readonly fault: Fault | null;
  caller: Caller;
  readonly rateLimit: Taken;
}

/** What the gate found out about a request before its handler ran. */
export function perRequest(core: Core, request: FastifyRequest): PerRequest {
  const found = core.perRequest.get(request);
  if (found === undefined) {
    throw new Error(`${request.method} ${request.url} came past the gate: register the route after it.`);
  }
  return found;
}

export function callerOf(core: Core, request: FastifyRequest): Caller {
  return perRequest(core, request).caller;
}

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

/** One page of a list by `per_page` and `page`, with GitHub's `Link` header where there is a next one. */
export function page<T>(core: Core, request: FastifyRequest, reply: FastifyReply, items: readonly T[]): T[] {
  const query = queryOf(request);
  const perPage = perPageOf(query);
  const number = Math.max(1, Number(query['page'] ?? 1) || 1);
  const end = number * perPage;
  if (end < items.length) {
    linkNext(core, request, reply, { page: String(number + 1) });
  }
  return items.slice(end - perPage, end);
}

export function perPageOf(query: Readonly<Record<string, string | undefined>>): number {
  return Math.min(MAX_PER_PAGE, Math.max(1, Number(query['per_page'] ?? DEFAULT_PER_PAGE) || DEFAULT_PER_PAGE));
}

export function linkNext(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  change: Record<string, string>,
): void {
  const next = new URL(request.url, core.base);
  for (const [name, value] of Object.entries(change)) {
    next.searchParams.set(name, value);
  }
  void reply.header('link', `<${next.href}>; rel="next"`);
}

export function queryOf(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  const url = new URL(request.url, 'http://localhost');
  return Object.fromEntries(url.searchParams);
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}
