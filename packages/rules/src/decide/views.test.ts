import { describe, expect, test } from '@jest/globals';
import { type Check, type Code, codes, type Decision } from '@dispatcher/contracts';
import { checkNames, checkTable } from '../checks/checks.ts';
import { decisionIn } from '../testing/run-scenario.ts';
import { asSeenBySource, refusalAsSeenBySource } from './source-view.ts';

const allCodes = Object.keys(codes) as Code[];
const secret = 'SECRET-OF-THE-TARGET';
const template = decisionIn({ target: { state: 'absent' } });
const targetCheckNames = checkNames.filter((name) => checkTable[name].side === 'target');
const isOfTarget = (code: Code) => targetCheckNames.some((name) => checkTable[name].code === code);

/** A decision about a private target that exists and does not name the source, with this code, quoting its file. */
function hidden(code: Code): Decision {
  const failed = targetCheckNames.filter((name) => checkTable[name].code === code);
  const checks: Check[] = [
    ...template.checks.filter(({ side }) => side !== 'target'),
    ...failed.map((name) => ({ side: 'target' as const, name, satisfied: false, expected: secret, actual: secret })),
  ];
  return {
    ...template,
    code,
    message: isOfTarget(code) ? secret : codes[code].title,
    fix: codes[code].fix,
    responsible: codes[code].responsible,
    checks,
    closest: { rule: 'inbound[0].targets[0]', checks: [] },
    target: { repositoryId: 22, installationId: 5, visibility: 'private' },
    targetFile: { repository: 'octo/deploy', sha: 'd'.repeat(40), path: secret },
    ref: secret,
  };
}

/** The same decision if the target does not exist. Only the codes of the source's own side stay. */
function absent(code: Code): Decision {
  if (isOfTarget(code)) return template;
  const { target: _, targetFile: __, closest: ___, ...rest } = hidden(code);
  return { ...rest, ref: null, checks: template.checks.filter(({ side }) => side !== 'target') };
}

describe('what the source sees of a hidden target', () => {
  test.each(allCodes)('%s looks the same, byte for byte, whether the target exists or not', (code) => {
    const seen = JSON.stringify(asSeenBySource(hidden(code)));
    expect(seen).toBe(JSON.stringify(asSeenBySource(absent(code))));
    expect(seen).not.toContain(secret);
  });

  test('a code that no check has is shown as `target-refused`: what is not known to be of the source is hidden', () => {
    for (const code of ['dispatch-forbidden', 'outcome-unknown', 'run-not-started'] as const) {
      expect(asSeenBySource(hidden(code)).code).toBe('target-refused');
    }
  });

  test('the refusal of an allowed dispatch shows the view that was stored with it, not the precise code', () => {
    const sourceView = { code: 'target-refused', message: codes['target-refused'].title } as const;
    const view = refusalAsSeenBySource(template, { code: 'inbound-no-match', message: secret, sourceView });
    expect(view).toMatchObject({ code: 'target-refused', responsible: 'target', checks: [] });
    expect(JSON.stringify(view)).not.toContain(secret);
  });
});
