import {
  type DispatchRequested,
  dispatchId,
  type GuardRails,
  type RequestedDispatch,
  type RequesterKind,
  requesterOf,
  type Route,
  routeId,
  runKey,
  sameName,
  targetLabel,
} from '@dispatcher/contracts';
import { check } from '../checks/checks.ts';
import type { MatchedRoute } from '../checks/matched-route.ts';
import { allowlistCheck, dryRunChecks, firstDepthCheck } from '../checks/route-checks.ts';
import { problemOfValue } from '../values/template.ts';
import { generationOf, type Generations } from './generations.ts';

/** The key, schedule or webhook of a request as it is now, for a replay of the request. */
export interface CurrentRequester {
  /** Its scope. */
  readonly targets: readonly string[];
  /** Why it may no longer request anything, for example `revoked since 2026-01-31T12:00:00.000Z`. Null if it may. */
  readonly ended: string | null;
}

/**
 * Matches a request with the scope of its key, schedule or webhook, which takes the place of an outbound rule. Returns the route with every
 * check that needs no target snapshot.
 */
export function matchRequest(
  trigger: DispatchRequested,
  guardRails: GuardRails,
  {
    generations = {},
    requester: now,
  }: { generations?: Generations | undefined; requester?: CurrentRequester | undefined } = {},
): MatchedRoute {
  const { request } = trigger;
  const { kind, name, targets } = requesterOf(trigger);
  const route: Route = { source: sourceOfRequester(kind, name), target: targetOf(request) };
  const id = routeId(route);
  const scope = now?.targets ?? targets;
  const at = scope.findIndex((entry) => scopeIncludes(entry, route.target));
  const inputs = request.kind === 'workflow' ? request.inputs : {};
  const problem = problemOfInputs(inputs);
  return {
    label: at < 0 ? 'targets' : `targets[${at}]`,
    route,
    routeId: id,
    dispatchId: dispatchId(runKey(trigger), id, generationOf(generations, id)),
    checks: [
      // Only a live key, schedule or webhook requests anything. A replay checks what has happened to it since.
      ...(now === undefined ? [] : [check(`${kind}-live`, now.ended === null, `a live ${kind}`, now.ended ?? 'live')]),
      check(`${kind}-scope`, at >= 0, scope.join(', ') || 'nothing', targetLabel(route.target)),
      allowlistCheck(route.target, guardRails),
      firstDepthCheck(guardRails),
      check('input-values', problem === null, 'valid values', problem ?? 'valid'),
    ],
    wouldRefuse: [],
    dryRunChecks: dryRunChecks(guardRails),
    targetId: null,
    requestedRef: request.kind === 'workflow' ? (request.ref ?? guardRails.defaultRef) : null,
    inputs: problem === null ? inputs : {},
  };
}

function sourceOfRequester(kind: RequesterKind, name: string): Route['source'] {
  if (kind === 'key') return { key: name };
  return kind === 'schedule' ? { schedule: name } : { webhook: name };
}

function targetOf(request: RequestedDispatch): Route['target'] {
  const { repository } = request;
  return request.kind === 'workflow'
    ? { repository, workflow: request.workflow }
    : { repository, eventType: request.eventType };
}

/**
 * Returns whether a scope entry includes a target: `owner/name` includes everything in the repository,
 * `owner/name:workflow.yml` and `owner/name#event-type` one workflow or event type. There are no patterns.
 */
function scopeIncludes(entry: string, target: Route['target']): boolean {
  // A repository name contains neither separator, so the first one ends it.
  const end = entry.search(/[:#]/);
  if (end < 0) return sameName(entry, target.repository);
  const name = entry.slice(end + 1);
  const isSame =
    entry[end] === ':'
      ? 'workflow' in target && target.workflow === name
      : 'eventType' in target && target.eventType === name;
  return isSame && sameName(entry.slice(0, end), target.repository);
}

function problemOfInputs(inputs: Readonly<Record<string, string>>): string | null {
  for (const [name, value] of Object.entries(inputs)) {
    const problem = problemOfValue(value);
    if (problem !== null) return `${name}: ${problem.message}`;
  }
  return null;
}
