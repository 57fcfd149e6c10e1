import { warningOfPattern } from '../values/fields.ts';
import type { FileError, Problem } from '../values/problem.ts';
import { warningOfTemplate } from '../values/template.ts';
import type { DispatchingFile } from './compiled-file.ts';
import { listWarnings } from './list-warnings.ts';
import { ruleWarnings, type Warning } from './rule-warnings.ts';
import type { FileText } from './schema.ts';

export type { Warning };

/**
 * Returns what is valid but probably not meant. Warnings change no decision; `dispatcher validate` prints them.
 * @param repository `owner/name` of the repository that contains the file; null if unknown
 */
export function warningsOf(text: FileText, file: DispatchingFile, repository: string | null): Warning[] {
  return [...valueWarnings(text), ...listWarnings(text), ...ruleWarnings(file, repository)];
}

/** Returns the warnings about single values. */
function valueWarnings({ outbound = [], inbound = [] }: FileText): Warning[] {
  return [
    ...outbound.flatMap(({ source, targets }, rule) => [
      ...patternWarnings(source.branches, ['outbound', rule, 'source', 'branches']),
      ...patternWarnings(source.tags, ['outbound', rule, 'source', 'tags']),
      ...targets.flatMap(({ inputs = {} }, target) =>
        Object.entries(inputs).flatMap(([name, value]) =>
          at(['outbound', rule, 'targets', target, 'inputs', name], warningOfTemplate(value)),
        ),
      ),
    ]),
    ...inbound.flatMap(({ source, targets }, rule) => [
      ...patternWarnings(source.branches, ['inbound', rule, 'source', 'branches']),
      ...patternWarnings(source.tags, ['inbound', rule, 'source', 'tags']),
      ...targets.flatMap(({ refs }, target) => patternWarnings(refs, ['inbound', rule, 'targets', target, 'refs'])),
    ]),
  ];
}

function patternWarnings(patterns: readonly string[] = [], path: readonly PropertyKey[]): Warning[] {
  return patterns.flatMap((pattern, index) => at([...path, index], warningOfPattern(pattern)));
}

function at(path: readonly PropertyKey[], problem: Problem | null): Warning[] {
  return problem === null ? [] : [{ path, ...problem }];
}

/** Returns a warning if Dispatcher never reads a file with this name, although the name resembles the right one. */
export function warningOfFileName(path: string): FileError | null {
  const name = path.split(/[\\/]/).at(-1) ?? '';
  if (!/^dispatching\.ya?ml$/i.test(name) || name === 'dispatching.yml') return null;
  return {
    file: path,
    line: 1,
    column: 1,
    text: '',
    message: `a file named \`${name}\` is never read`,
    fix: 'rename it to `dispatching.yml`',
  };
}
