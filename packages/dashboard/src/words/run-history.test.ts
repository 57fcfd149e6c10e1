import { describe, expect, test } from '@jest/globals';
import { replayChoices, replayableRoutes } from './replay.ts';
import {
  durationsOf,
  githubOf,
  type HistoryFact,
  inNeedFirst,
  type Revision,
  routesOf,
  sentenceOfCandidates,
  sentenceOfRevision,
  startedRuns,
  stateOfRevision,
  stateOfRouteHistory,
  timelineOf,
  triggerOf,
} from './run-history.ts';

const runKey = '11-9000000001-1';
const common = { version: 1 as const, correlationId: 'a0b72bcc-7e31-4ee9-9a62-c73c9a1148ad', runKey };
const at = (second: number) => `2026-11-28T09:00:${String(second).padStart(2, '0')}.000Z`;
const trigger = {
  type: 'run.completed' as const,
  version: 1 as const,
  deliveryId: common.correlationId,
  receivedAt: at(1),
  installationId: 1,
  repository: { id: 11, owner: 'octo-org', name: 'app', defaultBranch: 'main' },
  workflow: 'ci.yml',
  run: {
    id: 9_000_000_001,
    number: 7,
    attempt: 1,
    event: 'push',
    conclusion: 'success',
    headBranch: 'main',
    headSha: '0123456789abcdef0123456789abcdef01234567',
    headRepositoryId: 11,
    htmlUrl: 'https://ghe.example.com/octo-org/app/actions/runs/9000000001',
    startedAt: at(0),
    updatedAt: at(0),
    actor: 'octocat',
  },
};
const routeTo = (name: string) => ({
  source: { repository: 'octo-org/app', workflow: 'ci.yml' },
  target: { repository: `octo-org/${name}`, workflow: 'cd.yml' },
});

const planned = (allowed: number, denied: number, rest: object = {}) =>
  ({
    ...common,
    id: 'plan',
    time: at(2),
    type: 'run.planned',
    data: {
      trigger,
      revision: 0,
      outcome: 'planned',
      code: 'planned',
      message: 'planned',
      fix: '',
      responsible: 'nobody',
      checks: [],
      unmatched: [],
      allowed,
      denied,
      lineage: { depth: 0, path: [] },
      ...rest,
    },
  }) as unknown as HistoryFact;
const decided = (index: number, name: string, effect: 'allow' | 'deny', change: object = {}) =>
  ({
    ...common,
    id: `decision ${name}`,
    time: at(2),
    type: 'route.decided',
    data: {
      revision: 0,
      index,
      decision: {
        effect,
        code: effect === 'allow' ? 'allowed' : 'inbound-no-match',
        message: 'No inbound rule allows it.',
        fix: 'Add one.',
        responsible: 'target',
        checks: [],
        routeId: name,
        route: routeTo(name),
        dispatchId: name,
        rule: 'outbound[0]',
        ref: null,
        inputs: {},
        ...change,
      },
    },
  }) as unknown as HistoryFact;
const accepted = (name: string, second: number) =>
  ({
    ...common,
    id: `accepted ${name}`,
    time: at(second),
    type: 'dispatch.accepted',
    data: {
      dispatchId: name,
      routeId: name,
      route: routeTo(name),
      ref: 'main',
      workflowRunId: 5,
      htmlUrl: null,
      latencyMs: 5,
    },
  }) as unknown as HistoryFact;
const completed = (name: string, second: number, conclusion: string | null) =>
  ({
    ...common,
    id: `completed ${name}`,
    time: at(second),
    type: 'dispatch.completed',
    data: {
      dispatchId: name,
      routeId: name,
      route: routeTo(name),
      conclusion,
      durationMs: 1_000,
      sourceRunUrl: null,
      targetRunUrl: 'x',
    },
  }) as unknown as HistoryFact;
const failed = (name: string) =>
  ({
    ...common,
    id: `failed ${name}`,
    time: at(4),
    type: 'dispatch.failed',
    data: {
      dispatchId: name,
      routeId: name,
      route: routeTo(name),
      code: 'workflow-missing',
      message: 'GitHub has no such workflow.',
    },
  }) as unknown as HistoryFact;
const revisionOf = (...facts: readonly HistoryFact[]): Revision => ({
  revision: 0,
  plannedAt: at(2),
  outcome: 'planned',
  facts: [...facts],
});

describe('the answer in one sentence', () => {
  test.each([
    ['a started run', [accepted('deploy', 3)], 'cd.yml of octo-org/deploy was started.'],
    [
      'a run that succeeded',
      [accepted('deploy', 3), completed('deploy', 9, 'success')],
      'cd.yml of octo-org/deploy was started and succeeded.',
    ],
    [
      'a run that timed out',
      [completed('deploy', 9, 'timed_out')],
      'cd.yml of octo-org/deploy was started and timed out.',
    ],
    [
      'a run without conclusion',
      [completed('deploy', 9, null)],
      'cd.yml of octo-org/deploy was started and completed.',
    ],
    [
      'a failed dispatch',
      [failed('deploy')],
      'cd.yml of octo-org/deploy was not started: GitHub has no such workflow.',
    ],
    [
      'a dispatch that a replay repaired',
      [failed('deploy'), accepted('deploy', 9)],
      'cd.yml of octo-org/deploy was started.',
    ],
    ['an allowed route', [], 'cd.yml of octo-org/deploy is allowed and will be started.'],
  ])('%s', (_name, facts, sentence) => {
    expect(sentenceOfRevision(revisionOf(planned(1, 0), decided(0, 'deploy', 'allow'), ...facts))).toBe(sentence);
  });

  test('a refused route says why', () => {
    expect(sentenceOfRevision(revisionOf(planned(0, 1), decided(0, 'docs', 'deny')))).toBe(
      'cd.yml of octo-org/docs was not started: No inbound rule allows it.',
    );
  });

  test('several routes are counted, each once', () => {
    const facts = [
      planned(3, 1),
      ...['a', 'b', 'c'].map((name, index) => decided(index, name, 'allow')),
      decided(3, 'd', 'deny'),
      accepted('a', 3),
      failed('b'),
    ];
    expect(sentenceOfRevision(revisionOf(...facts))).toBe(
      '4 routes: 1 started, 1 to be started, 1 refused, 1 failed to start.',
    );
  });

  test('a route that waits for other workflows says so, and does not count as refused', () => {
    const message = 'octo-org/docs:cd.yml waits for other workflows on the commit: security.yml (in progress).';
    const waiting = decided(0, 'docs', 'deny', { code: 'waiting-for-needs', message });
    const one = revisionOf(planned(0, 1, { leftToAnotherRun: 1 }), waiting);
    expect(sentenceOfRevision(one)).toBe(message);
    expect(stateOfRevision(one).word).toBe('Left to another run');
    const two = revisionOf(planned(0, 2, { leftToAnotherRun: 1 }), waiting, decided(1, 'd', 'deny'));
    expect(sentenceOfRevision(two)).toBe('2 routes: 1 left to another run of the commit, 1 refused.');
    expect(stateOfRevision(two).word).toBe('Refused');
  });

  test('a run without routes has the message of its plan', () => {
    const plan = planned(0, 0, { outcome: 'no-match', message: 'No outbound rule matches this run.' });
    expect(sentenceOfRevision(revisionOf(plan))).toBe('No outbound rule matches this run.');
    expect(stateOfRevision(revisionOf(plan)).word).toBe('No rule matches');
  });

  test('a run that waits for GitHub, or was never planned, says so', () => {
    const delayed = { ...common, id: 'x', time: at(2), type: 'run.delayed', data: { message: 'GitHub is down.' } };
    expect(sentenceOfRevision(revisionOf(delayed as unknown as HistoryFact))).toBe('Not planned yet: GitHub is down.');
    expect(sentenceOfRevision(revisionOf())).toBe('Received, and not planned yet.');
    expect(stateOfRevision(revisionOf()).word).toBe('Not planned yet');
  });
});

test('routes are in the order of the plan, and those in need first where asked', () => {
  const revision = revisionOf(
    planned(1, 1),
    decided(1, 'docs', 'deny'),
    decided(0, 'deploy', 'allow'),
    accepted('deploy', 3),
  );
  const names = (routes: ReturnType<typeof routesOf>) => routes.map(({ decided: fact }) => fact.data.decision.routeId);
  expect(names(routesOf(revision))).toEqual(['deploy', 'docs']);
  expect(names(inNeedFirst(routesOf(revision)))).toEqual(['docs', 'deploy']);
  expect(routesOf(revision).map((route) => stateOfRouteHistory(route).word)).toEqual(['Started', 'Refused']);
});

test('the timeline ends when everything that was started is over', () => {
  const facts = [
    planned(2, 0),
    decided(0, 'a', 'allow'),
    decided(1, 'b', 'allow'),
    accepted('a', 4),
    accepted('b', 3),
    completed('a', 9, 'success'),
  ];
  const timesOf = (...more: readonly HistoryFact[]) =>
    timelineOf(revisionOf(...facts, ...more), trigger).map(({ id, isDone, time }) => [id, isDone, time]);
  expect(timesOf()).toEqual([
    ['run', true, at(0)],
    ['received', true, at(1)],
    ['planned', true, at(2)],
    ['dispatched', true, at(3)],
    ['started', true, at(8)],
    ['completed', false, null],
  ]);
  expect(timesOf(completed('b', 12, 'failure')).at(-1)).toEqual(['completed', true, at(12)]);
});

test('a run that GitHub has started is shown as started, although GitHub reports the time only at its end', () => {
  const steps = timelineOf(revisionOf(planned(1, 0), decided(0, 'a', 'allow'), accepted('a', 4)), trigger);
  expect(steps.slice(-2)).toEqual([
    { id: 'started', title: 'Started', isDone: true, time: null },
    { id: 'completed', title: 'Completed', isDone: false, time: null },
  ]);
  expect(durationsOf(steps)).toEqual([1_000, 1_000, 2_000, null, null, null]);
});

test('a step that GitHub dates before the one it follows has no duration', () => {
  const started = completed('a', 4, 'success');
  const steps = timelineOf(revisionOf(planned(1, 0), decided(0, 'a', 'allow'), accepted('a', 4), started), trigger);
  expect(steps.at(-2)).toMatchObject({ id: 'started', time: at(3) });
  expect(durationsOf(steps)).toEqual([1_000, 1_000, 2_000, null, 1_000, null]);
});

test('a run that was started leads to its page once it has completed', () => {
  const ofTarget = { target: { repositoryId: 22, installationId: 1, visibility: 'private' } };
  const ended = { ...completed('a', 9, 'success') } as Extract<HistoryFact, { type: 'dispatch.completed' }>;
  const url = 'https://ghe.example.com/octo-org/a/actions/runs/77';
  const facts = [
    planned(2, 0),
    decided(0, 'a', 'allow', ofTarget),
    { ...ended, data: { ...ended.data, targetRunUrl: url } },
    decided(1, 'b', 'allow', ofTarget),
    accepted('b', 3),
  ];
  expect(startedRuns(routesOf(revisionOf(...facts)))).toEqual([
    { url, target: routeTo('a').target, runKey: '22-77-1' },
  ]);
  const running = accepted('c', 3) as Extract<HistoryFact, { type: 'dispatch.accepted' }>;
  const started = { ...running, data: { ...running.data, htmlUrl: url } };
  expect(startedRuns(routesOf(revisionOf(decided(0, 'c', 'allow', ofTarget), started)))).toMatchObject([
    { url, runKey: null },
  ]);
});

test('the timeline of a run that starts nothing ends with the decision', () => {
  expect(timelineOf(revisionOf(planned(0, 1), decided(0, 'docs', 'deny')), trigger).at(-1)?.id).toBe('planned');
});

test('links to files use the GitHub that sent the run', () => {
  expect(githubOf(triggerOf([revisionOf(), revisionOf(planned(0, 0))]))).toBe('https://ghe.example.com');
  expect(githubOf(null)).toBe('https://github.com');
});

test('a replay says what it would start, and that nothing is started twice', () => {
  const revision = revisionOf(
    planned(2, 1),
    decided(0, 'a', 'allow'),
    decided(1, 'b', 'allow'),
    decided(2, 'c', 'deny'),
    accepted('a', 3),
  );
  const [recorded, reevaluated] = replayChoices(revision);
  expect(recorded?.lines).toContain('cd.yml of octo-org/b is started.');
  expect(recorded?.lines).toContain('1 route already started: no second run is started.');
  expect(recorded?.useless).toBeNull();
  expect(reevaluated?.lines.join(' ')).toContain('cd.yml of octo-org/c was refused (inbound-no-match)');
  expect(replayChoices(revisionOf(planned(0, 1), decided(0, 'c', 'deny')))[0]?.useless).not.toBeNull();
});

test('only what is allowed or was started can be dispatched again', () => {
  const revision = revisionOf(planned(2, 1), decided(0, 'a', 'allow'), decided(1, 'b', 'deny'), accepted('a', 3));
  expect(replayableRoutes(revision)).toEqual([{ routeId: 'a', name: 'cd.yml of octo-org/a' }]);
  const uselessOf = (of: Revision) => replayChoices(of).find(({ mode }) => mode === 'dispatch-again')?.useless;
  expect(uselessOf(revision)).toBeNull();
  expect(uselessOf(revisionOf(planned(0, 1), decided(0, 'b', 'deny')))).toMatch(/started nothing/);
});

test('what patterns mean is said in words', () => {
  const listedAt = at(0);
  expect(sentenceOfCandidates({ count: 1, listedAt, isComplete: true })).toBe(
    '1 repository was decided because of a pattern.',
  );
  expect(sentenceOfCandidates({ count: 20, listedAt, isComplete: false })).toBe(
    '20 repositories were decided because of a pattern; more allow this source than the consent index lists.',
  );
});
