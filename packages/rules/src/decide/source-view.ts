import {
  type Check,
  type Code,
  codes,
  type Decision,
  fixOf,
  kindOfSource,
  type Responsible,
  sourceMessageOf,
  targetLabel,
} from '@dispatcher/contracts';
import { type CheckName, checkNames, checkTable, codeOf, unsatisfied } from '../checks/checks.ts';
import { fillText } from './fill-message.ts';

/** The part of a decision that people of the source repository, or the holder of the API key, may see. */
export interface SourceView {
  readonly code: Code;
  readonly message: string;
  readonly fix: string;
  readonly responsible: Responsible;
  readonly checks: readonly Check[];
}

/** Codes of plans, which belong to no check. */
const planCodes: readonly Code[] = ['planned', 'no-match', 'no-config', 'plan-too-large'];

const namingRuns: readonly CheckName[] = ['inbound-repository', 'inbound-workflow', 'inbound-target'];

/**
 * Reduces a decision to what the source may see: its own checks in full, and code, message and fix of the target side.
 * If the target is not public and no inbound rule names the source, every reason on the target side becomes
 * `target-refused` with the same text, so that it does not reveal whether the repository exists.
 */
export function asSeenBySource(decision: Decision): SourceView {
  const checks = checksSeenBySource(decision.checks);
  const { effect, code, fix, responsible, route } = decision;
  if (sourceCodes.has(code) || effect === 'allow') {
    return { code, message: ownMessageOf(decision), fix, responsible, checks };
  }
  const shown = mayKnow(decision) ? code : 'target-refused';
  return {
    code: shown,
    message: messageFor(decision, shown),
    fix: fixOf(shown, kindOfSource(route.source).kind),
    responsible: codes[shown].responsible,
    checks,
  };
}

/** Returns the checks that are not of the target, without names that only other files say. */
export function checksSeenBySource(checks: readonly Check[]): Check[] {
  return checks.filter(({ side }) => side !== 'target').map(withoutNames);
}

/**
 * Returns a check without what it quotes of the chain of dispatches that led to the run, or of the policy of the source's
 * owner: both can name private repositories, and everybody who can read the source can read its issues and checks.
 */
function withoutNames(check: Check): Check {
  const quoted = quotingChecks[check.name as CheckName];
  if (quoted === 'names') return { ...check, expected: 'what the policy accepts' };
  if (quoted === 'errors' && !check.satisfied) return { ...check, actual: 'errors' };
  if (quoted !== 'chain' || !check.actual.includes('/')) return check;
  return { ...check, actual: check.actual.replace(/\S+\/.*/su, 'other workflows') };
}

const quotingChecks: Partial<Record<CheckName, 'chain' | 'names' | 'errors'>> = {
  'no-loop': 'chain',
  depth: 'chain',
  'policy-source': 'names',
  'policy-valid': 'errors',
};

/** The codes whose messages quote what {@link checksSeenBySource} leaves out. */
export const codesWithNames: ReadonlySet<string> = new Set(
  Object.keys(quotingChecks).map((name) => checkTable[name as CheckName].code),
);

/** Returns the message of a code of the source; the title of the code if the message quotes what a check must not show. */
function ownMessageOf({ code, message, checks }: Decision): string {
  const failed = unsatisfied(checks).find((check) => codeOf(check) === code);
  return failed === undefined || withoutNames(failed) === failed ? message : codes[code].title;
}

/**
 * Returns the message for the source. A message quotes the target's rule or file, so the source sees the title of the
 * code instead, except in two cases. If an inbound rule accepts the route, the source sees the whole message, because
 * GitHub would tell it the same about the workflow's inputs. If a rule names the source, the source sees which of its
 * own inputs, or that its own ref, is not accepted.
 */
function messageFor(decision: Decision, shown: Code): string {
  const { code, message, checks, route } = decision;
  if (shown === code && isNamed(decision)) {
    const failed = checks.find((check) => !check.satisfied && codeOf(check) === code);
    const sentence = sourceMessageOf(code);
    if (failed !== undefined && preflight.has(code)) return message;
    if (failed !== undefined && sentence !== null) {
      return fillText(sentence, { target: targetLabel(route.target), actual: failed.actual });
    }
  }
  return codes[shown].title;
}

/** The codes of the checks after consent and policy: if one of them is the first to fail, an inbound rule accepts the route. */
const preflight: ReadonlySet<string> = new Set(
  checkNames.slice(checkNames.indexOf('app-permission')).map((name) => checkTable[name].code),
);

function mayKnow(decision: Decision): boolean {
  return decision.target?.visibility === 'public' || isNamed(decision);
}

/** Tells whether an inbound rule names the source and the target of the route. */
function isNamed({ checks, route }: Decision): boolean {
  const { kind } = kindOfSource(route.source);
  const naming: readonly CheckName[] =
    kind === 'run' || kind === 'job' ? namingRuns : [`inbound-${kind}`, 'inbound-target'];
  // A repository that was registered again under the name of the source is not the one that the rule names.
  const isReplaced = checks.some(({ name, satisfied }) => name === 'inbound-source-id' && !satisfied);
  // A rule that is disabled accepts nobody, and tells nobody that the repository exists.
  const isDisabled = checks.some(({ name, satisfied }) => name === 'inbound-enabled' && !satisfied);
  return (
    !isReplaced && !isDisabled && naming.every((name) => checks.some((check) => check.name === name && check.satisfied))
  );
}

/** The codes that depend on the source, the run or the operator alone. Every other code says something about the target. */
const sourceCodes: ReadonlySet<string> = codesOfSource();

function codesOfSource(): Set<string> {
  const entries = Object.values(checkTable);
  const ofTarget = new Set<string>(entries.flatMap(({ side, code }) => (side === 'target' ? [code] : [])));
  return new Set([...entries.map(({ code }) => code), ...planCodes].filter((code) => !ofTarget.has(code)));
}

/** A dispatch that GitHub or Dispatcher refused after the decision. */
export interface RefusedDispatch {
  readonly code: Code;
  readonly message: string;
  /** What the source may see, if Dispatcher refused the dispatch itself. Absent: code and message. */
  readonly sourceView?: { readonly code: Code; readonly message: string } | undefined;
}

/** Reduces the refusal of an allowed dispatch to what the source may see: nothing of the target but code, message and fix. */
export function refusalAsSeenBySource({ route }: Decision, refusal: RefusedDispatch): SourceView {
  const { code, message } = refusal.sourceView ?? refusal;
  return {
    code,
    message,
    fix: fixOf(code, kindOfSource(route.source).kind),
    responsible: codes[code].responsible,
    checks: [],
  };
}
