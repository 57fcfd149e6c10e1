import { expect, test } from '@jest/globals';
import type { RegisteredInstallation } from '@dispatcher/github';
import { checkPolicies } from './check-policies.ts';

const installation = (id: number, login: string, selection: string): RegisteredInstallation => ({
  id,
  account: { login, type: 'Organization' },
  html_url: `https://github.com/organizations/${login}/settings/installations/${id}`,
  permissions: {},
  suspended_at: null,
  repository_selection: selection,
});

const repository = (name: string) => ({
  id: 1,
  name,
  html_url: `https://github.com/octo/${name}`,
  default_branch: 'main',
  archived: false,
  owner: { login: 'octo', type: 'Organization' },
});

const registration = (names: Readonly<Record<number, readonly string[]>>) => ({
  repositories: async (id: number) => (names[id] ?? []).map(repository),
});

test('an installation on selected repositories without .github hides a policy', async () => {
  const installations = [installation(1, 'octo', 'selected'), installation(2, 'partner', 'selected')];
  const findings = await checkPolicies(registration({ 1: ['app'], 2: ['app', '.github'] }), installations);
  expect(findings).toMatchObject([{ check: 'app-policies', status: 'note' }]);
  expect(findings[0]?.message).toContain('a policy of octo cannot be read');
  expect(findings[0]?.message).toContain('octo/.github');
});

test('an installation on all repositories shows a policy, and costs no request', async () => {
  const none = { repositories: () => Promise.reject(new Error('No request is needed.')) };
  expect(await checkPolicies(none, [installation(1, 'octo', 'all')])).toMatchObject([{ status: 'ok' }]);
});

test('installations that could not be read are skipped', async () => {
  expect(await checkPolicies(registration({}), null)).toMatchObject([{ status: 'skipped' }]);
});
