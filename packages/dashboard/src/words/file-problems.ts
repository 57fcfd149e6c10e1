// What a decision says about a dispatching.yml, taken apart.
import type { Schemas } from '../api/schemas.ts';

export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

const problemPattern = /^(\S+):(\d+):(\d+): ([\s\S]*)$/;
const restPattern = / \(and (\d+) more\)$/;

/** Returns the problems that a failed check lists, and how many more there are. */
export function problemsOf(actual: string): { readonly problems: readonly FileProblem[]; readonly more: number } {
  const rest = restPattern.exec(actual);
  const text = rest === null ? actual : actual.slice(0, rest.index);
  const problems = text.split(' · ').flatMap((part) => {
    const match = problemPattern.exec(part);
    if (match === null) return [];
    return [{ file: match[1]!, line: Number(match[2]), column: Number(match[3]), text: match[4]! }];
  });
  return { problems, more: rest === null ? 0 : Number(rest[1]) };
}

type Check = Schemas['Check'];

/** Returns the failed check about the file of one side; null if nothing is wrong with it. */
export const failedFileCheck = (checks: readonly Check[], side: 'source' | 'target'): Check | null =>
  checks.find(({ name, satisfied }) => !satisfied && name.startsWith(`${side}-file-`)) ?? null;

export type FactOfRun = Schemas['RunRevision']['facts'][number];

/** The newest thing that was read of a repository's file, and the run in whose history its problems stand. */
export interface FileAsRead {
  readonly side: 'source' | 'target';
  readonly file: Schemas['FileReference'] | null;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly time: string;
  readonly runKey: string;
}

const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** Returns the run whose plan or decision is the newest that depends on the repository's file; null without one. */
export function runThatReadFile(repository: string, lines: readonly Schemas['FactLine'][]): string | null {
  const newest = lines.find((line) => {
    if (line.type === 'route.decided') return sameName(line.route.target.repository, repository);
    // A run that was refused before the file was read says nothing about it.
    return line.type === 'run.planned' && line.outcome !== 'source-refused' && line.outcome !== 'paused';
  });
  return newest?.runKey ?? null;
}

/** Returns the newest reading of a repository's file among the facts of a run, newest first; null without one. */
export function newestFileAsRead(repository: string, facts: readonly FactOfRun[]): FileAsRead | null {
  for (const fact of facts) {
    const { time } = fact;
    if (fact.type === 'run.planned') {
      const { trigger, sourceFile: file = null, code, message, fix } = fact.data;
      const isSource =
        trigger.type !== 'dispatch.requested' &&
        sameName(`${trigger.repository.owner}/${trigger.repository.name}`, repository);
      // A run that was refused before the file was read says nothing about it.
      const hasRead = file !== null || fact.data.outcome === 'no-config' || fact.data.outcome.startsWith('config-');
      if (isSource && hasRead) return { side: 'source', file, code, message, fix, time, runKey: fact.runKey };
    }
    if (fact.type === 'route.decided') {
      const { route, targetFile: file = null, code, message, fix } = fact.data.decision;
      const hasRead = file !== null || code === 'target-no-config' || code.startsWith('target-config-');
      if (sameName(route.target.repository, repository) && hasRead) {
        return { side: 'target', file, code, message, fix, time, runKey: fact.runKey };
      }
    }
  }
  return null;
}

export type FileState = 'valid' | 'invalid' | 'absent' | 'ambiguous' | 'unreadable';

/** Returns what a reading says about the file. */
export function stateOfFile({ code, file }: Pick<FileAsRead, 'code' | 'file'>): FileState {
  if (code.endsWith('no-config')) return 'absent';
  if (code.endsWith('config-invalid')) return 'invalid';
  if (code.endsWith('config-ambiguous')) return 'ambiguous';
  if (code.endsWith('unreadable')) return 'unreadable';
  return file === null ? 'unreadable' : 'valid';
}

/** Returns the blob id of a file among those that a plan was decided on; null if its content is not stored. */
export const blobIdOf = (
  files: Schemas['PlanResponse']['files'],
  { repository, sha, path }: Schemas['FileReference'],
): string | null =>
  files.find((file) => sameName(file.repository, repository) && file.sha === sha && file.path === path)?.blobId ?? null;
