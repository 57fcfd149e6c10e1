import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { DispatchRequested } from './dispatch-requested.ts';
import { foldName } from './fold-name.ts';
import type { JobRequested } from './job-requested.ts';
import type { RouteSource } from './plan.ts';
import type { RunCompleted } from './run-completed.ts';
import type { RunIgnored } from './run-ignored.ts';
import { requesterKinds, type TriggerKind } from './trigger-kinds.ts';

interface WorkflowParts {
  readonly repository: string;
  readonly workflow: string;
}

/** The parts that identify a route. Owner and repository compare case-insensitively, as on GitHub. */
export interface RouteParts {
  readonly source: RouteSource;
  readonly target: WorkflowParts | { readonly repository: string; readonly eventType: string };
  readonly id?: string | undefined;
}

// Hashes a JSON array: joined with a separator, two different lists could become the same text.
function digest(parts: readonly (string | number | null)[], length: number): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts)))).slice(0, length);
}

type IdentifiedRun = {
  readonly type: (RunCompleted | RunIgnored)['type'];
  readonly repository: { readonly id: number };
  readonly run: { readonly id: number; readonly attempt: number };
};

/**
 * Returns the run key of a trigger, or of an ignored run. For a run: repository id, run id and run attempt, all from the signed body, so every
 * delivery of a run has the same key. For any request: `request-` and its id.
 */
export function runKey(trigger: IdentifiedRun | Pick<DispatchRequested | JobRequested, 'type' | 'requestId'>): string {
  return 'requestId' in trigger
    ? `request-${trigger.requestId}`
    : `${trigger.repository.id}-${trigger.run.id}-${trigger.run.attempt}`;
}

/** Matches both forms of a run key. */
export const runKeyPattern = /^(?:\d{1,20}-\d{1,20}-\d{1,20}|request-[0-9a-f]{32})$/;

/**
 * Returns the id of a request: 32 hex digits of the key's name and the `Idempotency-Key`. So a retry is the same request,
 * even with a new key of the same name.
 */
export function requestId(keyName: string, idempotencyKey: string): string {
  return digest(['request', keyName, idempotencyKey], 32);
}

/**
 * Returns the id of a request that no API key sent: 32 hex digits of the kind of trigger, and of what makes two requests
 * the same one. For a schedule these are its id and the due time, for a webhook its id and the message, for a job its
 * run, attempt and `Idempotency-Key`.
 */
export function requestIdOf(
  kind: Exclude<TriggerKind, 'run' | 'key'>,
  ...identity: readonly (string | number | null)[]
): string {
  return digest(['request', kind, JSON.stringify(identity), null], 32);
}

/** Returns the id of a route: 16 hex digits, equal for routes that differ only in the case of owner or repository. */
export function routeId(route: RouteParts): string {
  const { source, target, id = null } = route;
  const targetRepository = foldName(target.repository);
  // Five parts for a workflow, seven for a name and six for a job, so their JSON texts never collide.
  for (const kind of requesterKinds) {
    const name = nameOf(source, kind);
    if (name === undefined) continue;
    const started = 'workflow' in target ? ['workflow', target.workflow] : ['event-type', target.eventType];
    return digest([kind, name, targetRepository, ...started, null, id], 16);
  }
  if (!('workflow' in target)) throw new Error('The route of a run must have a workflow as target, not an event type.');
  if (!('repository' in source)) throw new Error('The source of a route is of an unknown kind.');
  const repository = foldName(source.repository);
  if ('job' in source) return digest(['job', repository, source.job, targetRepository, target.workflow, id], 16);
  return digest([repository, source.workflow, targetRepository, target.workflow, id], 16);
}

function nameOf(source: RouteSource, kind: (typeof requesterKinds)[number]): string | undefined {
  return (source as Readonly<Partial<Record<string, string>>>)[kind];
}

/** Returns the kind of trigger of a route's source, and its name if it is a key, schedule or webhook. */
export function kindOfSource(source: RouteSource): { readonly kind: TriggerKind; readonly name: string | null } {
  for (const kind of requesterKinds) {
    const name = nameOf(source, kind);
    if (name !== undefined) return { kind, name };
  }
  return { kind: 'job' in source ? 'job' : 'run', name: null };
}

/** Returns the workflow that a source is, or whose jobs it is; null for a key, schedule or webhook. */
export function workflowOfSource(source: RouteSource): WorkflowParts | null {
  if (!('repository' in source)) return null;
  const { repository } = source;
  return { repository, workflow: 'job' in source ? source.job : source.workflow };
}

/** Returns the display form of a source: `octo-org/app:ci.yml`, `octo-org/app:ci.yml (job)` or `key nightly`. */
export function sourceLabel(source: RouteSource): string {
  if ('job' in source) return `${source.repository}:${source.job} (job)`;
  if ('repository' in source) return `${source.repository}:${source.workflow}`;
  const { kind, name } = kindOfSource(source);
  return `${kind} ${name}`;
}

/** Returns the display form of a target, as in the scope of a key: `octo-org/deploy:cd.yml` or `octo-org/deploy#event-type`. */
export function targetLabel(target: RouteParts['target']): string {
  return 'workflow' in target ? `${target.repository}:${target.workflow}` : `${target.repository}#${target.eventType}`;
}

/** Returns the display form of a route: `octo-org/app:ci.yml → octo-org/deploy:cd.yml#staging`. As a key, use {@link routeId}. */
export function routeLabel({ source, target, id }: RouteParts): string {
  return `${sourceLabel(source)} → ${targetLabel(target)}${id === undefined ? '' : `#${id}`}`;
}

/** Returns the id of a dispatch: 32 hex digits. The generation is 0 unless an operator's `dispatch-again` raised it. */
export function dispatchId(runKeyOfSource: string, routeIdOfDispatch: string, generation = 0): string {
  return digest(['dispatch', runKeyOfSource, routeIdOfDispatch, generation], 32);
}

/** Identifies a commit of a branch or tag of a repository. */
export interface CommitReference {
  readonly repositoryId: number;
  /** The name of the branch or tag; null for a detached run. */
  readonly headBranch: string | null;
  readonly headSha: string;
}

/** Returns the id of a dispatch that needs several workflows: the same whichever of them completes last. */
export function commitDispatchId(
  { repositoryId, headBranch, headSha }: CommitReference,
  routeIdOfDispatch: string,
  generation = 0,
): string {
  return digest(['dispatch-of-commit', repositoryId, headBranch, headSha, routeIdOfDispatch, generation], 32);
}

/** Returns the id of a fact: 32 hex digits of its content, so a fact that is published again has the same id. */
export function factId(type: string, ...content: readonly (string | number | null)[]): string {
  return digest([type, ...content], 32);
}
