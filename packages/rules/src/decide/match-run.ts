import {
  type Check,
  type ClosestRule,
  dispatchId,
  foldName,
  type GuardRails,
  type Lineage,
  type Route,
  routeId,
  type RunCompleted,
  runKey,
  type WorkflowReference,
} from '@dispatcher/contracts';
import { check, unsatisfied } from '../checks/checks.ts';
import { conditionChecks } from '../checks/condition-checks.ts';
import type { DispatchingFile, OutboundRule, OutboundTarget } from '../compile/compiled-file.ts';
import { allowlisted, sameWorkflow } from '../values/names.ts';
import { sourceOf } from './build-plan.ts';
import { renderTemplate } from '../values/template.ts';

const outboundNames = { branch: 'source-branch', event: 'source-event', conclusion: 'source-conclusion' } as const;

/** A target that the source means this run to start, with every check that needs no reading of the target. */
export interface MatchedRoute {
  readonly label: string;
  readonly route: Route;
  readonly routeId: string;
  readonly dispatchId: string;
  readonly checks: readonly Check[];
  /** The ref that is asked for; null asks for the target's default branch. */
  readonly askedRef: string | null;
  /** Empty where a value cannot be sent; then a check says so. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** By route id, how often an operator had it dispatched again; absent is 0. */
export type Generations = Readonly<Record<string, number>>;

export interface MatchedRun {
  readonly routes: readonly MatchedRoute[];
  /** Rules left out, the closest first. */
  readonly unmatched: readonly ClosestRule[];
}

/** Which outbound rules fit the run, and what they lead to. The same for reading targets and for deciding. */
export function matchRun(
  run: RunCompleted,
  file: DispatchingFile,
  defaultBranch: string,
  guardRails: GuardRails,
  lineage: Lineage,
  generations: Generations = {},
): MatchedRun {
  const unmatched: ClosestRule[] = [];
  const matched: { target: OutboundTarget; checks: Check[] }[] = [];
  for (const rule of file.outbound) {
    const checks = ruleChecks(rule, run, defaultBranch);
    const failed = unsatisfied(checks);
    if (failed.length > 0) {
      unmatched.push({ rule: rule.label, checks: [...failed] });
      continue;
    }
    for (const target of rule.targets) {
      const enabled = check('enabled', target.enabled, 'enabled: true', `enabled: ${target.enabled}`);
      if (unsatisfied([enabled]).length > 0) unmatched.push({ rule: target.label, checks: [enabled] });
      else matched.push({ target, checks: [...checks, enabled] });
    }
  }
  unmatched.sort((a, b) => a.checks.length - b.checks.length);
  return { routes: routesOf(matched, run, { guardRails, lineage, generations }), unmatched };
}

function ruleChecks(rule: OutboundRule, run: RunCompleted, defaultBranch: string): Check[] {
  return [
    check('source-workflow', rule.source.workflow === run.workflow, rule.source.workflow, run.workflow),
    ...conditionChecks(outboundNames, rule.source, run.run, defaultBranch),
  ];
}

function routesOf(
  matched: readonly { target: OutboundTarget; checks: readonly Check[] }[],
  run: RunCompleted,
  { guardRails, lineage, generations }: { guardRails: GuardRails; lineage: Lineage; generations: Generations },
): MatchedRoute[] {
  const firstWith = new Map<string, string>();
  return matched.map(({ target, checks }) => {
    const route = routeOf(run, target);
    const id = routeId(route);
    const first = firstWith.get(id);
    if (first === undefined) firstWith.set(id, target.label);
    const dispatch = dispatchId(runKey(run), id, Object.hasOwn(generations, id) ? generations[id] : 0);
    const inputs = renderInputs(target, { run, dispatchId: dispatch, depth: depthOf(lineage) + 1 });
    const isDistinct = first === undefined;
    return {
      label: target.label,
      route,
      routeId: id,
      dispatchId: dispatch,
      checks: [
        ...checks,
        check(
          'distinct-route',
          isDistinct,
          'the first target of this route',
          isDistinct ? 'the first' : `after ${first}`,
        ),
        ...routeChecks(route, { position: firstWith.size, guardRails, lineage }),
        check('input-values', inputs.problem === null, 'values that can be sent', inputs.problem ?? 'they can'),
      ],
      askedRef: target.ref ?? guardRails.defaultRef,
      inputs: inputs.values,
    };
  });
}

/** A run starts workflows only. */
type RunRoute = Route & { readonly source: WorkflowReference; readonly target: WorkflowReference };

/** The target's name stays as the source wrote it: GitHub's own spelling would tell that the repository exists. */
function routeOf(run: RunCompleted, target: OutboundTarget): RunRoute {
  const repository = target.repository.includes('/')
    ? target.repository
    : `${run.repository.owner}/${target.repository}`;
  return {
    source: sourceOf(run),
    target: { repository, workflow: target.workflow },
    ...(target.id === null ? {} : { id: target.id }),
  };
}

interface RouteContext {
  /** Which distinct route of this run it is, from 1. */
  readonly position: number;
  readonly guardRails: GuardRails;
  readonly lineage: Lineage;
}

function routeChecks(route: RunRoute, { position, guardRails, lineage }: RouteContext): Check[] {
  const { source, target } = route;
  const label = `${target.repository}:${target.workflow}`;
  return [
    check('not-self', !sameWorkflow(source, target), 'another workflow than the source', label),
    check(
      'target-limit',
      position <= guardRails.maxTargetsPerRun,
      `at most ${guardRails.maxTargetsPerRun} targets`,
      `number ${position}`,
    ),
    allowlistCheck(target, guardRails),
    ...lineageChecks(route, guardRails, lineage),
  ];
}

export function allowlistCheck({ repository }: { readonly repository: string }, guardRails: GuardRails): Check {
  return check(
    'target-allowlist',
    allowlisted(guardRails.targetRepositories.map(foldName), foldName(repository)),
    'a repository that TARGET_REPO_ALLOWLIST names',
    repository,
  );
}

/** Of what nothing led to: the first dispatch of a chain. */
export function depthCheck(guardRails: GuardRails): Check {
  return check('depth', guardRails.maxDispatchDepth >= 1, depthLimit(guardRails), 'number 1');
}

function lineageChecks({ target }: RunRoute, guardRails: GuardRails, lineage: Lineage): Check[] {
  const expected = 'the way that led to this run';
  // Neither loop nor depth can be told of a way that is not known.
  if (lineage.state === 'unknown') return [check('lineage-known', false, expected, 'not stored')];
  const known = check('lineage-known', true, expected, lineage.state === 'root' ? 'started by no dispatch' : 'stored');
  if (lineage.state === 'root') {
    return [known, depthCheck(guardRails)];
  }
  const way = lineage.path.map(({ repository, workflow }) => `${repository}:${workflow}`).join(' → ');
  const depth = lineage.depth + 1;
  return [
    known,
    check('no-loop', !lineage.path.some((step) => sameWorkflow(step, target)), 'a target not on the way yet', way),
    check('depth', depth <= guardRails.maxDispatchDepth, depthLimit(guardRails), `number ${depth} after ${way}`),
  ];
}

function depthLimit({ maxDispatchDepth }: GuardRails): string {
  return `at most ${maxDispatchDepth} dispatches in a row`;
}

export function depthOf(lineage: Lineage): number {
  return lineage.state === 'known' ? lineage.depth : 0;
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
  return { values, problem: null };
}
