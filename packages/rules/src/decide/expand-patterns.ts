import {
  type Candidates,
  type Check,
  type ClosestRule,
  foldName,
  type GuardRails,
  noCandidates,
} from '@dispatcher/contracts';
import { check, unsatisfied } from '../checks/checks.ts';
import type { NeededRuns } from '../checks/needs.ts';
import type { OutboundTarget, TargetPattern } from '../compile/compiled-file.ts';
import { matchesGlob } from '../values/pattern.ts';

/** A target of a rule that matches the run, with the checks of the rule. */
export interface MatchedTarget {
  readonly target: OutboundTarget;
  readonly checks: readonly Check[];
  /** What the rule needs on the commit; null if it is for one run or job. */
  readonly needs: NeededRuns | null;
}

export interface PatternContext {
  readonly guardRails: Pick<GuardRails, 'allowPatterns'>;
  readonly candidates?: Candidates | undefined;
}

export interface ExpandedTargets {
  readonly targets: readonly MatchedTarget[];
  /** Patterns that mean no repository. */
  readonly unmatched: readonly ClosestRule[];
}

/**
 * Replaces each pattern by the candidates that match it, as if the rule named them. A candidate is a hint: everything after
 * this decides the target like one that the file names. What the file names, also to disable it, is meant by no pattern.
 * @param disabled the disabled targets of the rules that match
 * @param owner the source's
 */
export function expandPatterns(
  { matched, disabled }: { readonly matched: readonly MatchedTarget[]; readonly disabled: readonly OutboundTarget[] },
  owner: string,
  { guardRails: { allowPatterns }, candidates = noCandidates }: PatternContext,
): ExpandedTargets {
  const targets = matched.filter(({ target }) => target.pattern === null);
  const accepted = targets.filter(({ checks }) => unsatisfied(checks).length === 0);
  const taken = new Set([...accepted.map(({ target }) => target), ...disabled].map((target) => keyOf(target, owner)));
  const unmatched: ClosestRule[] = [];
  for (const { target, checks, needs } of matched) {
    const { pattern } = target;
    if (pattern === null) continue;
    const allowed = check('patterns-allowed', allowPatterns, 'ALLOW_PATTERNS=true', allowPatterns ? 'true' : 'not set');
    const meant = candidates.repositories.filter((candidate) => isMeant(pattern, target.workflow, candidate));
    const found = check('pattern-candidate', meant.length > 0, foundText(pattern), `${meant.length} repositories`);
    if (meant.length === 0) {
      unmatched.push({ rule: target.label, checks: [...unsatisfied([allowPatterns ? found : allowed])] });
    }
    for (const { name, repositoryId } of meant) {
      const expanded = { ...target, repository: name, repositoryId };
      const key = keyOf(expanded, owner);
      if (taken.has(key)) continue;
      if (unsatisfied(checks).length === 0) taken.add(key);
      targets.push({ target: expanded, checks: [...checks, found, allowed], needs });
    }
  }
  return { targets, unmatched };
}

function isMeant({ name }: TargetPattern, workflow: string, candidate: Candidates['repositories'][number]): boolean {
  return candidate.workflows.includes(workflow) && matchesGlob(name, foldName(candidate.name));
}

function foundText({ text }: TargetPattern): string {
  return `a repository that matches ${text} and allows this source`;
}

function keyOf({ repository, workflow, id }: OutboundTarget, owner: string): string {
  const fullName = repository.includes('/') ? repository : `${owner}/${repository}`;
  return JSON.stringify([foldName(fullName), workflow, id]);
}
