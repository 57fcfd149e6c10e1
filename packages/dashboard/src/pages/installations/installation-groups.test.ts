import { expect, test } from '@jest/globals';
import type { Schemas } from '../../api/client.ts';
import { groupByInstallation } from './installation-groups.ts';

const budget = (installationId: number, resource = 'core'): Schemas['Installation'] => ({
  installationId,
  resource,
  limit: 5_000,
  remaining: 4_000,
  resetsAt: '2026-11-03T15:00:00.000Z',
  seenAt: '2026-11-03T14:00:00.000Z',
});
const repository = (name: string, installationId: number | null): Schemas['RepositoryRow'] => ({
  repository: name,
  lastFactAt: '2026-11-03T14:00:00.000Z',
  deliveries: 1,
  allowed: 0,
  denied: 0,
  started: 0,
  failed: 0,
  completed: 0,
  succeeded: 0,
  hours: null,
  installationId,
});

test('repositories stand under their installation, accounts by name, and those without the App last', () => {
  const groups = groupByInstallation(
    [budget(9), budget(2), budget(2, 'graphql')],
    [repository('acme/app', 2), repository('acme/cd', 2), repository('gone/one', null), repository('abc/x', 5)],
    [],
  );
  expect(
    groups.map(({ installationId, account, budgets, repositories }) => [
      installationId,
      account,
      budgets.map(({ resource }) => resource),
      repositories.map(({ repository: name }) => name),
    ]),
  ).toEqual([
    [5, 'abc', [], ['abc/x']],
    [2, 'acme', ['core', 'graphql'], ['acme/app', 'acme/cd']],
    [9, null, ['core'], []],
    [null, null, [], ['gone/one']],
  ]);
});

test('an installation of which only the sweep knows is listed, unless the App was removed', () => {
  const sweep = (installationId: number, account: string | null) =>
    ({ installationId, account }) as Schemas['SweepProgress'];
  const groups = groupByInstallation([budget(2)], [], [sweep(2, 'acme'), sweep(7, 'idle'), sweep(8, null)]);
  expect(groups.map(({ installationId, account }) => [installationId, account])).toEqual([
    [2, 'acme'],
    [7, 'idle'],
  ]);
});
