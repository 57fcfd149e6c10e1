import type { RepositoryContents, RepositorySnapshot, UnknownSnapshot } from '@dispatcher/contracts';
import type { CallOptions } from '../transport/options.ts';
import { waitForShared } from '../transport/cancellation.ts';
import { type GraphqlResponse, parseSnapshots } from './parse-response.ts';
import { isInstallationGone, postQuery, type ReadDependencies, snapshotAfterFailure } from './read-repositories.ts';
import { configSelections, type GraphqlQuery, repositoryFragments } from './repositories-query.ts';

/** A commit that may change the dispatching.yml: the newest one of a branch, or a commit by its id. */
export interface ChangeRequest {
  readonly installationId: number;
  readonly owner: string;
  readonly name: string;
  /** Null: the commit itself, whatever its branch. */
  readonly branch: string | null;
  /** The commit that was pushed. */
  readonly sha: string;
}

/**
 * A repository with the files of its default branch, of a proposed commit, and of the commit from which the proposal
 * departs from the default branch.
 */
export type ChangeSnapshot =
  | { readonly state: 'absent' }
  | UnknownSnapshot
  /** The branch does not exist any more, or GitHub does not know the commit (yet). */
  | { readonly state: 'no-commit' }
  | {
      readonly state: 'read';
      /** The repository with the files of its default branch. */
      readonly base: RepositoryContents;
      /** The same repository with the files of the proposed commit, which is the `sha` of its default branch. */
      readonly head: RepositoryContents;
      /** With the files of the commit that both have in common; null if GitHub names none. */
      readonly common: RepositoryContents | null;
    };

/**
 * Reads a change in one GraphQL request; in two if another commit was pushed to the branch since.
 * @throws as {@link RepositoryReader}: failures that concern the whole installation
 */
export type ReadChange = (request: ChangeRequest, options?: CallOptions) => Promise<ChangeSnapshot>;

export function createChangeReader(dependencies: ReadDependencies): ReadChange {
  const read = async (request: ChangeRequest): Promise<ChangeSnapshot> => {
    const response = await postQuery(dependencies, request.installationId, changeQuery(request)).catch(
      (error: unknown) =>
        isInstallationGone(error)
          ? ({ state: 'absent' } as const)
          : snapshotAfterFailure(error, dependencies.transport.now()),
    );
    return 'state' in response ? response : parseChange(response, request, read);
  };
  return (request, options) => waitForShared(() => read(request), options?.signal);
}

/**
 * The oldest commit that the head has and the default branch lacks follows the commit that both have in common. GitHub does
 * not name the latter, and does not document in which order it lists the former. Both ends of the list are read: one is the
 * head, the other one is the oldest commit.
 */
function changeQuery({ owner, name, branch, sha }: ChangeRequest): GraphqlQuery {
  const branchField = branch === null ? '' : 'branch: ref(qualifiedName: $b) { target { oid } }';
  const query = `query ReadChange($o: String!, $n: String!, $s: String!, $i: GitObjectID!${branch === null ? '' : ', $b: String!'}) {
  r0: repository(owner: $o, name: $n, followRenames: true) {
    ...Facts
    defaultBranchRef {
      name target { __typename oid ...Files }
      compare(headRef: $s) { first: commits(first: 1) { ...End } last: commits(last: 1) { ...End } }
    }
    head: object(oid: $i) { __typename oid ...Files }
    ${branchField}
  }
  rateLimit { cost limit remaining resetAt }
}
fragment End on ComparisonCommitConnection {
  nodes { oid parents(first: 1) { nodes { __typename oid ...Files } } }
}
fragment Files on Commit {
  ${configSelections.join('\n  ')}
}
${repositoryFragments}`;
  const refs: Record<string, string> = branch === null ? {} : { b: `refs/heads/${branch}` };
  return { query, variables: { o: owner, n: name, s: sha, i: sha, ...refs } };
}

/** The paths of both ends of the list of commits. */
const firstPath = ['defaultBranchRef', 'compare', 'first', 'nodes', 0] as const;
const lastPath = ['defaultBranchRef', 'compare', 'last', 'nodes', 0] as const;

/** Returns the path of the commit that the default branch and the head have in common. */
function commonPath(repository: unknown, headOid: unknown): Path {
  const oldest = valueAt(repository, [...firstPath, 'oid']) === headOid ? lastPath : firstPath;
  return [...oldest, 'parents', 'nodes', 0];
}

/** Returns whether the default branch lacks no commit of the head: then the head is what both have in common. */
function isInDefaultBranch(repository: unknown): boolean {
  const lacking = valueAt(repository, firstPath.slice(0, -1));
  return Array.isArray(lacking) && lacking.length === 0;
}

async function parseChange(
  response: GraphqlResponse,
  request: ChangeRequest,
  read: (request: ChangeRequest) => Promise<ChangeSnapshot>,
): Promise<ChangeSnapshot> {
  const base = parse(withoutErrorsOf(response), request);
  if (base.state !== 'read') return base;
  const head = valueAt(response.data?.['r0'], ['head']);
  if (request.branch !== null) {
    const newest = valueAt(response.data?.['r0'], ['branch', 'target', 'oid']);
    if (typeof newest !== 'string') return failureAt(response, 'branch') ?? { state: 'no-commit' };
    // Another push is newer. GitHub may also know the commit before it shows the branch at it.
    if (newest !== request.sha && isCommit(head)) return read({ ...request, branch: null, sha: newest });
  }
  if (!isCommit(head)) return failureAt(response, 'head') ?? { state: 'no-commit' };
  const proposed = parse(atCommit(response, ['head']), request);
  if (proposed.state !== 'read') return proposed;
  if (isInDefaultBranch(response.data?.['r0'])) return { state: 'read', base, head: proposed, common: proposed };
  const path = commonPath(response.data?.['r0'], valueAt(head, ['oid']));
  const common = valueAt(response.data?.['r0'], path);
  const before = isCommit(common) ? parse(atCommit(response, path), request) : null;
  return { state: 'read', base, head: proposed, common: before?.state === 'read' ? before : null };
}

function parse(response: GraphqlResponse, { owner, name, installationId }: ChangeRequest): RepositorySnapshot {
  const [snapshot] = parseSnapshots(response, [{ owner, name, workflows: [], refs: [] }], installationId);
  return snapshot ?? { state: 'absent' };
}

type Path = readonly (string | number)[];

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const segment of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<string | number, unknown>>)[segment];
  }
  return current;
}

function isCommit(value: unknown): boolean {
  return valueAt(value, ['__typename']) === 'Commit' || typeof valueAt(value, ['top']) !== 'undefined';
}

const startsWith = (path: Path, prefix: Path) => prefix.every((segment, index) => path[index] === segment);

/** Returns the response without the errors of what is not read of the default branch. */
function withoutErrorsOf(response: GraphqlResponse): GraphqlResponse {
  const others: readonly Path[] = [
    ['r0', 'head'],
    ['r0', 'branch'],
    ['r0', 'defaultBranchRef', 'compare'],
  ];
  const errors = (response.errors ?? []).filter(({ path }) => !others.some((other) => startsWith(path ?? [], other)));
  return { ...response, errors };
}

/** Returns the response as if the commit at that path were the newest one of the default branch. */
function atCommit(response: GraphqlResponse, path: Path): GraphqlResponse {
  const repository = valueAt(response.data, ['r0']) as Readonly<Record<string, unknown>>;
  const branch = valueAt(repository, ['defaultBranchRef']) as Readonly<Record<string, unknown>> | null;
  const prefix = ['r0', ...path];
  const errors = (response.errors ?? []).flatMap((error) => {
    const at = error.path ?? [];
    if (at.length === 0) return [error];
    return startsWith(at, prefix)
      ? [{ ...error, path: ['r0', 'defaultBranchRef', 'target', ...at.slice(prefix.length)] }]
      : [];
  });
  const target = valueAt(repository, path);
  return { data: { r0: { ...repository, defaultBranchRef: { name: branch?.['name'] ?? '', target } } }, errors };
}

/** Returns why a field was not read; null if it does not exist. */
function failureAt(response: GraphqlResponse, field: string): UnknownSnapshot | null {
  const error = response.errors?.find(
    ({ path, type }) => startsWith(path ?? [], ['r0', field]) && type !== 'NOT_FOUND',
  );
  return error === undefined ? null : { state: 'unknown', reason: error.message };
}
