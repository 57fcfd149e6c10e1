import type { FileSnapshot, RefSnapshot, RepositorySnapshot, TargetRequest } from '@dispatcher/contracts';
// The mini form, which contracts brings in anyway: the whole of zod would not fit into planning's bundle.
import * as z from 'zod/mini';
import { configAliases } from './query.ts';

const Problem = z.object({
  type: z.optional(z.string()),
  message: z.string(),
  path: z.nullish(z.array(z.union([z.string(), z.int()]))),
});
type Problem = z.infer<typeof Problem>;

/** A GraphQL answer always has one of the two; a body without is empty, cut off, or from something in between. */
export const Answer = z
  .object({ data: z.nullish(z.record(z.string(), z.unknown())), errors: z.optional(z.array(Problem)) })
  .check(z.refine(({ data, errors }) => data !== undefined || errors !== undefined));
export type Answer = z.infer<typeof Answer>;

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

const Entry = z.object({ mode: z.int(), object: z.nullable(z.looseObject({ __typename: z.string() })) });

const Blob = z.object({
  oid: z.string(),
  byteSize: z.int(),
  /** Null where GitHub could not tell the encoding. */
  isBinary: z.nullable(z.boolean()),
  isTruncated: z.boolean(),
  text: z.nullable(z.string()),
});

const unexpected = 'GitHub’s answer does not have the shape its schema says';

/**
 * GitHub's sentence where the whole query was refused for a rate limit (status 200, both spellings are seen), else
 * null.
 */
export function rateLimitIn(answer: Answer): string | null {
  return answer.errors?.find(({ type }) => type === 'RATE_LIMITED' || type === 'RATE_LIMIT')?.message ?? null;
}

/** The query cost GitHub too much; half of it may not. */
export function isTooLarge(answer: Answer): boolean {
  return answer.errors?.some(({ type }) => type === 'RESOURCE_LIMITS_EXCEEDED') ?? false;
}

/** The readings of the repositories asked for, in their order. */
export function readingsOf(
  answer: Answer,
  requests: readonly TargetRequest[],
  installationId: number,
): RepositorySnapshot[] {
  return requests.map((request, index) => readingOf(new Selection(answer, `r${index}`), request, installationId));
}

/**
 * The null rule: a null without an error on its path is *absent*; a null with one is *unknown*, except where that error
 * says that the thing is not there. FORBIDDEN is unknown too: the repository exists, and a permission, SAML or an IP
 * allow list stands between, which no file of either side can tell.
 */
class Selection {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly alias: string;

  constructor(answer: Answer, alias: string) {
    this.alias = alias;
    this.value = answer.data?.[alias];
    this.problems = answer.errors ?? [];
  }

  /** Null: no error at or below the path, nor one that names no place. */
  failure(...path: string[]): 'absent' | { reason: string } | null {
    const place = [this.alias, ...path];
    const concerned = this.problems.filter((problem) => concerns(problem, place));
    const [first] = concerned;
    if (first === undefined) return null;
    const notThere = concerned.every((problem) => saysNotThere(problem) && problem.path?.length === place.length);
    return notThere ? 'absent' : { reason: first.message };
  }
}

function concerns(problem: Problem, place: readonly string[]): boolean {
  const path = problem.path ?? [];
  return path.length === 0 || place.every((segment, index) => path[index] === segment);
}

/** The sentence about a file has been seen without its type. */
function saysNotThere(problem: Problem): boolean {
  return (
    problem.type === 'NOT_FOUND' ||
    (problem.type === undefined && problem.message.startsWith('Could not resolve file for path'))
  );
}

function readingOf(selection: Selection, request: TargetRequest, installationId: number): RepositorySnapshot {
  if (selection.value === null || selection.value === undefined) {
    const failure = selection.failure();
    if (failure === 'absent' || (failure === null && selection.value === null)) return { state: 'absent' };
    return { state: 'unknown', reason: failure?.reason ?? unexpected };
  }
  const parsed = Repository.safeParse(selection.value);
  if (!parsed.success) return { state: 'unknown', reason: unexpected };
  const repository = parsed.data;
  // Without this a branch that GitHub failed to look up would pass for that of an empty repository.
  const branchFailure = repository.defaultBranchRef === null ? selection.failure('defaultBranchRef') : null;
  if (branchFailure !== null && branchFailure !== 'absent') return { state: 'unknown', reason: branchFailure.reason };
  const file = (alias: string) => fileReading(selection, repository, alias);
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
    files: {
      'dispatching.yml': file(configAliases['dispatching.yml']),
      '.github/dispatching.yml': file(configAliases['.github/dispatching.yml']),
    },
    workflows: Object.fromEntries(request.workflows.map((name, at) => [name, file(`w${at}`)])),
    refs: Object.fromEntries(request.refs.map((name, at) => [name, refReading(selection, repository, at)])),
    installationId,
  };
}

const visibilities = { PUBLIC: 'public', PRIVATE: 'private', INTERNAL: 'internal' } as const;

function defaultBranch({ defaultBranchRef }: Repository): { name: string; sha: string } | null {
  return defaultBranchRef === null ? null : { name: defaultBranchRef.name, sha: defaultBranchRef.target.oid };
}

function fileReading(selection: Selection, { defaultBranchRef }: Repository, alias: string): FileSnapshot {
  if (defaultBranchRef === null) return { state: 'absent' };
  const failure = selection.failure('defaultBranchRef', 'target', alias);
  if (failure !== null && failure !== 'absent') return { state: 'unknown', reason: failure.reason };
  const entry = defaultBranchRef.target[alias];
  if (entry === null) return { state: 'absent' };
  const parsed = Entry.safeParse(entry);
  if (!parsed.success) return { state: 'unknown', reason: unexpected };
  const kind = kindOf(parsed.data.mode);
  return kind === 'file' ? blobReading(parsed.data.object) : { state: 'not-a-file', kind };
}

/** Git's file modes: the type stands above the permission bits. */
function kindOf(mode: number): string {
  const kinds = new Map([
    [0o100000, 'file'],
    [0o040000, 'directory'],
    [0o120000, 'symbolic link'],
    [0o160000, 'submodule'],
  ]);
  return kinds.get(mode & 0o170000) ?? `mode ${mode.toString(8)}`;
}

function blobReading(object: unknown): FileSnapshot {
  const parsed = Blob.safeParse(object);
  if (!parsed.success) return { state: 'unknown', reason: unexpected };
  const { oid, byteSize, isTruncated, text } = parsed.data;
  const isBinary = parsed.data.isBinary ?? text === null;
  if (text === null && !isBinary) return { state: 'unknown', reason: 'GitHub gave no text for a file that has one' };
  return { state: 'read', blobId: oid, byteSize, isBinary, isTruncated, text };
}

/** A name may be both; a dispatch to it takes the branch. */
function refReading(selection: Selection, repository: Repository, at: number): RefSnapshot {
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
