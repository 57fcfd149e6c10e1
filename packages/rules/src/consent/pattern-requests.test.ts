import { describe, expect, test } from '@jest/globals';
import { aRepository } from '../testing/run-scenario.ts';
import { consentGraph, maxCandidates } from './consent-graph.ts';
import type { ObservedRepository } from './known-repositories.ts';
import { observeConfig } from './observe-config.ts';

interface Rules {
  readonly outbound?: readonly unknown[];
  readonly inbound?: readonly unknown[];
}

/** Returns what a repository with these rules says. */
function observed(id: number, name: string, rules: Rules): ObservedRepository {
  const observation = observeConfig(aRepository(name, JSON.stringify(rules), { id }));
  if (observation?.state !== 'valid') throw new Error(`The file of ${name} is not valid.`);
  return { ...observation, observedAt: '2026-01-01T00:00:00.000Z', formerNames: [] };
}

const asks = (...targets: readonly (readonly [repository: string, workflow: string])[]): Rules => ({
  outbound: [
    {
      source: { workflow: 'ci.yml' },
      targets: targets.map(([repository, workflow]) => ({ repository, workflow })),
    },
  ],
});
const accepts = (repository: string, workflow = 'cd.yml'): Rules => ({
  inbound: [{ source: { repository, workflow: 'ci.yml' }, targets: [{ workflow }] }],
});

const app = (rules: Rules): ObservedRepository => observed(1, 'octo/app', rules);

/** Returns the candidates of octo/app as `name: workflows`. */
function candidates(...repositories: readonly ObservedRepository[]): string[] {
  const found = consentGraph(repositories).candidates.find(({ repositoryId }) => repositoryId === 1);
  return (found?.repositories ?? []).map(({ repositoryId, name, workflows }) =>
    [repositoryId, name, ...workflows].join(' '),
  );
}

describe('what a pattern means', () => {
  test('are the repositories of the same owner that match it and accept the source, by id', () => {
    const all = [
      app(asks(['service-*', 'cd.yml'])),
      observed(9, 'octo/service-a', accepts('app')),
      observed(3, 'octo/Service-b', accepts('octo/*')),
      observed(4, 'octo/service-c', accepts('other')),
      observed(5, 'octo/service-d', accepts('app', 'qa.yml')),
      observed(6, 'octo/website', accepts('app')),
      observed(7, 'partner/service-e', accepts('octo/app')),
    ];
    expect(candidates(...all)).toEqual(['3 Service-b cd.yml', '9 service-a cd.yml']);
    expect(candidates(...all.toReversed())).toEqual(['3 Service-b cd.yml', '9 service-a cd.yml']);
  });

  test('are listed with each workflow that they accept', () => {
    const both = [...(accepts('app').inbound ?? []), ...(accepts('app', 'qa.yml').inbound ?? [])];
    const all = [app(asks(['*', 'qa.yml'], ['*', 'cd.yml'])), observed(2, 'octo/tool', { inbound: both })];
    expect(candidates(...all)).toEqual(['2 tool cd.yml qa.yml']);
  });

  test('are agreed in the graph, and nobody is requested or offered', () => {
    const { repositories } = consentGraph([
      app(asks(['*', 'cd.yml'])),
      observed(2, 'octo/tool', accepts('app')),
      observed(3, 'octo/other', { inbound: [] }),
    ]);
    const edges = repositories.flatMap(({ outbound, inbound }) => [...outbound, ...inbound]);
    expect(new Set(edges.map(({ state, target }) => `${state} ${target.repository}`))).toEqual(
      new Set(['agreed octo/tool']),
    );
  });

  test('is nothing while the target is disabled, and for a source without patterns', () => {
    const disabled = {
      outbound: [
        { source: { workflow: 'ci.yml' }, targets: [{ repository: '*', workflow: 'cd.yml', enabled: false }] },
      ],
    };
    const tool = observed(2, 'octo/tool', accepts('app'));
    expect(candidates(app(disabled), tool)).toEqual([]);
    expect(consentGraph([app(asks(['tool', 'cd.yml'])), tool]).candidates).toEqual([]);
  });

  test('is cut off at its limit, and says so', () => {
    const tools = Array.from({ length: maxCandidates + 1 }, (_, n) => observed(n + 2, `octo/t${n}`, accepts('*')));
    const [found] = consentGraph([app(asks(['*', 'cd.yml'])), ...tools]).candidates;
    expect(found).toMatchObject({ isComplete: false });
    expect(found?.repositories).toHaveLength(maxCandidates);
    expect(found?.repositories.at(-1)?.repositoryId).toBe(maxCandidates + 1);
  });

  test('fits an item of a table, whatever the names are', () => {
    const workflows = Array.from({ length: 20 }, (_, n) => `${'é'.repeat(240)}${n}.yml`);
    const inbound = [
      { source: { repository: '*', workflow: 'ci.yml' }, targets: workflows.map((workflow) => ({ workflow })) },
    ];
    const tools = Array.from({ length: 60 }, (_, n) => observed(n + 2, `octo/${'t'.repeat(90)}${n}`, { inbound }));
    const requested = workflows.map((workflow) => ['*', workflow] as const);
    const [found] = consentGraph([app(asks(...requested)), ...tools]).candidates;
    const bytes = Buffer.byteLength(JSON.stringify(found));
    expect(found?.isComplete).toBe(false);
    expect(bytes).toBeGreaterThan(200_000);
    expect(bytes).toBeLessThan(400_000);
  });
});
