import {
  type AppPermissions,
  type CheckedCommit,
  type ConfigChecked,
  factId,
  type FileCheck,
  fullName,
  type RepositoryHint,
  type UnknownSnapshot,
} from '@dispatcher/contracts';
import {
  type ChangeSnapshot,
  GitHubUnreachableError,
  type ReadChange,
  type RepositoryReader,
} from '@dispatcher/github';
import { type Bus, type CallOptions, DeferError, type Meter, type StepLog } from '@dispatcher/lambda';
import { changesFile, checkFile, type CompileCache, effectsOfChange, repositoriesInFiles } from '@dispatcher/rules';
import type { FileCheckStore } from '@dispatcher/store';

export interface CheckChangeDependencies {
  readonly readChange: ReadChange;
  readonly createReader: () => Pick<RepositoryReader, 'readTargets'>;
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
/** The repositories that are read of those that the files name, and the effects that are stored. */
const maxRepositories = 50;
const maxEffects = 60;

/**
 * Checks the dispatching.yml of a commit that was pushed or proposed, stores the result, and publishes that it exists. A
 * commit is checked once: another push of it, or another delivery of the hint, leads to the stored result. Commits that do not
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
  const commit = { installationId, owner, name, sha };
  const change = requireRead(deps, hint, await deps.readChange({ ...commit, branch }, options));
  await checkOnce(deps, hint, change, options);
  if (change === null || change.head.defaultBranch?.sha === sha || !isRecent(deps, hint)) return;
  // Either the branch has a newer commit, or GitHub shows it late, at an older one: then the pushed commit is not checked yet.
  const pushed = await deps.readChange({ ...commit, branch: null }, options);
  await checkOnce(deps, hint, pushed.state === 'read' ? pushed : null, options);
}

async function checkOnce(
  deps: CheckChangeDependencies,
  hint: RepositoryHint,
  change: ReadState | null,
  options: CallOptions,
): Promise<void> {
  const check = await resultOf(deps, { ...hint, isFromFork: hint.pullRequest !== null }, change, options);
  if (check === null) deps.meter.count('FileChecks', { result: 'unchanged' });
  else await publish(deps, await deps.fileChecks.putCheck(check), options);
}

/** Returns whether GitHub may not show the push yet. */
function isRecent({ now }: CheckChangeDependencies, { receivedAt }: Pick<RepositoryHint, 'receivedAt'>): boolean {
  return now() - Date.parse(receivedAt) < maxLagMs;
}

/** Somebody wants a commit to be checked again. */
export interface RepeatedCheck
  extends CheckedCommit,
    Pick<RepositoryHint, 'deliveryId' | 'receivedAt' | 'installationId'> {
  readonly owner: string;
  readonly name: string;
}

/**
 * Checks a commit again that was checked before: what the other repositories say may have changed. The result replaces the
 * stored one and is published although it may be the same, because GitHub shows the check as queued until it is written.
 */
export async function recheckFile(
  deps: CheckChangeDependencies,
  { repositoryId, sha, owner, name, ...delivery }: RepeatedCheck,
  options: CallOptions,
): Promise<void> {
  const before = await deps.fileChecks.getCheck({ repositoryId, sha });
  if (before === null) return;
  const { installationId, deliveryId } = delivery;
  const at = { repository: { id: repositoryId, owner, name }, sha, isFromFork: before.isFromFork };
  const change = await deps.readChange({ installationId, owner, name, branch: null, sha }, options);
  const again = await resultOf(deps, { ...delivery, ...at }, requireRead(deps, delivery, change), options);
  // A commit that was merged since changes nothing any more.
  const check = again ?? { ...before, installationId, deliveryId, checkedAt: new Date(deps.now()).toISOString() };
  await deps.fileChecks.replaceCheck(check);
  await publish(deps, check, options);
}

async function publish(deps: CheckChangeDependencies, check: FileCheck, options: CallOptions): Promise<void> {
  await deps.bus.publish([factOf(check)], options);
  deps.meter.count('FileChecks', { result: check.state });
  deps.log.info('file checked', { repository: fullName(check), sha: check.sha, state: check.state });
}

/** Of which commit a check is, and what led to it. */
interface CheckSubject extends Pick<RepositoryHint, 'deliveryId' | 'receivedAt' | 'installationId' | 'repository'> {
  readonly isFromFork: boolean;
}

type ReadState = Extract<ChangeSnapshot, { readonly state: 'read' }>;

/**
 * Returns the change if it was read, and null if there is none to check.
 * @throws Error if the read has to be repeated
 */
function requireRead(
  deps: CheckChangeDependencies,
  received: Pick<RepositoryHint, 'receivedAt'>,
  change: ChangeSnapshot,
): ReadState | null {
  if (change.state === 'read') return change;
  if (change.state === 'unknown') {
    throw change.unreachable === undefined ? new Error(change.reason) : unreachable(deps, change);
  }
  if (change.state === 'absent' || !isRecent(deps, received)) return null;
  throw new DeferError('GitHub does not show the pushed commit yet.', lagRetryMs);
}

/** Returns null if the commit changes no file. @throws Error if a file could not be read */
async function resultOf(
  deps: CheckChangeDependencies,
  { repository, installationId, deliveryId, isFromFork }: CheckSubject,
  change: ReadState | null,
  options: CallOptions,
): Promise<FileCheck | null> {
  if (change === null) return null;
  const { base, head, common } = change;
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
    deliveryId,
    checkedAt: new Date(deps.now()).toISOString(),
    installationId,
    repositoryId: head.id,
    owner: head.owner,
    name: head.name,
    sha: head.defaultBranch.sha,
    defaultBranch: base.defaultBranch.name,
    isFromFork,
    isInEffect,
    ...checked,
    ...(isFromFork || isInEffect ? noEffects : await readEffects(deps, installationId, change, options)),
  };
}

type Effects = Pick<FileCheck, 'effects' | 'omittedEffects' | 'omittedRepositories'>;

const noEffects: Effects = { effects: [], omittedEffects: 0, omittedRepositories: 0 };

/** Reads the repositories that the files name, and compares what both sides say before and after the change. */
async function readEffects(
  deps: CheckChangeDependencies,
  installationId: number,
  { base, head }: ReadState,
  options: CallOptions,
): Promise<Effects> {
  const named = repositoriesInFiles([base, head], deps.cache);
  const requests = named.slice(0, maxRepositories).map((each) => ({ ...each, workflows: [], refs: [] }));
  const source = { installationId, owner: head.owner };
  const others = Object.values(await deps.createReader().readTargets(source, requests, options));
  // One that cannot be read counts as absent: nothing must show that it exists. An outage passes.
  for (const other of others)
    if (other.state === 'unknown' && other.unreachable !== undefined) throw unreachable(deps, other);
  const effects = effectsOfChange(base, head, others);
  return {
    effects: effects.slice(0, maxEffects),
    omittedEffects: Math.max(0, effects.length - maxEffects),
    omittedRepositories: named.length - requests.length,
  };
}

function unreachable(
  { now }: Pick<CheckChangeDependencies, 'now'>,
  { reason, unreachable: outage }: UnknownSnapshot,
): GitHubUnreachableError {
  const retryAt = outage?.retryAt ?? null;
  return new GitHubUnreachableError(reason, null, retryAt === null ? {} : { retryAfterMs: retryAt - now() });
}

function factOf(check: FileCheck): ConfigChecked {
  const { repositoryId, sha, state, problems, warnings } = check;
  return {
    version: 1,
    id: factId('config.checked', repositoryId, sha, check.deliveryId),
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
