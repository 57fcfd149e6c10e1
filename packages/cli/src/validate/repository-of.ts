import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootOf } from './find-files.ts';

/**
 * Returns `owner/name` of the repository that contains this file: of the remote `origin`, if the file is the
 * dispatching.yml of a Git working tree. Undefined if there is none.
 */
export function repositoryOf(path: string): string | undefined {
  const root = rootOf(path);
  if (root === null || !existsSync(join(root, '.git'))) return undefined;
  try {
    const url = execFileSync('git', ['-C', root, 'config', '--get', 'remote.origin.url'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return repositoryOfUrl(url.trim());
  } catch {
    // Without Git or without this remote, only the warning about a workflow that starts itself is missing.
    return undefined;
  }
}

/** Returns `owner/name` of an HTTPS or SSH address of a repository. */
export function repositoryOfUrl(url: string): string | undefined {
  const match = /^(?:[a-z+]+:\/\/[^/]+\/|[^/@:]+@[^/:]+:)([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/i.exec(url);
  return match === null ? undefined : `${match[1]}/${match[2]}`;
}
