import {
  type Check,
  codes,
  type Decision,
  type FileReference,
  fixOf,
  kindOfSource,
  sourceLabel,
  targetLabel,
} from '@dispatcher/contracts';
import { codeOf, effectOf, unsatisfied } from '../checks/checks.ts';
import type { MatchedRoute } from '../checks/matched-route.ts';
import type { TargetResult } from '../checks/target-checks.ts';
import { fillMessage } from './fill-message.ts';

/** Builds the decision of a route. Its effect and code are computed from the checks alone. */
export function decisionOf(
  matched: MatchedRoute,
  planChecks: readonly Check[],
  sourceFile: FileReference | undefined,
  result: TargetResult = { checks: [], ref: matched.requestedRef },
): Decision {
  const { route } = matched;
  const { checks: targetChecks, wouldRefuse: targetWouldRefuse = [], ref, ...target } = result;
  const wouldRefuse = [...matched.wouldRefuse, ...targetWouldRefuse];
  const checks = [...planChecks, ...matched.checks, ...targetChecks, ...matched.dryRunChecks];
  const failed = unsatisfied(checks)[0];
  const code = failed ? codeOf(failed) : 'allowed';
  const { responsible } = codes[code];
  return {
    effect: effectOf(checks),
    code,
    message: fillMessage(code, {
      source: sourceLabel(route.source),
      target: targetLabel(route.target),
      expected: failed?.expected ?? '',
      actual: failed?.actual ?? '',
    }),
    fix: fixOf(code, kindOfSource(route.source).kind),
    responsible,
    checks,
    routeId: matched.routeId,
    route,
    dispatchId: matched.dispatchId,
    rule: matched.label,
    ...(matched.pattern == null ? {} : { pattern: matched.pattern.text }),
    ...target,
    ...(sourceFile === undefined ? {} : { sourceFile }),
    ref,
    inputs: { ...matched.inputs },
    ...(matched.check == null ? {} : { check: matched.check }),
    ...(matched.needs == null ? {} : { needs: matched.needs }),
    ...(wouldRefuse.length === 0 ? {} : { wouldRefuse }),
  };
}
