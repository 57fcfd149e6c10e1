import {
  type Check,
  type Code,
  foldName,
  type RepositoryContents,
  routeId,
  type RunCompleted,
  type RunTrigger,
} from '@dispatcher/contracts';
import { check, codeOf, rankOf, unsatisfied } from '../checks/checks.ts';
import { candidatesIn, type InboundContext, namingChecks, refAndInputChecks } from '../checks/inbound-checks.ts';
import type { MatchedRoute } from '../checks/matched-route.ts';
import { idChecks } from '../checks/repository-ids.ts';
import type { Conditions, InboundPlace, InboundTarget, OutboundTarget } from '../compile/compiled-file.ts';
import { sameWorkflow } from '../values/names.ts';
import type { KnownRepository } from './known-repositories.ts';
import { overlapInAttempts, overlapInEnvironments, overlapInRefs, sharedConclusions, sharedEvents } from './overlap.ts';

/** A target of an outbound rule of a repository. */
export interface ConsentRequest {
  readonly source: KnownRepository;
  /** Of a rule with `needs`, those for its first workflow. */
  readonly conditions: Conditions;
  readonly needs: readonly Conditions[] | null;
  readonly target: OutboundTarget;
}

/** Whether a target accepts a request. */
export interface Consent {
  readonly routeId: string;
  /** Null: some run that the outbound rule selects is accepted. Otherwise the code of every decision. */
  readonly code: Code | null;
  /** The inbound rule that accepts the request; null if none does. */
  readonly place: InboundPlace | null;
  /** Whether a run that a dispatch started can start the target. */
  readonly continuesChains: boolean;
}

/** Returns the full name of the target that a rule names. */
export function targetNameOf({ source, target }: Pick<ConsentRequest, 'source' | 'target'>): string {
  return target.repository.includes('/') ? target.repository : `${source.owner}/${target.repository}`;
}

/**
 * Returns whether the target accepts a request of any run, with the checks that `decide` makes of a single run. What depends
 * on the run or on GitHub counts as accepted, so a request that is ever allowed is accepted here.
 * @param target undefined: no repository that the App can see has the name
 */
export function consentTo(request: ConsentRequest, target: KnownRepository | undefined): Consent {
  const matched = matchedRoute(request);
  const { source, conditions } = request;
  const { repository } = source;
  const named = { repository: targetNameOf(request), workflow: request.target.workflow };
  const isOther = workflowsOf(request).every((workflow) => !sameWorkflow({ repository, workflow }, named));
  const own = [check('not-self', isOther, 'another workflow', named.workflow)];
  const checks = [...own, ...targetChecks(request, target)];
  const refused = unsatisfied(checks)[0];
  if (refused !== undefined || target === undefined) return result(matched, refused, null, conditions);
  // A valid file that is too large for the index: nothing is known of its rules.
  if (target.file === null) return { ...result(matched, undefined, null, conditions), code: 'inbound-no-match' };

  const context = contextOf(request, matched, target);
  let closest: Check = check('inbound-repository', false, 'an inbound rule', 'none');
  let reached = -1;
  for (const { place, context: each } of candidatesIn(target.file, context)) {
    const failed = unsatisfied(placeChecks(request, place, each))[0];
    if (failed === undefined) return result(matched, undefined, place, conditions);
    if (rankOf(failed) <= reached) continue;
    closest = failed;
    reached = rankOf(failed);
  }
  return result(matched, closest, null, conditions);
}

/** Returns the workflows of which a run leads to the dispatch. */
export function workflowsOf({ conditions, needs }: Pick<ConsentRequest, 'conditions' | 'needs'>): readonly string[] {
  return (needs ?? [conditions]).map(({ workflow }) => workflow);
}

function result(
  { routeId: id }: MatchedRoute,
  failed: Check | undefined,
  place: InboundPlace | null,
  conditions: Conditions,
): Consent {
  const accepting = place === null || 'name' in place.rule.source ? null : place.rule.source;
  return {
    routeId: id,
    code: failed === undefined ? null : codeOf(failed),
    place,
    continuesChains: accepting !== null && sharedEvents(conditions, accepting).includes('workflow_dispatch'),
  };
}

function targetChecks({ target: { repositoryId } }: ConsentRequest, target: KnownRepository | undefined): Check[] {
  const isVisible = target !== undefined;
  const visible = check('target-visible', isVisible, 'visible to the App', isVisible ? 'visible' : 'not visible');
  if (!isVisible) return [visible];
  const { state, isActive } = target;
  const accepted = { pinned: repositoryId, remembered: undefined, blobId: '' };
  return [
    visible,
    ...idChecks('target-id', accepted, target.repositoryId),
    check('target-active', isActive, 'active', isActive ? 'active' : 'archived'),
    check('target-file-present', state !== 'absent', 'a dispatching.yml', state),
    check('target-file-single', state !== 'ambiguous', 'one file', state),
    check('target-file-valid', state !== 'invalid', 'a valid file', state),
  ];
}

function placeChecks(request: ConsentRequest, { rule, target }: InboundPlace, context: InboundContext): Check[] {
  const checks = namingChecks(rule, target, context);
  if (unsatisfied(checks).length > 0) return checks;
  return [...checks, ...acceptingChecks(request, rule.source), ...startChecks(request, target, context)];
}

/** Compares each needed workflow that the inbound rule names with what it accepts; without `needs`, the only one. */
function acceptingChecks(request: ConsentRequest, accepting: InboundPlace['rule']['source']): Check[] {
  if ('name' in accepting) return [];
  const { conditions, needs } = request;
  if (needs === null) return conditionChecks(conditions, accepting, request);
  return (accepting.needs ?? [accepting]).flatMap((accepted) =>
    needs
      .filter(({ workflow }) => workflow === accepted.workflow)
      .flatMap((need) => conditionChecks(need, accepted, request)),
  );
}

function conditionChecks(conditions: Conditions, accepting: Conditions, { source }: ConsentRequest): Check[] {
  const overlaps = {
    'inbound-branch': overlapInRefs(conditions, accepting, source.defaultBranch),
    'inbound-event': sharedEvents(conditions, accepting).length > 0,
    'inbound-conclusion': conditions.kind === 'job' || sharedConclusions(conditions, accepting).length > 0,
    'inbound-attempt': overlapInAttempts(conditions, accepting),
    'inbound-environment': overlapInEnvironments(conditions, accepting),
  } as const;
  return Object.entries(overlaps).map(([name, satisfied]) =>
    check(name as keyof typeof overlaps, satisfied, 'what both sides accept', satisfied ? 'possible' : 'nothing'),
  );
}

/** Returns the checks of the ref and of the inputs, as far as the source's file determines them. */
function startChecks({ target }: ConsentRequest, accepting: InboundTarget, context: InboundContext): Check[] {
  if (!('workflow' in accepting)) return [];
  const inputs = Object.entries(target.inputs).flatMap(([name, template]): [string, string][] => {
    const isLiteral = template.every((part) => typeof part === 'string');
    if (isLiteral) return [[name, template.join('')]];
    // The value depends on the run; the name does not.
    return accepting.inputs.some((input) => input.name === name) ? [] : [[name, '']];
  });
  const matched = { ...context.matched, inputs: Object.fromEntries(inputs) };
  const isRefKnown = target.ref !== null && context.target.defaultBranch !== null;
  const checks = refAndInputChecks(accepting, { ...context, matched });
  return isRefKnown ? checks : checks.filter(({ name }) => name !== 'inbound-ref');
}

function matchedRoute({ source, conditions, target }: ConsentRequest): MatchedRoute {
  const { kind, workflow } = conditions;
  const { repository } = source;
  const route = {
    source: kind === 'run' ? { repository, workflow } : { repository, job: workflow },
    target: { repository: targetNameOf({ source, target }), workflow: target.workflow },
    ...(target.id === null ? {} : { id: target.id }),
  };
  return {
    label: target.label,
    route,
    routeId: routeId(route),
    dispatchId: '',
    checks: [],
    wouldRefuse: [],
    dryRunChecks: [],
    targetId: target.repositoryId,
    requestedRef: target.ref,
    inputs: {},
  };
}

function contextOf(
  { source, conditions, needs }: ConsentRequest,
  matched: MatchedRoute,
  target: KnownRepository,
): InboundContext {
  const targetDefaultBranch = target.defaultBranch ?? '';
  return {
    requester: {
      kind: conditions.kind,
      run: someTrigger(source, conditions),
      needed: (needs ?? []).map((need) => someTrigger(source, need)),
      defaultBranch: source.defaultBranch ?? '',
      head: { state: 'unknown', reason: 'no run' },
    },
    target: contentsOf(target),
    targetDefaultBranch,
    matched,
    ref: matched.requestedRef ?? targetDefaultBranch,
  };
}

/** Returns a run of the workflow. Only what names the source is compared. */
function someRun({ repositoryId: id, owner, name, installationId, defaultBranch }: KnownRepository, workflow: string) {
  const time = new Date(0).toISOString();
  const run: RunCompleted = {
    type: 'run.completed',
    version: 1,
    deliveryId: '',
    receivedAt: time,
    installationId,
    repository: { id, owner, name, defaultBranch: defaultBranch ?? '' },
    workflow,
    run: {
      id: 1,
      number: 1,
      attempt: 1,
      event: 'push',
      conclusion: 'success',
      headBranch: defaultBranch,
      headSha: '',
      headRepositoryId: id,
      htmlUrl: '',
      startedAt: null,
      updatedAt: time,
      actor: null,
    },
  };
  return run;
}

function someTrigger(source: KnownRepository, { kind, workflow }: Conditions): RunTrigger {
  const { type: _, run, ...shared } = someRun(source, workflow);
  if (kind === 'run') return { type: 'run.completed', run, ...shared };
  const request = { repository: source.repository, workflow, id: null, inputs: {} };
  const job = { checkRunId: null, environment: null };
  return { type: 'job.requested', requestId: '', run: { ...run, refType: 'branch' }, job, request, ...shared };
}

function contentsOf(target: KnownRepository): RepositoryContents {
  const { repositoryId: id, owner, name, visibility, defaultBranch, commit, installationId, isActive } = target;
  const absent = { state: 'absent' } as const;
  return {
    state: 'read',
    id,
    owner,
    name,
    isArchived: !isActive,
    isDisabled: false,
    isLocked: false,
    visibility,
    defaultBranch: defaultBranch === null ? null : { name: defaultBranch, sha: commit ?? '' },
    files: { 'dispatching.yml': absent, '.github/dispatching.yml': absent },
    workflows: {},
    refs: {},
    installationId,
  };
}

/** Returns the name of a workflow of a repository, as a node of the graph. */
export function nodeName(repository: string, workflow: string): string {
  return `${foldName(repository)}:${workflow}`;
}
