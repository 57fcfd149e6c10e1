import type { Code, Fact } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { histories } from '../testing/histories.ts';
import { accepted, completed, failed, planFacts, sampleRun } from '../testing/samples.ts';
import { countHour, toHours } from './hour-counts.ts';
import { type Kind, projections, type States, subjectsOf } from './projections.ts';
import { repositoryViewOf } from './repository.ts';
import { routeProjectionOf } from './route.ts';
import { trendOf } from './summaries.ts';

/** Folds each item's facts in this order and these slices, through the stored form of the state. */
function foldAll(facts: readonly Fact[], cuts: readonly number[]): ReadonlyMap<string, unknown> {
  const states = new Map<string, States[Kind]>();
  let at = 0;
  for (let part = 0; at < facts.length; part += 1) {
    const slice = facts.slice(at, (at += 1 + (cuts[part % cuts.length] ?? 0)));
    const groups = new Map<string, { readonly kind: Kind; readonly own: Fact[] }>();
    for (const fact of slice) {
      for (const { kind, name } of subjectsOf(fact)) {
        const key = `${kind} ${name}`;
        const group = groups.get(key) ?? { kind, own: [] };
        group.own.push(fact);
        groups.set(key, group);
      }
    }
    for (const [key, { kind, own }] of groups) {
      const known = states.get(key);
      const projection = projections[kind] as (typeof projections)[Kind] & {
        fold: (state: States[Kind] | null, facts: readonly Fact[]) => States[Kind] | null;
      };
      const parsed = known === undefined ? null : projection.parse(JSON.parse(JSON.stringify(known)));
      const next = projection.fold(parsed, own);
      if (next !== null) states.set(key, next);
    }
  }
  return new Map([...states].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

const distinct = (facts: readonly Fact[]) => [...new Map(facts.map((fact) => [fact.id, fact])).values()];
const orders = fc.array(fc.nat({ max: 10_000 }), { minLength: 97, maxLength: 97 });
const cuts = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 7 });

test('any order and any cut of the facts fold to the same states', () => {
  fc.assert(
    fc.property(histories, orders, cuts, (history, places, slices) => {
      const facts = distinct(history);
      const other = facts
        .map((fact, index) => ({ fact, place: (places[index % places.length] ?? 0) * (1 + (index % 5)) }))
        .toSorted((left, right) => left.place - right.place)
        .map(({ fact }) => fact);
      expect(foldAll(other, slices)).toEqual(foldAll(facts, [1_000]));
    }),
    { numRuns: 500 },
  );
});

describe('the hours of a repository', () => {
  const hour = (number: number) => new Date(number * 60 * 60_000).toISOString();

  test('are the 24 that end with the newest one, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 490_000, max: 490_040 }), { minLength: 1 }), (numbers) => {
        const counted = numbers.reduce<ReturnType<typeof countHour> | null>(
          (known, each) => countHour(known, hour(each)),
          null,
        );
        const newest = Math.max(...numbers);
        const expected = Array.from(
          { length: 24 },
          (_, index) => numbers.filter((each) => each === newest - 23 + index).length,
        );
        expect(counted === null ? null : toHours(counted)).toEqual({ until: hour(newest), counts: expected });
      }),
    );
  });
});

describe('a route', () => {
  const at = (minute: number) => new Date(Date.parse('2026-11-03T14:00:00Z') + minute * 60_000).toISOString();
  const decided = (minute: number) => {
    const [, decision] = planFacts(sampleRun(minute, at(minute)), ['allow'], at(minute));
    if (decision === undefined) throw new Error('The plan has no decision.');
    return decision;
  };

  test('keeps its 24 newest results with their durations, and counts all', () => {
    const minutes = Array.from({ length: 30 }, (_, minute) => minute);
    const facts = minutes.map((minute): Fact => {
      const end = completed(decided(minute), at(minute));
      return minute % 3 === 0
        ? failed(decided(minute), at(minute))
        : {
            ...end,
            data: { ...end.data, conclusion: minute % 3 === 1 ? 'success' : 'failure', durationMs: minute * 1_000 },
          };
    });
    const state = projections.route.fold(null, facts);
    if (state === null) throw new Error('No state.');
    const { results, successRate, p50DurationMs, counts, lastSuccess } = routeProjectionOf('0123456789abcdef', state);
    expect(results).toHaveLength(24);
    expect(results.slice(0, 3)).toEqual([
      { time: at(29), state: 'completed', conclusion: 'failure', durationMs: 29_000 },
      { time: at(28), state: 'completed', conclusion: 'success', durationMs: 28_000 },
      { time: at(27), state: 'failed', conclusion: null, durationMs: null },
    ]);
    expect(successRate).toBeCloseTo(8 / 24);
    expect(p50DurationMs).toBe(17_000);
    expect(counts).toEqual({ allowed: 0, denied: 0, started: 0, failed: 10, completed: 20, succeeded: 10 });
    expect(lastSuccess).toMatchObject({ time: at(28) });
  });

  test('has no success rate as long as no result says whether it works', () => {
    const unfollowed = accepted(decided(1), at(1));
    const state = projections.route.fold(null, [{ ...unfollowed, data: { ...unfollowed.data, workflowRunId: null } }]);
    if (state === null) throw new Error('No state.');
    const { results, successRate } = routeProjectionOf('0123456789abcdef', state);
    expect(results).toMatchObject([{ state: 'accepted-unverified' }]);
    expect(successRate).toBeNull();
  });

  test('has the other conclusions of GitHub, and a word for those that GitHub may add', () => {
    const conclusions = ['cancelled', 'timed_out', 'action_required', 'neutral', 'skipped', 'stale', 'startup_failure'];
    for (const [conclusion, shown] of [...conclusions.map((each) => [each, each]), [null, null], ['new', 'other']]) {
      const end = completed(decided(1), at(1));
      const state = projections.route.fold(null, [{ ...end, data: { ...end.data, conclusion: conclusion ?? null } }]);
      if (state === null) throw new Error('No state.');
      expect(routeProjectionOf('0123456789abcdef', state).results.map((result) => result.conclusion)).toEqual([shown]);
    }
  });
});

describe('a decision that leaves the start to another run of the commit', () => {
  const time = '2026-11-03T14:10:00.000Z';
  const decidedAs = (code: Code): Fact[] => {
    const [, decided] = planFacts(sampleRun(1, time), ['deny'], time);
    if (decided === undefined) throw new Error('The plan has no decision.');
    return [{ ...decided, data: { ...decided.data, decision: { ...decided.data.decision, code } } }];
  };

  test.each([
    ['inbound-no-match', 1],
    ['waiting-for-needs', 0],
    ['already-dispatched', 0],
  ] as const)('%s counts as %i refusal of its target, of its route and of its hour', (code, refusals) => {
    const repository = projections.repository.fold(null, decidedAs(code));
    const route = projections.route.fold(null, decidedAs(code));
    if (repository === null || route === null) throw new Error('No state.');
    const { asTarget } = repositoryViewOf('octo-org/target', repository);
    expect(asTarget).toMatchObject({ denied: refusals, decisions: { [code]: 1 } });
    expect(routeProjectionOf('0123456789abcdef', route).counts.denied).toBe(refusals);
    const hours = new Map([['2026-11-03T14', { 'decisions.allowed': 2, [`decisions.${code}`]: 1 }]]);
    expect(trendOf(Date.parse(time), hours).hours.at(-1)).toMatchObject({ allowed: 2, denied: refusals });
  });
});
