import { existsSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { repositoryRoot } from './node-24.mjs';

// jest's options whose value is the next argument, and therefore not a path.
const optionsWithValue = new Set([
  '-t',
  '--testNamePattern',
  '-w',
  '--maxWorkers',
  '-c',
  '--config',
  '--shard',
  '--seed',
]);

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const fromRoot = (path) => relative(repositoryRoot, path).replaceAll(sep, '/');

/** Returns the pattern that matches exactly this file, or all that is in this folder. */
function patternOf(path) {
  return statSync(path).isDirectory() ? `/${escaped(fromRoot(path))}/` : `/${escaped(fromRoot(path))}$`;
}

/**
 * Returns jest's arguments with paths in place of names: what exists is matched exactly, anything else is a part of a
 * path within the package. Without a name, all tests of the package are meant.
 * @param cwd the folder of a package, as npm sets it, or the root of the repository
 * @param calledFrom where npm was called
 */
export function pathPatterns(given, cwd = process.cwd(), calledFrom = process.env['INIT_CWD'] ?? cwd) {
  const own = fromRoot(realpathSync(cwd));
  const inPackage = own !== '' && !own.startsWith('..');
  const named = [];
  const options = [];
  for (let index = 0; index < given.length; index += 1) {
    const argument = given[index];
    if (argument.startsWith('-')) {
      options.push(argument);
      if (optionsWithValue.has(argument) && index + 1 < given.length) options.push(given[(index += 1)]);
      continue;
    }
    const path = [cwd, calledFrom, repositoryRoot].map((folder) => resolve(folder, argument)).find(existsSync);
    if (path !== undefined) named.push(patternOf(path));
    else named.push(inPackage ? `/${escaped(own)}/.*${argument}` : argument);
  }
  if (named.length === 0 && inPackage) named.push(`/${escaped(own)}/`);
  return [...named, ...options];
}
