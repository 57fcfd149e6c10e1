import type { Check, Plan } from '@dispatcher/contracts';
import type { FileError } from '@dispatcher/rules';

/** `{outcome, code, message, fix, act, checks, errors, unmatched, decisions: […]}`, for programs; keys are stable. */
export function asJson(plan: Plan, generation: number, errors: readonly FileError[]): string {
  const { outcome, code, message, fix, responsible, checks, unmatched } = plan;
  const decisions = plan.decisions.map((decision) => ({
    effect: decision.effect,
    code: decision.code,
    message: decision.message,
    fix: decision.fix,
    responsible: decision.responsible,
    rule: decision.rule,
    target: decision.route.target,
    ...(decision.route.id === undefined ? {} : { id: decision.route.id }),
    dispatchId: decision.dispatchId,
    generation,
    ref: decision.ref,
    inputs: decision.inputs,
    checks: decision.checks.map(asPlain),
  }));
  const shown = { outcome, code, message, fix, responsible, checks: checks.map(asPlain), errors, unmatched, decisions };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

function asPlain({ side, name, satisfied, expected, actual }: Check): Check {
  return { side, name, satisfied, expected, actual };
}
