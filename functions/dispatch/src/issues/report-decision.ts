import { type Code, factId, type Fact, fullName, type IssueReported, type RouteDecided } from '@dispatcher/contracts';
import { type Attempt, type Bus } from '@dispatcher/lambda';
import { asSeenBySource } from '@dispatcher/rules';
import type { FinishedDispatch } from '@dispatcher/store';
import { factOfDispatch } from '../facts/dispatch-fact.ts';
import { type IssueContent, issueMarker, startBody, startLabel, startTitle } from './issue-text.ts';
import { openOnce, type Reported, type RunDecided, type TrackDependencies, track } from './issue-calls.ts';

/** `problems`: what somebody must act on. `all`: also one about every start. */
export type CreateIssues = 'none' | 'problems' | 'all';

export interface ReportDependencies extends TrackDependencies {
  readonly createIssues: CreateIssues;
  readonly bus: Bus;
}

/** What the issue shows. Its code may be less precise than that of the fact, which only operators see. */
type View = Pick<IssueContent, 'message' | 'fix' | 'responsible' | 'checks'> & { readonly code: Code };

/**
 * Tells the source's people that a route started nothing: opens the route's one tracking issue in their repository, or
 * brings it up to date. What nobody must act on is no issue: a thousand forks must not fill a repository.
 */
export async function reportDenied(deps: ReportDependencies, decided: RouteDecided, attempt: Attempt): Promise<void> {
  if (!isOfRun(decided)) return;
  const { decision } = decided.data;
  await reportProblem(deps, decided, asSeenBySource(decision), decision.code, attempt);
}

/**
 * An allowed decision that GitHub refused is told as a denied one is; one that was started closes the route's issue.
 */
export async function reportFinished(
  deps: ReportDependencies,
  decided: RouteDecided,
  finished: FinishedDispatch,
  attempt: Attempt,
): Promise<void> {
  if (!isOfRun(decided)) return;
  const fact = factOfDispatch(finished);
  if (fact.type === 'dispatch.failed') {
    await reportProblem(deps, decided, { ...fact.data, checks: [] }, fact.data.code, attempt);
  } else if (deps.createIssues !== 'none') {
    await reportStart(deps, decided, fact.data.htmlUrl, attempt);
  }
}

/**
 * A key's request has no repository that an issue could stand in: its holder was answered, and the facts tell the rest.
 */
function isOfRun(decided: RouteDecided): decided is RunDecided {
  return decided.data.trigger.type === 'run.completed';
}

async function reportProblem(
  deps: ReportDependencies,
  decided: RunDecided,
  view: View,
  code: Code,
  attempt: Attempt,
): Promise<void> {
  if (view.responsible === 'nobody') return;
  const { routeId, route } = decided.data.decision;
  // A duplicate is denied beside the route that starts: one issue for both would be opened and closed by every run.
  const name = view.code === 'duplicate-route' ? `${routeId}-duplicate` : routeId;
  const { runUrl, correlationId } = { runUrl: decided.data.trigger.run.htmlUrl, correlationId: decided.correlationId };
  const content = { ...view, name, route, sourceRunUrl: runUrl, correlationId, docsUrl: deps.docsUrl };
  const reported: Reported | null =
    deps.createIssues === 'none'
      ? { action: 'skipped', number: null, htmlUrl: null }
      : await track(deps, decided, { name, code: view.code, content });
  if (reported !== null) await tell(deps, decided, { code, reported, about: [] }, attempt);
}

async function reportStart(
  deps: ReportDependencies,
  decided: RunDecided,
  targetRunUrl: string | null,
  attempt: Attempt,
): Promise<void> {
  const { routeId, route, dispatchId, ref } = decided.data.decision;
  const closed = await track(deps, decided, { name: routeId, code: 'allowed', targetRunUrl });
  if (closed !== null) await tell(deps, decided, { code: 'allowed', reported: closed, about: ['route'] }, attempt);
  if (deps.createIssues !== 'all') return;
  const { correlationId } = decided;
  const sourceRunUrl = decided.data.trigger.run.htmlUrl;
  const body = startBody({ name: dispatchId, route, ref: ref ?? '', sourceRunUrl, targetRunUrl, correlationId });
  const issue = { title: startTitle(route), body, label: startLabel, marker: issueMarker(dispatchId) };
  const opened = await openOnce(deps, decided, dispatchId, issue);
  await tell(deps, decided, { code: 'allowed', reported: opened, about: ['start'] }, attempt);
}

async function tell(
  deps: ReportDependencies,
  decided: RunDecided,
  told: { code: IssueReported['data']['code']; reported: Reported; about: readonly string[] },
  { log }: Attempt,
): Promise<void> {
  const { runKey, correlationId, data } = decided;
  const { dispatchId, routeId, route } = data.decision;
  const { code, reported, about } = told;
  const fact: IssueReported = {
    version: 1,
    id: factId('issue.reported', runKey, routeId, data.revision, dispatchId, ...about),
    type: 'issue.reported',
    time: new Date(deps.now()).toISOString(),
    correlationId,
    runKey,
    data: { dispatchId, routeId, route, code, repository: fullName(data.trigger.repository), ...reported },
  };
  const line = { ...reported, code };
  if (reported.action === 'unavailable') log.warn('issue not written: issues are disabled or forbidden there', line);
  else log.info('issue reported', line);
  await deps.bus.publish([fact] satisfies Fact[]);
}
