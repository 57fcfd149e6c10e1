import { readFileSync } from 'node:fs';
import { buildSchema, type DocumentNode, execute, GraphQLError, parse, validate } from 'graphql';
import { type Caller, hasPermission, reads } from './credentials.ts';
import { type BlobNode, type GitNode, isBinary, nodeAt, textOf } from './git.ts';
import { record, textOrNull } from './json.ts';
import { nodeId } from './render.ts';
import { refNamed } from './runs.ts';
import type { Commit, Repository } from './state.ts';
import type { World } from './world.ts';

/** Cut from GitHub's published schema by `tools/prune-schema.ts`. */
const schema = buildSchema(readFileSync(new URL('./schemas/github.graphql', import.meta.url), 'utf8'));

export interface RateLimitReading {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly resetAt: string;
}

export interface GraphqlContext {
  readonly world: World;
  readonly base: string;
  readonly caller: Caller;
  readonly rateLimit: RateLimitReading;
}

export interface GraphqlAnswer {
  data?: Record<string, unknown> | null;
  errors?: Record<string, unknown>[];
}

/** Answers as GitHub does: also a query that does not fit the schema gets HTTP 200 with `errors`. */
export async function answerGraphql(context: GraphqlContext, body: unknown): Promise<GraphqlAnswer> {
  const { query, variables, operationName } = requestOf(body);
  if (query === null) {
    return { errors: [{ message: 'A query attribute must be specified and must be a string.' }] };
  }
  const document = validated(query);
  if (!('kind' in document)) {
    return { errors: document.map(formatted) };
  }
  const rootValue = new QueryRoot(context);
  const result = await execute({ schema, document, rootValue, variableValues: variables, operationName });
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(result.errors === undefined ? {} : { errors: result.errors.map(formatted) }),
  };
}

const DOCUMENTS_KEPT = 100;
const documents = new Map<string, DocumentNode | readonly GraphQLError[]>();

/**
 * The document, or what is wrong with it. Kept by its text: checking costs more than answering, and clients repeat
 * theirs.
 */
function validated(query: string): DocumentNode | readonly GraphQLError[] {
  const known = documents.get(query) ?? parsedAndChecked(query);
  if (documents.size >= DOCUMENTS_KEPT) {
    documents.clear();
  }
  documents.set(query, known);
  return known;
}

function parsedAndChecked(query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query);
    const wrong = validate(schema, document);
    return wrong.length === 0 ? document : wrong;
  } catch (error) {
    if (error instanceof GraphQLError) {
      return [error];
    }
    throw error;
  }
}

function requestOf(body: unknown): {
  readonly query: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
} {
  const { query, variables, operationName } = record(body);
  return {
    query: textOrNull(query),
    variables: record(variables),
    operationName: textOrNull(operationName),
  };
}

/** GitHub writes `type` at the top of an error, where the GraphQL library would drop it. */
function formatted(error: GraphQLError): Record<string, unknown> {
  if (error.originalError !== undefined && !(error.originalError instanceof GraphQLError)) {
    // Nothing that GitHub would say: a fault of the emulator's own, which the answer alone would hide.
    console.error(error.originalError);
  }
  const { type, ...extensions } = error.extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    locations: error.locations?.map(({ line, column }) => ({ line, column })) ?? [],
    message: error.message,
  };
}

class QueryRoot {
  readonly #context: GraphqlContext;

  constructor(context: GraphqlContext) {
    this.#context = context;
  }

  repository({ owner, name }: { owner: string; name: string }): RepositoryObject {
    const { world, caller } = this.#context;
    const repository = world.repository(owner, name);
    if (repository === undefined || !reads(caller, repository)) {
      throw new GraphQLError(`Could not resolve to a Repository with the name '${owner}/${name}'.`, {
        extensions: { type: 'NOT_FOUND' },
      });
    }
    return new RepositoryObject(this.#context, repository);
  }

  rateLimit(): RateLimitReading & { readonly cost: number; readonly nodeCount: number } {
    return { ...this.#context.rateLimit, cost: 1, nodeCount: 0 };
  }
}

class RepositoryObject {
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
    const { world, base } = this.#context;
    const owner = world.owner(this.#repository.owner);
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
    const ref = refNamed(this.#repository, qualifiedName);
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
      target: () => this.#commitObject(ref.oid),
    };
  }

  /** `<revision>` or `<revision>:<path>`; the revision is `HEAD`, a ref's name or a commit id. Or an `oid`. */
  object({ expression, oid }: { expression?: string | null; oid?: string | null }): Record<string, unknown> | null {
    this.#requireContents();
    const wanted = expression ?? oid ?? '';
    const colon = wanted.indexOf(':');
    const revision = colon < 0 ? wanted : wanted.slice(0, colon);
    const commit = this.#commitNamed(revision);
    if (commit === undefined) {
      return null;
    }
    if (colon < 0) {
      return this.#commitObject(commit.oid);
    }
    const node = nodeAt(this.#context.world.tree(commit.files), wanted.slice(colon + 1));
    return node === null ? null : this.#nodeObject(node, wanted.slice(colon + 1), commit);
  }

  /**
   * A token without `contents: read` gets FORBIDDEN for everything that is read out of git; a public repository needs
   * none.
   */
  #requireContents(): void {
    if (this.isPrivate() && !hasPermission(this.#context.caller, 'contents', 'read')) {
      throw new GraphQLError('Resource not accessible by integration', { extensions: { type: 'FORBIDDEN' } });
    }
  }

  #commitNamed(revision: string): Commit | undefined {
    const repository = this.#repository;
    const name = revision === 'HEAD' ? repository.defaultBranch : revision;
    const oid = refNamed(repository, name)?.oid ?? (/^[0-9a-f]{40}$/.test(revision) ? revision : '');
    return repository.commits[oid];
  }

  #commitObject(oid: string): Record<string, unknown> | null {
    const commit = this.#repository.commits[oid];
    if (commit === undefined) {
      return null;
    }
    const root = this.#context.world.tree(commit.files);
    return {
      ...this.#gitObject('Commit', oid),
      message: commit.message,
      messageHeadline: commit.message.split('\n', 1)[0],
      committedDate: commit.committedAt,
      url: `${this.url()}/commit/${oid}`,
      tree: () => this.#nodeObject(root, '', commit),
      file: ({ path }: { path: string }) => {
        const node = nodeAt(root, path);
        if (node === null || node === root) {
          throw new GraphQLError(`Could not resolve file for path '${path}'.`, { extensions: { type: 'NOT_FOUND' } });
        }
        return this.#entryObject(node, path, commit);
      },
    };
  }

  /** Null for a submodule: its commit is an object of another repository. */
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

  #gitObject(type: 'Blob' | 'Commit' | 'Tree', oid: string): Record<string, unknown> {
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
