import type { Schemas } from '../../api/client.ts';

type Budget = Schemas['Installation'];
type Repository = Schemas['RepositoryRow'];

/** An installation of the App: an account with the repositories that it covers, as far as both were seen. */
export interface InstallationGroup {
  /** Null for repositories that the App is not known to be installed on. */
  readonly installationId: number | null;
  /** The account that the App is installed on: all its repositories have the same owner. Null without repositories. */
  readonly account: string | null;
  readonly budgets: readonly Budget[];
  readonly repositories: readonly Repository[];
}

/** Returns the installations by account, those without a known repository after them, and the other repositories last. */
export function groupByInstallation(
  budgets: readonly Budget[],
  repositories: readonly Repository[],
): readonly InstallationGroup[] {
  const ids = new Set([...budgets.map(({ installationId }) => installationId), ...known(repositories)]);
  const groups = [...ids].map((id) => groupOf(id, budgets, repositories)).toSorted(byAccount);
  const others = repositories.filter(({ installationId }) => installationId === null);
  return others.length === 0
    ? groups
    : [...groups, { installationId: null, account: null, budgets: [], repositories: others }];
}

const known = (repositories: readonly Repository[]): number[] =>
  repositories.flatMap(({ installationId }) => installationId ?? []);

function groupOf(id: number, budgets: readonly Budget[], repositories: readonly Repository[]): InstallationGroup {
  const own = repositories.filter(({ installationId }) => installationId === id);
  return {
    installationId: id,
    account: own[0]?.repository.split('/')[0] ?? null,
    budgets: budgets.filter(({ installationId }) => installationId === id),
    repositories: own,
  };
}

function byAccount(one: InstallationGroup, other: InstallationGroup): number {
  if (one.account !== null && other.account !== null) return one.account < other.account ? -1 : 1;
  if (one.account === null && other.account === null) return (one.installationId ?? 0) - (other.installationId ?? 0);
  return one.account === null ? 1 : -1;
}
