import { commitsBetween, compareCommits } from '../state/commit-graph.ts';
import type { Commit, Repository } from '../state/entities.ts';
import type { Json } from './json.ts';
import { htmlUrl } from './render-repositories.ts';

/** GitHub lists at most this many commits of a push, and files of a commit. */
const MAX_COMMITS = 2_048;
const MAX_FILES = 3_000;
const NONE = '0'.repeat(40);

/** A ref before and after a push; null: it did not exist, or no longer exists. */
export interface PushedRef {
  /** `refs/heads/…` or `refs/tags/…` */
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Renders the webhook `push`, without what all events of a repository have in common. */
export function renderPushEvent(base: string, repository: Repository, { ref, before, after }: PushedRef): Json {
  const others = Object.entries(repository.branches).flatMap(([name, oid]) =>
    ref === `refs/heads/${name}` ? [] : [oid],
  );
  const commits =
    after === null ? [] : commitsBetween(repository, after, before === null ? others : [before]).map(toJson);
  const head = after === null ? undefined : repository.commits[after];
  return {
    ref,
    before: before ?? NONE,
    after: after ?? NONE,
    base_ref: null,
    created: before === null,
    deleted: after === null,
    forced: isForced(repository, before, after),
    compare: `${htmlUrl(base, repository)}/compare/${before ?? NONE}...${after ?? NONE}`,
    commits: commits.slice(-MAX_COMMITS),
    head_commit: head === undefined ? null : toJson(head),
    pusher: PERSON,
    repository: { master_branch: repository.defaultBranch },
  };

  function toJson(commit: Commit): Json {
    return renderCommit(base, repository, commit);
  }
}

const PERSON = { name: 'octocat', email: 'octocat@users.noreply.github.com' };

function isForced(repository: Repository, before: string | null, after: string | null): boolean {
  if (before === null || after === null) {
    return false;
  }
  const status = compareCommits(repository, before, after)?.status;
  return status !== 'AHEAD' && status !== 'IDENTICAL';
}

/** Lists the files of a commit in comparison with its first parent. */
function renderCommit(base: string, repository: Repository, commit: Commit): Json {
  const before = repository.commits[commit.parent ?? '']?.files ?? {};
  const { files } = commit;
  const isSame = (path: string) => JSON.stringify(before[path]) === JSON.stringify(files[path]);
  const author = { ...PERSON, name: 'Octo Cat', username: 'octocat' };
  return {
    id: commit.oid,
    tree_id: commit.treeOid,
    distinct: true,
    message: commit.message,
    timestamp: commit.committedAt,
    url: `${htmlUrl(base, repository)}/commit/${commit.oid}`,
    author,
    committer: author,
    added: Object.keys(files)
      .filter((path) => !(path in before))
      .slice(0, MAX_FILES),
    removed: Object.keys(before)
      .filter((path) => !(path in files))
      .slice(0, MAX_FILES),
    modified: Object.keys(files)
      .filter((path) => path in before && !isSame(path))
      .slice(0, MAX_FILES),
  };
}
