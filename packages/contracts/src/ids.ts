import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { DispatchRequested } from './dispatch-requested.ts';
import { foldName } from './names.ts';
import type { RunCompleted } from './run-completed.ts';

interface WorkflowParts {
  readonly repository: string;
  readonly workflow: string;
}

/** The parts of a route that make it the same route. Owner and repository compare case-insensitively, as on GitHub. */
export interface RouteParts {
  readonly source: WorkflowParts | { readonly key: string };
  readonly target: WorkflowParts | { readonly repository: string; readonly eventType: string };
  readonly id?: string | undefined;
}

// A digest of a JSON array: joining with a separator would let two different lists become the same text.
function digest(parts: readonly (string | number | null)[], length: number): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts)))).slice(0, length);
}

/**
 * `repository id - run id - attempt`, all from the signed body: the same run under another delivery is the same key. Of
 * a key's request: `request-` and its id.
 */
export function runKey(
  origin: Pick<RunCompleted, 'type' | 'repository' | 'run'> | Pick<DispatchRequested, 'type' | 'requestId'>,
): string {
  return origin.type === 'dispatch.requested'
    ? `request-${origin.requestId}`
    : `${origin.repository.id}-${origin.run.id}-${origin.run.attempt}`;
}

/** Both forms of a run key. */
export const runKeyPattern = /^(?:\d{1,20}-\d{1,20}-\d{1,20}|request-[0-9a-f]{32})$/;

/**
 * 32 hex digits: the same for the same name of a key and the same `Idempotency-Key`, so that a request that is sent
 * again is the same one, also with the key that took over the name.
 */
export function requestId(keyName: string, idempotencyKey: string): string {
  return digest(['request', keyName, idempotencyKey], 32);
}

/** 16 hex digits, equal for routes that differ only in the case of owner or repository. */
export function routeId(route: RouteParts): string {
  const { source, target, id = null } = route;
  const to = foldName(target.repository);
  // Five parts from a workflow, seven from a key: no two of them can be the same text.
  if ('key' in source) {
    const what = 'workflow' in target ? ['workflow', target.workflow] : ['event-type', target.eventType];
    return digest(['key', source.key, to, ...what, null, id], 16);
  }
  if (!('workflow' in target)) throw new Error('A run starts workflows only: its route has no event type.');
  return digest([foldName(source.repository), source.workflow, to, target.workflow, id], 16);
}

/** `octo-org/app:ci.yml`, or `key nightly`. */
export function sourceLabel(source: RouteParts['source']): string {
  return 'key' in source ? `key ${source.key}` : `${source.repository}:${source.workflow}`;
}

/** `octo-org/deploy:cd.yml`, or `octo-org/deploy#event-type`: as in the scope of a key. */
export function targetLabel(target: RouteParts['target']): string {
  return 'workflow' in target ? `${target.repository}:${target.workflow}` : `${target.repository}#${target.eventType}`;
}

/** `octo-org/app:ci.yml → octo-org/deploy:cd.yml#staging`, for people and log lines; keys use {@link routeId}. */
export function routeLabel({ source, target, id }: RouteParts): string {
  return `${sourceLabel(source)} → ${targetLabel(target)}${id === undefined ? '' : `#${id}`}`;
}

/** 32 hex digits. Generation is 0 unless an operator's audited *again* raises it. */
export function dispatchId(runKeyOfSource: string, routeIdOfDispatch: string, generation = 0): string {
  return digest(['dispatch', runKeyOfSource, routeIdOfDispatch, generation], 32);
}

/** 32 hex digits of what a fact says: a repeat of the same fact has the same id, whenever it is told. */
export function factId(type: string, ...says: readonly (string | number | null)[]): string {
  return digest([type, ...says], 32);
}
