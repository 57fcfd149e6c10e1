import { renderOrganization, renderUser } from '../render/render-accounts.ts';
import { renderPullRequest } from '../render/render-pull-request.ts';
import type { EmulatorContext } from '../server/context.ts';
import type { Repository } from '../state/entities.ts';
import { sameName } from '../state/state-store.ts';
import { notifyOfRepository } from '../server/notify.ts';
import { findOrCreateFork } from './run-lifecycle.ts';
import type { PullRequestRequest, RepositoryChange } from './control-client.ts';

const isPrivate = ({ visibility }: Repository) => visibility !== 'public';

/** Changes settings of a repository, and sends an event `repository` for each that GitHub reports. */
export async function changeRepository(
  context: EmulatorContext,
  repository: Repository,
  { issues, ...change }: RepositoryChange,
): Promise<object> {
  const before = { ...repository };
  Object.assign(repository, change, issues === undefined ? {} : { issuesEnabled: issues });
  const actions: (readonly [action: string, changes?: object])[] = [
    ...(before.archived === repository.archived ? [] : [[repository.archived ? 'archived' : 'unarchived'] as const]),
    ...(isPrivate(before) === isPrivate(repository)
      ? []
      : [[isPrivate(repository) ? 'privatized' : 'publicized'] as const]),
    ...(before.defaultBranch === repository.defaultBranch
      ? []
      : [['edited', { default_branch: { from: before.defaultBranch } }] as const]),
  ];
  for (const [action, changes] of actions) {
    await notifyOfRepository(context, repository, 'repository', {
      action,
      ...(changes === undefined ? {} : { changes }),
    });
  }
  return {};
}

/** Gives a repository another name. Selections of installations follow it, as on GitHub. */
export async function renameRepository(
  context: EmulatorContext,
  repository: Repository,
  { name }: { readonly name: string },
): Promise<object> {
  refuseTaken(context, repository.owner, name);
  const from = repository.name;
  for (const installation of context.store.state.installations) {
    if (installation.repositories === 'all' || !sameName(installation.account, repository.owner)) continue;
    installation.repositories = installation.repositories.map((one) => (sameName(one, from) ? name : one));
  }
  rememberName(repository);
  repository.name = name;
  const changes = { repository: { name: { from } } };
  await notifyOfRepository(context, repository, 'repository', { action: 'renamed', changes });
  return {};
}

/**
 * Moves a repository to another owner. Only an installation of the new owner that covers it gets an event: GitHub tells
 * the App nothing of it in the name of the former owner.
 */
export async function transferRepository(
  context: EmulatorContext,
  repository: Repository,
  { owner }: { readonly owner: string },
): Promise<object> {
  const { store, base } = context;
  if (store.owner(owner) === undefined) {
    throw new Error(`The emulator has no account "${owner}".`);
  }
  refuseTaken(context, owner, repository.name);
  const from = repository.owner;
  for (const installation of store.state.installations) {
    if (installation.repositories === 'all' || !sameName(installation.account, from)) continue;
    installation.repositories = installation.repositories.filter((one) => !sameName(one, repository.name));
  }
  const former = store.owner(from);
  const formerOwner =
    former?.type === 'Organization'
      ? { organization: renderOrganization(base, former) }
      : { user: renderUser(store, base, from) };
  rememberName(repository);
  repository.owner = owner;
  const changes = { owner: { from: formerOwner } };
  await notifyOfRepository(context, repository, 'repository', { action: 'transferred', changes });
  return {};
}

/** Keeps the name of a repository that is about to get another one, because GitHub redirects requests for it. */
export function rememberName(repository: Repository): void {
  const { owner, name, formerNames = [] } = repository;
  repository.formerNames = [...formerNames, `${owner}/${name}`.toLowerCase()];
}

function refuseTaken({ store }: EmulatorContext, owner: string, name: string): void {
  if (store.repository(owner, name) !== undefined) {
    throw new Error(`${owner}/${name} exists already.`);
  }
}

/**
 * Opens or updates a pull request of a fork, and sends its event. As on GitHub, the commit can be read in the base
 * repository under its id, and pushes to the fork are not reported.
 */
export async function updatePullRequest(
  context: EmulatorContext,
  repository: Repository,
  { number, files, branch = 'patch', action }: PullRequestRequest,
): Promise<{ readonly sha: string }> {
  const { store, base } = context;
  const fork = findOrCreateFork(store, repository);
  const start = fork.commits[fork.branches[branch] ?? repository.branches[repository.defaultBranch] ?? ''];
  const changed = { ...start?.files };
  for (const [path, content] of Object.entries(files)) {
    if (content === null) delete changed[path];
    else changed[path] = content;
  }
  const isNew = fork.branches[branch] === undefined;
  const sha = store.commit(fork, branch, changed, 'Propose a change', start === undefined ? [] : [start.oid]);
  const commit = fork.commits[sha];
  if (commit !== undefined) repository.commits[sha] = commit;
  const done = action ?? (isNew ? 'opened' : 'synchronize');
  await notifyOfRepository(context, repository, 'pull_request', {
    action: done,
    number,
    ...(done === 'synchronize' ? { before: start?.oid ?? sha, after: sha } : {}),
    pull_request: renderPullRequest(store, base, repository, { number, fork, branch, sha }),
  });
  return { sha };
}
