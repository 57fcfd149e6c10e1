import type { Check, IgnoredRunReason, Plan } from '@dispatcher/contracts';
import type { FileError } from '@dispatcher/rules';

/** Renders `{outcome, code, message, fix, responsible, checks, errors, unmatched, decisions: […]}`; the keys are stable. */
export function planJson(plan: Plan, generation: number, errors: readonly FileError[]): string {
  const { outcome, code, message, fix, responsible, checks, unmatched } = plan;
  const decisions = plan.decisions.map((decision) => ({
    effect: decision.effect,
    code: decision.code,
    message: decision.message,
    fix: decision.fix,
    responsible: decision.responsible,
    rule: decision.rule,
    ...(decision.pattern === undefined ? {} : { pattern: decision.pattern }),
    target: decision.route.target,
    ...(decision.route.id === undefined ? {} : { id: decision.route.id }),
    dispatchId: decision.dispatchId,
    generation,
    ref: decision.ref,
    inputs: decision.inputs,
    checks: decision.checks.map(checkFields),
    ...(decision.wouldRefuse === undefined ? {} : { wouldRefuse: decision.wouldRefuse.map(checkFields) }),
  }));
  const output = {
    outcome,
    code,
    message,
    fix,
    responsible,
    checks: checks.map(checkFields),
    errors,
    unmatched,
    decisions,
  };
  return `${JSON.stringify(output, null, 2)}\n`;
}

/** Renders a run that is ignored: no file is read, and there are no decisions. */
export function ignoredJson(reason: IgnoredRunReason, message: string): string {
  return `${JSON.stringify({ outcome: 'ignored', reason, message, decisions: [] }, null, 2)}\n`;
}

function checkFields({ side, name, satisfied, expected, actual }: Check): Check {
  return { side, name, satisfied, expected, actual };
}
