import { describe, expect, test } from '@jest/globals';
import { type Code, codes, type Decision } from '@dispatcher/contracts';
import { checkNames, checkTable } from '@dispatcher/rules';
import { decisionOf } from '../testing/harness.ts';
import { activeParts, maliciousTexts } from '../testing/malicious-texts.ts';
import { type CheckContext, checkNameOf, desiredChecks, type ReportedRoute } from './check-content.ts';
import { type RouteState, routeStateOf } from './route-state.ts';

const secret = 'SECRET-OF-THE-TARGET';
const { decision: template, trigger } = decisionOf(1).data;
const context: CheckContext = {
  createChecks: 'all',
  docsUrl: 'https://docs.example/codes',
  trigger,
  runPage: 'https://dispatcher.example/runs/11-1-1',
  isOverdue: false,
};
const allCodes = Object.keys(codes) as Code[];
const isOfTarget = (code: Code) =>
  checkNames.some((name) => checkTable[name].side === 'target' && checkTable[name].code === code);

function denied(code: Code, change: Partial<Decision>): ReportedRoute {
  const { target: _, targetFile: __, ...rest } = template;
  const { title, fix, responsible } = codes[code];
  const decision: Decision = {
    ...rest,
    effect: 'deny',
    code,
    message: title,
    fix,
    responsible,
    check: 'deploy',
    ...change,
  };
  return { decision, revision: 0, state: routeStateOf({ decision, revision: 0 }, null, null) };
}

/** A private target that exists, does not name the source, and whose file the decision quotes. */
const hidden = (code: Code) =>
  denied(code, {
    ...(isOfTarget(code) ? { message: secret, fix: secret } : {}),
    checks: [{ side: 'target', name: 'inbound-repository', satisfied: false, expected: secret, actual: secret }],
    target: { repositoryId: 22, installationId: 5, visibility: 'private' },
    targetFile: { repository: secret, sha: 'd'.repeat(40), path: secret },
    ref: secret,
  });
const absent = (code: Code) => denied(isOfTarget(code) ? 'target-not-visible' : code, { checks: [], ref: null });

describe('the texts of checks', () => {
  test('are compared for every code that exists, also those of policies and dry runs', () => {
    expect(allCodes).toEqual(expect.arrayContaining(['dry-run', 'policy-refused', 'target-policy-refused']));
    expect(isOfTarget('target-policy-refused')).toBe(true);
  });

  test.each(allCodes)('for %s are the same, byte for byte, whether a hidden target exists or not', (code) => {
    const shown = JSON.stringify(desiredChecks([hidden(code)], context));
    expect(shown).toBe(JSON.stringify(desiredChecks([absent(code)], context)));
    expect(shown).not.toContain(secret);
  });

  test.each(allCodes)('a refusal with %s never passes as a named check', (code) => {
    const [named] = desiredChecks([hidden(code)], context).filter(({ name }) => name === checkNameOf('deploy'));
    expect(named?.content.status).toBe('completed');
    expect(['action_required', 'failure']).toContain(named?.content.conclusion);
  });

  test('stay within GitHub’s limit, however many routes were refused', () => {
    const routes = Array.from({ length: 1_000 }, () => denied('input-value-invalid', { message: 'x'.repeat(1_000) }));
    const [summary] = desiredChecks(routes, context);
    expect(summary?.content.summary.length).toBeLessThanOrEqual(65_535);
    expect(summary?.content.title).toBe('Started 0 of 1000 workflows');
  });

  const started = { state: 'started', url: 'https://github.com/octo-org/deploy/actions/runs/1' } as const;
  const ended = { attempt: 1, status: 'completed', conclusion: 'skipped', startedAt: null, updatedAt: null };
  test.each<[string, RouteState, boolean, string, string]>([
    ['waits for 13 days', { state: 'waiting' }, true, 'not started within 13 days', 'Ask the operators'],
    ['runs for 13 days', { ...started, report: 'run', run: null }, true, 'did not end', 'Cancel the started run'],
    ['is skipped', { ...started, report: 'run', run: ended }, false, 'skipped', 'passes only if'],
    ['has no name', { state: 'started', url: null, report: 'unnamed', run: null }, false, 'name', 'run the source'],
    ['is hidden', { state: 'started', url: null, report: 'hidden', run: null }, false, 'report', 'Remove `check:`'],
  ])('of a named check whose run %s say what to do', (_, state, isOverdue, title, next) => {
    const checks = desiredChecks([{ ...denied('input-missing', {}), state }], { ...context, isOverdue });
    const named = checks.find(({ name }) => name === checkNameOf('deploy'));
    expect(named?.content.status).toBe('completed');
    expect(named?.content.title).toContain(title);
    expect(named?.content.summary).toContain(next);
  });

  test('count the repositories that a pattern means, and name none of them nor their runs', () => {
    const place = (name: string, route: ReportedRoute): ReportedRoute => {
      const target = { repository: `octo-org/${name}`, workflow: 'cd.yml' };
      const { check: _, ...decision } = route.decision;
      const message = `${target.repository} was refused.`;
      return {
        ...route,
        decision: { ...decision, message, pattern: 'secret-*', route: { ...decision.route, target } },
        state:
          route.state.state === 'refused' ? { ...route.state, view: { ...route.state.view, message } } : route.state,
      };
    };
    const refused = denied('too-many-targets', {});
    const begun: ReportedRoute = {
      ...refused,
      state: { state: 'started', url: 'https://github.com/octo-org/secret-a/actions/runs/1', report: 'run', run: null },
    };
    const routes = [place('secret-a', begun), place('secret-b', refused), place('secret-c', refused)];
    const [summary, ...others] = desiredChecks(routes, context);
    expect(others).toEqual([]);
    expect(summary?.content).toMatchObject({ conclusion: 'neutral', title: 'Started 1 of 3 workflows' });
    expect(summary?.content.summary).toContain('| ` secret-*:cd.yml ` | 3 repositories: 1 started, 2 not started |');
    expect(summary?.content.summary.match(/### ` secret-\*:cd.yml \(2\) `/g)).toHaveLength(1);
    expect(summary?.content.summary).toContain(codes['too-many-targets'].fix);
    expect(JSON.stringify(summary)).not.toMatch(/secret-[abc]/);
  });

  test.each(maliciousTexts)('%s in what people choose is rendered as text', (_, malicious) => {
    const { run } = trigger;
    const named = { ...trigger, workflow: malicious, run: { ...run, htmlUrl: malicious, headBranch: malicious } };
    const route = denied('input-value-invalid', { message: `The branch ${malicious}.`, fix: malicious });
    const started: ReportedRoute = {
      ...route,
      state: {
        state: 'started',
        url: malicious,
        report: 'run',
        run: { attempt: 1, status: 'completed', conclusion: malicious, startedAt: null, updatedAt: null },
      },
    };
    const target = { repository: `octo-org/${malicious}`, workflow: malicious };
    const places = [route, started].map(({ decision, ...rest }) => ({
      ...rest,
      decision: { ...decision, route: { ...decision.route, target, id: malicious } },
    }));
    const meant = { ...places[0]?.decision, pattern: malicious, check: undefined } as Decision;
    const all = [...places, { ...route, decision: meant }];
    const checks = desiredChecks(all, { ...context, trigger: named, runPage: null });
    expect(checks).toHaveLength(3);
    expect(checks.flatMap(({ content }) => activeParts(content.summary))).toEqual([]);
    // A title has no Markdown, and the link is that of the run, never one of a text.
    for (const { content } of checks) expect([run.htmlUrl, malicious]).toContain(content.detailsUrl);
  });
});
