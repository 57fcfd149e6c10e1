import { type Check, type Code, type Responsible, type Route, routeLabel } from '@dispatcher/contracts';
import type { IssueResult } from '@dispatcher/store';
import { hasStarted } from './issue-step.ts';

/** The content of an issue about a route whose last run did not start the target workflow. */
export interface IssueContent {
  /** Identifies the issue; see {@link issueMarker}. */
  readonly name: string;
  readonly route: Route;
  readonly code: Code;
  readonly message: string;
  readonly fix: string;
  readonly responsible: Responsible;
  /** The source's own checks. Checks of the target must not be shown. */
  readonly checks: readonly Check[];
  readonly sourceRunUrl: string;
  readonly correlationId: string;
  /** The page that documents the codes, with an anchor for each. Null if the operator configured none. */
  readonly docsUrl: string | null;
  /** The run's page in the dashboard. Null if the operator configured no PUBLIC_URL. */
  readonly runPage: string | null;
}

/** The content of an issue about one start, with `CREATE_ISSUES=all`. */
export interface StartContent {
  readonly name: string;
  readonly route: Route;
  readonly ref: string;
  readonly sourceRunUrl: string;
  /** Null if the target hides the run, or if GitHub did not name it. */
  readonly targetRunUrl: string | null;
  /** The target's inbound rule says `report: none`. */
  readonly isHidden: boolean;
  readonly correlationId: string;
}

export const issueLabel = 'dispatcher';
/** A separate label, so that a search for the issue of a route does not have to page through thousands of these. */
export const startLabel = 'dispatcher-started';

/** Returns the hidden marker in the body, by which an issue is found if its record is lost. */
export function issueMarker(name: string): string {
  return `<!-- dispatcher:route:${name} -->`;
}

export function issueTitle(route: Route): string {
  return `Dispatcher did not start ${routeLabel(route)}`.slice(0, 250);
}

export function startTitle(route: Route): string {
  return `Dispatcher started ${routeLabel(route)}`.slice(0, 250);
}

export const responsibleLabels: Readonly<Record<Responsible, string>> = {
  source: 'the maintainers of this repository',
  target: 'the maintainers of the target repository',
  operator: 'the operators of Dispatcher',
  nobody: 'nobody',
};

export function issueBody(content: IssueContent, results: readonly IssueResult[]): string {
  const { code, docsUrl } = content;
  const documented = docsUrl === null ? inCode(code) : `[${inCode(code)}](${docsUrl}#${code})`;
  return [
    `A workflow run completed, but Dispatcher did not start the workflow that depends on it: ${inCode(routeLabel(content.route))}.`,
    inBlock(content.message),
    `**What to do**`,
    inBlock(content.fix),
    `**Responsible**: ${responsibleLabels[content.responsible]}`,
    ...(content.checks.length === 0 ? [] : ['**Checks of this repository**', checkTree(content.checks)]),
    `Code: ${documented} · Run: ${link(content.sourceRunUrl)}${detailsLink(content.runPage)} · Delivery: ${inCode(content.correlationId)}`,
    ...lastResults(results),
    'Dispatcher is a GitHub App that starts workflows in other repositories, as configured in `dispatching.yml`. It updates this issue after later runs, and closes it when it starts the workflow again.',
    issueMarker(content.name),
  ].join('\n\n');
}

/** Returns the link to the run's page in the dashboard, which shows every check to those who may see it. */
export function detailsLink(runPage: string | null): string {
  return runPage === null ? '' : ` · [Details in Dispatcher](${runPage})`;
}

/** Returns the body of a closed issue. */
export function closedBody(name: string, route: Route, results: readonly IssueResult[]): string {
  return [
    `Dispatcher started the workflow again: ${inCode(routeLabel(route))}.`,
    ...lastResults(results),
    'Dispatcher reopens this issue if it does not start the workflow after a later run.',
    issueMarker(name),
  ].join('\n\n');
}

export function closingComment(targetRunUrl: string | null, sourceRunUrl: string): string {
  const started = targetRunUrl === null ? 'GitHub accepted the dispatch.' : `Started run: ${link(targetRunUrl)}.`;
  return `${started} Source run: ${link(sourceRunUrl)}.`;
}

export function startBody(content: StartContent): string {
  const { name, route, ref, sourceRunUrl, targetRunUrl, isHidden, correlationId } = content;
  const unnamed = isHidden ? 'the target does not report its run' : 'GitHub did not name it';
  return [
    `A workflow run completed, and Dispatcher started the workflow that depends on it: ${inCode(routeLabel(route))}.`,
    [
      `- Ref: ${inCode(ref)}`,
      `- Started run: ${targetRunUrl === null ? unnamed : link(targetRunUrl)}`,
      `- Source run: ${link(sourceRunUrl)}`,
      `- Delivery: ${inCode(correlationId)}`,
    ].join('\n'),
    issueMarker(name),
  ].join('\n\n');
}

/** Lists the sides with their checks, and what each check expected. */
function checkTree(checks: readonly Check[]): string {
  const sides = [...new Set(checks.map(({ side }) => side))];
  return sides
    .map((side) => {
      const own = checks.filter((check) => check.side === side);
      return [`- ${mark(own.every(({ satisfied }) => satisfied))} ${side}`, ...own.map(checkLine)].join('\n');
    })
    .join('\n');
}

function checkLine({ name, satisfied, expected, actual }: Check): string {
  return `  - ${mark(satisfied)} ${inCode(name)}: expected ${inCode(expected)}, found ${inCode(actual)}`;
}

function mark(satisfied: boolean): string {
  return satisfied ? '✓' : '✗';
}

/** Lists the results in a table; `timeTitle` says what their times are. */
export function lastResults(results: readonly IssueResult[], timeTitle = 'Run ended'): string[] {
  const rows = results.map(
    (result) =>
      `| ${inCode(result.endedAt)} | ${link(result.runUrl)} | ${hasStarted(result) ? 'started' : inCode(result.code)} |`,
  );
  return rows.length === 0
    ? []
    : ['**Last results**', [`| ${timeTitle} | Run | Result |`, '| --- | --- | --- |', ...rows].join('\n')];
}

// URLs of runs come from GitHub. Anything that is not a plain URL is shown as code instead of a link.
const plainUrl = /^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w.-]+)+$/;

export function link(url: string): string {
  return plainUrl.test(url) ? `[${url.slice(url.lastIndexOf('/') + 1)}](${url})` : inCode(url);
}

// Anyone can choose branch names and rule values. Inside code, nothing is a mention, a link, markup or the end of a
// comment. A fence that is longer than any run of backticks inside cannot be closed from inside.
function fence(text: string, minLength: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return '`'.repeat(Math.max(minLength, longest + 1));
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 1_000);
}

export function inCode(text: string): string {
  // A pipe ends a table cell, even inside code.
  const shown = printable(text).replaceAll('|', '¦');
  const ticks = fence(shown, 1);
  return shown.trim() === '' ? '(empty)' : `${ticks} ${shown} ${ticks}`;
}

export function inBlock(text: string): string {
  const shown = printable(text);
  const ticks = fence(shown, 3);
  return `${ticks}text\n${shown}\n${ticks}`;
}
