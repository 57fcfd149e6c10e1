import {
  type Candidates,
  type Check,
  type ClosestRule,
  commitDispatchId,
  type CommitRuns,
  dispatchId,
  type GuardRails,
  type Lineage,
  type OwnerPolicies,
  routeId,
  kindOfRun,
  type RunTrigger,
  runKey,
  targetLabel,
  type Trigger,
  type WorkflowReference,
} from '@dispatcher/contracts';
import { check, codeOf, unsatisfied } from '../checks/checks.ts';
import {
  conditionChecks,
  countFailedConditions,
  isSameWorkflow,
  needsCheck,
  workflowCheck,
} from '../checks/condition-checks.ts';
import type { MatchedRoute } from '../checks/matched-route.ts';
import { asTrigger, claimCheck, findNeeds, lineagesOf, deepestLineage, type NeededRuns } from '../checks/needs.ts';
import { dryRunChecks, limitCheck, routeChecks, type RunRoute } from '../checks/route-checks.ts';
import { acceptedTypes, headChecks } from '../checks/run-head.ts';
import type { CheckedSource } from '../checks/source-checks.ts';
import type { Conditions, DispatchingFile, OutboundRule, OutboundTarget } from '../compile/compiled-file.ts';
import { policyTriggerOf, strictest } from '../policy/apply-policy.ts';
import { policyLimitChecks, sourcePolicyChecks } from '../policy/policy-checks.ts';
import { sameWorkflow } from '../values/names.ts';
import { jobInputsOf, problemOfLength, renderTemplate } from '../values/template.ts';
import { maxUnmatched, sourceOf } from './build-plan.ts';
import { expandPatterns, type MatchedTarget } from './expand-patterns.ts';
import { generationOf, type Generations } from './generations.ts';

const outboundNames = {
  branch: 'source-branch',
  event: 'source-event',
  conclusion: 'source-conclusion',
  attempt: 'source-attempt',
  environment: 'source-environment',
} as const;

/** The source of a run, as far as matching needs it. */
export type MatchSource = Pick<Extract<CheckedSource, { file: DispatchingFile }>, 'file' | 'defaultBranch' | 'head'>;

export interface MatchedRun {
  readonly routes: readonly MatchedRoute[];
  /** The `maxUnmatched` closest of the rules that do not match, the closest first. */
  readonly unmatched: readonly ClosestRule[];
  /** Whether a target of a matching rule is a pattern. */
  readonly usesPattern: boolean;
}

/** What matching considers besides the run and its source. */
export interface MatchContext {
  readonly guardRails: GuardRails;
  readonly lineage: Lineage;
  readonly generations?: Generations | undefined;
  readonly policies?: OwnerPolicies | undefined;
  readonly candidates?: Candidates | undefined;
  /** The other runs on the run's commit. Absent: none is known. */
  readonly commit?: CommitRuns | undefined;
}

/** Matches a run, or the request of a job, with the outbound rules. Reading targets and deciding both use it. */
export function matchRun(run: RunTrigger, source: MatchSource, context: MatchContext): MatchedRun {
  const unmatched: ClosestRule[] = [];
  const matched: MatchedTarget[] = [];
  const disabled: OutboundTarget[] = [];
  for (const { rule, conditions } of rulesToEvaluate(run, source)) {
    const checks = ruleChecks(rule, conditions, run, source);
    const failed = unsatisfied(checks).filter((failed) => codeOf(failed) === 'no-match');
    if (failed.length > 0) {
      unmatched.push({ rule: rule.label, checks: [...failed] });
      continue;
    }
    const needs = findNeedsOf(rule, run, source, context);
    const shared = [...checks, ...(needs?.checks ?? [])];
    for (const target of rule.targets) {
      const requested = requestedCheck(run, target);
      if (requested !== null && unsatisfied([requested]).length > 0) {
        unmatched.push({ rule: target.label, checks: [requested] });
        continue;
      }
      const enabled = check('enabled', target.enabled !== false, 'enabled: true', `enabled: ${target.enabled}`);
      if (unsatisfied([enabled]).length > 0) {
        unmatched.push({ rule: target.label, checks: [enabled] });
        disabled.push(target);
      } else matched.push({ target, checks: [...shared, ...(requested === null ? [] : [requested]), enabled], needs });
    }
  }
  const expanded = expandPatterns({ matched, disabled }, run.repository.owner, context);
  unmatched.push(...expanded.unmatched);
  unmatched.sort((a, b) => a.checks.length - b.checks.length);
  unmatched.splice(maxUnmatched);
  // A rule that the run's branch or tag refuses must not take the route from a later rule that accepts it.
  const accepted = expanded.targets.filter(({ checks }) => unsatisfied(checks).length === 0);
  // Nor may a dry run take the route, or a place among the targets of the run, from a target that starts.
  const [live, dry] = [
    accepted.filter(({ target }) => !isDryRun(target)),
    accepted.filter(({ target }) => isDryRun(target)),
  ];
  const refused = expanded.targets.filter(({ checks }) => unsatisfied(checks).length > 0);
  return {
    routes: routesOf([...live, ...dry, ...refused], run, context),
    unmatched,
    usesPattern: matched.some(({ target }) => target.pattern !== null),
  };
}

/** Returns the rules that match or are among the closest, in file order, with the checks of their conditions. */
function rulesToEvaluate(
  run: RunTrigger,
  { file: { outbound, index }, defaultBranch }: MatchSource,
): { readonly rule: OutboundRule; readonly conditions: readonly Check[] }[] {
  const checksOf = (rule: OutboundRule) => conditionChecks(outboundNames, conditionsFor(rule, run), run, defaultBranch);
  const countFailed = (position: number) => {
    const rule = outbound[position];
    return rule === undefined ? 0 : countFailedConditions(rule.source, run, defaultBranch);
  };
  const shared = new Map<number, readonly Check[]>();
  const requesting = workflowOf(run);
  const candidates = index.outbound.candidates(requesting, run.run.headBranch, maxUnmatched, countFailed);
  const positions =
    index.outbound.needs.length === 0
      ? candidates
      : [...new Set([...candidates, ...index.outbound.needs])].sort((a, b) => a - b);
  return positions.flatMap((position) => {
    const rule = outbound[position];
    if (rule === undefined) return [];
    // A rule that can match gets its own checks, so that no error of the index can allow anything.
    if (rule.needs !== null || isSameWorkflow(rule.source, requesting)) return [{ rule, conditions: checksOf(rule) }];
    const representative = index.outbound.representativeOf(position);
    const conditions = shared.get(representative) ?? checksOf(rule);
    shared.set(representative, conditions);
    return [{ rule, conditions }];
  });
}

/**
 * Returns the checks of a rule. What the name of the run's branch or tag refers to matters only if all else matches: a
 * rule for another workflow must not refuse a run because its tag is ambiguous.
 */
function ruleChecks(
  rule: OutboundRule,
  conditions: readonly Check[],
  run: RunTrigger,
  { defaultBranch, head }: MatchSource,
): Check[] {
  const { source, needs } = rule;
  const workflow =
    needs === null
      ? workflowCheck('source-workflow', source, workflowOf(run))
      : needsCheck('source-workflow', needs, [workflowOf(run)], needOf(needs, run) !== undefined);
  const checks = [workflow, ...conditions];
  return unsatisfied(checks).length > 0
    ? checks
    : [...checks, ...headChecks(acceptedTypes(conditionsFor(rule, run), run.run, defaultBranch), head)];
}

/** Returns the entry of `needs` that is for the workflow of a run. A job is needed by no rule. */
function needOf(needs: readonly Conditions[], run: RunTrigger): Conditions | undefined {
  return needs.find((need) => isSameWorkflow(need, workflowOf(run)));
}

/** Returns the conditions to compare a run with: of a rule with `needs`, those for its workflow. */
function conditionsFor({ source, needs }: OutboundRule, run: RunTrigger): Conditions {
  return needs === null ? source : (needOf(needs, run) ?? source);
}

/** Returns what a matching rule needs on the commit of the run; null for a rule without `needs`. */
function findNeedsOf(
  { needs }: OutboundRule,
  run: RunTrigger,
  { defaultBranch }: MatchSource,
  context: MatchContext,
): NeededRuns | null {
  return needs === null || run.type !== 'run.completed' ? null : findNeeds(needs, run, defaultBranch, context);
}

const workflowOf = (run: RunTrigger) => ({ kind: kindOfRun(run), workflow: run.workflow });

function requestLabel({ id, ...target }: { repository: string; workflow: string; id: string | null }): string {
  return `${targetLabel(target)}${id === null ? '' : `#${id}`}`;
}

/** Returns the check that a target is the one that a job requests; null for a run, which starts every target. */
function requestedCheck(run: RunTrigger, target: OutboundTarget): Check | null {
  if (run.type === 'run.completed') return null;
  const { repository, workflow, id } = run.request;
  const named = { repository: fullNameOf(run, target), workflow: target.workflow, id: target.id };
  const isRequested = sameWorkflow(named, { repository, workflow }) && target.id === id;
  return check('source-target', isRequested, requestLabel(named), requestLabel({ repository, workflow, id }));
}

function routesOf(matched: readonly MatchedTarget[], run: RunTrigger, context: MatchContext): MatchedRoute[] {
  const { guardRails, generations = {}, policies } = context;
  const firstLabels = new Map<string, string>();
  let places = 0;
  return matched.map(({ target, checks, needs }) => {
    const requesting = requestingRuns(run, needs, context);
    const route = routeOf(requesting.first, target);
    const id = routeId(route);
    const first = firstLabels.get(id);
    if (first === undefined) firstLabels.set(id, target.label);
    const dispatch = dispatchIdOf(run, id, { isOfCommit: needs !== null, generation: generationOf(generations, id) });
    const depth = depthOf(requesting.lineages) + 1;
    const inputs = renderInputs(target, { run: requesting.first, dispatchId: dispatch, depth });
    const isDistinct = first === undefined;
    const { repository } = run;
    const policy = strictest(
      requesting.runs.map((each) =>
        sourcePolicyChecks(repository, ownerOf(route.target), policyTriggerOf(each), { guardRails, policies }),
      ),
    );
    const ownChecks = [
      ...checks,
      check(
        'distinct-route',
        isDistinct,
        'the first target with this route',
        isDistinct ? 'the first' : `after ${first}`,
      ),
      ...policy.checks,
      ...routeChecks(route, { guardRails, lineages: requesting.lineages, workflows: requesting.workflows }),
      ...jobInputChecks(run, target),
      check('input-values', inputs.problem === null, 'valid values', inputs.problem ?? 'valid'),
      ...(needs === null ? [] : [claimCheck(dispatch, runKey(run), context.commit)]),
    ];
    // A route that cannot start takes no place from one that can.
    const isCounted = unsatisfied(ownChecks).length === 0;
    if (isCounted) places += 1;
    const place = isCounted ? places : null;
    const limit = policyLimitChecks(repository.owner, place, { guardRails, policies });
    return {
      label: target.label,
      route,
      routeId: id,
      dispatchId: dispatch,
      checks: [...ownChecks, ...limit.checks, limitCheck(place, guardRails)],
      wouldRefuse: [...policy.wouldRefuse, ...limit.wouldRefuse],
      dryRunChecks: dryRunChecks(guardRails, target.enabled),
      targetId: target.repositoryId,
      pattern: target.pattern,
      needs: requesting.needs,
      check: target.check,
      requestedRef: target.ref ?? guardRails.defaultRef,
      inputs: inputs.values,
    };
  });
}

function ownerOf({ repository }: WorkflowReference): string {
  return repository.split('/')[0] ?? '';
}

/** Builds the route of a target. Keeps the source's spelling: GitHub's own would reveal that the repository exists. */
function routeOf(run: RunTrigger, target: OutboundTarget): RunRoute {
  const { repository, workflow } = sourceOf(run);
  return {
    source: run.type === 'run.completed' ? { repository, workflow } : { repository, job: workflow },
    target: { repository: fullNameOf(run, target), workflow: target.workflow },
    ...(target.id === null ? {} : { id: target.id }),
  };
}

function fullNameOf({ repository: { owner } }: RunTrigger, { repository }: OutboundTarget): string {
  return repository.includes('/') ? repository : `${owner}/${repository}`;
}

function isDryRun({ enabled }: OutboundTarget): boolean {
  return enabled === 'dry-run';
}

function depthOf(lineages: readonly Lineage[]): number {
  return Math.max(0, ...lineages.map((lineage) => (lineage.state === 'known' ? lineage.depth : 0)));
}

/** The runs behind a route: the run itself or, of a rule with `needs`, one of each workflow. */
interface RequestingRuns {
  /** What `source` means: the run of the first workflow of the rule. */
  readonly first: RunTrigger;
  readonly runs: readonly RunTrigger[];
  readonly lineages: readonly Lineage[];
  /** The source's workflows that the route cannot start. */
  readonly workflows: readonly string[];
  /** Null unless a run of each needed workflow is known. */
  readonly needs: NonNullable<MatchedRoute['needs']> | null;
}

function requestingRuns(run: RunTrigger, needs: NeededRuns | null, { lineage, commit }: MatchContext): RequestingRuns {
  const alone = { first: run, runs: [run], lineages: [lineage], workflows: [run.workflow], needs: null };
  if (needs === null || run.type !== 'run.completed') return alone;
  const workflows = needs.workflows;
  const runs = needs.found.filter((found) => found !== null);
  // The route is the same whichever workflow has run.
  if (runs.length < workflows.length) return { ...alone, first: { ...run, workflow: workflows[0] ?? '' }, workflows };
  const triggers = runs.map((each) => asTrigger(run, each));
  const lineages = lineagesOf(runs, run, lineage, commit);
  return {
    first: triggers[0] ?? run,
    runs: triggers,
    lineages,
    workflows,
    needs: { runs, lineage: deepestLineage(runs, lineages, run) },
  };
}

/** Returns the id of a dispatch: of a rule with `needs` the same for all runs on the commit. */
export function dispatchIdOf(
  trigger: Trigger,
  id: string,
  { isOfCommit, generation }: { readonly isOfCommit: boolean; readonly generation: number },
): string {
  if (!isOfCommit || trigger.type === 'dispatch.requested') return dispatchId(runKey(trigger), id, generation);
  const { headBranch, headSha } = trigger.run;
  return commitDispatchId({ repositoryId: trigger.repository.id, headBranch, headSha }, id, generation);
}

function renderInputs(
  target: OutboundTarget,
  context: Parameters<typeof renderTemplate>[1],
): { values: Record<string, string>; problem: string | null } {
  const values: Record<string, string> = {};
  for (const [name, template] of Object.entries(target.inputs)) {
    const rendered = renderTemplate(template, context);
    if ('problem' in rendered) return { values: {}, problem: `${name}: ${rendered.problem.message}` };
    values[name] = rendered.value;
  }
  return { values, problem: problemOfLength(values) };
}

/** Returns the check that the rule uses every input that a job sets, so that none is silently dropped. */
function jobInputChecks(run: RunTrigger, { inputs }: OutboundTarget): Check[] {
  if (run.type === 'run.completed') return [];
  const used = [...new Set(Object.values(inputs).flatMap(jobInputsOf))];
  const unused = Object.keys(run.request.inputs ?? {}).filter((name) => !used.includes(name));
  return [check('job-inputs', unused.length === 0, used.join(', ') || 'no inputs', unused.join(', ') || 'no others')];
}
