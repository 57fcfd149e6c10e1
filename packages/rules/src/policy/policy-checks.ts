import { type Check, foldName, type GuardRails, type OwnerPolicies, type OwnerPolicy } from '@dispatcher/contracts';
import { check, unsatisfied } from '../checks/checks.ts';
import { formatFileError } from '../values/problem.ts';
import { compilePolicySnapshot, type NamePatterns, type Policy } from './compile-policy.ts';

/** The checks of a policy. Of one with `enforcement: evaluate`, those that fail are in `wouldRefuse` and refuse nothing. */
export interface PolicyResult {
  readonly checks: readonly Check[];
  readonly wouldRefuse: readonly Check[];
}

/** What requests a dispatch, as far as a policy restricts it. A run has an event and a conclusion; a key has neither. */
export interface PolicyTrigger {
  /** The owner of the source; null for a requester that belongs to no repository. */
  readonly owner: string | null;
  readonly event?: string | undefined;
  /** Undefined if the trigger has not concluded. */
  readonly conclusion?: string | null | undefined;
}

export interface PolicyContext {
  readonly guardRails: Pick<GuardRails, 'requirePolicy'>;
  /** Absent: policies are not considered, for example for a run that is only explained. */
  readonly policies: OwnerPolicies | undefined;
}

interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** Returns the checks of the policy of a route's source, which restricts what its repositories may start. */
export function sourcePolicyChecks(
  source: RepositoryName,
  targetOwner: string,
  trigger: PolicyTrigger,
  context: PolicyContext,
): PolicyResult {
  return resultOf('policy', source.owner, context, (policy) => [
    ...nameChecks('policy-source', policy.sources, source.name),
    ...ownerChecks('policy-cross-owner', policy, source.owner, targetOwner),
    ...triggerChecks('policy', policy, trigger),
  ]);
}

/** Returns the checks of the policy of a route's target, which restricts what may start workflows in its repositories. */
export function targetPolicyChecks(
  target: RepositoryName,
  trigger: PolicyTrigger,
  context: PolicyContext,
): PolicyResult {
  return resultOf('target-policy', target.owner, context, (policy) => [
    ...nameChecks('target-policy-target', policy.targets, target.name),
    ...ownerChecks('target-policy-cross-owner', policy, target.owner, trigger.owner),
    ...triggerChecks('target-policy', policy, trigger),
  ]);
}

/**
 * Returns the check of the policy's limit of targets per run.
 * @param place the place of the route among those that nothing else on the source side refuses; null if something does
 */
export function policyLimitChecks(owner: string, place: number | null, context: PolicyContext): PolicyResult {
  const policy = policyOf(context.policies?.[foldName(owner)]);
  if (policy === null || policy.maxTargets === null || policy.enforcement === 'disabled') return nothing;
  const limit = check(
    'policy-max-targets',
    place === null || place <= policy.maxTargets,
    `at most ${policy.maxTargets} targets`,
    place === null ? 'not counted' : `target ${place}`,
  );
  return enforced(policy, [limit]);
}

const nothing: PolicyResult = { checks: [], wouldRefuse: [] };

function policyOf(owned: OwnerPolicy | undefined): Policy | null {
  if (owned?.snapshot.state !== 'read') return null;
  const compiled = compilePolicySnapshot(owned.snapshot);
  return compiled.ok ? compiled.policy : null;
}

type Prefix = 'policy' | 'target-policy';

function resultOf(
  prefix: Prefix,
  owner: string,
  { policies, guardRails }: PolicyContext,
  checksOf: (policy: Policy) => readonly Check[],
): PolicyResult {
  if (policies === undefined) return nothing;
  const isRequired = guardRails.requirePolicy.some((required) => foldName(required) === foldName(owner));
  // An owner whose policy was not read is refused, as one whose policy could not be read.
  const { snapshot, seenIn } = policies[foldName(owner)] ?? notRead;
  if (snapshot.state === 'unknown') {
    return { ...nothing, checks: [check(`${prefix}-readable`, false, 'a response from GitHub', snapshot.reason)] };
  }
  if (snapshot.state === 'absent') {
    if (seenIn === null && !isRequired) return nothing;
    const expected = isRequired ? 'a policy, because REQUIRE_POLICY names the owner' : 'a policy, as before';
    const was = seenIn === null ? '' : `; a policy was seen in repository ${seenIn}`;
    const actual = `no dispatching-policy.yml in ${owner}/.github that the App can see${was}`;
    return { ...nothing, checks: [check(`${prefix}-present`, false, expected, actual)] };
  }
  const compiled = compilePolicySnapshot(snapshot);
  const actual = compiled.ok ? 'valid' : summarize(compiled.errors);
  const valid = check(`${prefix}-valid`, compiled.ok, 'a valid policy', actual);
  if (!compiled.ok) return { ...nothing, checks: [valid] };
  const { policy } = compiled;
  if (policy.enforcement === 'disabled') return { ...nothing, checks: [valid] };
  const { checks, wouldRefuse } = enforced(policy, checksOf(policy));
  return { checks: [valid, ...checks], wouldRefuse };
}

const notRead: OwnerPolicy = { snapshot: { state: 'unknown', reason: 'it was not read' }, seenIn: null };

function enforced({ enforcement }: Policy, checks: readonly Check[]): PolicyResult {
  return enforcement === 'active' ? { checks, wouldRefuse: [] } : { checks: [], wouldRefuse: unsatisfied(checks) };
}

function nameChecks(
  name: 'policy-source' | 'target-policy-target',
  patterns: NamePatterns | null,
  repository: string,
): Check[] {
  return patterns === null ? [] : [check(name, patterns.accepts(repository), patterns.text, repository)];
}

function ownerChecks(
  name: 'policy-cross-owner' | 'target-policy-cross-owner',
  { allowsOtherOwners }: Policy,
  owner: string,
  other: string | null,
): Check[] {
  // A key, a schedule or a webhook belongs to the operator, and to no owner.
  if (allowsOtherOwners || other === null) return [];
  return [
    check(name, foldName(other) === foldName(owner), `repositories of ${owner} only`, `a repository of ${other}`),
  ];
}

function triggerChecks(prefix: Prefix, { events, conclusions }: Policy, { event, conclusion }: PolicyTrigger): Check[] {
  return [
    ...(events === null || event === undefined
      ? []
      : [check(`${prefix}-event`, events.includes(event), events.join(', ') || 'no event', event)]),
    ...(conclusions === null || conclusion === undefined
      ? []
      : [
          check(
            `${prefix}-conclusion`,
            conclusion !== null && conclusions.includes(conclusion),
            conclusions.join(', ') || 'no conclusion',
            conclusion ?? 'no conclusion',
          ),
        ]),
  ];
}

function summarize(errors: readonly Parameters<typeof formatFileError>[0][]): string {
  const shown = errors.slice(0, 3).map(formatFileError).join(' · ');
  return errors.length > 3 ? `${shown} (and ${errors.length - 3} more)` : shown;
}
