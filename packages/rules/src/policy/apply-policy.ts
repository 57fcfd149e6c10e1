import {
  foldName,
  type OwnerPolicies,
  type Plan,
  type PolicySnapshot,
  policyPath,
  type RepositorySnapshot,
  type RunTrigger,
  type Trigger,
} from '@dispatcher/contracts';
import { codeOf, unsatisfied } from '../checks/checks.ts';
import type { TargetResult } from '../checks/target-checks.ts';
import { type PolicyContext, type PolicyResult, type PolicyTrigger, targetPolicyChecks } from './policy-checks.ts';

/** Returns what a policy restricts of a run. */
export function policyTriggerOf({ type, repository, run }: RunTrigger): PolicyTrigger {
  const trigger = { owner: repository.owner, event: run.event };
  // The run of a job is still in progress.
  return type === 'run.completed' ? { ...trigger, conclusion: run.conclusion } : trigger;
}

/** What a policy restricts of a request: nothing but its target. The operator owns the key, whose scope restricts it. */
export const policyTriggerOfRequest: PolicyTrigger = { owner: null };

/**
 * Adds the checks of the policy of the target's owner to the result of the target.
 * @param triggers the run, or all runs of a rule with `needs`: the policy must allow each
 */
export function applyTargetPolicy(
  result: TargetResult,
  snapshot: RepositorySnapshot,
  triggers: readonly PolicyTrigger[],
  context: PolicyContext,
): TargetResult {
  // Of a repository that was not read, the target's own checks say so.
  if (snapshot.state !== 'read') return result;
  const { checks, wouldRefuse } = strictest(triggers.map((trigger) => targetPolicyChecks(snapshot, trigger, context)));
  return {
    ...result,
    checks: [...result.checks, ...checks],
    ...(wouldRefuse.length === 0 ? {} : { wouldRefuse }),
  };
}

/** Returns the first result that refuses or would refuse, or else the first. */
export function strictest(results: readonly PolicyResult[]): PolicyResult {
  const refused = results.find(({ checks }) => unsatisfied(checks).length > 0);
  const doubted = results.find(({ wouldRefuse }) => wouldRefuse.length > 0);
  return refused ?? doubted ?? results[0] ?? { checks: [], wouldRefuse: [] };
}

/** Returns whether a decision depends on a policy that could not be read, so that it must be read again. */
export function dependsOnUnreadPolicy({ decisions }: Plan): boolean {
  return decisions.some(({ code, checks }) =>
    unsatisfied(checks).some((failed) => isRead.includes(failed.name) && codeOf(failed) === code),
  );
}

const isRead: readonly string[] = ['policy-readable', 'target-policy-readable'];

/**
 * Returns the owners whose policies a plan depends on, in lower case: that of the source, and those of the targets.
 * @param targets what is read of the targets
 */
export function policyOwnersOf(trigger: Trigger, targets: readonly { readonly owner: string }[]): string[] {
  const source = trigger.type === 'dispatch.requested' ? [] : [trigger.repository.owner];
  return [...new Set([...source, ...targets.map(({ owner }) => owner)].map((owner) => foldName(owner)))];
}

/**
 * Builds the policies that {@link decide} takes.
 * @param repositories the `.github` repositories by the lower-case owner
 * @param seen the ids of the repositories in which policies were seen, by the lower-case owner
 */
export function ownerPolicies(
  repositories: Readonly<Record<string, RepositorySnapshot>>,
  seen: ReadonlyMap<string, number | null>,
): OwnerPolicies {
  return Object.fromEntries(
    Object.entries(repositories).map(([owner, repository]) => [
      owner,
      { snapshot: policyOf(repository), seenIn: seen.get(owner) ?? null },
    ]),
  );
}

/** Returns the policies that are seen for the first time, or in another repository than before. */
export function policiesToRemember(
  policies: OwnerPolicies,
): readonly { readonly owner: string; readonly repositoryId: number }[] {
  return Object.entries(policies).flatMap(([owner, { snapshot, seenIn }]) =>
    snapshot.state === 'read' && snapshot.repositoryId !== seenIn
      ? [{ owner, repositoryId: snapshot.repositoryId }]
      : [],
  );
}

/** Converts what was read of an owner's `.github` repository to its policy. */
export function policyOf(repository: RepositorySnapshot): PolicySnapshot {
  if (repository.state !== 'read') return repository;
  const { policy: file, defaultBranch, id, owner, name } = repository;
  if (file === undefined) return { state: 'unknown', reason: `${policyPath} was not read` };
  if (file.state === 'unknown') return file;
  if (file.state === 'absent' || defaultBranch === null) return { state: 'absent' };
  return { state: 'read', repositoryId: id, repository: `${owner}/${name}`, sha: defaultBranch.sha, file };
}
