import { codes, type DispatchAccepted, type DispatchFailed, factId } from '@dispatcher/contracts';
import type { FinishedDispatch } from '@dispatcher/store';

/** The fact a finished dispatch stands for, made from the ledger's record alone: told again it is the same fact. */
export function factOfDispatch(record: FinishedDispatch): DispatchAccepted | DispatchFailed {
  const { dispatchId, routeId, route, runKey, correlationId } = record;
  const shared = { version: 1, correlationId, runKey } as const;
  if (record.state === 'accepted') {
    const { ref, workflowRunId, htmlUrl, acceptedAt, sourceEndedAt } = record;
    const latencyMs = Date.parse(acceptedAt) - Date.parse(sourceEndedAt);
    return {
      ...shared,
      id: factId('dispatch.accepted', dispatchId),
      type: 'dispatch.accepted',
      time: acceptedAt,
      data: { dispatchId, routeId, route, ref, workflowRunId, htmlUrl, latencyMs },
    };
  }
  const { code, message, status, failedAt } = record;
  const { fix, act } = codes[code];
  return {
    ...shared,
    id: factId('dispatch.failed', dispatchId),
    type: 'dispatch.failed',
    time: failedAt,
    data: { dispatchId, routeId, route, code, message, fix, act, status },
  };
}
