import { type Code, codes, type Decision } from '@dispatcher/contracts';
import { checkNames, checkTable } from '@dispatcher/rules';
import { describe, expect, test } from '@jest/globals';
import { decidedRoute } from '../testing/decisions.ts';
import { planReports } from './issue-plan.ts';
import { issueBody, issueTitle } from './issue-text.ts';

const secret = 'SECRET-OF-THE-TARGET';
const allCodes = Object.keys(codes) as Code[];
const settings = { createIssues: 'all', docsUrl: 'https://docs.example/codes', publicUrl: null } as const;
const isOfTarget = (code: Code) =>
  checkNames.some((name) => checkTable[name].side === 'target' && checkTable[name].code === code);

function denied(code: Code, change: Partial<Decision>) {
  const { title, fix, responsible } = codes[code];
  const decided = decidedRoute({ effect: 'deny', code, message: title, fix, responsible, ...change });
  const { target, targetFile, ...rest } = decided.data.decision;
  const decision = change.target === undefined ? rest : { ...rest, target, targetFile };
  return { ...decided, data: { ...decided.data, decision: decision as Decision } };
}

/** Returns every text that an issue about this decision has. */
function textsOf(decided: ReturnType<typeof denied>): string[] {
  return planReports(decided, null, settings).flatMap((report) =>
    report.kind === 'problem' ? [issueTitle(report.content.route), issueBody(report.content, [])] : ['not a problem'],
  );
}

/** A private target that exists, does not name the source, and whose file the decision quotes. */
const hidden = (code: Code) =>
  denied(code, {
    ...(isOfTarget(code) ? { message: secret, fix: secret } : {}),
    checks: [{ side: 'target', name: 'inbound-repository', satisfied: false, expected: secret, actual: secret }],
    target: { repositoryId: 22, installationId: 5, visibility: 'private' },
    targetFile: { repository: secret, sha: 'd'.repeat(40), path: secret },
    ref: secret,
    wouldRefuse: [{ side: 'target', name: 'target-policy-target', satisfied: false, expected: secret, actual: secret }],
  });
const absent = (code: Code) => denied(isOfTarget(code) ? 'target-not-visible' : code, { checks: [], ref: null });

describe('the issue about a route', () => {
  test.each(allCodes)('with %s is the same, byte for byte, whether a hidden target exists or not', (code) => {
    const texts = textsOf(hidden(code));
    expect(texts).toEqual(textsOf(absent(code)));
    expect(texts.join('\n')).not.toContain(secret);
  });
});
