import { appEvents, appFeatures, appPermissions } from '@dispatcher/contracts';
import { expect, test } from '@jest/globals';
import type { Schemas } from '../api/schemas.ts';
import { featureAccess, pendingPermissions, registeredApp } from './app-access.ts';

type Access = NonNullable<Schemas['SweepProgress']['access']>;

const grantOf = (...features: readonly string[]): Access['granted'] => {
  const chosen = appFeatures.filter(({ name }) => features.includes(name));
  const permissions = [...appPermissions, ...chosen.flatMap((feature) => feature.permissions)];
  return {
    permissions: Object.fromEntries(permissions.map(({ key, level }) => [key, level])),
    events: [...appEvents, ...chosen.flatMap((feature) => feature.events)].map(({ key }) => key),
  };
};
const sweep = (account: string | null, access?: Partial<Access>) =>
  ({
    account,
    ...(access === undefined
      ? {}
      : { access: { granted: grantOf(), requested: grantOf(), selection: 'all', seesPolicy: true, ...access } }),
  }) as Schemas['SweepProgress'];

const wordsOf = (...sweeps: readonly Schemas['SweepProgress'][]) =>
  Object.fromEntries(featureAccess(sweeps)?.map(({ name, state: { word } }) => [name, word]) ?? []);

test('features are granted, off or pending, each by itself', () => {
  const requested = grantOf('checks', 'hints');
  expect(wordsOf(sweep('acme', { requested, granted: grantOf('hints') }))).toEqual({
    'runs and dispatches': 'Granted',
    checks: 'Pending',
    hints: 'Granted',
    forks: 'Off',
    teams: 'Off',
  });
});

test('a pending feature names the accounts that have not granted it, and what does not work meanwhile', () => {
  const requested = grantOf('checks');
  const sweeps = [sweep('acme', { requested, granted: requested }), sweep('partner', { requested })];
  const checks = featureAccess(sweeps)?.find(({ name }) => name === 'checks');
  expect(checks).toMatchObject({ state: { word: 'Pending' }, next: expect.stringContaining('The owner of partner') });
  expect(checks?.without.join()).toContain('no check runs are written');
});

test('what every App needs is missing if the registration does not request it', () => {
  const requested = { ...grantOf(), permissions: { ...grantOf().permissions, actions: 'read' } };
  const [needed] = featureAccess([sweep('acme', { requested, granted: requested })]) ?? [];
  expect(needed).toMatchObject({ state: { word: 'Missing' }, next: expect.stringContaining('actions: write') });
});

test('nothing is said before the first sweep, and of an App that was uninstalled', () => {
  expect(featureAccess([])).toBeNull();
  expect(featureAccess([sweep('acme'), sweep(null, {})])).toBeNull();
});

test('what waits for the owner is what the registration requests beyond the grant', () => {
  const granted = { permissions: { contents: 'read', actions: 'write' }, events: ['workflow_run'] };
  const requested = {
    permissions: { contents: 'write', actions: 'read', checks: 'write' },
    events: ['workflow_run', 'push'],
  };
  const access: Access = { granted, requested, selection: 'all', seesPolicy: true };
  expect(pendingPermissions(access)).toEqual(['contents: write', 'checks: write', 'push']);
  expect(pendingPermissions({ ...access, requested: granted })).toEqual([]);
});

test('the App is named by the newest sweep that read it', () => {
  const app = (name: string) => ({ app: { id: 4711, name, url: 'https://github.com/apps/dispatcher' } });
  const at = (minute: number, access?: Partial<Access>) => ({
    ...sweep('acme', access),
    seenAt: `2026-11-03T14:0${minute}:00.000Z`,
  });
  expect(registeredApp([at(1, app('Old')), at(3), at(2, app('New'))])?.name).toBe('New');
  expect(registeredApp([at(1)])).toBeNull();
});
