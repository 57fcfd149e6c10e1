import {
  type Responsible,
  type Check,
  type ClosestRule,
  type Decision,
  type Plan,
  targetLabel,
} from '@dispatcher/contracts';

const who: Readonly<Record<Responsible, string>> = {
  source: 'the people of the source repository',
  target: 'the people of the target repository',
  operator: 'the operator of this App',
  nobody: 'nobody',
};

const sides = [
  ['run', 'the run'],
  ['operator', 'the operator’s guard rails'],
  ['source', 'the source'],
  ['target', 'the target'],
] as const;

/** The plan as trees for people: side, condition, expected, actual, what to change. */
export function asText(plan: Plan, generation: number): string {
  const lines = [`${plan.outcome}: ${visible(plan.message)}`];
  if (plan.decisions.length === 0) {
    lines.push(...advice(plan), ...tree(plan.checks), ...plan.unmatched.flatMap(leftOut));
  } else {
    for (const decision of plan.decisions) lines.push('', ...decisionLines(decision, generation));
    if (plan.unmatched.length > 0) lines.push('', ...plan.unmatched.flatMap(leftOut));
  }
  return `${lines.join('\n')}\n`;
}

function decisionLines(decision: Decision, generation: number): string[] {
  const { effect, code, message, route, ref, inputs, rule, dispatchId } = decision;
  const id = route.id === undefined ? '' : `#${route.id}`;
  const inputLines = Object.entries(inputs).map(([name, value]) => `  input ${name}: ${visible(value)}`);
  return [
    `${mark(effect === 'allow')} ${effect} ${targetLabel(route.target)}${id} (${rule})`,
    `  ${code}: ${visible(message)}`,
    ...(effect === 'allow' ? [] : advice(decision)),
    `  dispatch id: ${dispatchId} (generation ${generation})`,
    `  ref: ${ref === null ? 'unknown' : visible(ref)}`,
    ...inputLines,
    ...tree(decision.checks),
  ];
}

function advice({ fix, responsible }: { readonly fix: string; readonly responsible: Responsible }): string[] {
  return [`  what to change: ${fix}`, `  who must act: ${who[responsible]}`];
}

function tree(checks: readonly Check[]): string[] {
  const groups = sides.flatMap(([side, title]) => {
    const own = checks.filter((check) => check.side === side);
    return own.length === 0 ? [] : [{ title, own }];
  });
  return groups.flatMap(({ title, own }, index) => {
    const isLast = index === groups.length - 1;
    return [
      `  ${isLast ? '└─' : '├─'} ${title}`,
      ...own.map((check, at) => `  ${isLast ? '  ' : '│ '} ${at === own.length - 1 ? '└─' : '├─'} ${line(check)}`),
    ];
  });
}

function line({ name, satisfied, expected, actual }: Check): string {
  return `${mark(satisfied)} ${name}: expected ${visible(expected)}; actual ${visible(actual)}`;
}

function leftOut({ rule, checks }: ClosestRule): string[] {
  return [
    `${rule} does not fit:`,
    ...checks.map((check, at) => `  ${at === checks.length - 1 ? '└─' : '├─'} ${line(check)}`),
  ];
}

function mark(satisfied: boolean): string {
  return satisfied ? '✓' : '✗';
}

/** Branch names and values come from others: escape sequences in them would be obeyed by a terminal. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
