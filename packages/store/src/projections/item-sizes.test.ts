import { type Fact, factsOfPlan, routeId } from '@dispatcher/contracts';
import { changesOf, projectionOf } from '../log/fold-items.ts';
import { accepted, completed, samplePlan, sampleRun } from '@dispatcher/projections/testing';
import { expect, test } from '@jest/globals';
import { itemSize } from '../facts/item-size.ts';
import { itemOf } from './projection-items.ts';

const hours = 30;

/** Runs of one repository, one an hour, each of which dispatches to another repository of the organization. */
function factsWith(owner: string, source: string, target: string): Fact[] {
  return Array.from({ length: hours }, (_, hour) => {
    const at = Date.parse('2026-11-03T14:00:00.000Z') + hour * 3_600_000;
    const timeAt = (seconds: number) => new Date(at + seconds * 1_000).toISOString();
    const sample = sampleRun(hour, timeAt(0));
    const run = { ...sample, repository: { ...sample.repository, owner, name: source } };
    const route = {
      source: { repository: `${owner}/${source}`, workflow: 'build-and-publish-image.yml' },
      target: { repository: `${owner}/${target}`, workflow: 'deploy-to-production.yml' },
    };
    const plan = samplePlan(run, ['allow']);
    const decisions = plan.decisions.map((decision) => ({ ...decision, route, routeId: routeId(route) }));
    const [planned, ...decided] = factsOfPlan({ ...plan, decisions }, timeAt(5));
    const results = decided.flatMap((fact) => {
      const accepting = accepted(fact, timeAt(9));
      return [accepting, completed(fact, timeAt(600), accepting.time)];
    });
    return [planned, ...decided, ...results];
  }).flat();
}

/** Returns the sizes of the items of the routes and repositories, in bytes. */
function sizesOf(facts: readonly Fact[]): readonly (readonly [kind: string, bytes: number])[] {
  return changesOf(facts.map((fact, index) => ({ entry: index + 1, fact }))).flatMap(({ subject, facts: own }) => {
    if (subject.kind !== 'route' && subject.kind !== 'repository') return [];
    const state = projectionOf(subject.kind).fold(
      null,
      own.map(({ fact }) => fact),
    );
    if (state === null) throw new Error(`The ${subject.kind} ${subject.name} has no state.`);
    return [[subject.kind, itemSize(itemOf(subject, state, '15:123456789'))] as const];
  });
}

test('with long names, the items of a route with 24 results and of both its repositories cost one write unit each', () => {
  const sizes = sizesOf(factsWith('acme-industries', 'payments-service-gateway', 'payments-service-deployment'));
  expect(sizes.map(([kind]) => kind).toSorted()).toEqual(['repository', 'repository', 'route']);
  expect(sizes.filter(([, bytes]) => bytes > 1_024)).toEqual([]);
});

test('with the longest names that GitHub allows, they cost at most two', () => {
  const sizes = sizesOf(factsWith('o'.repeat(39), 's'.repeat(100), 't'.repeat(100)));
  expect(sizes.filter(([, bytes]) => bytes > 2_048)).toEqual([]);
});
