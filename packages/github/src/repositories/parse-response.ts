import type {
  BranchComparison,
  FileSnapshot,
  HeadSnapshot,
  RefSnapshot,
  RepositorySnapshot,
  RunHead,
  TargetRequest,
  UnknownSnapshot,
} from '@dispatcher/contracts';
// zod/mini is in the bundle through contracts already; the full zod would exceed planning's bundle budget.
import * as z from 'zod/mini';
import { configFileAliases, misnamedFileAliases, policyAlias } from './repositories-query.ts';

const ResponseError = z.object({
  type: z.optional(z.string()),
  message: z.string(),
  path: z.nullish(z.array(z.union([z.string(), z.int()]))),
});
type ResponseError = z.infer<typeof ResponseError>;

/** A GraphQL response always has `data` or `errors`; a body without them is empty, cut off, or from a proxy. */
export const GraphqlResponse = z
  .object({ data: z.nullish(z.record(z.string(), z.unknown())), errors: z.optional(z.array(ResponseError)) })
  .check(z.refine(({ data, errors }) => data !== undefined || errors !== undefined));
export type GraphqlResponse = z.infer<typeof GraphqlResponse>;

const Repository = z.looseObject({
  databaseId: z.int(),
  name: z.string(),
  owner: z.object({ login: z.string() }),
  isArchived: z.boolean(),
  isDisabled: z.boolean(),
  isLocked: z.boolean(),
  visibility: z.enum(['PUBLIC', 'PRIVATE', 'INTERNAL']),
  defaultBranchRef: z.nullable(z.object({ name: z.string(), target: z.looseObject({ oid: z.string() }) })),
});
type Repository = z.infer<typeof Repository>;

const TreeEntry = z.object({ mode: z.int(), object: z.nullable(z.looseObject({ __typename: z.string() })) });

const Blob = z.object({
  oid: z.string(),
  byteSize: z.int(),
  /** Null when GitHub could not determine the encoding. */
  isBinary: z.nullable(z.boolean()),
  isTruncated: z.boolean(),
  text: z.nullable(z.string()),
});

const Branch = z.object({ target: z.object({ oid: z.string() }), compare: z.unknown() });

const Comparison = z.object({
  status: z.enum(['IDENTICAL', 'BEHIND', 'AHEAD', 'DIVERGED']),
  headTarget: z.object({ oid: z.string() }),
});

const TagTarget = z.object({ __typename: z.string(), oid: z.string(), target: z.optional(z.unknown()) });

const unexpectedShape = 'GitHub’s response does not match its schema';

/**
 * Returns GitHub's message when the whole query was refused because of a rate limit (with HTTP 200; GitHub uses both
 * spellings of the type), else null.
 */
export function rateLimitMessage(response: GraphqlResponse): string | null {
  return response.errors?.find(({ type }) => type === 'RATE_LIMITED' || type === 'RATE_LIMIT')?.message ?? null;
}

/** Returns whether the query exceeded GitHub's resource limits, so that a smaller one may succeed. */
export function exceedsResourceLimits(response: GraphqlResponse): boolean {
  return response.errors?.some(({ type }) => type === 'RESOURCE_LIMITS_EXCEEDED') ?? false;
}

/** Returns the snapshots of the requested repositories, in the order of the requests. */
export function parseSnapshots(
  response: GraphqlResponse,
  requests: readonly TargetRequest[],
  installationId: number,
): RepositorySnapshot[] {
  return requests.map((request, index) =>
    repositorySnapshot(new Selection(response, `r${index}`), request, installationId),
  );
}

/**
 * One repository of the response, with the errors. A null without an error on its path is *absent*. A null with an
 * error is *unknown*, unless the error says that the object does not exist. FORBIDDEN is unknown too: the repository
 * exists, but a missing permission, SAML or an IP allow list prevents reading it, so its files may or may not exist.
 */
class Selection {
  readonly value: unknown;
  readonly errors: readonly ResponseError[];
  readonly alias: string;

  constructor(response: GraphqlResponse, alias: string) {
    this.alias = alias;
    this.value = response.data?.[alias];
    this.errors = response.errors ?? [];
  }

  /** Returns what the errors at or below the path, and those without a path, mean; null when there are none. */
  failure(...path: string[]): 'absent' | UnknownSnapshot | null {
    const fullPath = [this.alias, ...path];
    const relevant = this.errors.filter((error) => concerns(error, fullPath));
    const [first] = relevant;
    if (first === undefined) return null;
    const notFound = relevant.every((error) => saysNotFound(error) && error.path?.length === fullPath.length);
    return notFound ? 'absent' : unknownAfter(first, relevant);
  }
}

function concerns(error: ResponseError, fullPath: readonly string[]): boolean {
  const path = error.path ?? [];
  return path.length === 0 || fullPath.every((segment, index) => path[index] === segment);
}

/**
 * GitHub reports its own failures ("Something went wrong while executing your query") without a type: they pass. An error
 * with a type, such as FORBIDDEN, stays until somebody changes something.
 */
function unknownAfter(first: ResponseError, relevant: readonly ResponseError[]): UnknownSnapshot {
  const unknown = { state: 'unknown', reason: first.message } as const;
  const isTransient = relevant.some(({ type }) => type === undefined || type === 'SERVICE_UNAVAILABLE');
  return isTransient ? { ...unknown, unreachable: { retryAt: null } } : unknown;
}

/** GitHub has sent the message about a missing file without its type. */
function saysNotFound(error: ResponseError): boolean {
  return (
    error.type === 'NOT_FOUND' ||
    (error.type === undefined && error.message.startsWith('Could not resolve file for path'))
  );
}

function repositorySnapshot(selection: Selection, request: TargetRequest, installationId: number): RepositorySnapshot {
  if (selection.value === null || selection.value === undefined) {
    const failure = selection.failure();
    if (failure === 'absent' || (failure === null && selection.value === null)) return { state: 'absent' };
    return failure ?? { state: 'unknown', reason: unexpectedShape };
  }
  const parsed = Repository.safeParse(selection.value);
  if (!parsed.success) return { state: 'unknown', reason: unexpectedShape };
  const repository = parsed.data;
  // Without this check a repository whose branch GitHub failed to look up would look empty.
  const branchFailure = repository.defaultBranchRef === null ? selection.failure('defaultBranchRef') : null;
  if (branchFailure !== null && branchFailure !== 'absent') return branchFailure;
  const file = (alias: string) => fileSnapshot(selection, repository, alias);
  return {
    state: 'read',
    id: repository.databaseId,
    owner: repository.owner.login,
    name: repository.name,
    isArchived: repository.isArchived,
    isDisabled: repository.isDisabled,
    isLocked: repository.isLocked,
    visibility: visibilities[repository.visibility],
    defaultBranch: defaultBranch(repository),
    files:
      request.policy === 'only'
        ? { 'dispatching.yml': notRequested, '.github/dispatching.yml': notRequested }
        : {
            'dispatching.yml': file(configFileAliases['dispatching.yml']),
            '.github/dispatching.yml': file(configFileAliases['.github/dispatching.yml']),
          },
    ...(request.policy === undefined ? {} : { policy: file(policyAlias) }),
    misnamedFiles: misnamedFiles(repository),
    workflows: Object.fromEntries(request.workflows.map((name, at) => [name, file(`w${at}`)])),
    refs: Object.fromEntries(request.refs.map((name, at) => [name, refSnapshot(selection, repository, at)])),
    ...(request.heads === undefined || request.heads.length === 0
      ? {}
      : { heads: request.heads.map((head, at) => headSnapshot(selection, repository, head, at)) }),
    installationId,
  };
}

/** Never treated as an absent file. */
const notRequested: UnknownSnapshot = { state: 'unknown', reason: 'it was not requested' };

const visibilities = { PUBLIC: 'public', PRIVATE: 'private', INTERNAL: 'internal' } as const;

function defaultBranch({ defaultBranchRef }: Repository): { name: string; sha: string } | null {
  return defaultBranchRef === null ? null : { name: defaultBranchRef.name, sha: defaultBranchRef.target.oid };
}

/** Returns which misnamed files exist. An error counts as absent: the result changes a message, never a decision. */
function misnamedFiles({ defaultBranchRef }: Repository): string[] {
  return Object.entries(misnamedFileAliases).flatMap(([path, alias]) => {
    const entry = defaultBranchRef?.target[alias];
    return entry === null || entry === undefined ? [] : [path];
  });
}

function fileSnapshot(selection: Selection, { defaultBranchRef }: Repository, alias: string): FileSnapshot {
  if (defaultBranchRef === null) return { state: 'absent' };
  const failure = selection.failure('defaultBranchRef', 'target', alias);
  if (failure !== null && failure !== 'absent') return failure;
  const entry = defaultBranchRef.target[alias];
  if (entry === null) return { state: 'absent' };
  const parsed = TreeEntry.safeParse(entry);
  if (!parsed.success) return { state: 'unknown', reason: unexpectedShape };
  const kind = entryKind(parsed.data.mode);
  return kind === 'file' ? blobSnapshot(parsed.data.object) : { state: 'not-a-file', kind };
}

/** The upper bits of git's file mode are the type, the lower ones the permissions. */
function entryKind(mode: number): string {
  const kinds = new Map([
    [0o100000, 'file'],
    [0o040000, 'directory'],
    [0o120000, 'symbolic link'],
    [0o160000, 'submodule'],
  ]);
  return kinds.get(mode & 0o170000) ?? `mode ${mode.toString(8)}`;
}

function blobSnapshot(object: unknown): FileSnapshot {
  const parsed = Blob.safeParse(object);
  if (!parsed.success) return { state: 'unknown', reason: unexpectedShape };
  const { oid, byteSize, isTruncated, text } = parsed.data;
  const isBinary = parsed.data.isBinary ?? text === null;
  if (text === null && !isBinary) return { state: 'unknown', reason: 'GitHub returned no text for a text file' };
  return { state: 'read', blobId: oid, byteSize, isBinary, isTruncated, text };
}

/** A name can be both a branch and a tag; a dispatch to it uses the branch. */
function refSnapshot(selection: Selection, repository: Repository, at: number): RefSnapshot {
  for (const [alias, kind] of [
    [`h${at}`, 'branch'],
    [`t${at}`, 'tag'],
  ] as const) {
    const failure = selection.failure(alias);
    if (failure !== null && failure !== 'absent') return 'unknown';
    if (repository[alias] === undefined) return 'unknown';
    if (repository[alias] !== null) return kind;
  }
  return 'absent';
}

function headSnapshot(selection: Selection, repository: Repository, head: RunHead, at: number): HeadSnapshot {
  const { name, sha } = head;
  return { name, sha, branch: branchOf(selection, repository, sha, at), tag: tagOf(selection, repository, at) };
}

/** Returns why a ref was not read; null if the response has it. */
function notReadRef(
  selection: Selection,
  repository: Repository,
  alias: string,
): { readonly state: 'absent' } | { readonly state: 'unknown'; readonly reason: string } | null {
  const failure = selection.failure(alias);
  const compareFailure = selection.failure(alias, 'compare');
  if (failure === 'absent' || (failure === null && repository[alias] === null)) return { state: 'absent' };
  // An error that says only that the two cannot be compared is a result.
  if (failure !== null && compareFailure !== 'absent') return { state: 'unknown', reason: failure.reason };
  return repository[alias] === undefined || repository[alias] === null
    ? { state: 'unknown', reason: failure?.reason ?? unexpectedShape }
    : null;
}

function branchOf(selection: Selection, repository: Repository, sha: string, at: number): HeadSnapshot['branch'] {
  const alias = `b${at}`;
  const notRead = notReadRef(selection, repository, alias);
  if (notRead !== null) return notRead;
  const branch = Branch.safeParse(repository[alias]);
  const comparison = branch.success ? comparisonOf(branch.data.compare, sha) : null;
  return branch.success && comparison !== null
    ? { state: 'read', sha: branch.data.target.oid, comparison }
    : { state: 'unknown', reason: unexpectedShape };
}

/** Returns null for a comparison that does not match the schema. */
function comparisonOf(compare: unknown, sha: string): BranchComparison | null {
  if (compare === null) return 'not-comparable';
  const parsed = Comparison.safeParse(compare);
  if (!parsed.success) return null;
  // A ref whose name looks like a commit id would be compared in place of the commit.
  if (parsed.data.headTarget.oid !== sha) return 'not-comparable';
  return comparisons[parsed.data.status];
}

const comparisons = { IDENTICAL: 'identical', BEHIND: 'behind', AHEAD: 'ahead', DIVERGED: 'diverged' } as const;

function tagOf(selection: Selection, repository: Repository, at: number): HeadSnapshot['tag'] {
  const alias = `g${at}`;
  const notRead = notReadRef(selection, repository, alias);
  if (notRead !== null) return notRead;
  const tag = z.object({ target: z.unknown() }).safeParse(repository[alias]);
  return tag.success ? peeled(tag.data.target) : { state: 'unknown', reason: unexpectedShape };
}

/** Follows an annotated tag to its commit, as far as the query does. */
function peeled(target: unknown): HeadSnapshot['tag'] {
  const parsed = TagTarget.safeParse(target);
  if (!parsed.success) return { state: 'unknown', reason: unexpectedShape };
  const { __typename: type, oid, target: next } = parsed.data;
  if (type === 'Commit') return { state: 'read', sha: oid };
  return type === 'Tag' && next !== undefined && next !== null ? peeled(next) : { state: 'read', sha: null };
}
