import { GraphQLError } from 'graphql';
import type { Caller } from '../auth/authentication.ts';
import type { Settings } from '../server/context.ts';
import { canRead, hasPermission } from '../auth/permissions.ts';
import { nodeId } from '../render/json.ts';
import type { RateLimitStatus } from '../server/rate-limits.ts';
import type { Commit, Repository } from '../state/entities.ts';
import { type BlobNode, type GitNode, isBinary, nodeAt, textOf } from '../state/git-objects.ts';
import { commitsBetween, compareCommits, parentsOf } from '../state/commit-graph.ts';
import { findRef, resolveCommit, tagObject } from '../state/refs.ts';
import type { StateStore } from '../state/state-store.ts';

export interface GraphqlContext {
  readonly store: StateStore;
  readonly base: string;
  readonly caller: Caller;
  readonly rateLimit: RateLimitStatus;
  readonly comparedCommits: Settings['comparedCommits'];
}

export class QueryResolver {
  readonly #context: GraphqlContext;

  constructor(context: GraphqlContext) {
    this.#context = context;
  }

  repository({
    owner,
    name,
    followRenames,
  }: {
    owner: string;
    name: string;
    followRenames: boolean;
  }): RepositoryResolver {
    const { store, caller } = this.#context;
    const repository =
      store.repository(owner, name) ?? (followRenames ? store.movedRepository(owner, name) : undefined);
    if (repository === undefined || !canRead(caller, repository)) {
      throw new GraphQLError(`Could not resolve to a Repository with the name '${owner}/${name}'.`, {
        extensions: { type: 'NOT_FOUND' },
      });
    }
    return new RepositoryResolver(this.#context, repository);
  }

  rateLimit(): RateLimitStatus & { readonly cost: number; readonly nodeCount: number } {
    return { ...this.#context.rateLimit, cost: 1, nodeCount: 0 };
  }
}

/** The arguments that limit a connection. */
interface Slice {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
}

class RepositoryResolver {
  readonly __typename = 'Repository';
  readonly #context: GraphqlContext;
  readonly #repository: Repository;

  constructor(context: GraphqlContext, repository: Repository) {
    this.#context = context;
    this.#repository = repository;
  }

  id(): string {
    return nodeId('Repository', this.#repository.id);
  }
  databaseId(): number {
    return this.#repository.id;
  }
  name(): string {
    return this.#repository.name;
  }
  nameWithOwner(): string {
    return `${this.#repository.owner}/${this.#repository.name}`;
  }
  url(): string {
    return `${this.#context.base}/${this.nameWithOwner()}`;
  }
  owner(): Record<string, unknown> {
    const { store, base } = this.#context;
    const owner = store.owner(this.#repository.owner);
    const type = owner?.type === 'Organization' ? 'Organization' : 'User';
    const login = this.#repository.owner;
    return {
      __typename: type,
      id: nodeId(type, owner?.id ?? 0),
      databaseId: owner?.id ?? null,
      login,
      url: `${base}/${login}`,
    };
  }
  isArchived(): boolean {
    return this.#repository.archived;
  }
  isDisabled(): boolean {
    return this.#repository.disabled;
  }
  isEmpty(): boolean {
    return Object.keys(this.#repository.branches).length === 0;
  }
  isFork(): boolean {
    return this.#repository.fork;
  }
  isLocked(): boolean {
    return this.#repository.locked;
  }
  isPrivate(): boolean {
    return this.#repository.visibility !== 'public';
  }
  visibility(): string {
    return this.#repository.visibility.toUpperCase();
  }
  hasIssuesEnabled(): boolean {
    return this.#repository.issuesEnabled;
  }
  createdAt(): string {
    return this.#repository.createdAt;
  }
  pushedAt(): string {
    return this.#repository.pushedAt;
  }

  defaultBranchRef(): Record<string, unknown> | null {
    return this.ref({ qualifiedName: `refs/heads/${this.#repository.defaultBranch}` });
  }

  ref({ qualifiedName }: { qualifiedName: string }): Record<string, unknown> | null {
    this.#requireContents();
    const ref = findRef(this.#repository, qualifiedName);
    if (ref === null) {
      return null;
    }
    const prefix = ref.kind === 'branch' ? 'refs/heads/' : 'refs/tags/';
    return {
      __typename: 'Ref',
      id: nodeId('Ref', `${this.#repository.id}:${prefix}${ref.name}`),
      name: ref.name,
      prefix,
      repository: this,
      target: () => this.#targetObject(ref.objectOid),
      compare: ({ headRef }: { headRef: string }) => this.#comparison(ref.oid, headRef),
    };
  }

  /** Compares a base commit with a ref or commit id; null when that does not exist or has no common ancestor. */
  #comparison(base: string, headRef: string): Record<string, unknown> | null {
    const head = resolveCommit(this.#repository, headRef);
    const comparison = head === null ? null : compareCommits(this.#repository, base, head);
    if (head === null || comparison === null) {
      return null;
    }
    const commits = commitsBetween(this.#repository, head, [base]).map(({ oid }) => oid);
    const ordered = this.#context.comparedCommits === 'oldest-first' ? commits : commits.toReversed();
    return {
      __typename: 'Comparison',
      id: nodeId('Comparison', `${this.#repository.id}:${base}...${head}`),
      ...comparison,
      baseTarget: () => this.#commitObject(base),
      commits: ({ first, last }: Slice) => this.#connection(ordered, { first, last }),
      headTarget: () => this.#commitObject(head),
    };
  }

  /** Resolves what a ref points to: a commit, or the object of an annotated tag. */
  #targetObject(oid: string): Record<string, unknown> | null {
    const tag = tagObject(this.#repository, oid);
    if (tag === null) {
      return this.#commitObject(oid);
    }
    const { name, message, target } = tag;
    return { ...this.#gitObject('Tag', oid), name, message, target: () => this.#targetObject(target) };
  }

  /** Resolves an `oid` or an expression: `<revision>` or `<revision>:<path>`, with `HEAD`, a ref or a commit id. */
  object({ expression, oid }: { expression?: string | null; oid?: string | null }): Record<string, unknown> | null {
    this.#requireContents();
    const target = expression ?? oid ?? '';
    const colon = target.indexOf(':');
    const revision = colon < 0 ? target : target.slice(0, colon);
    const commit = this.#commitNamed(revision);
    if (commit === undefined) {
      return null;
    }
    if (colon < 0) {
      return this.#commitObject(commit.oid);
    }
    const node = nodeAt(this.#context.store.tree(commit.files), target.slice(colon + 1));
    return node === null ? null : this.#nodeObject(node, target.slice(colon + 1), commit);
  }

  /** Throws FORBIDDEN when a token without `contents: read` reads git objects of a private repository. */
  #requireContents(): void {
    if (this.isPrivate() && !hasPermission(this.#context.caller, 'contents', 'read')) {
      throw new GraphQLError('Resource not accessible by integration', { extensions: { type: 'FORBIDDEN' } });
    }
  }

  #commitNamed(revision: string): Commit | undefined {
    const repository = this.#repository;
    const name = revision === 'HEAD' ? repository.defaultBranch : revision;
    const oid = findRef(repository, name)?.oid ?? (/^[0-9a-f]{40}$/.test(revision) ? revision : '');
    return repository.commits[oid];
  }

  #commitObject(oid: string): Record<string, unknown> | null {
    const commit = this.#repository.commits[oid];
    if (commit === undefined) {
      return null;
    }
    const root = this.#context.store.tree(commit.files);
    return {
      ...this.#gitObject('Commit', oid),
      message: commit.message,
      messageHeadline: commit.message.split('\n', 1)[0],
      committedDate: commit.committedAt,
      url: `${this.url()}/commit/${oid}`,
      tree: () => this.#nodeObject(root, '', commit),
      parents: (slice: Slice) => this.#connection(parentsOf(commit), slice),
      file: ({ path }: { path: string }) => {
        const node = nodeAt(root, path);
        if (node === null || node === root) {
          throw new GraphQLError(`Could not resolve file for path '${path}'.`, { extensions: { type: 'NOT_FOUND' } });
        }
        return this.#entryObject(node, path, commit);
      },
    };
  }

  /** Throws, as GitHub does, unless the query limits the number of commits. */
  #connection(oids: readonly string[], { first, last }: Slice): Record<string, unknown> {
    if (first == null && last == null) {
      throw new GraphQLError('You must provide a `first` or `last` value to properly paginate the connection.', {
        extensions: { type: 'MISSING_PAGINATION_BOUNDARIES' },
      });
    }
    const nodes = first == null ? oids.slice(-(last ?? 0)) : oids.slice(0, first);
    return { totalCount: oids.length, nodes: () => nodes.map((oid) => this.#commitObject(oid)) };
  }

  /** Returns null for a submodule, whose commit is an object of another repository. */
  #nodeObject(node: GitNode, path: string, commit: Commit): Record<string, unknown> | null {
    if (node.type === 'commit') {
      return null;
    }
    if (node.type === 'blob') {
      return { ...this.#gitObject('Blob', node.oid), ...blobFields(node) };
    }
    const entries = () =>
      [...node.entries].map(([name, child]) =>
        this.#entryObject(child, path === '' ? name : `${path}/${name}`, commit),
      );
    return { ...this.#gitObject('Tree', node.oid), entries };
  }

  #entryObject(node: GitNode, path: string, commit: Commit): Record<string, unknown> {
    const name = path.split('/').at(-1) ?? path;
    return {
      __typename: 'TreeEntry',
      name,
      path,
      mode: node.mode,
      type: node.type,
      oid: node.oid,
      size: node.type === 'blob' ? node.bytes.length : 0,
      object: () => this.#nodeObject(node, path, commit),
      repository: this,
      submodule:
        node.type === 'commit'
          ? {
              __typename: 'Submodule',
              name: path,
              path,
              branch: null,
              gitUrl: `${this.url()}-${name}.git`,
              subprojectCommitOid: node.oid,
            }
          : null,
    };
  }

  #gitObject(type: 'Blob' | 'Commit' | 'Tag' | 'Tree', oid: string): Record<string, unknown> {
    return {
      __typename: type,
      id: nodeId(type, `${this.#repository.id}:${oid}`),
      oid,
      abbreviatedOid: oid.slice(0, 7),
      repository: this,
    };
  }
}

function blobFields(node: BlobNode): Record<string, unknown> {
  return { byteSize: node.bytes.length, isBinary: isBinary(node.bytes), ...textOf(node.bytes) };
}
