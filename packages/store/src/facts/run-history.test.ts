import {
  type DispatchAccepted,
  type DispatchFailed,
  type Fact,
  factId,
  factsOfPlan,
  type OperatorActed,
  type Plan,
  type RouteDecided,
} from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { accepted, completed, failed, sampleDecision, samplePlan, sampleRun } from '@dispatcher/projections/testing';
import { recordedFact } from './recorded-fact.ts';
import { type HistoryFact, runHistory } from './run-history.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');
const at = (seconds: number): string => new Date(start + seconds * 1_000).toISOString();
const run = sampleRun(1, at(0));

function planned(
  revision: number,
  effects: readonly ('allow' | 'deny')[],
  seconds: number,
  change: Partial<Plan> = {},
) {
  const plan = { ...samplePlan(run, effects), revision, ...change };
  const [first, ...decided] = factsOfPlan(plan, at(seconds));
  const at0 = decided[0] as RouteDecided;
  return { facts: [first, ...decided] satisfies Fact[], decided, at0 };
}

const ofRevision = <T extends DispatchAccepted | DispatchFailed>(fact: T, revision: number): T => ({
  ...fact,
  id: factId(fact.id, revision),
  data: { ...fact.data, revision },
});

function replayed(revision: number | null, seconds: number): OperatorActed {
  return {
    version: 1,
    id: factId('operator.acted', seconds),
    type: 'operator.acted',
    time: at(seconds),
    correlationId: 'delivery-1',
    runKey: '11-9000000001-1',
    data: {
      actionId: `action-${seconds}`,
      action: 're-evaluate',
      operator: 'ada',
      reason: 'The rule was corrected.',
      routeId: null,
      result: revision === null ? 'unknown-run' : 'published',
      revision,
    },
  };
}

const shapeOf = (facts: readonly Fact[]) =>
  runHistory(facts.map(recordedFact)).map(({ revision, facts: members }) => [
    revision,
    ...members.map(({ type }) => type),
  ]);
const resolvedIn = (facts: readonly Fact[]) =>
  runHistory(facts.map(recordedFact)).flatMap(({ revision, facts: members }) =>
    members.flatMap((fact) => ('resolved' in fact && fact.resolved === true ? [`${revision} ${fact.type}`] : [])),
  );

const first = planned(0, ['allow', 'deny'], 1);
const second = planned(1, ['allow', 'allow'], 3_600);
const dispatched = [
  accepted(first.at0, at(2)),
  completed(first.at0, at(60)),
  ofRevision(accepted(second.decided[1] as RouteDecided, at(3_602)), 1),
];
const history = [...first.facts, ...second.facts, replayed(1, 3_601), ...dispatched];

describe('the history of a run', () => {
  test('has the newest revision first, and the facts of each in order of time', () => {
    expect(shapeOf(history)).toEqual([
      [1, 'run.planned', 'route.decided', 'route.decided', 'operator.acted', 'dispatch.accepted'],
      [0, 'run.planned', 'route.decided', 'route.decided', 'dispatch.accepted', 'dispatch.completed'],
    ]);
    expect(runHistory(history.map(recordedFact))).toMatchObject([
      { revision: 1, plannedAt: at(3_600), outcome: 'planned' },
      { revision: 0, plannedAt: at(1), outcome: 'planned' },
    ]);
  });

  test('is the same for facts in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(history, { minLength: history.length }), (shuffled) => {
        expect(runHistory(shuffled.map(recordedFact))).toEqual(runHistory(history.map(recordedFact)));
      }),
      { numRuns: 50 },
    );
  });

  test('has decisions in the order of the plan, although their ids are digests', () => {
    const { facts } = planned(
      0,
      Array.from({ length: 20 }, () => 'allow'),
      1,
    );
    const sorted = facts.toSorted((left, right) => (left.id < right.id ? -1 : 1));
    const [revision] = runHistory(sorted.map(recordedFact));
    const indexes = revision?.facts.flatMap((fact) => (fact.type === 'route.decided' ? [fact.data.index] : []));
    expect(indexes).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('has a run that completes after a replay in the revision that started it', () => {
    const late = { ...completed(first.at0, at(4_000)), id: factId('late') };
    expect(shapeOf([...history, late])[1]).toContain('dispatch.completed');
    expect(shapeOf([...history, late])[0]).not.toContain('dispatch.completed');
  });

  test('has what names no revision in the newest one that was planned before it', () => {
    expect(shapeOf([...history, replayed(null, 30)])[1]).toContain('operator.acted');
    expect(shapeOf([...history, replayed(null, 5_000)])[0]?.filter((type) => type === 'operator.acted')).toHaveLength(
      2,
    );
    expect(shapeOf([replayed(null, 30)])).toEqual([[0, 'operator.acted']]);
    expect(runHistory([replayed(null, 30)].map(recordedFact))).toMatchObject([{ plannedAt: null, outcome: null }]);
  });
});

describe('the checks of a history', () => {
  const checkOf = (satisfied: boolean) => ({
    side: 'target' as const,
    name: satisfied ? 'inbound-event' : 'inbound-ref',
    satisfied,
    expected: 'a',
    actual: satisfied ? 'a' : 'b',
  });
  const both = [checkOf(true), checkOf(false)];
  const decision = { ...sampleDecision(run, 0, 'deny'), checks: both, closest: { rule: 'inbound[0]', checks: both } };
  const { facts } = planned(0, [], 1, {
    checks: both,
    unmatched: [{ rule: 'outbound[1]', checks: both }],
    decisions: [decision],
  });
  const checksIn = (members: readonly HistoryFact[] = []) =>
    members.flatMap((fact) => {
      if (fact.type === 'run.planned') return [fact.data.checks, ...fact.data.unmatched.map(({ checks }) => checks)];
      if (fact.type === 'route.decided') return [fact.data.decision.checks, fact.data.decision.closest?.checks];
      return [];
    });

  test('are the failed ones only, in the plan, its rules, its decisions and their closest rules', () => {
    const failedOnly = [checkOf(false)];
    expect(checksIn(runHistory(facts.map(recordedFact))[0]?.facts)).toEqual(
      Array.from({ length: 4 }, () => failedOnly),
    );
  });

  test('are left out, and nothing else of the facts but the trigger of decisions', () => {
    const unshortened = planned(0, ['allow'], 1).facts.map((fact) => {
      if (fact.type !== 'route.decided') return { ...fact, data: { ...fact.data, checks: [] } };
      const { trigger: _, ...data } = fact.data;
      return { ...fact, data: { ...data, decision: { ...data.decision, checks: [] } } };
    });
    expect(runHistory(planned(0, ['allow'], 1).facts.map(recordedFact))[0]?.facts).toEqual(unshortened);
  });
});

describe('a row is resolved', () => {
  const deniedTwice = planned(1, ['allow', 'deny'], 3_600);
  const third = planned(2, ['allow', 'allow'], 7_200);

  test('if it was denied, once a dispatch of the same route by a later revision was accepted', () => {
    const [, denied] = deniedTwice.decided as [RouteDecided, RouteDecided];
    const all = [...first.facts, ...deniedTwice.facts, ...third.facts];
    expect(resolvedIn(all)).toEqual([]);
    expect(resolvedIn([...all, ofRevision(accepted(first.at0, at(7_201)), 2)])).toEqual([]);
    expect(resolvedIn([...all, ofRevision(accepted(denied, at(7_201)), 2)])).toEqual([
      '1 route.decided',
      '0 route.decided',
    ]);
  });

  test('if it failed, once a later revision was accepted, and not by the failure of one', () => {
    const one = planned(0, ['allow'], 1);
    const two = planned(1, ['allow'], 3_600);
    const refused = failed(one.at0, at(2));
    const again = ofRevision(failed(two.at0, at(3_601)), 1);
    const all = [...one.facts, ...two.facts, refused, again];
    expect(resolvedIn(all)).toEqual([]);
    expect(resolvedIn([...all, ofRevision(accepted(two.at0, at(7_200)), 2)])).toEqual([
      '1 dispatch.failed',
      '0 dispatch.failed',
    ]);
  });

  test('if its plan started nothing, once a dispatch of a later revision was accepted', () => {
    const unread = planned(0, [], 1, { outcome: 'config-unreadable', code: 'config-unreadable' });
    const all = [...unread.facts, ...second.facts];
    expect(resolvedIn(all)).toEqual([]);
    expect(resolvedIn([...all, ofRevision(accepted(second.at0, at(3_601)), 1)])).toEqual(['0 run.planned']);
  });

  test('not by an earlier revision: a denial after a success is open', () => {
    const allowed = planned(0, ['allow'], 1);
    const denied = planned(1, ['deny'], 3_600);
    expect(resolvedIn([...allowed.facts, accepted(allowed.at0, at(2)), ...denied.facts])).toEqual([]);
  });
});
