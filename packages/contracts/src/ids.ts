import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { RunCompleted } from './run-completed.ts';

/** The parts of a route that make it the same route. Owner and repository compare case-insensitively, as on GitHub. */
export interface RouteParts {
  readonly source: { readonly repository: string; readonly workflow: string };
  readonly target: { readonly repository: string; readonly workflow: string };
  readonly id?: string | undefined;
}

// A digest of a JSON array: joining with a separator would let two different lists become the same text.
function digest(parts: readonly (string | number | null)[], length: number): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts)))).slice(0, length);
}

/** `repository id - run id - attempt`, all from the signed body: the same run under another delivery is the same key. */
export function runKey(run: Pick<RunCompleted, 'repository' | 'run'>): string {
  return `${run.repository.id}-${run.run.id}-${run.run.attempt}`;
}

/** 16 hex digits, equal for routes that differ only in the case of owner or repository. */
export function routeId(route: RouteParts): string {
  const { source, target } = route;
  return digest(
    [
      source.repository.toLowerCase(),
      source.workflow,
      target.repository.toLowerCase(),
      target.workflow,
      route.id ?? null,
    ],
    16,
  );
}

/** `octo-org/app:ci.yml → octo-org/deploy:cd.yml#staging`, for people and log lines; keys use {@link routeId}. */
export function routeLabel(route: RouteParts): string {
  const id = route.id === undefined ? '' : `#${route.id}`;
  return `${route.source.repository}:${route.source.workflow} → ${route.target.repository}:${route.target.workflow}${id}`;
}

/** 32 hex digits. Generation is 0 unless an operator's audited *again* raises it. */
export function dispatchId(runKeyOfSource: string, routeIdOfDispatch: string, generation = 0): string {
  return digest(['dispatch', runKeyOfSource, routeIdOfDispatch, generation], 32);
}

/** 32 hex digits of what a fact says: a repeat of the same fact has the same id, whenever it is told. */
export function factId(type: string, ...says: readonly (string | number | null)[]): string {
  return digest([type, ...says], 32);
}
