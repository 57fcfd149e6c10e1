import { createHash } from 'node:crypto';
import { type JobRequested, requestIdOf } from '@dispatcher/contracts';
import type { TokenUse } from '@dispatcher/store';
import type { EndedRun, StartingDispatch } from '../plan/completion.ts';
import type { ReceivedRequest } from '../plan/publish-request.ts';
import { lineageOf } from '../plan/stored-plan.ts';
import { parseJobBody } from './body.ts';
import { type DispatchApiRequest, type DispatchApiResponse, problem } from './http.ts';
import { type JobRunDependencies, readJobRun } from './job-run.ts';
import type { JobIdentity, VerifyJobToken } from './job-token.ts';

export interface JobRequestDependencies {
  readonly verifyJobToken: VerifyJobToken;
  /** Records for which request a token was used. Returns false if it was used for another one. */
  readonly useToken: (use: TokenUse) => Promise<boolean>;
  readonly jobRuns: JobRunDependencies;
  /** Returns the dispatch that started a run; null if none did. */
  readonly startedBy: (run: EndedRun) => Promise<StartingDispatch | null>;
  /** As in {@link PlanningDependencies}. */
  readonly maxLineageDelayMs: number;
  readonly appSlug: string;
  readonly now: () => number;
}

/** Dispatcher started the run of a job, and the ledger does not contain it yet. */
export class UnknownLineageError extends Error {
  override readonly name = 'UnknownLineageError';
  readonly retryAfterMs = 5_000;
  constructor() {
    super('Dispatcher started the run of this job, and has not recorded the run yet.');
  }
}

/** Returns the bearer token of a request; null if there is none. */
export function bearerTokenOf({ authorization = '' }: DispatchApiRequest): string | null {
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? null;
}

/** The token was used for another request. */
const replayed = {
  detail: 'The token was used for another request. Request a new token for each request.',
} as const;

/**
 * Builds the request of a job whose token was verified: parses the body, and reads the run live. The request id identifies
 * the job by repository, run, attempt and check run, so another token of the same job repeats the same request.
 * @returns the request, the response that refuses it, or what is wrong with the token
 * @throws UnknownLineageError
 */
export async function receiveJob(
  deps: JobRequestDependencies,
  job: JobIdentity,
  { body, idempotencyKey }: Pick<DispatchApiRequest, 'body' | 'idempotencyKey'>,
  correlationId: string,
): Promise<ReceivedRequest | DispatchApiResponse | typeof replayed> {
  const requested = parseJobBody(body);
  if ('field' in requested) return problem(400, { ...requested });
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const requestId = requestIdOfJob(job, idempotencyKey ?? `body ${bodyHash}`);
  const { issuer, tokenId } = job;
  // The body, too: until a plan is stored, an Idempotency-Key stands for any body.
  const use = { issuer, tokenId, requestId: requestIdOf('job', requestId, bodyHash) };
  if (!(await deps.useToken(use))) return replayed;
  const run = await readJobRun(deps.jobRuns, job);
  if (run.state === 'refused') return problem(403, { detail: run.detail, fix: run.fix, correlationId });
  const { state: _, ...parts } = run;
  const request: JobRequested = {
    type: 'job.requested',
    version: 1,
    deliveryId: correlationId,
    receivedAt: new Date(deps.now()).toISOString(),
    requestId,
    ...parts,
    request: requested,
  };
  return { request, ...(await findLineage(deps, request)) };
}

// A caller's idempotency key contains no space, so it cannot collide with the hash of a body.
function requestIdOfJob({ repositoryId, runId, attempt, checkRunId }: JobIdentity, once: string): string {
  return requestIdOf('job', repositoryId, runId, attempt, checkRunId, once);
}

/**
 * Returns the dispatch that started the run of a job. A job can begin before the ledger contains its run.
 * @throws UnknownLineageError while the run may still be recorded
 */
async function findLineage(
  { startedBy, maxLineageDelayMs, appSlug, now }: JobRequestDependencies,
  request: JobRequested,
): Promise<Pick<ReceivedRequest, 'startedBy' | 'isLast'>> {
  const dispatch = await startedBy(request);
  const isUnknown = lineageOf(request, dispatch, appSlug).state === 'unknown';
  const startedAt = request.run.startedAt ?? request.run.updatedAt;
  if (isUnknown && now() - Date.parse(startedAt) < maxLineageDelayMs) throw new UnknownLineageError();
  return { startedBy: dispatch, isLast: isUnknown };
}
