import {
  type AppPermissions,
  type ConfigChecked,
  factId,
  type FileCheck,
  fullName,
  type RepositoryHint,
} from '@dispatcher/contracts';
import { type ChangeSnapshot, GitHubUnreachableError, type ReadChange } from '@dispatcher/github';
import { type Bus, type CallOptions, DeferError, type Meter, type StepLog } from '@dispatcher/lambda';
import { changesFile, checkFile, type CompileCache } from '@dispatcher/rules';
import type { FileCheckStore } from '@dispatcher/store';

export interface CheckChangeDependencies {
  readonly readChange: ReadChange;
  /** Returns the permissions of the App in an installation. */
  readonly permissionsOf: (installationId: number, options?: CallOptions) => Promise<AppPermissions>;
  readonly fileChecks: FileCheckStore;
  readonly cache: CompileCache;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now: () => number;
}

/** GitHub may show a push to its API later than it sends the webhook. */
const maxLagMs = 30_000;
const lagRetryMs = 5_000;

/**
 * Checks the dispatching.yml of a commit that was pushed or proposed, stores the result, and publishes that it exists. A
 * commit is checked once: whoever pushes it again, or delivers the hint again, gets the stored result. Commits that do not
 * change the file are not checked.
 */
export async function checkChange(
  deps: CheckChangeDependencies,
  hint: RepositoryHint,
  options: CallOptions,
): Promise<void> {
  const { installationId, repository, branch, sha } = hint;
  if (sha === null) return;
  const permissions = await deps.permissionsOf(installationId, options);
  if (permissions['checks'] !== 'write') {
    deps.meter.count('FileChecks', { result: 'no-permission' });
    return;
  }
  const { owner, name } = repository;
  const change = await deps.readChange({ installationId, owner, name, branch, sha }, options);
  const check = resultOf(deps, hint, requireRead(deps, hint, change));
  if (check === null) {
    deps.meter.count('FileChecks', { result: 'unchanged' });
    return;
  }
  const stored = await deps.fileChecks.putCheck(check);
  await deps.bus.publish([factOf(stored)], options);
  deps.meter.count('FileChecks', { result: stored.state });
  deps.log.info('file checked', { repository: fullName(stored), sha: stored.sha, state: stored.state });
}

type ReadState = Extract<ChangeSnapshot, { readonly state: 'read' }>;

/**
 * Returns the change if it was read, and null if there is none to check.
 * @throws Error if the read has to be repeated
 */
function requireRead(deps: CheckChangeDependencies, hint: RepositoryHint, change: ChangeSnapshot): ReadState | null {
  switch (change.state) {
    case 'absent':
      return null;
    case 'no-commit':
      if (deps.now() - Date.parse(hint.receivedAt) >= maxLagMs) return null;
      throw new DeferError('GitHub does not show the pushed commit yet.', lagRetryMs);
    case 'unknown': {
      const { reason, unreachable } = change;
      if (unreachable === undefined) throw new Error(reason);
      const { retryAt } = unreachable;
      throw new GitHubUnreachableError(reason, null, retryAt === null ? {} : { retryAfterMs: retryAt - deps.now() });
    }
    case 'read':
      return change;
  }
}

/** Returns null if the commit changes no file. @throws Error if a file could not be read */
function resultOf(deps: CheckChangeDependencies, hint: RepositoryHint, change: ReadState | null): FileCheck | null {
  if (change === null) return null;
  const { base, head, common } = change;
  const { repository, installationId } = hint;
  // Another repository has the name by now.
  if (head.id !== repository.id || head.defaultBranch === null || base.defaultBranch === null) return null;
  const isInEffect = head.defaultBranch.sha === base.defaultBranch.sha;
  if (!isInEffect && !changesFile(common ?? base, head)) return null;
  const checked = checkFile(head, deps.cache);
  if (checked === null) throw new Error('GitHub did not return the files of the commit.');
  // A default branch without a file says nothing that anybody would check.
  if (isInEffect && checked.state === 'absent' && checked.misnamed === null) return null;
  return {
    version: 1,
    deliveryId: hint.deliveryId,
    checkedAt: new Date(deps.now()).toISOString(),
    installationId,
    repositoryId: head.id,
    owner: head.owner,
    name: head.name,
    sha: head.defaultBranch.sha,
    defaultBranch: base.defaultBranch.name,
    isFromFork: hint.pullRequest !== null,
    isInEffect,
    ...checked,
    effects: [],
    omittedEffects: 0,
    omittedRepositories: 0,
  };
}

function factOf(check: FileCheck): ConfigChecked {
  const { repositoryId, sha, state, problems, warnings } = check;
  return {
    version: 1,
    id: factId('config.checked', repositoryId, sha),
    type: 'config.checked',
    time: check.checkedAt,
    correlationId: check.deliveryId,
    data: {
      repositoryId,
      repository: fullName(check),
      installationId: check.installationId,
      sha,
      state,
      problems: problems.length,
      warnings: warnings.length,
    },
  };
}
