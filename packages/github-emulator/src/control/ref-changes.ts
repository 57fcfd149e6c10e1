import { queryOf, type EmulatorContext } from '../server/context.ts';
import type { FastifyRequest } from 'fastify';
import { type PushedRef, renderPushEvent } from '../render/render-push.ts';
import { openSuiteOnPush } from '../state/checks.ts';
import type { Repository } from '../state/entities.ts';
import type { FileContent, Files } from '../state/git-objects.ts';
import { deleteRef, findRef, type RefChange, resolveCommit, setRef } from '../state/refs.ts';
import { notifyOfRepository } from '../server/notify.ts';
import type { Push } from './control-client.ts';

/** Adds a commit to a branch, and sends the webhook of the push. */
export async function pushCommit(
  context: EmulatorContext,
  repository: Repository,
  request: Push,
): Promise<{ readonly sha: string }> {
  const { branch = repository.defaultBranch, files, message = 'Update', tag } = request;
  const parents = parentsOf(repository, request);
  const before = repository.branches[branch] ?? null;
  const start = repository.commits[parents?.[0] ?? ''];
  const changed = applyChanges(start?.files ?? branchFiles(repository, branch), files);
  const sha = context.store.commit(repository, branch, changed, message, parents);
  openSuiteOnPush(context.store, repository, sha);
  if (tag !== undefined) {
    repository.tags[tag] = sha;
  }
  await sendPush(context, repository, { ref: `refs/heads/${branch}`, before, after: sha });
  return { sha };
}

/** Creates or moves a branch or tag, and sends the webhook of the push. */
export async function moveRef(
  context: EmulatorContext,
  repository: Repository,
  change: RefChange,
): Promise<{ readonly sha: string }> {
  const before = findRef(repository, change.ref)?.oid ?? null;
  const sha = setRef(repository, change, Math.floor(context.store.now() / 1000));
  await sendPush(context, repository, { ref: change.ref, before, after: sha });
  return { sha };
}

/** Deletes the branch or tag that the query names, and sends the webhook of the push. */
export async function removeRef(
  context: EmulatorContext,
  repository: Repository,
  request: FastifyRequest,
): Promise<object> {
  const ref = queryOf(request)['ref'] ?? '';
  const before = findRef(repository, ref)?.oid ?? null;
  deleteRef(repository, ref);
  await sendPush(context, repository, { ref, before, after: null });
  return {};
}

function sendPush(context: EmulatorContext, repository: Repository, pushed: PushedRef): Promise<void> {
  return notifyOfRepository(context, repository, 'push', renderPushEvent(context.base, repository, pushed));
}

/** Returns the parents that a push names; undefined for a plain push onto the head of its branch. */
function parentsOf(repository: Repository, { branch, parent, merge }: Push): readonly string[] | undefined {
  if (parent === undefined && merge === undefined) {
    return undefined;
  }
  const names = [parent ?? branch ?? repository.defaultBranch, ...(merge === undefined ? [] : [merge])];
  return names.map((name) => {
    const oid = resolveCommit(repository, name);
    if (oid === null) {
      throw new Error(`${repository.owner}/${repository.name} has no commit, branch or tag "${name}".`);
    }
    return oid;
  });
}

function branchFiles(repository: Repository, branch: string): Files {
  const head = repository.branches[branch] ?? repository.branches[repository.defaultBranch] ?? '';
  return repository.commits[head]?.files ?? {};
}

function applyChanges(before: Files, change: Push['files']): Files {
  const files: Record<string, FileContent> = { ...before };
  for (const [path, content] of Object.entries(change)) {
    if (content === null) {
      delete files[path];
    } else {
      files[path] = content;
    }
  }
  return files;
}
