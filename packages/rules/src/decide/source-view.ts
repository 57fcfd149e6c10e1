import { type Responsible, type Check, type Code, codes, type Decision } from '@dispatcher/contracts';
import { type CheckName, checkTable } from '../checks/checks.ts';

/** The part of a decision that people of the source repository, or the holder of the API key, may see. */
export interface SourceView {
  readonly code: Code;
  readonly message: string;
  readonly fix: string;
  readonly responsible: Responsible;
  readonly checks: readonly Check[];
}

const namingRuns: readonly CheckName[] = ['inbound-repository', 'inbound-workflow', 'inbound-target'];
const namingKeys: readonly CheckName[] = ['inbound-key', 'inbound-target'];

/**
 * Reduces a decision to what the source may see: its own checks in full, and code, message and fix of the target side.
 * If the target is not public and no inbound rule names the source, every reason on the target side becomes
 * `target-refused` with the same text, so that it does not reveal whether the repository exists.
 */
export function asSeenBySource(decision: Decision): SourceView {
  const checks = decision.checks.filter(({ side }) => side !== 'target');
  const { code, message, fix, responsible } = decision;
  if (!isTargetCode(code)) return { code, message, fix, responsible, checks };
  const shown = mayKnow(decision) ? code : 'target-refused';
  // The title instead of the message: a message quotes the target's rule or file.
  return {
    code: shown,
    message: codes[shown].title,
    fix: codes[shown].fix,
    responsible: codes[shown].responsible,
    checks,
  };
}

function mayKnow({ target, checks, route }: Decision): boolean {
  if (target?.visibility === 'public') return true;
  const naming = 'key' in route.source ? namingKeys : namingRuns;
  return naming.every((name) => checks.some((check) => check.name === name && check.satisfied));
}

const targetCodes: ReadonlySet<string> = new Set(
  Object.values(checkTable).flatMap(({ side, code }) => (side === 'target' ? [code] : [])),
);

function isTargetCode(code: Code): boolean {
  return targetCodes.has(code);
}
