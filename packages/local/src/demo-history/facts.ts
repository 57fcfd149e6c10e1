import {
  type Code,
  codes,
  type DeadLetterReason,
  type DeliveriesChecked,
  deadLetterId,
  type DispatchAccepted,
  type DispatchCompleted,
  type DispatchFailed,
  type Fact,
  factId,
  fixOf,
  kindOfSource,
  workflowOfSource,
  type OperatorActed,
  type Plan,
  type ReplayMode,
  type RouteDecided,
  type RunCompleted,
  runKey,
  type RunTrigger,
  triggeredAt,
  urlOfTrigger,
  type WorkflowReference,
} from '@dispatcher/contracts';

// The facts that follow a plan, as the functions publish them, with times of the past.

export const timeOf = (at: number): string => new Date(Math.round(at)).toISOString();

/** The dispatch that started a run, as the ledger knows it. */
export interface StartedBy {
  readonly dispatchId: string;
  readonly decided: RouteDecided;
  readonly acceptedAt: string;
  readonly lineage: { readonly depth: number; readonly path: readonly WorkflowReference[] };
}

/** Returns what the ledger stores of the dispatch of an allowed decision that GitHub accepted at this time. */
export function startedBy(decided: RouteDecided, at: number): StartedBy {
  const { decision, lineage } = decided.data;
  const { source, target } = decision.route;
  const first = workflowOfSource(source);
  const from = lineage.path.length > 0 || first === null ? lineage.path : [first];
  const path = 'workflow' in target ? [...from, target] : from;
  return {
    dispatchId: decision.dispatchId,
    decided,
    acceptedAt: timeOf(at),
    lineage: { depth: lineage.depth + 1, path },
  };
}

function ofDispatch(decided: RouteDecided) {
  const { dispatchId, routeId, route } = decided.data.decision;
  const { correlationId, runKey: key, data } = decided;
  const ofRevision = data.revision === 0 ? {} : { revision: data.revision };
  return {
    envelope: { version: 1, correlationId, runKey: key } as const,
    data: { dispatchId, routeId, route },
    ofRevision,
  };
}

export function accepted(
  decided: RouteDecided,
  at: number,
  run: { readonly id: number; readonly htmlUrl: string } | null,
  code?: Code,
): DispatchAccepted {
  const { envelope, data, ofRevision } = ofDispatch(decided);
  return {
    ...envelope,
    id: factId('dispatch.accepted', data.dispatchId),
    type: 'dispatch.accepted',
    time: timeOf(at),
    data: {
      ...data,
      ref: decided.data.decision.ref ?? 'main',
      workflowRunId: run?.id ?? null,
      htmlUrl: run?.htmlUrl ?? null,
      latencyMs: Math.round(at) - Date.parse(triggeredAt(decided.data.trigger)),
      ...ofRevision,
      ...(code === undefined ? {} : { code }),
    },
  };
}

/** Why GitHub or Dispatcher refused a dispatch. */
export interface Refusal {
  readonly code: Code;
  readonly message: string;
  readonly status: number | null;
}

export function failed(decided: RouteDecided, at: number, { code, message, status }: Refusal): DispatchFailed {
  const { envelope, data, ofRevision } = ofDispatch(decided);
  const { revision } = decided.data;
  return {
    ...envelope,
    id: factId('dispatch.failed', data.dispatchId, ...(revision === 0 ? [] : [revision])),
    type: 'dispatch.failed',
    time: timeOf(at),
    data: {
      ...data,
      code,
      message,
      fix: fixOf(code, kindOfSource(data.route.source).kind),
      responsible: codes[code].responsible,
      status,
      ...ofRevision,
    },
  };
}

export function completed(
  run: RunCompleted,
  { decided, acceptedAt }: StartedBy,
  jobs: number | null,
): DispatchCompleted {
  const { envelope, data } = ofDispatch(decided);
  const { id, attempt, conclusion, startedAt, updatedAt, htmlUrl } = run.run;
  return {
    ...envelope,
    id: factId('dispatch.completed', data.dispatchId, id, attempt),
    type: 'dispatch.completed',
    time: updatedAt,
    data: {
      ...data,
      conclusion,
      durationMs: startedAt === null ? null : Date.parse(updatedAt) - Date.parse(startedAt),
      acceptedAt,
      sourceRunUrl: urlOfTrigger(decided.data.trigger),
      targetRunUrl: htmlUrl,
      ...(jobs === null ? {} : { jobs }),
      ...(jobs === 0 ? { code: 'run-not-started' as const } : {}),
    },
  };
}

export function operatorActed(
  plan: Plan,
  at: number,
  { action, operator, reason }: { readonly action: ReplayMode; readonly operator: string; readonly reason: string },
): OperatorActed {
  const actionId = factId('demo-action', plan.runKey, at);
  return {
    version: 1,
    id: factId('operator.acted', actionId),
    type: 'operator.acted',
    time: timeOf(at),
    correlationId: plan.trigger.deliveryId,
    runKey: plan.runKey,
    data: { actionId, action, operator, reason, routeId: null, result: 'published', revision: plan.revision },
  };
}

export function runDelayed(run: RunTrigger, at: number, message: string): Fact {
  const key = runKey(run);
  return {
    version: 1,
    id: factId('run.delayed', key, 0),
    type: 'run.delayed',
    time: timeOf(at),
    correlationId: run.deliveryId,
    runKey: key,
    data: {
      revision: 0,
      message,
      repository: `${run.repository.owner}/${run.repository.name}`,
      workflow: run.workflow,
      nextTryAt: timeOf(at + 2_000),
      giveUpAt: timeOf(at + 21_600_000),
    },
  };
}

/** A check of GitHub's delivery log that found deliveries which had failed. */
export function deliveriesChecked(at: number, redelivered: readonly string[]): DeliveriesChecked {
  const id = factId('deliveries.checked', at);
  return {
    version: 1,
    id,
    type: 'deliveries.checked',
    time: timeOf(at),
    correlationId: id,
    data: {
      checkedUntil: timeOf(at - 30_000),
      lagMs: 30_000,
      complete: true,
      scanned: 20 + redelivered.length,
      failed: redelivered.length,
      redelivered: [...redelivered],
      planned: 0,
      ignored: 0,
      givenUp: 0,
    },
  };
}

export interface PastDeadLetter {
  readonly queue: string;
  readonly messageId: string;
  readonly reason: DeadLetterReason;
  readonly operator: string;
  readonly why: string;
  readonly action: 'redrive' | 'discard';
}

export function deadLetterActed(at: number, { operator, why, action, ...deadLetter }: PastDeadLetter): Fact {
  const id = deadLetterId(deadLetter.queue, deadLetter.messageId, deadLetter.reason);
  const actionId = factId('demo-action', id, at);
  return {
    version: 1,
    id: factId('dead-letter.acted', actionId, id),
    type: 'dead-letter.acted',
    time: timeOf(at),
    correlationId: deadLetter.messageId,
    data: {
      actionId,
      deadLetterId: id,
      queue: deadLetter.queue,
      messageId: deadLetter.messageId,
      deadLetterReason: deadLetter.reason,
      action,
      operator,
      reason: why,
      result: action === 'redrive' ? 'redriven' : 'discarded',
    },
  };
}

export function pauseChanged(at: number, action: 'paused' | 'resumed', reason: string, operator: string): Fact {
  const id = factId('pause.changed', at);
  const data = { actionId: id, action, operator, reason };
  return { version: 1, id, type: 'pause.changed', time: timeOf(at), correlationId: id, data };
}
