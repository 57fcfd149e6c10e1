import { renderOrganization, renderUser } from '../render/render-accounts.ts';
import type { EmulatorContext } from '../server/context.ts';
import { notifyOfInstallation, reference } from '../server/notify.ts';
import { sameName } from '../state/state-store.ts';
import { renameInRoles } from '../state/user-authorizations.ts';
import { rememberName } from './repository-changes.ts';

/**
 * Gives an account another name. Its repositories, its installation, and its roles and memberships follow. The App gets the
 * event `installation_target` if it is installed there, and no event for any repository, as on GitHub.
 */
export async function renameAccount(context: EmulatorContext, login: string, newLogin: string): Promise<object> {
  const { store, base } = context;
  const owner = store.owner(login);
  if (owner === undefined || store.owner(newLogin) !== undefined) {
    throw new Error(`${login} does not exist, or ${newLogin} does.`);
  }
  const from = owner.login;
  for (const repository of store.state.repositories.filter((one) => sameName(one.owner, from))) {
    rememberName(repository);
    repository.owner = newLogin;
  }
  renameInRoles(store, from, newLogin);
  owner.login = newLogin;
  const installation = store.installationOfAccount(from);
  if (installation === undefined) return {};
  installation.account = newLogin;
  const isOrganization = owner.type === 'Organization';
  await notifyOfInstallation(context, 'installation_target', {
    action: 'renamed',
    account: { ...renderUser(store, base, newLogin), ...(isOrganization ? renderOrganization(base, owner) : {}) },
    changes: { login: { from } },
    installation: reference(installation),
    target_type: owner.type,
    ...(isOrganization ? { organization: renderOrganization(base, owner) } : {}),
  });
  return {};
}
