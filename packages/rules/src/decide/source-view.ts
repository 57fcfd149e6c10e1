import { type Responsible, type Check, type Code, codes, type Decision } from '@dispatcher/contracts';
import { type CheckName, checkTable } from '../checks/checks.ts';

/** What the people of the source repository, or whoever holds the key, may see of a decision. */
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
 * The source's own checks in full; of the target code, message and fix only. Where the target is not public and no
 * inbound rule names the source, every reason of the target's becomes `target-refused` with the same words, so that
 * nobody learns from it whether a repository exists.
 */
export function asSeenBySource(decision: Decision): SourceView {
  const checks = decision.checks.filter(({ side }) => side !== 'target');
  const { code, message, fix, responsible } = decision;
  if (!isOfTarget(code)) return { code, message, fix, responsible, checks };
  const shown = mayKnow(decision) ? code : 'target-refused';
  // The title and not the message: a message holds what the target's rule or file says.
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

function isOfTarget(code: Code): boolean {
  return targetCodes.has(code);
}
