import { createHash } from 'node:crypto';
import type { Fact } from '@dispatcher/contracts';
import { GitHubPermanentError, type OpenedIssue } from '@dispatcher/github';
import type { Attempt, Bus } from '@dispatcher/lambda';
import type { FinishedDispatch, IssueItem, IssueRecord, IssueResult } from '@dispatcher/store';
import type { PlannedDecision } from '../decision/planned-decision.ts';
import { issueFact, type IssueOutcome, type RunDecided } from '../facts/issue-fact.ts';
import { closeIssue } from './close-issue.ts';
import { createIssueCalls, type IssueCallDependencies, type IssueCalls } from './issue-calls.ts';
import { type IssueLease, type LeaseDependencies, type LeasedResult, withIssueLease } from './issue-lease.ts';
import {
  type IssueReport,
  type IssueSettings,
  isRunDecided,
  issueNameOf,
  type NewIssue,
  planReports,
} from './issue-plan.ts';
import { type IssueStep, type NewResult, nextIssueStep, withResult } from './issue-step.ts';
import { closedBody, closingComment, issueBody, issueLabel, issueMarker, issueTitle } from './issue-text.ts';

export interface ReportDependencies extends IssueSettings, IssueCallDependencies, LeaseDependencies {
  readonly bus: Bus;
}

/**
 * Reports one decision about a run in the issues of the source repository, and publishes what was done as facts: opens or
 * updates the route's tracking issue if the route did not start, closes it if the route started.
 * A denial that the issue already shows costs no more than the read of the decision.
 * @param finished the finished dispatch of an allowed decision; null for a denied one
 * @throws DeferError while another worker writes the issue, or if a write would exceed a rate limit
 */
export async function reportDecision(
  deps: ReportDependencies,
  { decided, snapshot: { issue } }: PlannedDecision,
  finished: FinishedDispatch | null,
  attempt: Attempt,
): Promise<void> {
  if (!isRunDecided(decided)) return;
  for (const report of planReports(decided, finished, deps)) {
    const outcome =
      deps.createIssues === 'none'
        ? ({ action: 'skipped', number: null, htmlUrl: null } as const)
        : await writeIssue(deps, decided, { report, issue }, attempt);
    if (outcome !== null) await publish(deps, decided, report, outcome, attempt);
  }
}

/**
 * Records that the start of a run waits, or the closing of its issue does, if it will close the open issue of its route.
 * A newer denial that the issue already shows is then added to the issue's record, and the start closes nothing.
 */
export async function reportWaitingStart(
  { trackingIssues }: Pick<ReportDependencies, 'trackingIssues'>,
  { decided, snapshot: { issue: item } }: PlannedDecision,
): Promise<void> {
  if (!isRunDecided(decided)) return;
  const { issue = null, waitingRunEndedAt = 0 } = item;
  const { decision, trigger } = decided.data;
  const { updatedAt: endedAt, htmlUrl: runUrl } = trigger.run;
  const step = nextIssueStep(issue, { decidedId: decided.id, endedAt, runUrl, code: decision.code }, null);
  if (step.do !== 'close' || waitingRunEndedAt >= Date.parse(endedAt)) return;
  await trackingIssues.putWaitingStart(issueNameOf(decision), Date.parse(endedAt));
}

/**
 * Writes one issue. Returns null if there is nothing to report: the route started and has no open issue, or its issue already
 * shows this denial.
 * @param issue what was read of the issue of the decision
 */
async function writeIssue(
  deps: ReportDependencies,
  decided: RunDecided,
  { report, issue }: { readonly report: IssueReport; readonly issue: IssueItem },
  { log, signal }: Attempt,
): Promise<IssueOutcome | null> {
  const calls = createIssueCalls(deps, decided.data.trigger, signal);
  // Most starts have no issue to close, and most denials are shown already, which can be seen without a lease.
  if (report.kind === 'recovery' && !needsClosing(decided, report, issue)) return null;
  if (report.kind === 'problem' && report.name === issueNameOf(decided.data.decision)) {
    const known = knownOutcome(issue, resultOf(decided, report));
    if (known.isKnown) {
      log.info('the issue already shows this result', { code: report.code, number: issue.issue?.number ?? null });
      return known.outcome;
    }
  }
  try {
    return await withIssueLease<IssueOutcome | null>(deps, report.name, (lease) =>
      report.kind === 'start' ? openOnce(calls, report.issue, lease) : updateRouteIssue(calls, decided, report, lease),
    );
  } catch (error) {
    // Issues are disabled, or the App may not write them. The fact and the log are then the only report.
    if (error instanceof GitHubPermanentError) return { action: 'unavailable', number: null, htmlUrl: null };
    throw error;
  }
}

type RouteReport = Exclude<IssueReport, { kind: 'start' }>;

/** Whether an issue has to be closed, or another worker may be opening it at this moment. */
function needsClosing(decided: RunDecided, report: RouteReport, { issue, lease }: IssueItem): boolean {
  if (lease !== undefined) return true;
  const step = nextIssueStep(issue ?? null, resultOf(decided, report), null);
  return step.do !== 'nothing' || step.recorded !== null;
}

/**
 * Returns whether the issue already shows the result, so that nothing has to be written, and what was done to the issue if
 * it lists the decision itself.
 */
function knownOutcome(
  { issue, lease, waitingRunEndedAt }: IssueItem,
  result: NewResult,
): { readonly isKnown: boolean; readonly outcome: IssueOutcome | null } {
  if (issue === undefined || lease !== undefined) return { isKnown: false, outcome: null };
  const step = nextIssueStep(issue, result, waitingRunEndedAt ?? null);
  if (step.do === 'shown') return { isKnown: true, outcome: null };
  if (step.do !== 'nothing' || step.recorded === null) return { isKnown: false, outcome: null };
  return { isKnown: true, outcome: outcomeOf(issue, step.recorded.action) };
}

/** Opens an issue that is never changed, once. */
async function openOnce(
  calls: IssueCalls,
  { title, body, label, marker }: NewIssue,
  lease: IssueLease,
): Promise<LeasedResult<IssueOutcome>> {
  if (lease.issue !== null) return { record: null, result: outcomeOf(lease.issue, 'opened') };
  const abandoned = lease.abandoned ? await calls.find(label, marker) : null;
  const opened = abandoned ?? (await open(calls, { title, body, labels: [label] }, lease));
  return { record: { ...referenceTo(opened), state: 'open', results: [] }, result: outcomeOf(opened, 'opened') };
}

/** Brings the tracking issue of a route up to date with one more result. */
async function updateRouteIssue(
  calls: IssueCalls,
  decided: RunDecided,
  report: RouteReport,
  lease: IssueLease,
): Promise<LeasedResult<IssueOutcome | null>> {
  const result = resultOf(decided, report);
  const mayBeLost = report.kind === 'problem' || lease.abandoned;
  const before = lease.issue ?? (mayBeLost ? await findLostIssue(calls, report.name) : null);
  const step = nextIssueStep(before, result, lease.waitingRunEndedAt);
  if (step.do === 'shown') return { record: null, result: null };
  if (step.do === 'nothing') {
    const isRecorded = step.recorded !== null && before !== null;
    return { record: null, result: isRecorded ? outcomeOf(before, step.recorded.action) : null };
  }
  const record = await carryOut(calls, decided, { report, lease, before, step, result });
  const recorded = record.results.find(({ decidedId }) => decidedId === result.decidedId);
  return { record, result: outcomeOf(record, recorded?.action ?? 'noted') };
}

/** Finds the issue by its marker: a worker may have crashed before it recorded the issue, or the record is lost. */
async function findLostIssue(calls: IssueCalls, name: string): Promise<IssueRecord | null> {
  const found = await calls.find(issueLabel, issueMarker(name));
  return found === null ? null : { ...referenceTo(found), state: found.state, results: [] };
}

interface RouteIssueChange {
  readonly report: RouteReport;
  readonly lease: IssueLease;
  /** The record before the change; null if there is no issue. */
  readonly before: IssueRecord | null;
  readonly step: Exclude<IssueStep, { do: 'nothing' | 'shown' }>;
  readonly result: NewResult;
}

/** Carries out a step at GitHub. Returns the new record. */
async function carryOut(calls: IssueCalls, decided: RunDecided, change: RouteIssueChange): Promise<IssueRecord> {
  const { report, lease, before, step, result } = change;
  const resultsWith = (action: IssueResult['action']) => withResult(before?.results ?? [], { ...result, action });
  if (before !== null && (step.do === 'note' || (step.do === 'refresh' && !(await calls.tryAcquire())))) {
    return { ...before, results: resultsWith('noted') };
  }
  if (report.kind === 'recovery') {
    if (before === null)
      throw new Error(`The route ${report.name} has no issue to close. This is a bug in nextIssueStep.`);
    const { number } = before;
    const { name, targetRunUrl } = report;
    const { decision, trigger } = decided.data;
    const results = resultsWith('closed');
    const body = closedBody(name, decision.route, results);
    const comment = closingComment(targetRunUrl, trigger.run.htmlUrl);
    await closeIssue(calls, { number, name, body, comment, lease });
    return { ...before, state: 'closed', results };
  }
  if (before !== null) {
    const body = issueBody(report.content, resultsWith('updated'));
    if (step.do !== 'refresh') await calls.acquire();
    const isUpdated = await calls.update(before.number, { body, state: 'open' });
    if (isUpdated) return { ...before, state: 'open', results: resultsWith('updated') };
  }
  const title = issueTitle(report.content.route);
  const body = issueBody(report.content, resultsWith('opened'));
  const opened = await open(calls, { title, body, labels: [issueLabel] }, lease);
  return { ...referenceTo(opened), state: 'open', results: resultsWith('opened') };
}

async function open(
  calls: IssueCalls,
  issue: Parameters<IssueCalls['open']>[0],
  { until }: IssueLease,
): Promise<OpenedIssue> {
  await calls.acquire();
  // After the end of the lease, another worker may open the issue.
  return calls.open(issue, until);
}

async function publish(
  deps: ReportDependencies,
  decided: RunDecided,
  report: IssueReport,
  outcome: IssueOutcome,
  { log }: Attempt,
): Promise<void> {
  const { code } = report;
  const fields = { ...outcome, code };
  if (outcome.action === 'unavailable') log.warn('issue not written: issues are disabled or not permitted', fields);
  else log.info('issue reported', fields);
  const about = { problem: [], recovery: ['route'], start: ['start'] }[report.kind];
  await deps.bus.publish([issueFact(decided, { code, outcome, about, time: deps.now() })] satisfies Fact[]);
}

/** Returns the result that the issue shows, which has the code that the source may see. */
function resultOf(decided: RunDecided, report: RouteReport): NewResult {
  const { run } = decided.data.trigger;
  const result = { decidedId: decided.id, endedAt: run.updatedAt, runUrl: run.htmlUrl };
  if (report.kind === 'recovery') return { ...result, code: report.code };
  const { code, message, fix, checks } = report.content;
  // Satisfied checks differ from run to run: they name its commit.
  const failed = checks.filter(({ satisfied }) => !satisfied);
  const shown = createHash('sha256').update(JSON.stringify([message, fix, failed]));
  return { ...result, code, detail: shown.digest('hex').slice(0, 12) };
}

function referenceTo({ number, htmlUrl }: OpenedIssue): OpenedIssue {
  return { number, htmlUrl };
}

function outcomeOf({ number, htmlUrl }: OpenedIssue, action: IssueOutcome['action']): IssueOutcome {
  return { action, number, htmlUrl };
}
