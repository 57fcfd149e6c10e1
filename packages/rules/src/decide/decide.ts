import {
  type AppPermissions,
  type Candidates,
  type Check,
  type CommitRuns,
  type Decision,
  type DispatchRequested,
  type GuardRails,
  kindOfRun,
  type Lineage,
  noCandidates,
  type OwnerPolicies,
  type Plan,
  type RememberedIds,
  type RememberedTargets,
  type RepositorySnapshot,
  requesterOf,
  type RunTrigger,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import { pauseCheck, runChecks } from '../checks/run-checks.ts';
import type { MatchedRoute } from '../checks/matched-route.ts';
import { asTrigger } from '../checks/needs.ts';
import { patternChecks } from '../checks/pattern-checks.ts';
import { isOfOtherOwner } from '../checks/repository-ids.ts';
import { checkSource } from '../checks/source-checks.ts';
import { checkTarget, type TargetResult } from '../checks/target-checks.ts';
import type { CompileCache } from '../compile/compile-snapshot.ts';
import {
  applyTargetPolicy,
  dependsOnUnreadPolicy,
  policyTriggerOf,
  policyTriggerOfRequest,
} from '../policy/apply-policy.ts';
import { decisionOf } from './build-decision.ts';
import { planOf } from './build-plan.ts';
import type { Generations } from './generations.ts';
import { type CurrentRequester, matchRequest } from './match-request.ts';
import { matchRun } from './match-run.ts';
import { screen, screenRequest } from './screen.ts';
import { targetsOverBudget } from '../checks/parse-budget.ts';
import { snapshotOf, targetKey } from './targets-to-read.ts';

export interface DecideInput {
  /** A completed run, or the request of a job. */
  readonly run: RunTrigger;
  readonly lineage: Lineage;
  readonly source: RepositorySnapshot;
  readonly targets: TargetSnapshots;
  readonly guardRails: GuardRails;
  /** The ids behind the names of other owners. Absent, for example for a run that is only explained: none is refused. */
  readonly remembered?: RememberedTargets | undefined;
  /** The repositories that patterns may mean. Absent: none. */
  readonly candidates?: Candidates | undefined;
  /** The other runs on the run's commit, for rules with `needs`. Absent: none is known. */
  readonly commit?: CommitRuns | undefined;
  /** The policies of the owners of source and targets. Absent, for example for a run that is only explained: none is considered. */
  readonly policies?: OwnerPolicies | undefined;
  readonly cache?: CompileCache | undefined;
  readonly replay?: ReplayOptions | undefined;
}

/** A replay by an operator: the trigger already has a plan, and gets another one. */
export interface ReplayOptions {
  readonly revision: number;
  readonly generations: Generations;
  /** The only route to decide, or null for all of them. */
  readonly routeId: string | null;
}

/**
 * Plans a run. Pure, so that planning and the command line give the same result. The age of the run is
 * measured against its own `receivedAt`, so the same input gives the same plan at any time.
 */
export function decide(input: DecideInput): Plan {
  return { ...planRun(input), revision: input.replay?.revision ?? 0 };
}

function planRun(input: DecideInput): Plan {
  const {
    run,
    lineage,
    source,
    targets,
    guardRails,
    remembered = {},
    policies,
    candidates,
    commit,
    cache,
    replay,
  } = input;
  const refused = screen(run, lineage, guardRails);
  if (refused) return refused;

  const checked = checkSource(run, source, cache);
  const checks = [...runChecks(run, guardRails), ...checked.checks];
  if (checked.file === undefined) return planOf({ trigger: run, lineage, checks, sourceFile: checked.at });

  const { at, defaultBranch, head } = checked;
  const context = { guardRails, lineage, generations: replay?.generations, policies, candidates, commit };
  const { routes, unmatched, usesPattern } = matchRun(run, checked, context);
  const overBudget = targetsOverBudget(source, targets);
  const onlyRouteId = replay?.routeId ?? null;
  const decisions = routes
    .filter(({ routeId }) => onlyRouteId === null || routeId === onlyRouteId)
    .map((matched) => {
      const snapshot = snapshotOf(matched, targets);
      const isOverBudget = overBudget.has(targetKey(matched));
      const needed =
        matched.needs?.runs.map((each) => (run.type === 'run.completed' ? asTrigger(run, each) : run)) ?? [];
      const requester = { kind: kindOfRun(run), run: needed[0] ?? run, needed, defaultBranch, head };
      const ids = { remembered: rememberedOf(matched, remembered), sourceBlobId: checked.blobId };
      const result =
        snapshot &&
        applyTargetPolicy(
          withPatternChecks(
            checkTarget(requester, matched, snapshot, { cache, isOverBudget, ids }),
            patternChecks(matched, source, snapshot),
          ),
          snapshot,
          (needed.length === 0 ? [run] : needed).map(policyTriggerOf),
          { guardRails, policies },
        );
      return decisionOf(matched, checks, at, result);
    });
  const summary = usesPattern ? summaryOf(candidates, decisions) : undefined;
  return planOf({ trigger: run, lineage, checks, sourceFile: at, unmatched, decisions, candidates: summary });
}

function withPatternChecks(result: TargetResult, checks: readonly Check[]): TargetResult {
  return { ...result, checks: [...result.checks, ...checks] };
}

function summaryOf(
  { listedAt, isComplete }: Candidates = noCandidates,
  decisions: readonly Decision[],
): NonNullable<Plan['candidates']> {
  return { count: decisions.filter(({ pattern }) => pattern !== undefined).length, listedAt, isComplete };
}

function rememberedOf(matched: MatchedRoute, remembered: RememberedTargets): RememberedIds | undefined {
  const key = targetKey(matched);
  return isOfOtherOwner(matched.route) && Object.hasOwn(remembered, key) ? remembered[key] : undefined;
}

export interface DecideRequestInput {
  readonly request: DispatchRequested;
  readonly targets: TargetSnapshots;
  /** The App's permissions in the target. Null if they were not read: GitHub decides then. */
  readonly permissions: AppPermissions | null;
  readonly guardRails: GuardRails;
  /** As in {@link DecideInput}. */
  readonly policies?: OwnerPolicies | undefined;
  readonly cache?: CompileCache | undefined;
  readonly replay?: ReplayOptions | undefined;
  /** In a replay by `re-evaluate` or `dispatch-again`: the key, schedule or webhook as it is now. */
  readonly requester?: CurrentRequester | undefined;
}

/**
 * Plans the request of a key, schedule or webhook. Does what {@link decide} does for a run, with the requester's scope in
 * place of the source's file. The SOURCE_* allowlists do not apply: they list repositories and workflows.
 */
export function decideRequest(input: DecideRequestInput): Plan {
  return { ...planRequest(input), revision: input.replay?.revision ?? 0 };
}

function planRequest(input: DecideRequestInput): Plan {
  const { request, targets, permissions, guardRails, policies, cache, replay, requester: now } = input;
  const refused = screenRequest(request, guardRails);
  if (refused) return refused;

  const checks = [pauseCheck(guardRails)];
  const matched = matchRequest(request, guardRails, { generations: replay?.generations, requester: now });
  const isIncluded = (replay?.routeId ?? matched.routeId) === matched.routeId;
  const snapshot = snapshotOf(matched, targets);
  const { kind, name } = requesterOf(request);
  const result =
    snapshot &&
    applyTargetPolicy(
      checkTarget({ kind, name }, matched, snapshot, { cache, permissions }),
      snapshot,
      [policyTriggerOfRequest],
      { guardRails, policies },
    );
  const decisions = isIncluded ? [decisionOf(matched, checks, undefined, result)] : [];
  return planOf({ trigger: request, lineage: { state: 'root' }, checks, decisions });
}

/**
 * Returns whether the plan depends on a response that GitHub did not give. Planning then reads again instead of storing
 * the plan, and stores it only on the last attempt.
 */
export function dependsOnUnknown(plan: Plan): boolean {
  const retried = [
    'config-unreadable',
    'source-ref-unreadable',
    'source-runs-unreadable',
    'target-unreadable',
    'lineage-unknown',
  ];
  return (
    retried.includes(plan.code) ||
    plan.decisions.some(({ code }) => retried.includes(code)) ||
    dependsOnUnreadPolicy(plan)
  );
}

/** For so long after a push, GitHub's responses may not show it yet. */
const settlingMs = 2 * 60 * 1000;

/**
 * Returns how long the plan of a run should still wait because GitHub may not yet show the push that triggered the run:
 * its branch or tag seems to lack its commit, and the run was created less than two minutes ago. Returns 0 otherwise.
 */
export function waitForHeadMs({ trigger, decisions }: Plan, now: number): number {
  if (trigger.type !== 'run.completed' || !decisions.some(({ code }) => code === 'source-commit-gone')) return 0;
  const { createdAt, startedAt, updatedAt } = trigger.run;
  return Math.max(0, Date.parse(createdAt ?? startedAt ?? updatedAt) + settlingMs - now);
}
