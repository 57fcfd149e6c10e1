import type { Check, RememberedId, RepositoryContents, RequesterKind, RunTrigger } from '@dispatcher/contracts';
import type {
  AcceptedInput,
  Conditions,
  DispatchingFile,
  InboundPlace,
  InboundRule,
  InboundSource,
  InboundTarget,
  RunsOfRepository,
} from '../compile/compiled-file.ts';
import { matchesRepository } from '../values/names.ts';
import { matchesPatterns } from '../values/pattern.ts';
import { isDefaultBranch, qualifiedRef } from '../values/qualified-ref.ts';
import { hasLineBreaks } from '../values/template.ts';
import { check, rankOf, unsatisfied } from './checks.ts';
import { conditionChecks, listed, needsCheck, workflowCheck } from './condition-checks.ts';
import type { MatchedRoute } from './matched-route.ts';
import { blobIdOf, idChecks } from './repository-ids.ts';
import { acceptedTypes, type HeadState, inboundRefCheck } from './run-head.ts';

const inboundNames = {
  branch: 'inbound-branch',
  event: 'inbound-event',
  conclusion: 'inbound-conclusion',
  attempt: 'inbound-attempt',
  environment: 'inbound-environment',
} as const;

/**
 * What requests a dispatch from a target: a run of a repository with this default branch and head, a job of one, or an API
 * key, a schedule or a webhook.
 */
export type Requester = RequestingRun | { readonly kind: RequesterKind; readonly name: string };

export interface RequestingRun {
  readonly kind: 'run' | 'job';
  readonly run: RunTrigger;
  /** The runs of a rule with `needs`; empty for any other rule. An inbound rule may name any of them. */
  readonly needed: readonly RunTrigger[];
  readonly defaultBranch: string;
  readonly head: HeadState;
}

export interface InboundContext {
  readonly requester: Requester;
  readonly target: RepositoryContents;
  readonly targetDefaultBranch: string;
  readonly matched: MatchedRoute;
  readonly ref: string;
  /** What is remembered of the source. Undefined if nothing is, and if the source has no repository. */
  readonly remembered?: RememberedId | undefined;
}

export interface InboundResult {
  /** For example `inbound[0].targets[1]`, or `inbound` if there is no inbound rule. */
  readonly rule: string;
  readonly checks: readonly Check[];
  /** Whether the rule accepts the route and hides the started run from the source. */
  readonly hidesRun?: boolean;
}

/**
 * Evaluates the inbound rules for a route. Returns the checks of the rule that accepts it or, if none does, of the
 * closest one. "Closest" is determined by check precedence, not by position, so the order of rules changes neither
 * effect nor code.
 */
export function checkInbound(file: DispatchingFile, context: InboundContext): InboundResult {
  let best: { readonly result: InboundResult; readonly reached: number; readonly failed: number } | undefined;
  for (const { context: each, place } of candidatesIn(file, context)) {
    const { rule, target } = place;
    const checks = namingChecks(rule, target, each);
    if (unsatisfied(checks).length === 0) checks.push(...consentChecks(rule, target, each));
    const failed = unsatisfied(checks);
    const first = failed[0];
    if (first === undefined) {
      return { rule: target.label, checks, hidesRun: 'workflow' in target && target.report === 'none' };
    }
    const reached = rankOf(first);
    const isCloser =
      best === undefined || reached > best.reached || (reached === best.reached && failed.length < best.failed);
    if (isCloser) best = { result: { rule: target.label, checks }, reached, failed: failed.length };
  }
  const { requester } = context;
  const name = 'run' in requester ? 'inbound-repository' : (`inbound-${requester.kind}` as const);
  return best?.result ?? { rule: 'inbound', checks: [check(name, false, 'an inbound rule', 'none')] };
}

/** Returns the places that may accept the route, each with the run to compare: of a rule with `needs`, each of its runs. */
export function candidatesIn(
  file: DispatchingFile,
  context: InboundContext,
): { readonly context: InboundContext; readonly place: InboundPlace }[] {
  const { requester, matched, target } = context;
  const contexts =
    'run' in requester && requester.needed.length > 0
      ? requester.needed.map((run): InboundContext => ({ ...context, requester: { ...requester, run } }))
      : [context];
  return contexts.flatMap((each) =>
    file.index.inbound
      .candidates(sourceOf(each), matched.route.target, target.owner)
      .map((place) => ({ context: each, place })),
  );
}

function sourceOf({ requester }: InboundContext): InboundSource {
  if (!('run' in requester)) return requester;
  const { repository, workflow } = requester.run;
  const isNeeded = requester.needed.length > 0;
  return { kind: requester.kind, owner: repository.owner, name: repository.name, workflow, isNeeded };
}

/** Returns the checks that the rule names this source and this target. */
export function namingChecks(
  { source, enabled }: InboundRule,
  target: InboundTarget,
  context: InboundContext,
): Check[] {
  const { requester, matched, target: snapshot } = context;
  const requested = matched.route.target;
  const isSame =
    'workflow' in target
      ? 'workflow' in requested && target.workflow === requested.workflow
      : 'eventType' in requested && target.eventType === requested.eventType;
  const checks = [
    ...sourceChecks(source, requester, snapshot.owner),
    check('inbound-target', isSame, labelOf(target), labelOf(requested)),
  ];
  if (unsatisfied(checks).length > 0) return checks;
  if (enabled === false) checks.push(check('inbound-enabled', false, 'enabled: true', 'enabled: false'));
  return [...checks, ...sourceIdChecks(source, context)];
}

/** Returns the check that the source's name belongs to the repository that the rule accepts. */
function sourceIdChecks(source: InboundRule['source'], { requester, target, remembered }: InboundContext): Check[] {
  if (!('run' in requester) || 'name' in source) return [];
  const accepted = { pinned: source.repositoryId, remembered, blobId: blobIdOf(target) };
  return idChecks('inbound-source-id', accepted, requester.run.repository.id);
}

/** Returns the checks of the rule's source. A rule for one kind of trigger matches no other. */
function sourceChecks(source: InboundRule['source'], requester: Requester, fileOwner: string): Check[] {
  if (!('run' in requester)) {
    const { kind, name } = requester;
    const expected = 'name' in source ? `${source.kind} ${source.name}` : source.repository.text;
    const isSame = 'name' in source && source.kind === kind && source.name === name;
    return [check(`inbound-${kind}`, isSame, expected, `${kind} ${name}`)];
  }
  const { owner, name } = requester.run.repository;
  if ('name' in source) {
    return [check('inbound-repository', false, `${source.kind} ${source.name}`, `${owner}/${name}`)];
  }
  const { repository } = source;
  return [
    check(
      'inbound-repository',
      matchesRepository(repository, fileOwner, owner, name),
      repository.owner === null ? `${fileOwner}/${repository.text}` : repository.text,
      `${owner}/${name}`,
    ),
    inboundWorkflowCheck(source, requester),
  ];
}

/** Checks that a rule names the workflow of the run; with `needs`, that the dispatch needs every workflow of the rule. */
function inboundWorkflowCheck(source: RunsOfRepository, { kind, run, needed }: RequestingRun): Check {
  const { needs } = source;
  if (needs === null) return workflowCheck('inbound-workflow', source, { kind, workflow: run.workflow });
  const runs = (needed.length === 0 ? [run] : needed).map(({ workflow }) => ({ kind, workflow }));
  const hasAll = needed.length > 0 && needs.every((need) => runs.some(({ workflow }) => workflow === need.workflow));
  return needsCheck('inbound-workflow', needs, runs, hasAll);
}

function labelOf(target: { readonly workflow: string } | { readonly eventType: string }): string {
  return 'workflow' in target ? target.workflow : `event type ${target.eventType}`;
}

/** Returns the checks of the conditions, the ref and the inputs. */
function consentChecks({ source, enabled }: InboundRule, target: InboundTarget, context: InboundContext): Check[] {
  const { requester } = context;
  const conditions = 'run' in requester && !('name' in source) ? runConditionChecks(source, requester) : [];
  const dryRun =
    enabled === 'dry-run'
      ? [check('inbound-not-dry-run', false, 'enabled: true', '`enabled: dry-run` in the inbound rule')]
      : [];
  // An event runs on the default branch, and accepting its type accepts its payload.
  return [...conditions, ...('workflow' in target ? refAndInputChecks(target, context) : []), ...dryRun];
}

function runConditionChecks(source: RunsOfRepository, requester: RequestingRun): Check[] {
  const { needs } = source;
  if (needs === null) return conditionChecksOf(source, requester);
  return needs.flatMap((need) =>
    requester.needed
      .filter(({ workflow }) => workflow === need.workflow)
      .flatMap((run) => conditionChecksOf(need, { ...requester, run })),
  );
}

function conditionChecksOf(source: Conditions, { run, defaultBranch, head }: RequestingRun): Check[] {
  const checks = conditionChecks(inboundNames, source, run, defaultBranch);
  return unsatisfied(checks).length > 0
    ? checks
    : [...checks, inboundRefCheck(acceptedTypes(source, run.run, defaultBranch), head)];
}

export function refAndInputChecks(
  target: Extract<InboundTarget, { workflow: string }>,
  { targetDefaultBranch, matched, ref }: InboundContext,
): Check[] {
  const refs = target.refs.length === 0 ? '' : `, ${listed(target.refs)}`;
  return [
    check(
      'inbound-ref',
      isDefaultBranch(ref, targetDefaultBranch) || matchesPatterns(target.refs, qualifiedRef(ref).name),
      `${targetDefaultBranch} (the default branch)${refs}`,
      ref,
    ),
    inputsCheck(target.inputs, matched.inputs),
  ];
}

/** Returns the check that the rule accepts every input by its name and, if the rule restricts its values, by its value. */
function inputsCheck(accepted: readonly AcceptedInput[], inputs: Readonly<Record<string, string>>): Check {
  const refused = Object.entries(inputs).flatMap(([name, value]) => {
    const input = accepted.find((entry) => entry.name === name);
    if (input === undefined) return [name];
    return acceptsValue(input, value) ? [] : [`${name}: ${value}`];
  });
  return check(
    'inbound-inputs',
    refused.length === 0,
    accepted.map(describeInput).join('; ') || 'no inputs',
    (refused.length === 0 ? Object.keys(inputs) : refused).join('; ') || 'no inputs',
  );
}

/** Maximum length of a value that is compared with patterns. Bounds the time, as for the name of a branch. */
const maxComparedLength = 255;

function acceptsValue({ values }: AcceptedInput, value: string): boolean {
  if (values === null) return true;
  // Who wrote a pattern thought of one line: `v*` must not accept `v1` and a second line with anything.
  return value.length <= maxComparedLength && !hasLineBreaks(value) && matchesPatterns(values, value);
}

function describeInput({ name, values }: AcceptedInput): string {
  return values === null ? name : `${name}: ${listed(values)}`;
}
