import type { Code, IssueReported, RouteDecided, RunCompleted } from '@dispatcher/contracts';
import {
  GitHubPermanentError,
  GitHubUnknownOutcomeError,
  type IssueClient,
  type IssueRepository,
  type OpenedIssue,
} from '@dispatcher/github';
import { DeferError } from '@dispatcher/lambda';
import type { IssueClaim, IssueRecord, IssueResult, TrackingIssues } from '@dispatcher/store';
import { hasStarted, type IssueStep, type NewResult, nextIssueStep, withResult } from './issue-step.ts';
import {
  closedBody,
  closingComment,
  type IssueContent,
  issueBody,
  issueLabel,
  issueMarker,
  issueTitle,
} from './issue-text.ts';
import { inLine, lineOf, paceBroken, type PaceDependencies, soonMs, type Spender } from './pace.ts';

export interface TrackDependencies extends PaceDependencies {
  readonly trackingIssues: TrackingIssues;
  readonly issues: IssueClient;
  /** The page that documents the codes; null: none. */
  readonly docsUrl: string | null;
}

/** A decision about a run: the issue stands in the repository of the run. */
export type RunDecided = RouteDecided & { readonly data: { readonly trigger: RunCompleted } };

export type Reported = Pick<IssueReported['data'], 'action' | 'number' | 'htmlUrl'>;

/** What is to be told in the issue of that name: a problem with its content, or a start. */
export type Told = { readonly name: string; readonly code: Code } & (
  | { readonly content: IssueContent }
  | { readonly code: 'allowed'; readonly targetRunUrl: string | null }
);

type Claimed = Extract<IssueClaim, { state: 'claimed' }>;

const nextTurnMs = 1_000;

/**
 * Brings the route's issue up to date with one more result. Of all workers that meet the route at once one does it.
 * @returns null where there is nothing to tell: the route started, and has no open issue
 * @throws Deferred while another worker has the issue, or GitHub's limit for contents is near
 */
export async function track(deps: TrackDependencies, decided: RunDecided, told: Told): Promise<Reported | null> {
  const { run } = decided.data.trigger;
  const result = { decidedId: decided.id, endedAt: run.updatedAt, runUrl: run.htmlUrl, code: told.code };
  // Nearly every start has no issue to close, and needs no claim to see it.
  if (hasStarted(result)) {
    const step = nextIssueStep(await deps.trackingIssues.find(told.name), result);
    if (step.do === 'nothing' && step.told === null) return null;
  }
  return claimed(deps, told.name, async (claim) => {
    const known = claim.issue ?? (hasStarted(result) ? null : await lost(deps, decided, told.name));
    const step = nextIssueStep(known, result);
    if (step.do === 'nothing') {
      await deps.trackingIssues.release(told.name, claim.lease);
      return step.told === null || known === null ? null : reportedOf(known, step.told.action);
    }
    const record = await write(deps, decided, { told, claim, known, step, result });
    await deps.trackingIssues.record(told.name, claim.lease, record);
    return reportedOf(record, record.results.find(({ decidedId }) => decidedId === decided.id)?.action ?? 'noted');
  });
}

/** Opens an issue that is never changed, once. */
export async function openOnce(
  deps: TrackDependencies,
  decided: RunDecided,
  name: string,
  issue: { readonly title: string; readonly body: string; readonly label: string; readonly marker: string },
): Promise<Reported> {
  return claimed(deps, name, async (claim) => {
    if (claim.issue !== null) {
      await deps.trackingIssues.release(name, claim.lease);
      return reportedOf(claim.issue, 'opened');
    }
    const at = repositoryOf(decided);
    const opened =
      (claim.abandoned ? await deps.issues.find(at, issue.label, issue.marker) : null) ??
      (await open(deps, decided, claim, { title: issue.title, body: issue.body, labels: [issue.label] }));
    await deps.trackingIssues.record(name, claim.lease, { ...numberOf(opened), state: 'open', results: [] });
    return reportedOf(opened, 'opened');
  });
}

async function claimed<R extends Reported | null>(
  deps: TrackDependencies,
  name: string,
  work: (claim: Claimed) => Promise<R>,
): Promise<R | Reported> {
  const claim = await deps.trackingIssues.claim(name);
  if (claim.state === 'busy') {
    const turn = await deps.fairnessQueue.reserve(`issue#${name}`, deps.now() + nextTurnMs, nextTurnMs);
    throw new DeferError('The issue is being written by another worker.', turn - deps.now());
  }
  try {
    return await work(claim);
  } catch (error) {
    // A lost answer may have left an issue: the claim is left to end, and the next worker looks for it first.
    if (!(error instanceof GitHubUnknownOutcomeError)) await deps.trackingIssues.release(name, claim.lease);
    // Issues disabled, or the App not allowed to write them: the fact and the log are then all there is.
    if (error instanceof GitHubPermanentError) return { action: 'unavailable', number: null, htmlUrl: null };
    throw error;
  }
}

/** The route's issue by its marker: a worker may have died before it recorded it, or our record is lost. */
async function lost(deps: TrackDependencies, decided: RunDecided, name: string): Promise<IssueRecord | null> {
  const found = await deps.issues.find(repositoryOf(decided), issueLabel, issueMarker(name));
  return found === null ? null : { ...numberOf(found), state: found.state, results: [] };
}

interface Writing {
  readonly told: Told;
  readonly claim: Claimed;
  readonly known: IssueRecord | null;
  readonly step: Exclude<IssueStep, { do: 'nothing' }>;
  readonly result: NewResult;
}

/** Does at GitHub what the step says. Returns the record as it is to be kept. */
async function write(deps: TrackDependencies, decided: RunDecided, writing: Writing): Promise<IssueRecord> {
  const { told, known, step, result } = writing;
  const after = (action: IssueResult['action']) => withResult(known?.results ?? [], { ...result, action });
  if (known !== null && (step.do === 'note' || (step.do === 'refresh' && !(await mayWrite(deps, decided))))) {
    return { ...known, results: after('noted') };
  }
  if (!('content' in told)) {
    if (known === null) throw new Error(`There is no issue of ${told.name} to close.`);
    const { name, targetRunUrl } = told;
    await close(deps, decided, known, { name, targetRunUrl, results: after('closed'), answerBy: writing.claim.until });
    return { ...known, state: 'closed', results: after('closed') };
  }
  if (known !== null) {
    const body = issueBody(told.content, after('updated'));
    if (step.do !== 'refresh') await spend(deps, decided);
    if (await update(deps.issues, repositoryOf(decided), known.number, { body, state: 'open' })) {
      return { ...known, state: 'open', results: after('updated') };
    }
  }
  const body = issueBody(told.content, after('opened'));
  const issue = { title: issueTitle(told.content.route), body, labels: [issueLabel] };
  return { ...numberOf(await open(deps, decided, writing.claim, issue)), state: 'open', results: after('opened') };
}

async function open(
  deps: TrackDependencies,
  decided: RunDecided,
  claim: Claimed,
  issue: Parameters<IssueClient['open']>[1],
): Promise<OpenedIssue> {
  await spend(deps, decided);
  // Somebody else may have the claim once it ended, and open the issue.
  return deps.issues.open(repositoryOf(decided), { ...issue, answerBy: claim.until });
}

/** False where it is there no more: somebody deleted or transferred it. */
async function update(
  issues: IssueClient,
  at: IssueRepository,
  number: number,
  change: { readonly body: string; readonly state: 'open' | 'closed' },
): Promise<boolean> {
  try {
    await issues.update(at, number, change);
    return true;
  } catch (error) {
    if (error instanceof GitHubPermanentError && (error.status === 404 || error.status === 410)) return false;
    throw error;
  }
}

async function close(
  deps: TrackDependencies,
  decided: RunDecided,
  { number }: IssueRecord,
  told: {
    readonly name: string;
    readonly targetRunUrl: string | null;
    readonly results: readonly IssueResult[];
    readonly answerBy: number;
  },
): Promise<void> {
  const at = repositoryOf(decided);
  const { route } = decided.data.decision;
  await spend(deps, decided);
  const body = closedBody(told.name, route, told.results);
  if (!(await update(deps.issues, at, number, { body, state: 'closed' }))) return;
  await spend(deps, decided);
  try {
    const comment = closingComment(told.targetRunUrl, decided.data.trigger.run.htmlUrl);
    await deps.issues.comment(at, number, { body: comment, answerBy: told.answerBy });
  } catch (error) {
    // It may stand there: a second one would say the same to everybody who watches the issue.
    if (!(error instanceof GitHubUnknownOutcomeError)) throw error;
  }
}

function spenderOf({ data: { trigger: run } }: RunDecided): Spender {
  return { installationId: run.installationId, source: lineOf(run) };
}

async function mayWrite(deps: TrackDependencies, decided: RunDecided): Promise<boolean> {
  return (await paceBroken(deps, spenderOf(decided), 'content')) === null;
}

/** @throws Deferred where one more write would come near GitHub's limits */
async function spend(deps: TrackDependencies, decided: RunDecided): Promise<void> {
  const broken = await paceBroken(deps, spenderOf(decided), 'content');
  if (broken === null) return;
  const { stepMs } = broken;
  const reason = 'One more issue would come near GitHub’s limit for contents.';
  throw await inLine(deps, spenderOf(decided), { reason, from: deps.now() + soonMs, stepMs });
}

function repositoryOf({ data: { trigger: run } }: RunDecided): IssueRepository {
  const { installationId, repository } = run;
  return { installationId, repositoryId: repository.id, owner: repository.owner, name: repository.name };
}

function numberOf({ number, htmlUrl }: OpenedIssue): OpenedIssue {
  return { number, htmlUrl };
}

function reportedOf({ number, htmlUrl }: OpenedIssue, action: Reported['action']): Reported {
  return { action, number, htmlUrl };
}
