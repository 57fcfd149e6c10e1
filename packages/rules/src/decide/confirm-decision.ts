import {
  type Candidates,
  type Code,
  type CommitRuns,
  type Decision,
  foldName,
  type GuardRails,
  type Lineage,
  type OwnerPolicies,
  type Plan,
  type RepositorySnapshot,
  type RouteDecided,
  sourceLabel,
  targetLabel,
  type TargetRequest,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import { unsatisfied } from '../checks/checks.ts';
import { allowlistCheck } from '../checks/route-checks.ts';
import type { CompileCache } from '../compile/compile-snapshot.ts';
import { qualifiedRef } from '../values/qualified-ref.ts';
import { decide, decideRequest } from './decide.ts';
import { fillMessage } from './fill-message.ts';
import type { CurrentRequester } from './match-request.ts';
import { dispatchIdOf } from './match-run.ts';
import { screen, screenRequest } from './screen.ts';
import { asSeenBySource } from './source-view.ts';

/** A decision with what its plan says about its trigger. */
export type PlannedRoute = RouteDecided['data'];

export interface ConfirmInput {
  /** An allowed decision of a stored plan. */
  readonly planned: PlannedRoute;
  /** The source as it is now. Ignored for a request, which belongs to no repository. */
  readonly source: RepositorySnapshot;
  /** The target as it is now. */
  readonly targets: TargetSnapshots;
  readonly guardRails: GuardRails;
  /** The policies of both owners as they are now. */
  readonly policies?: OwnerPolicies | undefined;
  readonly cache?: CompileCache | undefined;
  /** The key, schedule or webhook of a request as it is now. */
  readonly requester?: CurrentRequester | undefined;
}

/** Why an allowed decision no longer holds. */
export interface Withdrawal {
  readonly code: Code;
  readonly message: string;
  /** What the source may see of it. */
  readonly sourceView: { readonly code: Code; readonly message: string };
}

export interface Confirmation {
  /** The plan for this route alone, by the rules as they are now. */
  readonly plan: Plan;
  /** Null if the plan allows the same dispatch. */
  readonly withdrawal: Withdrawal | null;
}

/**
 * Decides an allowed route once more, by the same {@link decide}, and compares the result with the stored decision. The
 * result can only narrow: the dispatch goes on if it would be allowed now exactly as it is stored, and is refused otherwise.
 * It never changes what is sent.
 */
export function confirmDecision(input: ConfirmInput): Confirmation {
  const { planned, source, targets, guardRails, policies, cache, requester } = input;
  const { trigger, decision, revision } = planned;
  const generation = generationOf(planned);
  const replay = { revision, routeId: decision.routeId, generations: { [decision.routeId]: generation } };
  const shared = { targets, guardRails: withoutPause(guardRails), policies, cache, replay };
  const plan =
    trigger.type === 'dispatch.requested'
      ? // GitHub itself refuses an event for which the App has no permission.
        decideRequest({ ...shared, request: trigger, permissions: null, requester })
      : decide({
          ...shared,
          run: trigger,
          lineage: lineageOf(planned),
          source,
          candidates: candidatesOf(decision),
          commit: commitOf(decision),
        });
  return { plan, withdrawal: withdrawalOf(decision, plan) };
}

/** Returns the target itself as the only candidate: which others a pattern means does not matter any more. */
function candidatesOf({ pattern, route, target }: Decision): Candidates | undefined {
  if (pattern === undefined || target === undefined || !('workflow' in route.target)) return undefined;
  const { repository, workflow } = route.target;
  const [, name = ''] = repository.split('/');
  const { repositoryId } = target;
  return { listedAt: null, isComplete: true, repositories: [{ repositoryId, name, workflows: [workflow] }] };
}

/** Returns the runs that the decision is about. None of them is read again: they have completed. */
function commitOf({ needs }: Decision): CommitRuns | undefined {
  return needs === undefined ? undefined : { runs: needs.runs, claims: {}, lineages: {} };
}

function withdrawalOf(decision: Decision, plan: Plan): Withdrawal | null {
  if (decision.effect !== 'allow')
    throw new Error(`Decision ${decision.dispatchId} is denied and cannot be confirmed.`);
  const candidates = plan.decisions.filter((candidate) => candidate.dispatchId === decision.dispatchId);
  const allowed = candidates.find(({ effect }) => effect === 'allow');
  if (allowed !== undefined) return changeOf(decision, allowed);
  const [denied] = candidates;
  if (denied !== undefined) {
    const { code, message } = asSeenBySource(denied);
    return { code: denied.code, message: denied.message, sourceView: { code, message } };
  }
  const { code, message } = plan;
  return { code, message, sourceView: { code, message } };
}

/** A route that is allowed with another ref, other inputs or in another repository is not the dispatch that was decided. */
function changeOf(decision: Decision, now: Decision): Withdrawal | null {
  const changed = [
    // An event has no ref: it always runs on the default branch.
    ...('workflow' in decision.route.target && decision.ref !== now.ref ? ['the ref'] : []),
    ...(sameInputs(decision.inputs, now.inputs) ? [] : ['the inputs']),
    ...(sameRepository(decision.target, now.target) ? [] : ['the target repository']),
  ];
  if (changed.length === 0) return null;
  const code: Code = 'decision-outdated';
  const { source, target } = decision.route;
  const message = fillMessage(code, {
    source: sourceLabel(source),
    target: targetLabel(target),
    actual: changed.join(' and '),
  });
  return { code, message, sourceView: { code, message } };
}

function sameInputs(left: Decision['inputs'], right: Decision['inputs']): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && left[name] === right[name])
  );
}

function sameRepository(left: Decision['target'], right: Decision['target']): boolean {
  return left?.repositoryId === right?.repositoryId && left?.installationId === right?.installationId;
}

/** Returns what must be read of the target to confirm a decision. */
export function targetToConfirm({ route, ref }: Decision): TargetRequest {
  const [owner = '', name = ''] = route.target.repository.split('/');
  const workflows = 'workflow' in route.target ? [route.target.workflow] : [];
  return { owner, name, workflows, refs: ref === null ? [] : [qualifiedRef(ref).name] };
}

/** Returns whether the guard rails refuse a decision that they allowed when it was planned. Nothing needs to be read. */
export function isNarrowed(planned: PlannedRoute, guardRails: GuardRails): boolean {
  const { trigger, decision } = planned;
  const rails = withoutPause(guardRails);
  const refused =
    trigger.type === 'dispatch.requested' ? screenRequest(trigger, rails) : screen(trigger, lineageOf(planned), rails);
  const isWithoutPatterns = decision.pattern !== undefined && !rails.allowPatterns;
  const isListed = unsatisfied([allowlistCheck(decision.route.target, rails)]).length === 0;
  return rails.dryRun || isWithoutPatterns || refused !== null || !isListed;
}

/** A pause delays a decision and never refuses it. */
function withoutPause(guardRails: GuardRails): GuardRails {
  return { ...guardRails, paused: false };
}

/** Returns the lineage that the plan was made with. Every decision of a plan with an unknown lineage is denied. */
function lineageOf({ lineage: { depth, path }, decision }: PlannedRoute): Lineage {
  return depth === 0 ? { state: 'root' } : { state: 'known', dispatchId: decision.dispatchId, depth, path };
}

/** Returns the generation in the dispatch id of a decision. Each replay raises the revision, and some the generation. */
function generationOf({ trigger, decision, revision }: PlannedRoute): number {
  for (let generation = revision; generation > 0; generation -= 1) {
    const isOfCommit = decision.needs !== undefined;
    if (dispatchIdOf(trigger, decision.routeId, { isOfCommit, generation }) === decision.dispatchId) return generation;
  }
  return 0;
}

/** The codes that say that a target does not consent to anything. */
const targetCodes: readonly string[] = [
  'target-no-config',
  'target-config-ambiguous',
  'target-config-invalid',
] satisfies Code[];
/** The codes that say that no rule of the target consents to a route, or not for this run. */
const routeCodes: readonly string[] = [
  'inbound-no-match',
  'inbound-disabled',
  'inbound-branch',
  'inbound-event',
  'inbound-conclusion',
  'inbound-environment',
  'inbound-attempt',
  'inbound-ref',
  'inbound-input',
  'policy-refused',
  'policy-invalid',
  'policy-unreadable',
  'target-policy-refused',
  'target-policy-invalid',
  'target-policy-unreadable',
] satisfies Code[];

const nameOfTarget = ({ route }: Decision): string => `target#${foldName(route.target.repository)}`;
const nameOfRoute = ({ routeId }: Decision): string => `route#${routeId}`;

/**
 * Returns the names under which a plan records that consent may have been withdrawn: of each target whose file no longer
 * consents to anything, and of each route that its target denies. A name says nothing certain about another run of the
 * route; it says that a decision of it must be confirmed.
 */
export function withdrawalsOf({ decisions }: Plan): string[] {
  const names = decisions.flatMap((decision) => {
    if (targetCodes.includes(decision.code)) return [nameOfTarget(decision)];
    return routeCodes.includes(decision.code) || isDryRunOfTarget(decision) ? [nameOfRoute(decision)] : [];
  });
  return [...new Set(names)];
}

function isDryRunOfTarget({ checks }: Decision): boolean {
  return checks.some(({ name, satisfied }) => name === 'inbound-not-dry-run' && !satisfied);
}

/** Returns the names of {@link withdrawalsOf} that concern a decision. */
export function withdrawalNamesOf(decision: Decision): string[] {
  return [nameOfTarget(decision), nameOfRoute(decision)];
}
