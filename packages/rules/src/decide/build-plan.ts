import {
  type Check,
  type ClosestRule,
  type Code,
  codes,
  type Decision,
  type FileReference,
  fullName,
  type Lineage,
  type Trigger,
  triggerLabel,
  type Outcome,
  type Plan,
  type RunTrigger,
  runKey,
  type WorkflowReference,
} from '@dispatcher/contracts';
import { codeOf, unsatisfied } from '../checks/checks.ts';
import { fillMessage } from './fill-message.ts';

export interface PlanParts {
  readonly trigger: Trigger;
  readonly lineage: Lineage;
  readonly checks: readonly Check[];
  readonly sourceFile?: FileReference | undefined;
  readonly unmatched?: readonly ClosestRule[];
  readonly decisions?: readonly Decision[];
  readonly candidates?: Plan['candidates'];
}

/** Maximum number of stored rules that did not match. The closest come first, and they explain the result best. */
export const maxUnmatched = 50;

/** Builds a plan. Its code is that of the first unsatisfied check. */
export function planOf(parts: PlanParts): Plan {
  const { trigger, lineage, checks, sourceFile, unmatched = [], decisions = [], candidates } = parts;
  const failed = unsatisfied(checks)[0];
  const code = failed ? codeOf(failed) : decisions.length > 0 ? 'planned' : 'no-match';
  const allowed = decisions.filter(({ effect }) => effect === 'allow').length;
  const { responsible, fix } = codes[code];
  return {
    version: 1,
    runKey: runKey(trigger),
    revision: 0,
    trigger,
    outcome: outcomeOf(code),
    code,
    message: fillMessage(code, {
      source: triggerLabel(trigger),
      expected: failed?.expected ?? '',
      actual: failed?.actual ?? '',
      allowed: String(allowed),
      matched: String(decisions.length),
    }),
    fix,
    responsible,
    checks: [...checks],
    ...(sourceFile ? { sourceFile } : {}),
    unmatched: unmatched.slice(0, maxUnmatched),
    decisions: [...decisions],
    lineage: lineageOf(trigger, lineage),
    ...(candidates === undefined ? {} : { candidates }),
  };
}

/** Returns the workflow that a run, or a job, belongs to. */
export function sourceOf(run: RunTrigger): WorkflowReference {
  return { repository: fullName(run.repository), workflow: run.workflow };
}

function outcomeOf(code: Code): Outcome {
  switch (code) {
    case 'planned':
    case 'no-match':
    case 'no-config':
    case 'config-invalid':
    case 'config-unreadable':
    case 'paused':
      return code;
    case 'config-ambiguous':
      return 'config-invalid';
    default:
      return 'source-refused';
  }
}

/** Returns the lineage to store. An unknown one has depth 0; every decision of such a plan is denied. */
function lineageOf(trigger: Trigger, lineage: Lineage): Plan['lineage'] {
  if (lineage.state === 'known') return { depth: lineage.depth, path: [...lineage.path] };
  // A request belongs to no repository, so the path begins with what it starts.
  return { depth: 0, path: trigger.type === 'dispatch.requested' ? [] : [sourceOf(trigger)] };
}
