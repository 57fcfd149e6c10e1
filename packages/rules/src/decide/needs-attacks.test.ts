import { type CommitRun, type CommitRuns, type Plan, type RunCompleted, runKey } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import { compileFile } from '../compile/compile-file.ts';
import { formatFileError } from '../values/problem.ts';
import { aJob, aRepository, aRun, decisionIn, noGuardRails, outcomeIn, planIn } from '../testing/run-scenario.ts';
import { readHead } from '@dispatcher/contracts/testing';
import { confirmDecision } from './confirm-decision.ts';
import { neededOfCommit } from './needs-to-read.ts';

// octo/app starts cd.yml in octo/deploy once ci.yml and security.yml have completed on a commit.
const outboundWith = (source: object, target: object = {}) =>
  JSON.stringify({
    outbound: [{ source, targets: [{ repository: 'deploy', workflow: 'cd.yml', id: 'all', ...target }] }],
  });
const inboundWith = (source: object, target: object = {}) =>
  JSON.stringify({
    inbound: [{ source: { repository: 'app', ...source }, targets: [{ workflow: 'cd.yml', ...target }] }],
  });
const needs = ['ci.yml', 'security.yml'];
const both = outboundWith({ needs });

/** Returns another run on the commit of {@link aRun}. */
function other(workflow = 'security.yml', change: Partial<CommitRun['run']> = {}, isCompleted = true): CommitRun {
  const of = {
    id: 202,
    htmlUrl: 'https://github.com/octo/app/actions/runs/202',
    createdAt: '2026-01-31T11:50:00.000Z',
  };
  return { workflow, isCompleted, run: { ...aRun().run, ...of, ...change } };
}

const commitOf = (...runs: readonly CommitRun[]): CommitRuns => ({ runs, claims: {}, lineages: {} });

const outcome = (change: Parameters<typeof outcomeIn>[0] = {}) =>
  outcomeIn({ source: both, target: inboundWith({ workflow: 'ci.yml' }), commit: commitOf(other()), ...change });
const missing = (...runs: readonly CommitRun[]) =>
  decisionIn({ source: both, commit: commitOf(...runs) }).checks.find(({ name }) => name === 'source-needs')?.actual;

describe('a rule that needs two workflows', () => {
  test('starts the target once both have succeeded', () => {
    expect(outcome()).toBe('allow');
    expect(outcome({ run: aRun({ id: 202 }, { workflow: 'security.yml' }), commit: commitOf(other('ci.yml')) })).toBe(
      'allow',
    );
  });

  test('waits for the other one, names it, and nobody must act', () => {
    const decision = decisionIn({ source: both, commit: commitOf() });
    expect(decision).toMatchObject({ effect: 'deny', code: 'waiting-for-needs', responsible: 'nobody' });
    expect(decision.message).toBe('octo/deploy:cd.yml waits for other workflows on the commit: security.yml (no run).');
  });

  test.each<[string, CommitRun, string]>([
    ['is in progress', other('security.yml', { conclusion: null }, false), 'security.yml (in progress)'],
    ['failed', other('security.yml', { conclusion: 'failure' }), 'security.yml (failure)'],
    ['has no conclusion', other('security.yml', { conclusion: null }), 'security.yml (no conclusion)'],
    ['belongs to a fork', other('security.yml', { headRepositoryId: 9 }), 'security.yml (no run)'],
    ['belongs to a deleted fork', other('security.yml', { headRepositoryId: null }), 'security.yml (no run)'],
    ['is on another branch', other('security.yml', { headBranch: 'next' }), 'security.yml (no run)'],
    ['is on another commit', other('security.yml', { headSha: 'b'.repeat(40) }), 'security.yml (no run)'],
    [
      'is of an event that the rule does not accept',
      other('security.yml', { event: 'check_run' }),
      'security.yml (no run)',
    ],
    [
      'is older than 30 days',
      other('security.yml', { updatedAt: '2025-12-01T00:00:00.000Z' }),
      'security.yml (no run)',
    ],
    [
      'is dated in the future',
      other('security.yml', { updatedAt: '2026-02-02T00:00:00.000Z' }),
      'security.yml (no run)',
    ],
  ])('waits if the run of the other one %s', (_, run, text) => {
    expect(missing(run)).toBe(text);
  });

  test('takes the newest run of a workflow, and its newest attempt', () => {
    const failed = { conclusion: 'failure', attempt: 2 };
    expect(missing(other(), other('security.yml', failed))).toBe('security.yml (failure, attempt 2)');
    expect(missing(other('security.yml', failed), other())).toBe('security.yml (failure, attempt 2)');
    const newer = { id: 203, createdAt: '2026-01-31T11:55:00.000Z', conclusion: 'failure' };
    expect(missing(other(), other('security.yml', newer))).toBe('security.yml (failure)');
    expect(missing(other('security.yml', { ...newer, conclusion: 'success' }), other('security.yml', failed))).toBe(
      'all completed',
    );
  });

  test('takes what is known to be completed before the same attempt in progress', () => {
    expect(missing(other('security.yml', { conclusion: null }, false), other())).toBe('all completed');
  });

  test('does not count a run of the same workflow for another event', () => {
    const ofPullRequest = other('security.yml', { id: 300, event: 'pull_request', conclusion: 'failure' });
    expect(missing(ofPullRequest, other())).toBe('all completed');
  });

  test('is not matched by a run that failed, of another workflow, or of a job', () => {
    expect(outcome({ run: aRun({ conclusion: 'failure' }) })).toBe('no-match');
    expect(outcome({ run: aRun({}, { workflow: 'lint.yml' }) })).toBe('no-match');
    expect(outcome({ run: aJob() })).toBe('no-match');
    const plan = planIn({ source: both, run: aRun({}, { workflow: 'lint.yml' }) });
    expect(plan.unmatched).toMatchObject([
      {
        rule: 'outbound[0]',
        checks: [{ name: 'source-workflow', expected: 'ci.yml and security.yml', actual: 'lint.yml' }],
      },
    ]);
  });

  test('accepts of each workflow what its own entry says, and else what is beside `needs`', () => {
    const source = outboundWith({
      needs: ['ci.yml', { workflow: 'security.yml', conclusions: ['success', 'neutral'], attempts: [1] }],
      branches: ['main', 'release/**'],
    });
    const on = (headBranch: string, change: object) => ({
      source,
      target: inboundWith({ workflow: 'ci.yml', branches: ['release/**'] }),
      run: aRun({ headBranch }),
      commit: commitOf(other('security.yml', { headBranch, ...change })),
    });
    expect(outcome(on('release/1', { conclusion: 'neutral' }))).toBe('allow');
    expect(outcome(on('release/1', { conclusion: 'skipped' }))).toBe('waiting-for-needs');
    expect(outcome(on('release/1', { attempt: 2 }))).toBe('waiting-for-needs');
    expect(outcome(on('next', {}))).toBe('no-match');
  });

  test('inserts the run of its first workflow, whichever completes last', () => {
    const source = outboundWith({ needs }, { inputs: { run: '${{ source.id }} ${{ source.workflow }}' } });
    const target = inboundWith({ workflow: 'ci.yml' }, { inputs: ['run'] });
    const security = aRun({ id: 202 }, { workflow: 'security.yml' });
    const last = { source, target, run: security, commit: commitOf(other('ci.yml', { id: 101 })) };
    const decisions = [decisionIn({ source, target, commit: commitOf(other()) }), decisionIn(last)];
    expect(decisions.map(({ inputs }) => inputs)).toEqual([{ run: '101 ci.yml' }, { run: '101 ci.yml' }]);
    expect(new Set(decisions.map(({ dispatchId }) => dispatchId)).size).toBe(1);
    expect(new Set(decisions.map(({ routeId }) => routeId)).size).toBe(1);
  });

  test('dispatches another commit under another id, and another attempt under the same', () => {
    const idOf = (run: RunCompleted) => decisionIn({ source: both, run }).dispatchId;
    expect(idOf(aRun({ headSha: 'c'.repeat(40) }))).not.toBe(idOf(aRun()));
    expect(idOf(aRun({ attempt: 2 }))).toBe(idOf(aRun()));
  });

  test('leaves the dispatch to the run that has claimed it, and links to that run', () => {
    const { dispatchId } = decisionIn({ source: both, commit: commitOf(other()) });
    const runUrl = 'https://github.com/octo/app/actions/runs/202';
    const claimedBy = (key: string) => ({ ...commitOf(other()), claims: { [dispatchId]: { runKey: key, runUrl } } });
    expect(outcome({ commit: claimedBy(runKey(aRun())) })).toBe('allow');
    const decision = decisionIn({ source: both, commit: claimedBy('1-202-1') });
    expect(decision).toMatchObject({ effect: 'deny', code: 'already-dispatched', responsible: 'nobody' });
    expect(decision.message).toContain(runUrl);
  });

  test('is dispatched again by an operator under another id', () => {
    const first = decisionIn({ source: both, commit: commitOf(other()) });
    const replay = { revision: 1, generations: { [first.routeId]: 1 }, routeId: first.routeId };
    const claims = { [first.dispatchId]: { runKey: '1-202-1', runUrl: '' } };
    expect(outcome({ commit: { ...commitOf(other()), claims }, replay })).toBe('allow');
  });

  test('cannot start one of its own workflows', () => {
    const source = JSON.stringify({
      outbound: [{ source: { needs }, targets: [{ repository: 'app', workflow: 'security.yml', id: 'all' }] }],
    });
    expect(outcomeIn({ source, commit: commitOf(other()) })).toBe('self-dispatch');
  });

  test('does not take the route from a rule that starts', () => {
    const target = { repository: 'deploy', workflow: 'cd.yml', id: 'all' };
    const source = JSON.stringify({
      outbound: [
        { source: { needs }, targets: [target] },
        { source: { workflow: 'ci.yml' }, targets: [target] },
      ],
    });
    const { decisions } = planIn({ source, target: inboundWith({ workflow: 'ci.yml' }) });
    expect(decisions.map(({ code }) => code).toSorted()).toEqual(['allowed', 'waiting-for-needs']);
  });
});

describe('the inbound rule', () => {
  test('names one of the needed workflows and is compared with its run', () => {
    expect(outcome({ target: inboundWith({ workflow: 'security.yml' }) })).toBe('allow');
    expect(outcome({ target: inboundWith({ workflow: 'lint.yml' }) })).toBe('inbound-no-match');
    const attempts = { attempts: [1] };
    const commit = commitOf(other('security.yml', { attempt: 2 }));
    expect(outcome({ target: inboundWith({ workflow: 'ci.yml', ...attempts }), commit })).toBe('allow');
    expect(outcome({ target: inboundWith({ workflow: 'security.yml', ...attempts }), commit })).toBe('inbound-attempt');
  });

  test('with `needs` demands all, each as its entry says', () => {
    const demands = (source: object, change: object = {}) => outcome({ target: inboundWith(source), ...change });
    expect(demands({ needs })).toBe('allow');
    expect(demands({ needs: needs.toReversed() })).toBe('allow');
    expect(demands({ needs: [...needs, 'e2e.yml'] })).toBe('inbound-no-match');
    const commit = commitOf(other('security.yml', { attempt: 2 }));
    expect(demands({ needs: ['ci.yml', { workflow: 'security.yml', attempts: [1] }] }, { commit })).toBe(
      'inbound-attempt',
    );
  });

  test('with `needs` accepts no run of one of the workflows alone', () => {
    const source = outboundWith({ workflow: 'ci.yml' });
    expect(outcomeIn({ source, target: inboundWith({ needs }) })).toBe('inbound-no-match');
  });

  test.each(['job', 'key', 'schedule', 'webhook'])('for another kind of trigger, %s, does not accept it', (kind) => {
    const source = kind === 'job' ? { repository: 'app', job: 'ci.yml' } : { [kind]: 'ci.yml' };
    const target = JSON.stringify({ inbound: [{ source, targets: [{ workflow: 'cd.yml' }] }] });
    expect(outcome({ target })).toBe('inbound-no-match');
  });
});

describe('a stored decision', () => {
  const target = inboundWith({ workflow: 'ci.yml' });
  const planOf = (): Plan => planIn({ source: both, target, commit: commitOf(other()) });
  const confirm = (source: string, inbound: string) => {
    const { trigger, decisions, revision, lineage } = planOf();
    const [decision] = decisions;
    if (decision === undefined) throw new Error('There is no decision.');
    return confirmDecision({
      planned: { trigger, decision, revision, index: 0, lineage: decision.needs?.lineage ?? lineage },
      source: { ...aRepository('octo/app', source, { id: 1 }), heads: [readHead(aRun())] },
      targets: { 'octo/deploy': aRepository('octo/deploy', inbound) },
      guardRails: noGuardRails,
    });
  };

  test('is confirmed with the runs that the plan contains', () => {
    expect(confirm(both, target).withdrawal).toBeNull();
  });

  test('is withdrawn if the rule needs another workflow now, or the target has withdrawn its consent', () => {
    expect(confirm(outboundWith({ needs: [...needs, 'e2e.yml'] }), target).withdrawal?.code).toBe('waiting-for-needs');
    expect(confirm(both, inboundWith({ workflow: 'e2e.yml' })).withdrawal?.code).toBe('inbound-no-match');
  });
});

describe('what must be known of the commit', () => {
  test.each([
    ['a run that the rule accepts', aRun(), 'commit'],
    ['a run that failed', aRun({ conclusion: 'failure' }), 'completion'],
    ['a run of another branch', aRun({ headBranch: 'next' }), 'nothing'],
    ['a run of another workflow', aRun({}, { workflow: 'lint.yml' }), 'nothing'],
    ['a job', aJob(), 'nothing'],
  ] as const)('for %s', (_, run, needed) => {
    expect(neededOfCommit(run, aRepository('octo/app', both, { id: 1 }))).toBe(needed);
  });

  test('for a file without `needs` is nothing', () => {
    expect(neededOfCommit(aRun(), aRepository('octo/app', outboundWith({ workflow: 'ci.yml' }), { id: 1 }))).toBe(
      'nothing',
    );
  });
});

describe('a file', () => {
  const errorsOf = (text: string) => {
    const compiled = compileFile(text);
    return compiled.ok ? [] : compiled.errors.map(formatFileError).map((error) => error.replace(/^[^ ]+ /, ''));
  };
  const many = (count: number) => Array.from({ length: count }, (_, index) => `w${index}.yml`);

  test.each<[string, object, object, string]>([
    ['needs one workflow', { needs: ['ci.yml'] }, {}, '`needs` lists one workflow only'],
    ['needs none', { needs: [] }, {}, '`needs` lists no workflow'],
    ['needs too many', { needs: many(11) }, {}, '`needs` lists 11 workflows'],
    [
      'needs one twice',
      { needs: ['ci.yml', { workflow: '.github/workflows/ci.yml' }] },
      {},
      'the list names `ci.yml` twice',
    ],
    ['also names a workflow', { needs, workflow: 'ci.yml' }, {}, '`workflow` cannot be combined with `needs`'],
    ['also names a job', { needs, job: 'ci.yml' }, {}, '`job` cannot be combined with `needs`'],
    ['has environments', { needs, environments: ['production'] }, {}, '`environments` cannot be combined with `needs`'],
    [
      'has an unknown key in an entry',
      { needs: ['ci.yml', { workflow: 'a.yml', brances: [] }] },
      {},
      'did you mean `branches`?',
    ],
    ['has an entry without a workflow', { needs: ['ci.yml', { branches: ['main'] }] }, {}, '`workflow` is missing'],
    [
      'has an event that no branch can have',
      { needs: ['ci.yml', { workflow: 'a.yml', events: ['release'] }] },
      {},
      'the rule accepts no tags',
    ],
    ['has no id', { needs }, { id: undefined }, '`id` is missing'],
    ['has a check', { needs }, { check: 'deploy' }, '`check` cannot be combined with `needs`'],
  ])('that %s is refused', (_, source, target, message) => {
    expect(errorsOf(outboundWith(source, target)).join('\n')).toContain(message);
  });

  test('with more than 20 outbound rules with `needs` is refused', () => {
    const rule = { source: { needs }, targets: [{ repository: 'deploy', workflow: 'cd.yml', id: 'all' }] };
    const text = (count: number) => JSON.stringify({ outbound: Array.from({ length: count }, () => rule) });
    expect(errorsOf(text(20))).toEqual([]);
    expect(errorsOf(text(21)).join('\n')).toContain('the file has 21 outbound rules with `needs`');
  });

  test('whose inbound rule has `needs` is accepted', () => {
    expect(errorsOf(inboundWith({ needs: ['ci.yml', { workflow: 'security.yml', events: ['push'] }] }))).toEqual([]);
  });
});
