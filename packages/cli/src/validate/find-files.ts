import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { policyPath } from '@dispatcher/contracts';
import { configPaths, type FileError } from '@dispatcher/rules';
import { UsageError } from '../command.ts';

/** The name that messages show for the standard input. */
export const standardInput = '<stdin>';

/**
 * Returns the files that the arguments name: a file, `-` for the standard input, or a directory with all that it
 * contains. Without arguments, the file of the current directory.
 * @throws UsageError if a directory contains no dispatching.yml
 */
export function findFiles(args: readonly string[]): readonly string[] {
  if (args.length === 0) return defaultFiles();
  return [...new Set(args.flatMap((arg) => (arg === '-' ? [standardInput] : isDirectory(arg) ? filesIn(arg) : [arg])))];
}

function defaultFiles(): readonly string[] {
  const misnamed = configPaths.map((path) => path.replace(/yml$/, 'yaml'));
  const found = [...configPaths, ...misnamed, policyPath].filter((path) => existsSync(path));
  if (found.length > 0) return found;
  throw new UsageError(
    `The current directory has no ${configPaths.join(' and no ')}. Name a file, a directory, or - for the standard input.`,
  );
}

const skipped = new Set(['.git', 'node_modules']);

function filesIn(directory: string): readonly string[] {
  const found: string[] = [];
  const pending = [directory];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    for (const entry of readdirSync(next, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) pending.push(path);
      } else if (/^dispatching(-policy)?\.ya?ml$/i.test(entry.name)) found.push(path);
    }
  }
  if (found.length === 0) throw new UsageError(`The directory ${directory} contains no dispatching.yml.`);
  return found;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Returns the root of the repository whose dispatching.yml this is by its path; null for a file with another name. */
export function rootOf(path: string): string | null {
  if (basename(path) !== 'dispatching.yml') return null;
  const directory = dirname(path);
  return basename(directory) === '.github' ? dirname(directory) : directory;
}

/** Returns the error of a repository that has a dispatching.yml at both paths, or null. */
export function ambiguityOf(path: string): FileError | null {
  const root = rootOf(path);
  if (root === null) return null;
  const own = relative(root, path);
  const other = configPaths.find((one) => join(one) !== own);
  if (other === undefined || !existsSync(join(root, other))) return null;
  return {
    file: path,
    line: 1,
    column: 1,
    text: '',
    message: `${join(root, other)} exists too, and a repository with both files starts and accepts nothing`,
    fix: 'delete one of the two files',
  };
}
