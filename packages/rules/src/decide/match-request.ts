import {
  type DispatchRequested,
  dispatchId,
  type GuardRails,
  type Plan,
  type Route,
  routeId,
  runKey,
  sameName,
  targetLabel,
} from '@dispatcher/contracts';
import { check, unsatisfied } from '../checks/checks.ts';
import { planOf } from './build-plan.ts';
import { allowlistCheck, depthCheck, type Generations, type MatchedRoute } from './match-run.ts';
import { pauseCheck } from './screen.ts';
import { problemOfValue } from '../values/template.ts';

/** As `screen`: what refuses a request without reading anything. Null: go on and read. */
export function screenRequest(request: DispatchRequested, guardRails: GuardRails): Plan | null {
  const checks = [pauseCheck(guardRails)];
  return unsatisfied(checks).length === 0 ? null : planOf({ run: request, lineage: { state: 'root' }, checks });
}

/** The key of a request as it is when the request is decided on *again*. */
export interface KeyNow {
  /** Its scope. */
  readonly targets: readonly string[];
  /** Since when and why it may ask for nothing: `revoked since 2026-01-31T12:00:00.000Z`. Null: it is live. */
  readonly ended: string | null;
}

/** What a key asks for, with every check that needs no reading of the target: its scope stands for an outbound rule. */
export function matchRequest(
  request: DispatchRequested,
  guardRails: GuardRails,
  { generations = {}, key: now }: { generations?: Generations | undefined; key?: KeyNow | undefined } = {},
): MatchedRoute {
  const { request: asked, key } = request;
  const route: Route = {
    source: { key: key.name },
    target:
      asked.kind === 'workflow'
        ? { repository: asked.repository, workflow: asked.workflow }
        : { repository: asked.repository, eventType: asked.eventType },
  };
  const id = routeId(route);
  const scope = now?.targets ?? key.targets;
  const at = scope.findIndex((line) => scopeNames(line, route.target));
  const inputs = asked.kind === 'workflow' ? asked.inputs : {};
  const problem = problemOfInputs(inputs);
  return {
    label: at < 0 ? 'targets' : `targets[${at}]`,
    route,
    routeId: id,
    dispatchId: dispatchId(runKey(request), id, Object.hasOwn(generations, id) ? generations[id] : 0),
    checks: [
      // The door takes live keys only; what happened since is looked at where somebody decides again.
      ...(now === undefined ? [] : [check('key-live', now.ended === null, 'a live key', now.ended ?? 'live')]),
      check('key-scope', at >= 0, scope.join(', ') || 'nothing', targetLabel(route.target)),
      allowlistCheck(route.target, guardRails),
      depthCheck(guardRails),
      check('input-values', problem === null, 'values that can be sent', problem ?? 'they can'),
    ],
    askedRef: asked.kind === 'workflow' ? (asked.ref ?? guardRails.defaultRef) : null,
    inputs: problem === null ? inputs : {},
  };
}

/** `owner/name` names everything there, `owner/name:workflow.yml` and `owner/name#event-type` one thing. No globs. */
function scopeNames(scope: string, target: Route['target']): boolean {
  // Neither mark can stand in a repository's name, so that the first one ends it.
  const end = scope.search(/[:#]/);
  if (end < 0) return sameName(scope, target.repository);
  const what = scope.slice(end + 1);
  const isSame =
    scope[end] === ':'
      ? 'workflow' in target && target.workflow === what
      : 'eventType' in target && target.eventType === what;
  return isSame && sameName(scope.slice(0, end), target.repository);
}

function problemOfInputs(inputs: Readonly<Record<string, string>>): string | null {
  for (const [name, value] of Object.entries(inputs)) {
    const problem = problemOfValue(value);
    if (problem !== null) return `${name}: ${problem.message}`;
  }
  return null;
}
