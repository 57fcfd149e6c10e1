// What a dry run of a replay shows, and which other runs wait for the same correction.
import type { Schemas } from '../api/schemas.ts';
import { counted } from './counts.ts';
import { type Revision, routesOf, stateOfRouteHistory } from './run-history.ts';
import { type State, stateOfDecision } from './states.ts';

type Acted = Extract<Revision['facts'][number], { readonly type: 'operator.acted' }>;
export type Preview = NonNullable<Acted['data']['preview']>;

export interface PreviewRow {
  readonly routeId: string;
  /** `owner/name:workflow.yml` */
  readonly target: string;
  /** What the newest plan came to; null for a route that it did not have. */
  readonly before: State | null;
  readonly now: State;
  /** Why it would be refused; null if it would be allowed. */
  readonly refusal: { readonly code: string; readonly message: string; readonly fix: string } | null;
}

/** Returns the preview that an action recorded; null until it has. */
export function previewOfAction(revisions: readonly Revision[], actionId: string): Preview | null {
  for (const fact of revisions.flatMap(({ facts }) => facts)) {
    if (fact.type === 'operator.acted' && fact.data.actionId === actionId) return fact.data.preview ?? null;
  }
  return null;
}

/** Returns each decision of a preview beside what the newest revision came to. */
export function previewRows({ decisions }: Preview, newest: Revision): readonly PreviewRow[] {
  const before = new Map(routesOf(newest).map((history) => [history.decided.data.decision.routeId, history]));
  return decisions.map(({ routeId, target, effect, code, message, fix }) => {
    const history = before.get(routeId);
    return {
      routeId,
      target,
      before: history === undefined ? null : stateOfRouteHistory(history),
      now: stateOfDecision({ effect, code }),
      refusal: effect === 'allow' ? null : { code, message, fix },
    };
  });
}

export interface Refusal {
  readonly runKey: string;
  readonly time: string;
}

interface SameRefusals {
  readonly runs: readonly Refusal[];
  /** Whether the lines reach back to the last start, before which no refusal counts. */
  readonly isComplete: boolean;
}

const isStart = ({ type }: Schemas['FactLine']): boolean =>
  type === 'dispatch.accepted' || type === 'dispatch.completed';

/**
 * Returns the other runs that a route refused with a code since it last started something, newest first.
 * @param lines facts of the route, newest first
 */
export function sameRefusals(lines: readonly Schemas['FactLine'][], code: string, runKey: string): SameRefusals {
  const refusals = new Map<string, Refusal>();
  for (const line of lines) {
    if (isStart(line)) break;
    if (line.type !== 'route.decided' || line.code !== code) continue;
    const { runKey: other, time } = line;
    if (other !== null && other !== runKey && !refusals.has(other)) refusals.set(other, { runKey: other, time });
  }
  return { runs: [...refusals.values()], isComplete: lines.some(isStart) };
}

/** Returns the beginning of a sentence, which a time ends: `12 other runs were refused for the same reason, the oldest`. */
export function sentenceOfSameRefusals({ runs, isComplete }: SameRefusals): string {
  const number = `${isComplete ? '' : 'At least '}${counted(runs.length, 'other run')}`;
  return runs.length === 1
    ? `${number} was refused for the same reason,`
    : `${number} were refused for the same reason, the oldest`;
}
