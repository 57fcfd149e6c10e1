import { fullName, type Plan, type RunCompleted, type RunPlanned } from '@dispatcher/contracts';
import { GitHubPermanentError, type OpenedIssue } from '@dispatcher/github';
import { type Attempt, PermanentError } from '@dispatcher/lambda';
import type { PlanStore } from '@dispatcher/store';
import { createIssueCalls } from './issue-calls.ts';
import { withIssueLease } from './issue-lease.ts';
import type { NewIssue } from './issue-plan.ts';
import { issueLabel, issueMarker, unreadableBody, unreadableTitle } from './issue-text.ts';
import { openOnce, type ReportDependencies } from './report-decision.ts';

export interface ReportUnreadableDependencies extends ReportDependencies {
  readonly plans: Pick<PlanStore, 'getPlan'>;
}

/**
 * Opens an issue in a source repository whose `dispatching.yml` could not be read. An outage concerns many runs, so a
 * repository gets at most one such issue a day. Of the message only the run key and the revision are used: everything
 * else comes from the stored plan.
 * @throws PermanentError if no such plan is stored
 */
export async function reportUnreadable(
  deps: ReportUnreadableDependencies,
  { runKey, data: { revision } }: RunPlanned,
  attempt: Attempt,
): Promise<void> {
  const stored = await deps.plans.getPlan(runKey, revision);
  if (stored === null || stored.plan.code !== 'config-unreadable') {
    throw new PermanentError(
      `No plan of run ${runKey} with revision ${revision} and code config-unreadable is stored.`,
    );
  }
  const { plan, plannedAt } = stored;
  const { trigger } = plan;
  const fields = { runKey, repository: trigger.type === 'run.completed' ? fullName(trigger.repository) : null };
  if (trigger.type !== 'run.completed' || deps.createIssues === 'none') {
    attempt.log.info('issue about an unreadable source skipped', fields);
    return;
  }
  const name = `unreadable-${trigger.repository.id}-${plannedAt.slice(0, 10)}`;
  const opened = await openIssue(deps, trigger, { name, issue: issueOf(plan, trigger, name) }, attempt.signal);
  if (opened === null) attempt.log.warn('issue not written: issues are disabled or not permitted', fields);
  else attempt.log.info('issue about an unreadable source reported', { ...fields, ...opened });
}

function issueOf({ runKey, message }: Plan, trigger: RunCompleted, name: string): NewIssue {
  const { deliveryId: correlationId, run } = trigger;
  const repository = fullName(trigger.repository);
  const body = unreadableBody({ name, repository, message, sourceRunUrl: run.htmlUrl, runKey, correlationId });
  return { title: unreadableTitle, body, label: issueLabel, marker: issueMarker(name) };
}

/** Returns null if issues are disabled, or the App may not write them. */
async function openIssue(
  deps: ReportUnreadableDependencies,
  trigger: RunCompleted,
  { name, issue }: { readonly name: string; readonly issue: NewIssue },
  signal: AbortSignal,
): Promise<OpenedIssue | null> {
  const calls = createIssueCalls(deps, trigger, signal);
  try {
    const { number, htmlUrl } = await withIssueLease(deps, name, (lease) => openOnce(calls, issue, lease));
    return number === null || htmlUrl === null ? null : { number, htmlUrl };
  } catch (error) {
    if (error instanceof GitHubPermanentError) return null;
    throw error;
  }
}
