import { type Code, factId, type Fact, fullName, type IssueReported, type RouteDecided } from '@dispatcher/contracts';
import {
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubUnknownOutcomeError,
  type IssueClient,
  type IssueRepository,
  type OpenedIssue,
} from '@dispatcher/github';
import { type Attempt, type Bus, Deferred } from '@dispatcher/lambda';
import { asSeenBySource } from '@dispatcher/rules';
import type { FinishedDispatch, TrackingIssues } from '@dispatcher/store';
import { factOfDispatch } from './facts.ts';
import { type IssueContent, issueBody, issueLabel, issueMarker, issueTitle } from './issue-text.ts';

export interface ReportDependencies {
  readonly createIssues: boolean;
  readonly trackingIssues: TrackingIssues;
  readonly issues: IssueClient;
  readonly bus: Bus;
  readonly now: () => number;
}

type Reported = Pick<IssueReported['data'], 'action' | 'number' | 'htmlUrl'>;

/**
 * Tells the source's people that a route started nothing: opens the route's one tracking issue in their repository, or
 * brings it up to date. What nobody must act on is no issue: a thousand forks must not fill a repository.
 */
export async function reportDenied(deps: ReportDependencies, decided: RouteDecided, attempt: Attempt): Promise<void> {
  const { decision } = decided.data;
  await report(deps, decided, decision.code, asSeenBySource(decision), attempt);
}

/** As {@link reportDenied}, for an allowed decision that GitHub refused to carry out. */
export async function reportFailed(
  deps: ReportDependencies,
  decided: RouteDecided,
  finished: FinishedDispatch,
  attempt: Attempt,
): Promise<void> {
  const fact = factOfDispatch(finished);
  if (fact.type !== 'dispatch.failed') return;
  await report(deps, decided, fact.data.code, { ...fact.data, checks: [] }, attempt);
}

async function report(
  deps: ReportDependencies,
  decided: RouteDecided,
  code: Code,
  view: Pick<IssueContent, 'code' | 'message' | 'fix' | 'act' | 'checks'>,
  attempt: Attempt,
): Promise<void> {
  if (view.act === 'nobody') return;
  const { routeId, route } = decided.data.decision;
  const content: IssueContent = {
    ...view,
    routeId,
    route,
    sourceRunUrl: decided.data.run.run.htmlUrl,
    correlationId: decided.correlationId,
  };
  const reported: Reported = deps.createIssues
    ? await tracked(deps, decided, code, content)
    : { action: 'skipped', number: null, htmlUrl: null };
  attempt.log.info('issue reported', { ...reported, code });
  await deps.bus.publish([factOf(decided, code, reported, deps.now())] satisfies Fact[]);
}

/** Of all workers that meet this route at once, one opens its issue; the others wait for what it records. */
async function tracked(
  deps: ReportDependencies,
  decided: RouteDecided,
  code: Code,
  content: IssueContent,
): Promise<Reported> {
  const { runKey } = decided;
  const claim = await deps.trackingIssues.claim(content.routeId);
  if (claim.state === 'busy') throw new Deferred('The route’s issue is being written.', claim.until - deps.now());
  const { lease, issue: known } = claim;
  if (known !== null && known.lastRunKey === runKey && known.state === 'open') {
    await deps.trackingIssues.release(content.routeId, lease);
    return { action: 'updated', number: known.number, htmlUrl: known.htmlUrl };
  }
  const at = repositoryOf(decided);
  try {
    const found =
      known ?? (claim.abandoned ? await deps.issues.find(at, issueLabel, issueMarker(content.routeId)) : null);
    const written = await write(deps.issues, at, found, content);
    const record = {
      number: written.number,
      htmlUrl: written.htmlUrl,
      state: 'open',
      lastCode: code,
      lastRunKey: runKey,
    };
    await deps.trackingIssues.record(content.routeId, lease, { ...record, state: 'open' });
    return { action: found === null ? 'opened' : 'updated', number: written.number, htmlUrl: written.htmlUrl };
  } catch (error) {
    // A lost answer may have left an issue: the claim is left to end, and the next worker looks for it first.
    if (!(error instanceof GitHubUnknownOutcomeError)) await deps.trackingIssues.release(content.routeId, lease);
    return unavailableOrThrow(error);
  }
}

async function write(
  issues: IssueClient,
  at: IssueRepository,
  found: OpenedIssue | null,
  content: IssueContent,
): Promise<OpenedIssue> {
  const body = issueBody(content);
  if (found !== null) {
    try {
      await issues.update(at, found.number, { body, state: 'open' });
      return found;
    } catch (error) {
      // Somebody deleted or transferred it: the route gets a new one.
      if (!(error instanceof GitHubPermanentError) || (error.status !== 404 && error.status !== 410)) throw error;
    }
  }
  return issues.open(at, { title: issueTitle(content.route), body, labels: [issueLabel] });
}

/** Issues disabled, or the App not allowed to write them: the fact and the log are then all there is. */
function unavailableOrThrow(error: unknown): Reported {
  if (error instanceof GitHubPermanentError) return { action: 'unavailable', number: null, htmlUrl: null };
  if (error instanceof GitHubRateLimitedError) throw new Deferred(error.message, error.retryAfterMs, { cause: error });
  throw error;
}

function repositoryOf({ data: { run } }: RouteDecided): IssueRepository {
  const { installationId, repository } = run;
  return { installationId, repositoryId: repository.id, owner: repository.owner, name: repository.name };
}

function factOf(decided: RouteDecided, code: Code, reported: Reported, now: number): IssueReported {
  const { runKey, correlationId, data } = decided;
  const { dispatchId, routeId, route } = data.decision;
  return {
    version: 1,
    id: factId('issue.reported', runKey, routeId, data.revision, dispatchId),
    type: 'issue.reported',
    time: new Date(now).toISOString(),
    correlationId,
    runKey,
    data: {
      dispatchId,
      routeId,
      route,
      code,
      repository: fullName(data.run.repository),
      ...reported,
    },
  };
}
