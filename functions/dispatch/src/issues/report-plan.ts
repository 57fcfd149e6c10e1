import {
  factId,
  fullName,
  hasPlanProblem,
  type Plan,
  type PlanReported,
  type RunCompleted,
  type RunPlanned,
  runPageOf,
} from '@dispatcher/contracts';
import { GitHubPermanentError } from '@dispatcher/github';
import { type Attempt, PermanentError } from '@dispatcher/lambda';
import type { IssueRecord, IssueResult, PlanProblemStore, PlanStore } from '@dispatcher/store';
import type { IssueOutcome } from '../facts/issue-fact.ts';
import { closeIssue } from './close-issue.ts';
import { createIssueCalls, type IssueCalls } from './issue-calls.ts';
import { type IssueLease, type LeasedResult, withIssueLease } from './issue-lease.ts';
import { issueLabel, issueMarker } from './issue-text.ts';
import type { IssueStep } from './issue-step.ts';
import { nextPlanIssueStep, type PlanResult, withPlanResult } from './plan-issue-step.ts';
import { closedPlanIssueBody, planClosingComment, planIssueBody, planIssueTitle } from './plan-issue-text.ts';
import type { ReportDependencies } from './report-decision.ts';

export interface ReportPlanDependencies extends ReportDependencies {
  readonly plans: Pick<PlanStore, 'getPlan'>;
  readonly planProblems: Pick<PlanProblemStore, 'end' | 'endedAt'>;
}

/** A plan of a run, and what dispatch reports about it. */
interface PlanReport {
  readonly name: string;
  readonly plan: Plan;
  readonly trigger: RunCompleted;
  readonly result: PlanResult;
}

/**
 * Reports a plan in the one tracking issue of its source repository: opens or updates the issue if the plan has a problem
 * that concerns the repository as a whole, closes it if the plan ends the problem. Of the message only the run key and the
 * revision are used: everything else comes from the stored plan.
 * @throws PermanentError if no such plan is stored
 * @throws DeferError while another worker writes the issue, or if a write would exceed a rate limit
 */
export async function reportPlan(
  deps: ReportPlanDependencies,
  { id, runKey, data: { revision } }: RunPlanned,
  attempt: Attempt,
): Promise<void> {
  const stored = await deps.plans.getPlan(runKey, revision);
  if (stored === null || !(hasPlanProblem(stored.plan) || stored.plan.endsProblem === true)) {
    throw new PermanentError(
      `No plan of run ${runKey} with revision ${revision} is stored that an issue of its repository reports.`,
    );
  }
  const { plan, plannedAt } = stored;
  const { trigger } = plan;
  // A request belongs to no repository, and a job gets its response.
  if (trigger.type !== 'run.completed') return;
  const report = {
    name: `plans-${trigger.repository.id}`,
    plan,
    trigger,
    result: resultOf(plan, trigger, id, plannedAt),
  };
  const outcome = deps.createIssues === 'none' ? skipped : await writeIssue(deps, report, attempt.signal);
  if (deps.createIssues === 'none') await endProblem(deps, report);
  if (outcome !== null) await publish(deps, report, outcome, attempt);
}

const skipped = { action: 'skipped', number: null, htmlUrl: null } as const;
const unavailable = { action: 'unavailable', number: null, htmlUrl: null } as const;

function resultOf(plan: Plan, { workflow, run }: RunCompleted, decidedId: string, plannedAt: string): PlanResult {
  const { code, message, endsProblem } = plan;
  return {
    decidedId,
    endedAt: plannedAt,
    runUrl: run.htmlUrl,
    code,
    workflow,
    // The message lists the errors of the file, which change while somebody corrects it.
    ...(code === 'config-invalid' ? { detail: message.slice(0, 200) } : {}),
    isValid: endsProblem === true,
  };
}

/** Writes the issue. Returns null if there is nothing to report: the plan is valid and there is no open issue. */
async function writeIssue(
  deps: ReportPlanDependencies,
  report: PlanReport,
  signal: AbortSignal,
): Promise<IssueOutcome | null> {
  const calls = createIssueCalls(deps, report.trigger, signal);
  try {
    return await withIssueLease(deps, report.name, (lease) => updateIssue(deps, calls, report, lease));
  } catch (error) {
    // Issues are disabled, or the App may not write them. The fact and the log are then the only report.
    if (!(error instanceof GitHubPermanentError)) throw error;
    await endProblem(deps, report);
    return unavailable;
  }
}

async function updateIssue(
  deps: ReportPlanDependencies,
  calls: IssueCalls,
  report: PlanReport,
  lease: IssueLease,
): Promise<LeasedResult<IssueOutcome | null>> {
  const { result } = report;
  const before = lease.issue ?? (await findLostIssue(calls, report, lease));
  const step = nextPlanIssueStep(before, result, await deps.planProblems.endedAt(report.trigger.repository.id));
  if (step.do === 'nothing') {
    // An open issue about a plan that was too large waits for a valid plan of the same workflow.
    if (before?.state !== 'open') await endProblem(deps, report);
    const isRecorded = step.recorded !== null && before !== null;
    return { record: null, result: isRecorded ? outcomeOf(before, step.recorded.action) : null };
  }
  const record = await carryOut(deps, calls, report, { lease, before, step });
  await endProblem(deps, report);
  const recorded = record.results.find(({ decidedId }) => decidedId === result.decidedId);
  return { record, result: outcomeOf(record, recorded?.action ?? 'noted') };
}

/** Ends the problem after a valid plan, so that planning sends no further one. Repeated after a crash: the lease is held. */
async function endProblem({ planProblems }: ReportPlanDependencies, { trigger, result }: PlanReport): Promise<void> {
  if (result.isValid) await planProblems.end(trigger.repository.id, Date.parse(result.endedAt));
}

/** Finds the issue by its marker: a worker may have crashed before it recorded the issue, or the record is lost. */
async function findLostIssue(
  calls: IssueCalls,
  { name, result }: PlanReport,
  { abandoned }: IssueLease,
): Promise<IssueRecord | null> {
  if (result.isValid && !abandoned) return null;
  const found = await calls.find(issueLabel, issueMarker(name));
  return found === null ? null : { number: found.number, htmlUrl: found.htmlUrl, state: found.state, results: [] };
}

interface Change {
  readonly lease: IssueLease;
  /** The record before the change; null if there is no issue. */
  readonly before: IssueRecord | null;
  readonly step: Exclude<IssueStep, { do: 'nothing' }>;
}

/** Carries out a step at GitHub. Returns the new record. */
async function carryOut(
  { docsUrl, publicUrl }: ReportPlanDependencies,
  calls: IssueCalls,
  report: PlanReport,
  { lease, before, step }: Change,
): Promise<IssueRecord> {
  const { name, plan, trigger } = report;
  const { isValid: _, ...result } = report.result;
  const resultsWith = (action: IssueResult['action']) => withPlanResult(before?.results ?? [], { ...result, action });
  if (before !== null && (step.do === 'note' || (step.do === 'refresh' && !(await calls.tryAcquire())))) {
    return { ...before, results: resultsWith('noted') };
  }
  if (before !== null && step.do === 'close') {
    const results = resultsWith('closed');
    const { number } = before;
    const body = closedPlanIssueBody(name, results);
    await closeIssue(calls, { number, name, body, comment: planClosingComment(trigger), lease });
    return { ...before, state: 'closed', results };
  }
  const content = { name, plan, trigger, docsUrl, runPage: runPageOf(publicUrl, plan.runKey) };
  if (before !== null) {
    if (step.do !== 'refresh') await calls.acquire();
    const body = planIssueBody(content, resultsWith('updated'));
    const isUpdated = await calls.update(before.number, { body, state: 'open' });
    if (isUpdated) return { ...before, state: 'open', results: resultsWith('updated') };
  }
  await calls.acquire();
  const results = resultsWith('opened');
  const issue = { title: planIssueTitle, body: planIssueBody(content, results), labels: [issueLabel] };
  // After the end of the lease, another worker may open the issue.
  const { number, htmlUrl } = await calls.open(issue, lease.until);
  return { number, htmlUrl, state: 'open', results };
}

async function publish(
  deps: ReportPlanDependencies,
  { plan, trigger }: PlanReport,
  outcome: IssueOutcome,
  { log }: Attempt,
): Promise<void> {
  const { runKey, revision, code } = plan;
  const repository = fullName(trigger.repository);
  const fields = { runKey, repository, code, ...outcome };
  if (outcome.action === 'unavailable') log.warn('issue not written: issues are disabled or not permitted', fields);
  else log.info('plan reported in an issue', fields);
  const fact: PlanReported = {
    version: 1,
    id: factId('plan.reported', runKey, revision),
    type: 'plan.reported',
    time: new Date(deps.now()).toISOString(),
    correlationId: trigger.deliveryId,
    runKey,
    data: { revision, code, repository, ...outcome },
  };
  await deps.bus.publish([fact]);
}

function outcomeOf({ number, htmlUrl }: IssueRecord, action: IssueOutcome['action']): IssueOutcome {
  return { action, number, htmlUrl };
}
