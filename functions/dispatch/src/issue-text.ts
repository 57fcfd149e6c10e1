import { type Act, type Check, type Route, routeLabel } from '@dispatcher/contracts';

/** What an issue says about the last run of a route that started nothing. */
export interface IssueContent {
  readonly routeId: string;
  readonly route: Route;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly act: Act;
  /** The source's own checks: of the target's nothing may be shown. */
  readonly checks: readonly Check[];
  readonly sourceRunUrl: string;
  readonly correlationId: string;
}

export const issueLabel = 'dispatcher';

/** Hidden in the body: with it the issue is found again where our own record of it is lost. */
export function issueMarker(routeId: string): string {
  return `<!-- dispatcher:route:${routeId} -->`;
}

export function issueTitle(route: Route): string {
  return `Dispatcher did not start ${routeLabel(route)}`.slice(0, 250);
}

const whoActs: Record<Act, string> = {
  source: 'The maintainers of this repository.',
  target: 'The maintainers of the target repository.',
  operator: 'The operators of Dispatcher.',
  nobody: 'Nobody.',
};

export function issueBody(content: IssueContent): string {
  const checks = content.checks.map(
    ({ name, satisfied, expected, actual }) =>
      `| ${satisfied ? '✓' : '✗'} | ${inCode(name)} | ${inCode(expected)} | ${inCode(actual)} |`,
  );
  return [
    `A run completed, and the workflow it asks for was not started: ${inCode(routeLabel(content.route))}.`,
    inBlock(content.message),
    `**What to do**`,
    inBlock(content.fix),
    `**Who must act**: ${whoActs[content.act]}`,
    ...(checks.length === 0
      ? []
      : [['| | check | expected | actual |', '| --- | --- | --- | --- |', ...checks].join('\n')]),
    `Code ${inCode(content.code)} · run ${inCode(content.sourceRunUrl)} · delivery ${inCode(content.correlationId)}`,
    'This issue is about the last run of this route; it is updated and no second one is opened.',
    issueMarker(content.routeId),
  ].join('\n\n');
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
