import type { IssueRecord, IssueResult } from '@dispatcher/store';
import { type IssueStep, maxResults, type NewResult } from './issue-step.ts';

/** The result of one plan. `isValid`: the plan has no problem, and ends the one before it. */
export interface PlanResult extends NewResult {
  readonly isValid: boolean;
}

/** An open issue that shows the same problem is written again after this time at the earliest. */
const refreshMs = 60 * 60_000;

/**
 * Decides what the issue of a repository needs after one more plan. Plans are ordered by the time at which they were made,
 * which is when the file was read: a run may wait for hours before it is planned.
 * @param endedAt when the newest valid plan that ended a problem was made, in milliseconds since the epoch; null if none
 */
export function nextPlanIssueStep(record: IssueRecord | null, result: PlanResult, endedAt: number | null): IssueStep {
  const recorded = record?.results.find(({ decidedId }) => decidedId === result.decidedId);
  if (recorded !== undefined) return { do: 'nothing', recorded };
  const at = Date.parse(result.endedAt);
  if (result.isValid) return nextAfterValid(record, result, at);
  const isOutdated = endedAt !== null && endedAt > at;
  if (record === null) return isOutdated ? { do: 'nothing', recorded: null } : { do: 'open' };
  const [newest] = record.results;
  if (isOutdated || (newest !== undefined && Date.parse(newest.endedAt) > at)) return { do: 'note' };
  const isSame = record.state === 'open' && newest?.code === result.code && newest.detail === result.detail;
  if (!isSame) return { do: 'update' };
  const written = record.results.find(({ action }) => action === 'opened' || action === 'updated');
  return written !== undefined && at - Date.parse(written.endedAt) < refreshMs ? { do: 'note' } : { do: 'refresh' };
}

function nextAfterValid(record: IssueRecord | null, { workflow }: PlanResult, at: number): IssueStep {
  const nothing = { do: 'nothing', recorded: null } as const;
  if (record?.state !== 'open') return nothing;
  const [newest] = record.results;
  if (newest === undefined) return { do: 'close' };
  if (Date.parse(newest.endedAt) > at) return nothing;
  return isOnlyForAnotherWorkflow(newest, workflow) ? nothing : { do: 'close' };
}

/** Returns whether a valid plan of a workflow says nothing about a problem: the plan of another workflow is too large. */
function isOnlyForAnotherWorkflow(problem: IssueResult, workflow: string | undefined): boolean {
  return problem.code === 'plan-too-large' && problem.workflow !== workflow;
}

/** Adds a result. Keeps the last ten, newest first; of those that the issue only noted, the last four. */
export function withPlanResult(results: readonly IssueResult[], result: IssueResult): IssueResult[] {
  const sorted = [result, ...results].toSorted((left, right) => Date.parse(right.endedAt) - Date.parse(left.endedAt));
  const noted = sorted.filter(({ action }) => action === 'noted').slice(0, 4);
  return sorted.filter((one) => one.action !== 'noted' || noted.includes(one)).slice(0, maxResults);
}
