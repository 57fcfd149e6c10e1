import {
  type Code,
  factId,
  fullName,
  type IssueReported,
  type RouteDecided,
  type RunCompleted,
} from '@dispatcher/contracts';

/** A decision whose trigger is a run. Only such a decision has a source repository that an issue can be in. */
export type RunDecided = RouteDecided & { readonly data: { readonly trigger: RunCompleted } };

/** What was done about an issue. */
export type IssueOutcome = Pick<IssueReported['data'], 'action' | 'number' | 'htmlUrl'>;

/** Returns the fact of one report about a decision. `about` distinguishes several reports about the same decision. */
export function issueFact(
  { runKey, correlationId, data }: RunDecided,
  { code, outcome, about, time }: { code: Code; outcome: IssueOutcome; about: readonly string[]; time: number },
): IssueReported {
  const { dispatchId, routeId, route } = data.decision;
  return {
    version: 1,
    id: factId('issue.reported', runKey, routeId, data.revision, dispatchId, ...about),
    type: 'issue.reported',
    time: new Date(time).toISOString(),
    correlationId,
    runKey,
    data: { dispatchId, routeId, route, code, repository: fullName(data.trigger.repository), ...outcome },
  };
}
