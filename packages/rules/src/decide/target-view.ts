import {
  type Check,
  type Code,
  codes,
  type Decision,
  fixOf,
  kindOfSource,
  type Responsible,
  sourceLabel,
} from '@dispatcher/contracts';
import { checkTable } from '../checks/checks.ts';

/** The part of a decision that people of the target repository may see: the mirror of `SourceView`. */
export interface TargetView {
  /** The source as the target's own rule names it. */
  readonly source: string;
  readonly code: Code;
  readonly message: string;
  readonly fix: string;
  readonly responsible: Responsible;
  readonly checks: readonly Check[];
}

/**
 * Reduces a decision to what the target may see: its own checks in full, and of the source no more than that it did not
 * start the route. Returns null if no inbound rule names the source literally: such a source is counted, and never named,
 * because a pattern such as `octo-org/*` must not list the repositories of its owner.
 */
export function asSeenByTarget(decision: Decision): TargetView | null {
  const { effect, code, message, fix, responsible, route } = decision;
  if (!isNamedLiterally(decision)) return null;
  const checks = decision.checks.filter(({ side }) => side === 'target');
  const source = sourceLabel(route.source);
  if (effect === 'allow' || targetCodes.has(code)) return { source, code, message, fix, responsible, checks };
  const shown = 'source-refused';
  return {
    source,
    code: shown,
    message: codes[shown].title,
    fix: fixOf(shown, kindOfSource(route.source).kind),
    responsible: codes[shown].responsible,
    checks,
  };
}

/** What the people of a target may see of several decisions about it. */
export interface TargetViews {
  readonly named: readonly TargetView[];
  /** How many sources no inbound rule names literally. */
  readonly unnamedSources: number;
}

/** Reduces decisions about one target, and counts the sources that its file does not name. */
export function allAsSeenByTarget(decisions: readonly Decision[]): TargetViews {
  const named: TargetView[] = [];
  const unnamed = new Set<string>();
  for (const decision of decisions) {
    const view = asSeenByTarget(decision);
    if (view === null) unnamed.add(sourceNameOf(decision).toLowerCase());
    else named.push(view);
  }
  return { named, unnamedSources: unnamed.size };
}

function sourceNameOf({ route: { source } }: Decision): string {
  return 'repository' in source ? source.repository : sourceLabel(source);
}

/** Checks of an inbound rule whose `expected` is the text of the rule, without a pattern that other names match too. */
const namingChecks: ReadonlySet<string> = new Set([
  'inbound-repository',
  'inbound-key',
  'inbound-schedule',
  'inbound-webhook',
]);

function isNamedLiterally({ checks }: Decision): boolean {
  return checks.some(({ name, satisfied, expected }) => satisfied && namingChecks.has(name) && !expected.includes('*'));
}

const targetCodes: ReadonlySet<string> = new Set(
  Object.values(checkTable).flatMap(({ side, code }) => (side === 'target' ? [code] : [])),
);
