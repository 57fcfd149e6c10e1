import {
  type Check,
  type ClosestRule,
  isDryRun,
  isLeftToAnotherRun,
  type Responsible,
  type Route,
  targetLabel,
} from '@dispatcher/contracts';
import type { Terminal } from '../command.ts';
import { type Style, styled, withoutControls } from '../command-line/text-table.ts';
import type { RouteResult, RunResult } from './run-result.ts';

type Colours = Pick<Terminal, 'hasColors'>;

export interface RunTextOptions {
  /** Prints satisfied checks, too. */
  readonly allChecks: boolean;
  /** Ends a sentence that names the run: its URL or its run key. */
  readonly run: string;
}

/** Who must act, after the text that says what to do. Empty if nobody must: the run starts nothing by design. */
const responsibleSuffixes: Readonly<Record<Responsible, string>> = {
  source: ' (the maintainers of the source repository)',
  target: ' (the maintainers of the target repository)',
  operator: ' (the operator of this App)',
  nobody: '',
};

/** Returns the answer, then the tree of the failed checks, then what to do. */
export function runText(result: RunResult, options: RunTextOptions, terminal: Colours): string {
  const sections = [answerLines(result, terminal), treeLines(result, options, terminal), adviceLines(result, options)];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Returns what became of the run: one line, and one for each route. */
export function answerLines(result: RunResult, terminal: Colours): string[] {
  const { planned, ignored, delayed, routes } = result;
  const line = (mark: keyof typeof marks, text: string) => marked(mark, text, terminal);
  if (delayed !== null) {
    return [
      line('wait', `Not decided yet, because GitHub could not be read: ${delayed.data.message}`),
      `  The next try is at ${delayed.data.nextTryAt}; the last one at ${delayed.data.giveUpAt}.`,
    ];
  }
  if (planned === null && ignored !== null) {
    return [line('no', `Nothing was started: the run is ignored (${ignored.data.reason}). ${ignored.data.message}`)];
  }
  if (planned === null) return [line('wait', 'Not decided yet.')];
  const { message, code } = planned.data;
  if (routes.length === 0) return [line('no', `Nothing was started: ${message} (${code})`)];
  return routes.map((route) => routeLine(route, terminal));
}

function routeLine(route: RouteResult, terminal: Colours): string {
  const { decision, accepted, failed, completed } = route;
  const target = labelOf(decision.route);
  // The message says itself that nothing was started, and nobody refused it.
  if (isDryRun(decision) || isLeftToAnotherRun(decision)) {
    return marked('wait', `${decision.message} (${decision.code})`, terminal);
  }
  if (decision.effect === 'deny') {
    return marked('no', `${target} was not started: ${decision.message} (${decision.code})`, terminal);
  }
  if (failed !== null) return marked('no', `${target} was not started: ${failed.message} (${failed.code})`, terminal);
  if (accepted === null) return marked('wait', `${target} is allowed and not started yet.`, terminal);
  const where = completed?.targetRunUrl ?? accepted.htmlUrl;
  const started = `${target} was started${where === null ? '' : `: ${where}`}`;
  if (completed === null) return marked('yes', started, terminal);
  const isGood = completed.conclusion === 'success';
  const code = completed.code === undefined ? '' : ` (${completed.code})`;
  return marked(isGood ? 'yes' : 'no', `${started}, and ended with ${completed.conclusion}${code}`, terminal);
}

function treeLines({ planned, routes }: RunResult, { allChecks }: RunTextOptions, terminal: Colours): string[] {
  const shown = (checks: readonly Check[]) => checks.filter(({ satisfied }) => allChecks || !satisfied);
  const denied = routes.filter(({ decision }) => allChecks || decision.effect === 'deny');
  const groups: ClosestRule[] = [
    ...(routes.length === 0 ? [{ rule: 'the run', checks: planned?.data.checks ?? [] }] : []),
    ...denied.flatMap(({ decision: { route, rule, checks, closest } }) => [
      { rule: `${labelOf(route)} (${rule})`, checks },
      ...(closest === undefined || isRepeated(closest, checks)
        ? []
        : [{ rule: `closest rule of the target: ${closest.rule}`, checks: closest.checks }]),
    ]),
    ...routes.flatMap(({ decision: { route, wouldRefuse = [] } }) =>
      wouldRefuse.length === 0
        ? []
        : [{ rule: `${labelOf(route)}: a policy that is only evaluated would refuse it`, checks: wouldRefuse }],
    ),
    ...(routes.length === 0 || allChecks ? (planned?.data.unmatched ?? []) : []),
  ]
    .map(({ rule, checks }) => ({ rule, checks: shown(checks) }))
    .filter(({ checks }) => checks.length > 0);
  return groups.flatMap(({ rule, checks }) => [
    withoutControls(rule),
    ...checks.map((check, at) => `${at === checks.length - 1 ? '└─' : '├─'} ${checkLine(check, terminal)}`),
  ]);
}

/** Whether the failed checks of the closest rule are already among those of the decision. */
function isRepeated(closest: ClosestRule, checks: readonly Check[]): boolean {
  const failed = new Set(checks.filter(({ satisfied }) => !satisfied).map(({ name }) => name));
  return closest.checks.every(({ satisfied, name }) => satisfied || failed.has(name));
}

function checkLine({ side, name, satisfied, expected, actual }: Check, terminal: Colours): string {
  return marked(satisfied ? 'yes' : 'no', `${side} ${name}: expected ${expected}; actual ${actual}`, terminal);
}

interface Advice {
  readonly fix: string;
  readonly responsible: Responsible;
}

function adviceLines({ planned, routes, deadLetters, delayed }: RunResult, { run }: RunTextOptions): string[] {
  const problems = routes.flatMap(({ decision, failed }): Advice[] =>
    decision.effect === 'deny' ? [decision] : failed === null ? [] : [failed],
  );
  const all = problems.length === 0 && routes.length === 0 && planned !== null ? [planned.data] : problems;
  const advice = [...new Set(all.map(({ fix, responsible }) => `${fix}${responsibleSuffixes[responsible]}`))];
  const replay = `When it is done: dispatcher replay ${run} --re-evaluate --reason TEXT`;
  return [
    ...(advice.length === 0 || delayed !== null
      ? []
      : ['What to do:', ...advice.map((text) => `  ${withoutControls(text)}`), `  ${replay}`]),
    ...deadLetters.map(
      ({ id, data }) =>
        `A message of the queue ${data.queue} became a dead letter (${data.reason}): dispatcher dead-letters inspect ${id}`,
    ),
  ];
}

const marks = { yes: ['✓', 'green'], no: ['✗', 'red'], wait: ['…', 'yellow'] } as const satisfies Record<
  string,
  readonly [string, Style]
>;

function marked(mark: keyof typeof marks, text: string, terminal: Colours): string {
  const [sign, style] = marks[mark];
  return `${styled(sign, style, terminal)} ${withoutControls(text)}`;
}

function labelOf({ target, id }: Route): string {
  return `${targetLabel(target)}${id === undefined ? '' : `#${id}`}`;
}
