import type { Schemas } from '../../api/client.ts';

type Budget = Schemas['Installation'];
type Repository = Schemas['RepositoryRow'];
type Sweep = Schemas['SweepProgress'];

/** An installation of the App: an account with the repositories that it covers, as far as both were seen. */
export interface InstallationGroup {
  /** Null for repositories that the App is not known to be installed on. */
  readonly installationId: number | null;
  /** The account that the App is installed on: all its repositories have the same owner. Null if none is known. */
  readonly account: string | null;
  /** What the last sweep read of it; null before the first one, and for those who may not see it. */
  readonly sweep: Sweep | null;
  readonly budgets: readonly Budget[];
  readonly repositories: readonly Repository[];
}

/** Returns the installations by account, those without a known repository after them, and the other repositories last. */
export function groupByInstallation(
  budgets: readonly Budget[],
  repositories: readonly Repository[],
  sweeps: readonly Sweep[],
): readonly InstallationGroup[] {
  // The row of an installation that was removed has no account.
  const swept = sweeps.filter(({ account }) => account !== null);
  const ids = new Set([...[...budgets, ...swept].map(({ installationId }) => installationId), ...known(repositories)]);
  const groups = [...ids].map((id) => groupOf(id, budgets, repositories, swept)).toSorted(byAccount);
  const others = repositories.filter(({ installationId }) => installationId === null);
  return others.length === 0
    ? groups
    : [...groups, { installationId: null, account: null, sweep: null, budgets: [], repositories: others }];
}

const known = (repositories: readonly Repository[]): number[] =>
  repositories.flatMap(({ installationId }) => installationId ?? []);

function groupOf(
  id: number,
  budgets: readonly Budget[],
  repositories: readonly Repository[],
  sweeps: readonly Sweep[],
): InstallationGroup {
  const sweep = sweeps.find(({ installationId }) => installationId === id) ?? null;
  const own = repositories.filter(({ installationId }) => installationId === id);
  return {
    installationId: id,
    account: sweep?.account ?? own[0]?.repository.split('/')[0] ?? null,
    sweep,
    budgets: budgets.filter(({ installationId }) => installationId === id),
    repositories: own,
  };
}

function byAccount(one: InstallationGroup, other: InstallationGroup): number {
  if (one.account !== null && other.account !== null) return one.account < other.account ? -1 : 1;
  if (one.account === null && other.account === null) return (one.installationId ?? 0) - (other.installationId ?? 0);
  return one.account === null ? 1 : -1;
}
