import { type DispatchCompleted, factId, type Route, type RunCompleted } from '@dispatcher/contracts';

/** What the ledger keeps about a run that one of our dispatches started. */
export interface StartedByUs {
  readonly dispatchId: string;
  readonly routeId: string;
  readonly route: Route;
  /** Run key and delivery of the source's run: the completion is told under them. */
  readonly runKey: string;
  readonly correlationId: string;
  readonly sourceRunUrl: string;
  readonly depth: number;
  readonly path: readonly { readonly repository: string; readonly workflow: string }[];
}

/** The end of a run that a dispatch started. A re-run of it is another completion: the attempt is part of the id. */
export function completionOf(run: RunCompleted, startedBy: StartedByUs): DispatchCompleted {
  const { dispatchId, routeId, route, runKey, correlationId, sourceRunUrl } = startedBy;
  const { id, attempt, conclusion, startedAt, updatedAt, htmlUrl } = run.run;
  return {
    version: 1,
    id: factId('dispatch.completed', dispatchId, id, attempt),
    type: 'dispatch.completed',
    time: updatedAt,
    correlationId,
    runKey,
    data: {
      dispatchId,
      routeId,
      route,
      conclusion,
      durationMs: startedAt === null ? null : Date.parse(updatedAt) - Date.parse(startedAt),
      sourceRunUrl,
      targetRunUrl: htmlUrl,
    },
  };
}
