import type { Plan, RunCompleted } from '@dispatcher/contracts';
import type { IssueResult } from '@dispatcher/store';
import { detailsLink, inBlock, inCode, issueMarker, lastResults, link, responsibleLabels } from './issue-text.ts';

/** The title fits every problem, because an issue keeps its title while the problems change. */
export const planIssueTitle = 'Dispatcher could not plan workflow runs of this repository';

export interface PlanIssueContent {
  /** Identifies the issue; see {@link issueMarker}. */
  readonly name: string;
  readonly plan: Pick<Plan, 'code' | 'message' | 'fix' | 'responsible' | 'runKey'>;
  readonly trigger: RunCompleted;
  readonly docsUrl: string | null;
  /** The run's page in the dashboard; null if the operator configured no PUBLIC_URL. */
  readonly runPage: string | null;
}

const timeTitle = 'Planned';

export function planIssueBody(
  { name, plan, trigger, docsUrl, runPage }: PlanIssueContent,
  results: readonly IssueResult[],
): string {
  const { code, message, fix, responsible, runKey } = plan;
  const documented = docsUrl === null ? inCode(code) : `[${inCode(code)}](${docsUrl}#${code})`;
  const concerned =
    code === 'plan-too-large' ? `every run of ${inCode(trigger.workflow)}` : 'every run of this repository';
  return [
    `A workflow run completed, but Dispatcher could not plan it and started nothing. This applies to ${concerned} until the problem is solved.`,
    inBlock(message),
    '**What to do**',
    inBlock(fix),
    'Runs that completed in the meantime are not planned again by themselves. Ask the operators of Dispatcher to replay those that are still wanted. For the run of this issue:',
    inBlock(`dispatcher replay ${runKey} --re-evaluate`),
    `**Responsible**: ${responsibleLabels[responsible]}`,
    `Code: ${documented} · Run: ${link(trigger.run.htmlUrl)}${detailsLink(runPage)} · Delivery: ${inCode(trigger.deliveryId)}`,
    ...lastResults(results, timeTitle),
    'Dispatcher is a GitHub App that starts workflows in other repositories, as configured in `dispatching.yml`. It updates this issue after later runs, and closes it after the next run that it can plan.',
    issueMarker(name),
  ].join('\n\n');
}

/** Returns the body of a closed issue. */
export function closedPlanIssueBody(name: string, results: readonly IssueResult[]): string {
  return [
    'Dispatcher can plan workflow runs of this repository again.',
    ...lastResults(results, timeTitle),
    'Dispatcher reopens this issue if it cannot plan a later run.',
    issueMarker(name),
  ].join('\n\n');
}

export function planClosingComment({ run }: RunCompleted): string {
  return `Dispatcher planned a newer run: ${link(run.htmlUrl)}. The runs that it could not plan before are not planned again by themselves; the operators of Dispatcher can replay them.`;
}
