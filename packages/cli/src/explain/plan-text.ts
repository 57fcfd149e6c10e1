import {
  type Responsible,
  type Check,
  type ClosestRule,
  type Decision,
  type IgnoredRunReason,
  isDryRun,
  type Plan,
  targetLabel,
} from '@dispatcher/contracts';

const responsibleNames: Readonly<Record<Responsible, string>> = {
  source: 'the maintainers of the source repository',
  target: 'the maintainers of the target repository',
  operator: 'the operator of this App',
  nobody: 'nobody',
};

const sides = [
  ['run', 'the run'],
  ['operator', 'the operator’s guard rails'],
  ['source', 'the source'],
  ['target', 'the target'],
] as const;

/**
 * Renders the plan as trees: side, condition, expected, actual, what to change.
 * @param assumedWorkflows what the plan assumes to have succeeded on the same commit
 */
export function planText(plan: Plan, generation: number, assumedWorkflows: readonly string[] = []): string {
  const assumption =
    assumedWorkflows.length === 0
      ? []
      : [`Assumes that these workflows succeeded on the same commit: ${visible(assumedWorkflows.join(', '))}.`];
  const lines = [answer(plan), ...assumption, `${plan.outcome}: ${visible(plan.message)}`];
  if (plan.decisions.length === 0) {
    lines.push(...advice(plan), ...tree(plan.checks), ...plan.unmatched.flatMap(unmatchedLines));
  } else {
    for (const decision of plan.decisions) lines.push('', ...decisionLines(decision, generation));
    if (plan.unmatched.length > 0) lines.push('', ...plan.unmatched.flatMap(unmatchedLines));
  }
  return `${lines.join('\n')}\n`;
}

/** Returns what the run starts, in one line. */
function answer({ decisions }: Plan): string {
  const started = decisions.filter(({ effect }) => effect === 'allow').map(({ route }) => targetLabel(route.target));
  const dryRuns = decisions.filter(isDryRun).map(({ route }) => targetLabel(route.target));
  return [
    started.length === 0 ? 'Starts nothing.' : `Starts ${visible(started.join(', '))}.`,
    ...(dryRuns.length === 0 ? [] : [`Would start, but for a dry run: ${visible(dryRuns.join(', '))}.`]),
  ].join(' ');
}

/** Renders a run that is ignored. */
export function ignoredText(reason: IgnoredRunReason, message: string): string {
  return `ignored: ${reason}\n  ${visible(message)}\n`;
}

function decisionLines(decision: Decision, generation: number): string[] {
  const { effect, code, message, route, ref, inputs, rule, pattern, dispatchId } = decision;
  const place = pattern === undefined ? rule : `${rule}: ${pattern}`;
  const id = route.id === undefined ? '' : `#${route.id}`;
  const inputLines = Object.entries(inputs).map(([name, value]) => `  input ${name}: ${visible(value)}`);
  return [
    `${mark(effect === 'allow')} ${effect} ${targetLabel(route.target)}${id} (${place})`,
    `  ${code}: ${visible(message)}`,
    ...(effect === 'allow' ? [] : advice(decision)),
    `  dispatch id: ${dispatchId} (generation ${generation})`,
    `  ref: ${ref === null ? 'unknown' : visible(ref)}`,
    ...inputLines,
    ...tree(decision.checks),
    ...evaluated(decision.wouldRefuse),
  ];
}

function evaluated(checks: readonly Check[] = []): string[] {
  return checks.length === 0
    ? []
    : ['  A policy that is only evaluated would refuse it:', ...checks.map((check) => `  ${line(check)}`)];
}

function advice({ fix, responsible }: { readonly fix: string; readonly responsible: Responsible }): string[] {
  return [`  what to change: ${fix}`, `  responsible: ${responsibleNames[responsible]}`];
}

function tree(checks: readonly Check[]): string[] {
  const groups = sides.flatMap(([side, title]) => {
    const ofSide = checks.filter((check) => check.side === side);
    return ofSide.length === 0 ? [] : [{ title, ofSide }];
  });
  return groups.flatMap(({ title, ofSide }, index) => {
    const isLast = index === groups.length - 1;
    return [
      `  ${isLast ? '└─' : '├─'} ${title}`,
      ...ofSide.map(
        (check, at) => `  ${isLast ? '  ' : '│ '} ${at === ofSide.length - 1 ? '└─' : '├─'} ${line(check)}`,
      ),
    ];
  });
}

function line({ name, satisfied, expected, actual }: Check): string {
  return `${mark(satisfied)} ${name}: expected ${visible(expected)}; actual ${visible(actual)}`;
}

function unmatchedLines({ rule, checks }: ClosestRule): string[] {
  return [
    `${rule} does not match:`,
    ...checks.map((check, at) => `  ${at === checks.length - 1 ? '└─' : '├─'} ${line(check)}`),
  ];
}

function mark(satisfied: boolean): string {
  return satisfied ? '✓' : '✗';
}

/** Replaces control characters: branch names and values are untrusted, and must not control the terminal. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
