import type { Check, Code, Side } from '@dispatcher/contracts';

interface CheckEntry {
  readonly side: Side;
  /** The code of a plan or decision in which this is the first unsatisfied check. */
  readonly code: Code;
}

/**
 * All checks, in order of precedence: the first unsatisfied one determines the code.
 *
 * Checks that do not depend on the target come first. So if the source itself made an error, the code is the same
 * whether the target exists or not, and reveals nothing about the target.
 */
export const checkTable = {
  // The run
  'own-repository': { side: 'run', code: 'fork-run' },
  'run-age': { side: 'run', code: 'run-too-old' },
  'run-time': { side: 'run', code: 'run-in-future' },
  'source-allowlist': { side: 'operator', code: 'source-not-allowed' },
  'source-workflow-allowlist': { side: 'operator', code: 'source-workflow-not-allowed' },
  'not-paused': { side: 'operator', code: 'paused' },

  // The source repository and its file
  'source-readable': { side: 'source', code: 'config-unreadable' },
  'source-visible': { side: 'source', code: 'source-not-visible' },
  'source-identity': { side: 'source', code: 'source-gone' },
  'source-default-branch': { side: 'source', code: 'source-branch-unreadable' },
  'source-file-readable': { side: 'source', code: 'config-unreadable' },
  'source-file-present': { side: 'source', code: 'no-config' },
  'source-file-single': { side: 'source', code: 'config-ambiguous' },
  'source-file-valid': { side: 'source', code: 'config-invalid' },

  // The outbound rule
  'source-workflow': { side: 'source', code: 'no-match' },
  'source-branch': { side: 'source', code: 'no-match' },
  'source-event': { side: 'source', code: 'no-match' },
  'source-conclusion': { side: 'source', code: 'no-match' },
  'source-attempt': { side: 'source', code: 'no-match' },
  'source-environment': { side: 'source', code: 'no-match' },
  'source-target': { side: 'source', code: 'no-match' },
  'source-ref-type': { side: 'source', code: 'no-match' },
  enabled: { side: 'source', code: 'no-match' },
  'pattern-candidate': { side: 'source', code: 'no-match' },

  // What the name of the run's branch or tag refers to
  'source-ref-readable': { side: 'source', code: 'source-ref-unreadable' },
  'source-ref': { side: 'source', code: 'source-ref-ambiguous' },
  'source-commit': { side: 'source', code: 'source-commit-gone' },

  // A key, schedule or webhook and its scope, which take the place of an outbound rule
  'key-live': { side: 'source', code: 'key-ended' },
  'key-scope': { side: 'source', code: 'key-scope' },
  'schedule-live': { side: 'source', code: 'schedule-ended' },
  'schedule-scope': { side: 'source', code: 'schedule-scope' },
  'webhook-live': { side: 'source', code: 'webhook-ended' },
  'webhook-scope': { side: 'source', code: 'webhook-scope' },

  // What a job sets
  'job-inputs': { side: 'source', code: 'job-input-unused' },

  // What a rule with `needs` needs on the commit
  'source-runs-readable': { side: 'source', code: 'source-runs-unreadable' },
  'source-needs': { side: 'source', code: 'waiting-for-needs' },

  // The route, as far as it depends on the source alone
  'patterns-allowed': { side: 'operator', code: 'patterns-off' },
  'distinct-route': { side: 'source', code: 'duplicate-route' },
  'not-self': { side: 'source', code: 'self-dispatch' },
  'policy-readable': { side: 'source', code: 'policy-unreadable' },
  'policy-present': { side: 'source', code: 'policy-unreadable' },
  'policy-valid': { side: 'source', code: 'policy-invalid' },
  'policy-source': { side: 'source', code: 'policy-refused' },
  'policy-cross-owner': { side: 'source', code: 'policy-refused' },
  'policy-event': { side: 'source', code: 'policy-refused' },
  'policy-conclusion': { side: 'source', code: 'policy-refused' },
  'policy-max-targets': { side: 'source', code: 'policy-refused' },
  'target-limit': { side: 'operator', code: 'too-many-targets' },
  'target-allowlist': { side: 'operator', code: 'target-not-allowed' },
  'lineage-known': { side: 'operator', code: 'lineage-unknown' },
  'no-loop': { side: 'source', code: 'route-loop' },
  depth: { side: 'operator', code: 'depth-exceeded' },
  'input-values': { side: 'source', code: 'input-value-invalid' },
  'not-dispatched': { side: 'source', code: 'already-dispatched' },

  // The target repository and its file
  'target-readable': { side: 'target', code: 'target-unreadable' },
  'target-visible': { side: 'target', code: 'target-not-visible' },
  'target-id': { side: 'target', code: 'target-replaced' },
  'target-active': { side: 'target', code: 'target-archived' },
  'target-default-branch': { side: 'target', code: 'target-branch-unreadable' },
  'parse-budget': { side: 'target', code: 'plan-over-budget' },
  'target-file-readable': { side: 'target', code: 'target-unreadable' },
  'target-file-present': { side: 'target', code: 'target-no-config' },
  'target-file-single': { side: 'target', code: 'target-config-ambiguous' },
  'target-file-valid': { side: 'target', code: 'target-config-invalid' },

  // The inbound rule: consent
  'inbound-repository': { side: 'target', code: 'inbound-no-match' },
  'inbound-key': { side: 'target', code: 'inbound-no-match' },
  'inbound-schedule': { side: 'target', code: 'inbound-no-match' },
  'inbound-webhook': { side: 'target', code: 'inbound-no-match' },
  'inbound-workflow': { side: 'target', code: 'inbound-no-match' },
  'inbound-target': { side: 'target', code: 'inbound-no-match' },
  'inbound-enabled': { side: 'target', code: 'inbound-disabled' },
  'inbound-source-id': { side: 'target', code: 'source-replaced' },
  'inbound-branch': { side: 'target', code: 'inbound-branch' },
  'inbound-event': { side: 'target', code: 'inbound-event' },
  'inbound-conclusion': { side: 'target', code: 'inbound-conclusion' },
  'inbound-attempt': { side: 'target', code: 'inbound-attempt' },
  'inbound-environment': { side: 'target', code: 'inbound-environment' },
  'inbound-source-ref': { side: 'target', code: 'inbound-branch' },
  'inbound-ref': { side: 'target', code: 'inbound-ref' },
  'inbound-inputs': { side: 'target', code: 'inbound-input' },

  // What a pattern of the outbound rule means. After consent, so that it never hides that a target has not agreed.
  'pattern-visibility': { side: 'source', code: 'public-target' },

  // The policy of the target's owner. After consent, so that a target that has not agreed shows nothing of it.
  'target-policy-readable': { side: 'target', code: 'target-policy-unreadable' },
  'target-policy-present': { side: 'target', code: 'target-policy-unreadable' },
  'target-policy-valid': { side: 'target', code: 'target-policy-invalid' },
  'target-policy-target': { side: 'target', code: 'target-policy-refused' },
  'target-policy-cross-owner': { side: 'target', code: 'target-policy-refused' },
  'target-policy-event': { side: 'target', code: 'target-policy-refused' },
  'target-policy-conclusion': { side: 'target', code: 'target-policy-refused' },

  // Preflight: what GitHub would refuse. After consent, so that a target that has not agreed cannot be explored.
  'app-permission': { side: 'target', code: 'app-permission-missing' },
  'ref-exists': { side: 'target', code: 'ref-missing' },
  'workflow-present': { side: 'target', code: 'workflow-missing' },
  'workflow-valid': { side: 'target', code: 'workflow-invalid' },
  'workflow-trigger': { side: 'target', code: 'workflow-trigger-missing' },
  'inputs-declared': { side: 'target', code: 'input-undeclared' },
  'inputs-required': { side: 'target', code: 'input-missing' },
  'inputs-typed': { side: 'target', code: 'input-type' },

  // Last, so that `dry-run` says that all else allows the dispatch
  'not-dry-run': { side: 'operator', code: 'dry-run' },
  'outbound-not-dry-run': { side: 'source', code: 'dry-run' },
  'inbound-not-dry-run': { side: 'target', code: 'dry-run' },
} as const satisfies Record<string, CheckEntry>;

export type CheckName = keyof typeof checkTable;
export const checkNames = Object.keys(checkTable) as readonly CheckName[];

const rank = new Map<string, number>(checkNames.map((name, index) => [name, index]));

/** Maximum length of `expected` and `actual`: checks are stored with the plan and shown to people. */
const maxTextLength = 500;

/** Creates a check. `expected` and `actual` are shortened. */
export function check(name: CheckName, satisfied: boolean, expected: string, actual: string): Check {
  const { side } = checkTable[name];
  return { side, name, satisfied, expected: shorten(expected), actual: shorten(actual) };
}

function shorten(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength - 1)}…`;
}

/** Returns the unsatisfied checks, in order of precedence. */
export function unsatisfied(checks: readonly Check[]): readonly Check[] {
  const failed = checks.filter(({ satisfied }) => !satisfied);
  return failed.length < 2 ? failed : failed.sort((a, b) => rankOf(a) - rankOf(b));
}

/** Returns the position of a check in the order of precedence. */
export function rankOf({ name }: Check): number {
  return rank.get(name) ?? -1;
}

/** Computes an effect. This is the only place that allows: there are checks, and every one is satisfied. */
export function effectOf(checks: readonly Check[]): 'allow' | 'deny' {
  return checks.length > 0 && unsatisfied(checks).length === 0 ? 'allow' : 'deny';
}

/** Returns the code that an unsatisfied check stands for. */
export function codeOf(failed: Check): Code {
  return checkTable[failed.name as CheckName].code;
}
