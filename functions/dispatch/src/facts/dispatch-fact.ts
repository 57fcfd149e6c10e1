import { codes, type DispatchAccepted, type DispatchFailed, factId, fixOf, kindOfSource } from '@dispatcher/contracts';
import type { FinishedDispatch } from '@dispatcher/store';

/** Returns the fact of a finished dispatch, built from the ledger record alone, so that a repeat is the same fact. */
export function dispatchFact(record: FinishedDispatch): DispatchAccepted | DispatchFailed {
  const { dispatchId, routeId, route, runKey, correlationId, revision } = record;
  const shared = { version: 1, correlationId, runKey } as const;
  const ofRevision = revision === 0 ? {} : { revision };
  if (record.state !== 'failed') {
    const { ref, acceptedAt, sourceEndedAt } = record;
    const { workflowRunId, htmlUrl } = record.state === 'accepted' ? record : { workflowRunId: null, htmlUrl: null };
    const code = record.state === 'accepted' ? undefined : record.code;
    const latencyMs = Date.parse(acceptedAt) - Date.parse(sourceEndedAt);
    return {
      ...shared,
      id: factId('dispatch.accepted', dispatchId),
      type: 'dispatch.accepted',
      time: acceptedAt,
      data: {
        dispatchId,
        routeId,
        route,
        ref,
        workflowRunId,
        htmlUrl,
        latencyMs,
        ...ofRevision,
        ...(code === undefined ? {} : { code }),
      },
    };
  }
  const { code, message, status, failedAt } = record;
  const { responsible } = codes[code];
  return {
    ...shared,
    // A dispatch is accepted at most once, but it can be refused once per revision of its plan.
    id: factId('dispatch.failed', dispatchId, ...(revision === 0 ? [] : [revision])),
    type: 'dispatch.failed',
    time: failedAt,
    data: {
      dispatchId,
      routeId,
      route,
      code,
      message,
      fix: fixOf(code, kindOfSource(route.source).kind),
      responsible,
      status,
      ...ofRevision,
    },
  };
}
