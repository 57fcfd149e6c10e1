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
  type RunCompleted,
  runKey,
  type WorkflowReference,
} from '@dispatcher/contracts';
import { codeOf, unsatisfied } from '../checks/checks.ts';
import { fillMessage } from './fill-message.ts';

export interface Concluded {
  readonly run: Trigger;
  readonly lineage: Lineage;
  readonly checks: readonly Check[];
  readonly sourceFile?: FileReference | undefined;
  readonly unmatched?: readonly ClosestRule[];
  readonly decisions?: readonly Decision[];
}

/** More than this is not stored: the list is for finding out why, and the closest rules stand first. */
export const maxUnmatched = 50;

/** Puts the plan together. Its code is that of the first check that is not satisfied. */
export function planOf({ run, lineage, checks, sourceFile, unmatched = [], decisions = [] }: Concluded): Plan {
  const failed = unsatisfied(checks)[0];
  const code = failed ? codeOf(failed) : decisions.length > 0 ? 'planned' : 'no-match';
  const allowed = decisions.filter(({ effect }) => effect === 'allow').length;
  const { responsible, fix } = codes[code];
  return {
    version: 1,
    runKey: runKey(run),
    revision: 0,
    trigger: run,
    outcome: outcomeOf(code),
    code,
    message: fillMessage(code, {
      source: triggerLabel(run),
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
    lineage: lineageOf(run, lineage),
  };
}

export function sourceOf(run: RunCompleted): WorkflowReference {
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

/** An unknown lineage has no depth to tell; every decision of such a plan is denied. */
function lineageOf(run: Trigger, lineage: Lineage): Plan['lineage'] {
  if (lineage.state === 'known') return { depth: lineage.depth, path: [...lineage.path] };
  // A key stands in no repository: the way begins with what it starts.
  return { depth: 0, path: run.type === 'run.completed' ? [sourceOf(run)] : [] };
}
