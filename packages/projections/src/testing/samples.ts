import {
  type Decision,
  type DispatchAccepted,
  type DispatchCompleted,
  type DispatchFailed,
  dispatchId,
  factId,
  factsOfPlan,
  type MessageDeadLettered,
  type Plan,
  type Route,
  type RouteDecided,
  routeId,
  type RunCompleted,
  type RunPlanned,
  runKey,
  urlOfTrigger,
  type WorkflowReference,
} from '@dispatcher/contracts';
import { completedRun } from '@dispatcher/contracts/testing';

/** Returns run number `number` of a workflow of Octo-Org/app. */
export function sampleRun(number: number, time: string, deliveryId = `delivery-${number}`): RunCompleted {
  const run = { id: 9_000_000_000 + number, number, headSha: 'a'.repeat(40), startedAt: time, updatedAt: time };
  const repository = { id: 11, owner: 'Octo-Org', name: 'app', defaultBranch: 'main' };
  return completedRun(run, { deliveryId, receivedAt: time, installationId: 7, repository });
}

export function sampleRoute(target: number): Route & { source: WorkflowReference; target: WorkflowReference } {
  return {
    source: { repository: 'Octo-Org/app', workflow: 'ci.yml' },
    target: { repository: `octo-org/Target-${target}`, workflow: 'cd.yml' },
  };
}

export function sampleDecision(run: RunCompleted, target: number, effect: 'allow' | 'deny'): Decision {
  const route = sampleRoute(target);
  const id = routeId(route);
  const allowed = effect === 'allow';
  return {
    effect,
    code: allowed ? 'allowed' : 'target-no-config',
    message: allowed ? 'Both sides agree.' : 'The target has no dispatching.yml.',
    fix: 'Add one.',
    responsible: allowed ? 'nobody' : 'target',
    checks: [{ side: 'target', name: 'inbound-rule', satisfied: allowed, expected: 'a rule', actual: 'see the file' }],
    routeId: id,
    route,
    dispatchId: dispatchId(runKey(run), id),
    rule: `outbound[0].targets[${target}]`,
    ...(allowed ? {} : { closest: { rule: 'inbound[0]', checks: [] } }),
    sourceFile: { repository: 'Octo-Org/app', sha: 'b'.repeat(40), path: 'dispatching.yml' },
    target: { repositoryId: 100 + target, installationId: 7, visibility: 'private' },
    ref: 'main',
    inputs: { sha: run.run.headSha },
  };
}

export function samplePlan(run: RunCompleted, effects: readonly ('allow' | 'deny')[]): Plan {
  return {
    version: 1,
    runKey: runKey(run),
    revision: 0,
    trigger: run,
    outcome: effects.length === 0 ? 'no-match' : 'planned',
    code: effects.length === 0 ? 'no-match' : 'planned',
    message: 'Planned.',
    fix: 'Nothing to do.',
    responsible: 'nobody',
    checks: [{ side: 'run', name: 'own-repository', satisfied: true, expected: '11', actual: '11' }],
    unmatched: [],
    decisions: effects.map((effect, target) => sampleDecision(run, target, effect)),
    lineage: { depth: 0, path: [] },
  };
}

export function planFacts(
  run: RunCompleted,
  effects: readonly ('allow' | 'deny')[],
  time: string,
): [RunPlanned, ...RouteDecided[]] {
  return factsOfPlan(samplePlan(run, effects), time);
}

function ofDispatch(decided: RouteDecided, type: string, time: string) {
  const { dispatchId: id, routeId: route, route: parts } = decided.data.decision;
  const { correlationId, runKey: key } = decided;
  const data = { dispatchId: id, routeId: route, route: parts };
  return { common: { version: 1, id: factId(type, id), time, correlationId, runKey: key } as const, data };
}

export function accepted(decided: RouteDecided, time: string): DispatchAccepted {
  const { common, data } = ofDispatch(decided, 'dispatch.accepted', time);
  const htmlUrl = 'https://github.com/octo-org/target/actions/runs/5';
  return {
    ...common,
    type: 'dispatch.accepted',
    data: { ...data, ref: 'main', workflowRunId: 5, htmlUrl, latencyMs: 900 },
  };
}

export function failed(decided: RouteDecided, time: string): DispatchFailed {
  const { common, data } = ofDispatch(decided, 'dispatch.failed', time);
  const why = {
    code: 'dispatch-rejected',
    message: 'No ref found for: main',
    fix: 'Create it.',
    responsible: 'target',
  } as const;
  return { ...common, type: 'dispatch.failed', data: { ...data, ...why, status: 422 } };
}

/** @param acceptedAt the time of the dispatch's acceptance */
export function completed(decided: RouteDecided, time: string, acceptedAt?: string): DispatchCompleted {
  const { common, data } = ofDispatch(decided, 'dispatch.completed', time);
  const urls = {
    sourceRunUrl: urlOfTrigger(decided.data.trigger),
    targetRunUrl: 'https://github.com/octo-org/target/actions/runs/5',
  };
  return {
    ...common,
    type: 'dispatch.completed',
    data: {
      ...data,
      conclusion: 'success',
      durationMs: 1_000,
      ...(acceptedAt === undefined ? {} : { acceptedAt }),
      ...urls,
    },
  };
}

export function deadLettered(
  messageId: string,
  time: string,
  correlationId: string,
  key?: string,
): MessageDeadLettered {
  return {
    version: 1,
    id: factId('message.dead-lettered', 'runs', messageId, 'message-invalid'),
    type: 'message.dead-lettered',
    time,
    correlationId,
    ...(key === undefined ? {} : { runKey: key }),
    data: { queue: 'runs', messageId, reason: 'message-invalid', detail: 'Not a message of Dispatcher.', attempts: 1 },
  };
}
