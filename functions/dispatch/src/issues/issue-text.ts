import { type Responsible, type Check, type Route, routeLabel } from '@dispatcher/contracts';
import type { IssueResult } from '@dispatcher/store';
import { hasStarted } from './issue-step.ts';

/** What an issue says about the last run of a route that started nothing. */
export interface IssueContent {
  /** What the issue is found again by; see {@link issueMarker}. */
  readonly name: string;
  readonly route: Route;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly responsible: Responsible;
  /** The source's own checks: of the target's nothing may be shown. */
  readonly checks: readonly Check[];
  readonly sourceRunUrl: string;
  readonly correlationId: string;
  /** Where the codes are documented, each under its own anchor; null where the operator named no such page. */
  readonly docsUrl: string | null;
}

/** One start, for operators who want an issue about each. */
export interface StartContent {
  readonly name: string;
  readonly route: Route;
  readonly ref: string;
  readonly sourceRunUrl: string;
  /** Null where GitHub did not say which run it started. */
  readonly targetRunUrl: string | null;
  readonly correlationId: string;
}

export const issueLabel = 'dispatcher';
/** A label of their own: a search for a route's issue must not read through thousands of these. */
export const startLabel = 'dispatcher-started';

/** Hidden in the body: with it the issue is found again where our own record of it is lost. */
export function issueMarker(name: string): string {
  return `<!-- dispatcher:route:${name} -->`;
}

export function issueTitle(route: Route): string {
  return `Dispatcher did not start ${routeLabel(route)}`.slice(0, 250);
}

export function startTitle(route: Route): string {
  return `Dispatcher started ${routeLabel(route)}`.slice(0, 250);
}

const whoActs: Record<Responsible, string> = {
  source: 'The maintainers of this repository.',
  target: 'The maintainers of the target repository.',
  operator: 'The operators of Dispatcher.',
  nobody: 'Nobody.',
};

export function issueBody(content: IssueContent, results: readonly IssueResult[]): string {
  const { code, docsUrl } = content;
  const documented = docsUrl === null ? inCode(code) : `[${inCode(code)}](${docsUrl}#${code})`;
  return [
    `A run completed, and the workflow it asks for was not started: ${inCode(routeLabel(content.route))}.`,
    inBlock(content.message),
    `**What to do**`,
    inBlock(content.fix),
    `**Who must act**: ${whoActs[content.responsible]}`,
    ...(content.checks.length === 0 ? [] : ['**What was checked on your side**', checkTree(content.checks)]),
    `Code ${documented} · run ${link(content.sourceRunUrl)} · delivery ${inCode(content.correlationId)}`,
    ...lastResults(results),
    'This issue is about the last run of this route; it is updated, no second one is opened, and it is closed when the route starts again.',
    issueMarker(content.name),
  ].join('\n\n');
}

/** The body of an issue whose route has started again: what is left of it is its history. */
export function closedBody(name: string, route: Route, results: readonly IssueResult[]): string {
  return [
    `The route ${inCode(routeLabel(route))} started again.`,
    ...lastResults(results),
    'This issue is opened again when the route starts nothing.',
    issueMarker(name),
  ].join('\n\n');
}

export function closingComment(targetRunUrl: string | null, sourceRunUrl: string): string {
  const started = targetRunUrl === null ? 'GitHub took the dispatch.' : `Started: ${link(targetRunUrl)}.`;
  return `${started} The run that asked for it: ${link(sourceRunUrl)}.`;
}

export function startBody({ name, route, ref, sourceRunUrl, targetRunUrl, correlationId }: StartContent): string {
  return [
    `A run completed, and the workflow it asks for was started: ${inCode(routeLabel(route))}.`,
    [
      `- Ref: ${inCode(ref)}`,
      `- Started: ${targetRunUrl === null ? 'yes; GitHub did not say which run' : link(targetRunUrl)}`,
      `- Asked for by: ${link(sourceRunUrl)}`,
      `- Delivery: ${inCode(correlationId)}`,
    ].join('\n'),
    issueMarker(name),
  ].join('\n\n');
}

/** The decision tree: each side, its checks, and what was expected of them. */
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

function lastResults(results: readonly IssueResult[]): string[] {
  const rows = results.map(
    (result) =>
      `| ${inCode(result.endedAt)} | ${link(result.runUrl)} | ${hasStarted(result) ? 'started' : inCode(result.code)} |`,
  );
  return rows.length === 0
    ? []
    : ['**Last results**', ['| run ended | run | result |', '| --- | --- | --- |', ...rows].join('\n')];
}

// A run's address is GitHub's own. It is a link only where it is made of nothing that could be anything else.
const plainUrl = /^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w.-]+)+$/;

function link(url: string): string {
  return plainUrl.test(url) ? `[${url.slice(url.lastIndexOf('/') + 1)}](${url})` : inCode(url);
}

// Branch names and rule values are written by anybody. Inside code nothing is a mention, a link, markup or the end of a
// comment; a fence longer than any run of backticks inside cannot be closed from inside.
function fence(text: string, least: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return '`'.repeat(Math.max(least, longest + 1));
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 1_000);
}

function inCode(text: string): string {
  // A bar would end the table's cell, also inside code.
  const shown = printable(text).replaceAll('|', '¦');
  const ticks = fence(shown, 1);
  return shown.trim() === '' ? '(empty)' : `${ticks} ${shown} ${ticks}`;
}

function inBlock(text: string): string {
  const shown = printable(text);
  const ticks = fence(shown, 3);
  return `${ticks}text\n${shown}\n${ticks}`;
}
