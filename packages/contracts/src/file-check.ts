import * as z from 'zod/mini';
import { DateTime } from './date-time.ts';

/** What is wrong with a file, or probably not meant, with its place in the file. `line` and `column` start at 1. */
export const FileProblem = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  fix: z.string(),
});
export type FileProblem = z.infer<typeof FileProblem>;

/** What a commit says in its dispatching.yml. `absent` with `misnamed`: the file has a name that is never read. */
export const ProposedState = z.enum(['valid', 'invalid', 'ambiguous', 'absent']);
export type ProposedState = z.infer<typeof ProposedState>;

/**
 * What merging a commit would change for one route, as both repositories may know it: which of them would agree. Why the
 * other one does not agree is not part of it.
 */
export const FileEffect = z.object({
  change: z.enum(['becomes-agreed', 'stops-being-agreed', 'becomes-requested', 'becomes-offered']),
  /** `owner/name:workflow`. */
  source: z.string(),
  /** `owner/name:workflow`, or `owner/name#event-type`. */
  target: z.string(),
});
export type FileEffect = z.infer<typeof FileEffect>;

/**
 * The result of checking the dispatching.yml of one commit. Planning stores it, and dispatch builds the check run on GitHub
 * from it.
 */
export const FileCheck = z.object({
  version: z.literal(1),
  /** The delivery of the hint. */
  deliveryId: z.string(),
  checkedAt: DateTime,
  installationId: z.int(),
  repositoryId: z.int(),
  owner: z.string(),
  name: z.string(),
  sha: z.string(),
  /** The branch whose file Dispatcher reads. */
  defaultBranch: z.string(),
  /** Of a pull request from a fork, only whether the file is valid is said. */
  isFromFork: z.boolean(),
  /** The commit is the newest one of the default branch: its file is in effect. */
  isInEffect: z.boolean(),
  state: ProposedState,
  /** The path of the file; null unless there is exactly one. */
  path: z.nullable(z.string()),
  /** The path of a file with the wrong extension. */
  misnamed: z.nullable(z.string()),
  /** Errors, so that the file has no effect at all. */
  problems: z.array(FileProblem),
  /** What is valid and probably not meant, such as a rule that can never start anything. */
  warnings: z.array(FileProblem),
  effects: z.array(FileEffect),
  /** Number of effects, and of repositories that rules name, that are left out. */
  omittedEffects: z.int(),
  omittedRepositories: z.int(),
});
export type FileCheck = z.infer<typeof FileCheck>;

/** The commit that a check is about. */
export type CheckedCommit = Pick<FileCheck, 'repositoryId' | 'sha'>;

/** Returns the key under which the check of a commit's file is written, as runs have their run key. */
export function fileCheckKey({ repositoryId, sha }: CheckedCommit): string {
  return `file-${repositoryId}-${sha}`;
}

/** Returns the commit of which {@link fileCheckKey} made a key; null for any other key. */
export function commitOfFileCheckKey(key: string): CheckedCommit | null {
  const [, repositoryId = '', sha = ''] = /^file-(\d{1,15})-([0-9a-f]{40})$/.exec(key) ?? [];
  return sha === '' ? null : { repositoryId: Number(repositoryId), sha };
}
