import { codes, type DispatchAccepted, type DispatchFailed, factId } from '@dispatcher/contracts';
import type { FinishedDispatch } from '@dispatcher/store';

/** The fact a finished dispatch stands for, made from the ledger's record alone: told again it is the same fact. */
export function factOfDispatch(record: FinishedDispatch): DispatchAccepted | DispatchFailed {
  const { dispatchId, routeId, route, runKey, correlationId } = record;
  const shared = { version: 1, correlationId, runKey } as const;
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
        ...(code === undefined ? {} : { code }),
      },
    };
  }
  const { code, message, status, failedAt, revision } = record;
  const { fix, responsible } = codes[code];
  return {
    ...shared,
    // A dispatch is accepted once. It may be refused once in every revision of its plan.
    id: factId('dispatch.failed', dispatchId, ...(revision === 0 ? [] : [revision])),
    type: 'dispatch.failed',
    time: failedAt,
    data: { dispatchId, routeId, route, code, message, fix, responsible, status },
  };
}
