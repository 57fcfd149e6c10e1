import {
  type DispatchRequested,
  dispatchId,
  type GuardRails,
  type RequestedDispatch,
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

/** The key of a request as it is now, for a replay of the request. */
export interface CurrentKey {
  /** The key's scope. */
  readonly targets: readonly string[];
  /** Why the key is no longer valid, for example `revoked since 2026-01-31T12:00:00.000Z`. Null if it is valid. */
  readonly ended: string | null;
}

/**
 * Matches a request with the scope of its key, which takes the place of an outbound rule. Returns the route with every
 * check that needs no target snapshot.
 */
export function matchRequest(
  trigger: DispatchRequested,
  guardRails: GuardRails,
  { generations = {}, key: now }: { generations?: Generations | undefined; key?: CurrentKey | undefined } = {},
): MatchedRoute {
  const { request, key } = trigger;
  const route: Route = { source: { key: key.name }, target: targetOf(request) };
  const id = routeId(route);
  const scope = now?.targets ?? key.targets;
  const at = scope.findIndex((entry) => scopeIncludes(entry, route.target));
  const inputs = request.kind === 'workflow' ? request.inputs : {};
  const problem = problemOfInputs(inputs);
  return {
    label: at < 0 ? 'targets' : `targets[${at}]`,
    route,
    routeId: id,
    dispatchId: dispatchId(runKey(trigger), id, generationOf(generations, id)),
    checks: [
      // The dispatch API accepts valid keys only. A replay checks what has happened to the key since.
      ...(now === undefined ? [] : [check('key-live', now.ended === null, 'a live key', now.ended ?? 'live')]),
      check('key-scope', at >= 0, scope.join(', ') || 'nothing', targetLabel(route.target)),
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
