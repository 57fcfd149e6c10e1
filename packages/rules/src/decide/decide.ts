import {
  type AppPermissions,
  type Check,
  codes,
  type Decision,
  type DispatchRequested,
  type FileReference,
  foldName,
  type GuardRails,
  type Lineage,
  type Plan,
  type RepositorySnapshot,
  type RunCompleted,
  sourceLabel,
  targetLabel,
  type TargetSnapshots,
  type TargetRequest,
} from '@dispatcher/contracts';
import { check, codeOf, effectOf, unsatisfied } from '../checks/checks.ts';
import type { DispatchingFile } from '../compile/compiled-file.ts';
import { fillMessage } from './fill-message.ts';
import { planOf } from './build-plan.ts';
import { type CompileCache, compileReading } from '../compile/compile-snapshot.ts';
import { type KeyNow, matchRequest, screenRequest } from './match-request.ts';
import { type Generations, type MatchedRoute, matchRun } from './match-run.ts';
import { pauseCheck, runChecks, screen } from './screen.ts';
import { answerTarget, fileChecks, type TargetAnswer } from '../checks/target-checks.ts';

export interface DecideInput {
  readonly run: RunCompleted;
  readonly lineage: Lineage;
  readonly source: RepositorySnapshot;
  readonly targets: TargetSnapshots;
  readonly guardRails: GuardRails;
  readonly cache?: CompileCache | undefined;
  readonly again?: Again | undefined;
}

/** An operator's *again*: the run has a plan already, and this is to be another one. */
export interface Again {
  readonly revision: number;
  readonly generations: Generations;
  /** The one route to decide on; null: all of them. */
  readonly routeId: string | null;
}

/**
 * What is to become of a run: pure, so that planning, the command line and the dashboard say the same. The age of the
 * run is measured against its own `receivedAt`, so the same input gives the same plan at any time.
 */
export function decide(input: DecideInput): Plan {
  return { ...conclude(input), revision: input.again?.revision ?? 0 };
}

function conclude({ run, lineage, source, targets, guardRails, cache, again }: DecideInput): Plan {
  const screened = screen(run, lineage, guardRails);
  if (screened) return screened;

  const read = readSource(run, source, cache);
  const checks = [...runChecks(run, guardRails), ...read.checks];
  if (read.file === undefined) return planOf({ run, lineage, checks, sourceFile: read.at });

  const { file, at, defaultBranch } = read;
  const { routes, unmatched } = matchRun(run, file, defaultBranch, guardRails, lineage, again?.generations);
  const asked = again?.routeId ?? null;
  const decisions = routes
    .filter(({ routeId }) => asked === null || routeId === asked)
    .map((matched) => {
      const reading = readingOf(matched, targets);
      const answer = reading && answerTarget({ kind: 'run', run, defaultBranch }, matched, reading, { cache });
      return decisionOf(matched, checks, at, answer);
    });
  return planOf({ run, lineage, checks, sourceFile: at, unmatched, decisions });
}

export interface DecideRequestInput {
  readonly request: DispatchRequested;
  readonly targets: TargetSnapshots;
  /** Of the App in the target; null where they were not read: then GitHub decides. */
  readonly permissions: AppPermissions | null;
  readonly guardRails: GuardRails;
  readonly cache?: CompileCache | undefined;
  readonly again?: Again | undefined;
  /** With `again`: what became of the key since. */
  readonly key?: KeyNow | undefined;
}

/**
 * What is to become of a key's request: as {@link decide}, with the key's scope in the place of the source's file. The
 * SOURCE_* allowlists name repositories and workflows, and a key is neither.
 */
export function decideRequest(input: DecideRequestInput): Plan {
  return { ...concludeRequest(input), revision: input.again?.revision ?? 0 };
}

function concludeRequest({ request, targets, permissions, guardRails, cache, again, key }: DecideRequestInput): Plan {
  const screened = screenRequest(request, guardRails);
  if (screened) return screened;
  const checks = [pauseCheck(guardRails)];
  const matched = matchRequest(request, guardRails, { generations: again?.generations, key });
  const isAsked = (again?.routeId ?? matched.routeId) === matched.routeId;
  const reading = readingOf(matched, targets);
  const asker = { kind: 'key', name: request.key.name } as const;
  const answer = reading && answerTarget(asker, matched, reading, { cache, permissions });
  const decisions = isAsked ? [decisionOf(matched, checks, undefined, answer)] : [];
  return planOf({ run: request, lineage: { state: 'root' }, checks, decisions });
}

/** As {@link targetsToRead}: nothing where the request is refused without looking at the target. */
export function targetsOfRequest(request: DispatchRequested, guardRails: GuardRails, key?: KeyNow): TargetRequest[] {
  return requestsFor([matchRequest(request, guardRails, { key })]);
}

/**
 * The repositories that {@link decide} will ask about for this run, with the workflow files and refs it will look at:
 * the same matching code. Routes that are refused without looking at the target are left out, so these are at most
 * `maxTargetsPerRun` repositories.
 */
export function targetsToRead(
  run: RunCompleted,
  source: RepositorySnapshot,
  guardRails: GuardRails,
  cache?: CompileCache,
): TargetRequest[] {
  const read = readSource(run, source, cache);
  if (read.file === undefined) return [];
  // A lineage can only refuse more: to read a target that is refused later does no harm.
  return requestsFor(matchRun(run, read.file, read.defaultBranch, guardRails, { state: 'root' }).routes);
}

function requestsFor(routes: readonly MatchedRoute[]): TargetRequest[] {
  const requests = new Map<string, { owner: string; name: string; workflows: Set<string>; refs: Set<string> }>();
  for (const matched of routes) {
    if (unsatisfied(matched.checks).length > 0) continue;
    const { target } = matched.route;
    const [owner = '', name = ''] = target.repository.split('/');
    const key = targetKey(matched);
    const request = requests.get(key) ?? { owner, name, workflows: new Set<string>(), refs: new Set<string>() };
    if ('workflow' in target) request.workflows.add(target.workflow);
    if (matched.askedRef !== null) request.refs.add(matched.askedRef);
    requests.set(key, request);
  }
  return [...requests.values()].map((request) => ({
    ...request,
    workflows: [...request.workflows],
    refs: [...request.refs],
  }));
}

type ReadSource =
  | { readonly checks: readonly Check[]; readonly at?: FileReference | undefined; readonly file?: undefined }
  | {
      readonly checks: readonly Check[];
      readonly at: FileReference;
      readonly file: DispatchingFile;
      readonly defaultBranch: string;
    };

/** The source's file with the checks on the way to it; without a file where one of them failed. */
function readSource(run: RunCompleted, source: RepositorySnapshot, cache: CompileCache | undefined): ReadSource {
  const isReadable = source.state !== 'unknown';
  const readable = check(
    'source-readable',
    isReadable,
    'an answer from GitHub',
    isReadable ? 'answered' : source.reason,
  );
  if (!isReadable) return { checks: [readable] };
  const isVisible = source.state === 'read';
  const visible = check('source-visible', isVisible, 'visible to the App', isVisible ? 'visible' : 'not visible');
  if (!isVisible) return { checks: [readable, visible] };

  const { id, defaultBranch } = source;
  const isSame = id === run.repository.id;
  const checks = [
    readable,
    visible,
    check('source-identity', isSame, `repository ${run.repository.id}`, `repository ${id}`),
    check('source-default-branch', defaultBranch !== null, 'a default branch', defaultBranch?.name ?? 'none'),
  ];
  if (!isSame || defaultBranch === null) return { checks };
  const file = compileReading(source, cache);
  checks.push(...fileChecks('source', file));
  if (file.state === 'invalid') return { checks, at: file.at };
  if (file.state !== 'valid' || file.at === undefined) return { checks };
  return { checks, at: file.at, file: file.file, defaultBranch: defaultBranch.name };
}

function targetKey(matched: MatchedRoute): string {
  return foldName(matched.route.target.repository);
}

/** Nothing where the route is refused already: then its target need not have been read. */
function readingOf(matched: MatchedRoute, targets: TargetSnapshots): RepositorySnapshot | undefined {
  const key = targetKey(matched);
  if (Object.hasOwn(targets, key)) return targets[key];
  return unsatisfied(matched.checks).length > 0 ? undefined : { state: 'unknown', reason: 'it was not read' };
}

function decisionOf(
  matched: MatchedRoute,
  planChecks: readonly Check[],
  sourceFile: FileReference | undefined,
  answer: TargetAnswer = { checks: [], ref: matched.askedRef },
): Decision {
  const { route } = matched;
  const { checks: targetChecks, ref, ...found } = answer;
  const checks = [...planChecks, ...matched.checks, ...targetChecks];
  const failed = unsatisfied(checks)[0];
  const code = failed ? codeOf(failed) : 'allowed';
  const { responsible, fix } = codes[code];
  return {
    effect: effectOf(checks),
    code,
    message: fillMessage(code, {
      source: sourceLabel(route.source),
      target: targetLabel(route.target),
      expected: failed?.expected ?? '',
      actual: failed?.actual ?? '',
    }),
    fix,
    responsible,
    checks,
    routeId: matched.routeId,
    route,
    dispatchId: matched.dispatchId,
    rule: matched.label,
    ...found,
    ...(sourceFile === undefined ? {} : { sourceFile }),
    ref,
    inputs: { ...matched.inputs },
  };
}

/**
 * True where the plan rests on the lack of an answer: planning reads again instead of storing it, and stores it only
 * on the last attempt.
 */
export function restsOnUnknown(plan: Plan): boolean {
  const retried: readonly string[] = ['config-unreadable', 'target-unreadable', 'lineage-unknown'];
  return retried.includes(plan.code) || plan.decisions.some(({ code }) => retried.includes(code));
}
