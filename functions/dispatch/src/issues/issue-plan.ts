import {
  type Code,
  codes,
  type Decision,
  fixOf,
  kindOfSource,
  type RouteDecided,
  runPageOf,
} from '@dispatcher/contracts';
import { asSeenBySource } from '@dispatcher/rules';
import type { FinishedDispatch } from '@dispatcher/store';
import { dispatchFact } from '../facts/dispatch-fact.ts';
import type { RunDecided } from '../facts/issue-fact.ts';
import { type IssueContent, issueMarker, startBody, startLabel, startTitle } from './issue-text.ts';

/** `problems`: issues about routes that did not start. `all`: also an issue about every start. */
export type CreateIssues = 'none' | 'problems' | 'all';

/**
 * One issue that a decision is reported in. `name` identifies the issue: a route id or, for the issue about a start, the
 * dispatch id. `code` is the precise code, for the fact.
 */
export type IssueReport =
  /** The route did not start: open or update its issue. */
  | { readonly kind: 'problem'; readonly name: string; readonly code: Code; readonly content: IssueContent }
  /** The route started: close its issue, if it is open. */
  | {
      readonly kind: 'recovery';
      readonly name: string;
      readonly code: 'allowed';
      /** Null if the source may not see the run, or if GitHub did not name it. */
      readonly targetRunUrl: string | null;
    }
  /** The route started, and every start gets an issue. */
  | { readonly kind: 'start'; readonly name: string; readonly code: 'allowed'; readonly issue: NewIssue };

/** An issue that is opened once and never changed. */
export interface NewIssue {
  readonly title: string;
  readonly body: string;
  readonly label: string;
  readonly marker: string;
}

export interface IssueSettings {
  readonly createIssues: CreateIssues;
  /** The page that documents the codes, or null. */
  readonly docsUrl: string | null;
  /** `PUBLIC_URL`: where browsers reach the dashboard; null if it is not configured. */
  readonly publicUrl: string | null;
}

/** Returns whether the trigger is a completed run. A request belongs to no repository, and a job gets its response. */
export function isRunDecided(decided: RouteDecided): decided is RunDecided {
  return decided.data.trigger.type === 'run.completed';
}

/**
 * Plans the reports about one decision.
 * @param finished the finished dispatch of an allowed decision; null for a denied one
 */
export function planReports(
  decided: RunDecided,
  finished: FinishedDispatch | null,
  settings: IssueSettings,
): IssueReport[] {
  const { decision } = decided.data;
  // Whether a repository that subscribed can be started is not the source's to solve, and its name is not for everybody there.
  const isNamed = decision.pattern === undefined;
  if (finished === null) {
    return isNamed ? problemReports(decided, asSeenBySource(decision), decision.code, settings) : [];
  }
  const fact = dispatchFact(finished);
  if (fact.type === 'dispatch.failed') {
    if (!isNamed) return [];
    const shown = finished.state === 'failed' && finished.sourceView !== undefined ? finished.sourceView : fact.data;
    const { code, message } = shown;
    const { responsible } = codes[code];
    const problem = {
      code,
      message,
      fix: fixOf(code, kindOfSource(decision.route.source).kind),
      responsible,
      checks: [],
    };
    return problemReports(decided, problem, fact.data.code, settings);
  }
  return startReports(decided, fact.data.htmlUrl, settings);
}

/**
 * Returns the name of the tracking issue of a decision. A duplicate is denied while the same route starts: with one issue
 * for both, every run would open and close it.
 */
export function issueNameOf({ code, routeId }: Pick<Decision, 'code' | 'routeId'>): string {
  return code === 'duplicate-route' ? `${routeId}-duplicate` : routeId;
}

/** What the issue shows. Its code can be less precise than that of the fact, which only operators see. */
type Problem = Pick<IssueContent, 'code' | 'message' | 'fix' | 'responsible' | 'checks'>;

function problemReports(
  decided: RunDecided,
  problem: Problem,
  code: Code,
  { docsUrl, publicUrl }: IssueSettings,
): IssueReport[] {
  // Runs of a thousand forks must not fill a repository with issues that nobody has to act on.
  if (problem.responsible === 'nobody') return [];
  const { routeId, route } = decided.data.decision;
  const { correlationId } = decided;
  const name = issueNameOf({ code, routeId });
  const sourceRunUrl = decided.data.trigger.run.htmlUrl;
  const { message, fix, responsible, checks } = problem;
  return [
    {
      kind: 'problem',
      name,
      code,
      content: {
        name,
        route,
        code: problem.code,
        message,
        fix,
        responsible,
        checks,
        sourceRunUrl,
        correlationId,
        docsUrl,
        runPage: runPageOf(publicUrl, decided.runKey),
      },
    },
  ];
}

function startReports(decided: RunDecided, htmlUrl: string | null, { createIssues }: IssueSettings): IssueReport[] {
  if (createIssues === 'none') return [];
  const { routeId, route, dispatchId, ref, pattern, report } = decided.data.decision;
  const isHidden = report === 'none';
  const targetRunUrl = isHidden ? null : htmlUrl;
  const recovery = { kind: 'recovery', name: routeId, code: 'allowed', targetRunUrl } as const;
  if (createIssues === 'problems' || pattern !== undefined) return [recovery];
  const { correlationId } = decided;
  const sourceRunUrl = decided.data.trigger.run.htmlUrl;
  const content = { name: dispatchId, route, ref: ref ?? '', sourceRunUrl, targetRunUrl, isHidden, correlationId };
  const body = startBody(content);
  const issue = { title: startTitle(route), body, label: startLabel, marker: issueMarker(dispatchId) };
  return [recovery, { kind: 'start', name: dispatchId, code: 'allowed', issue }];
}
