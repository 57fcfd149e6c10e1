import {
  type ConfigObserved,
  type ConfigProblem,
  factId,
  fullName,
  type RepositoryContents,
} from '@dispatcher/contracts';
import { type CompileCache, compileSnapshot, configPaths } from '../compile/compile-snapshot.ts';
import { compileFile, plainRulesOf } from '../compile/compile-file.ts';
import type { FileError } from '../values/problem.ts';

/** What a repository says, without who read it. */
export type ConfigObservation = Omit<ConfigObserved['data'], 'seenBy'>;

/** GitHub shows that many annotations of one request, and more help nobody. */
const maxProblems = 50;
const maxProblemLength = 500;

/** A fact fits a message of a queue: 256 KB, in which every character outside ASCII takes six bytes. */
const maxRulesBytes = 180_000;

/**
 * Returns what identifies the observation of a snapshot: it changes whenever {@link observeConfig} returns something else
 * besides the commit. Null if the files could not be read.
 */
export function observationKey(repository: RepositoryContents, cache?: CompileCache): string | null {
  const compiled = compileSnapshot(repository, cache);
  if (compiled.state === 'unknown') return null;
  const { owner, name, installationId, visibility, defaultBranch, files } = repository;
  const contents = configPaths.map((path) => {
    const file = files[path];
    return file.state === 'read' ? file.blobId : file.state;
  });
  const parts = [visibility, isActive(repository), defaultBranch?.name ?? null, compiled.state, ...contents];
  return factId('config', `${owner}/${name}`, installationId, JSON.stringify(parts));
}

/** Returns what the repository says; null if the files could not be read. */
export function observeConfig(repository: RepositoryContents): ConfigObservation | null {
  const { state, at, problems, blobId, rules } = describe(repository);
  if (state === 'unknown') return null;
  return {
    repositoryId: repository.id,
    repository: fullName(repository),
    installationId: repository.installationId,
    visibility: repository.visibility,
    isActive: isActive(repository),
    defaultBranch: repository.defaultBranch?.name ?? null,
    state,
    commit: repository.defaultBranch?.sha ?? null,
    path: at,
    blobId,
    problems,
    rules,
  };
}

function isActive({ isArchived, isDisabled, isLocked }: RepositoryContents): boolean {
  return !isArchived && !isDisabled && !isLocked;
}

interface Description extends Pick<ConfigObservation, 'problems' | 'blobId' | 'rules'> {
  readonly state: ConfigObservation['state'] | 'unknown';
  readonly at: string | null;
}

function describe(repository: RepositoryContents): Description {
  const nothing = { at: null, blobId: null, problems: [], rules: null };
  const compiled = compileSnapshot(repository);
  const { state } = compiled;
  if (state === 'unknown' || state === 'absent' || state === 'ambiguous') return { ...nothing, state };
  const path = configPaths.find((each) => repository.files[each].state !== 'absent') ?? configPaths[0];
  const file = repository.files[path];
  const blobId = file.state === 'read' ? file.blobId : null;
  const found = { ...nothing, at: path, blobId, state };
  if (state === 'invalid') return { ...found, problems: problemsOf(compiled.errors) };
  const text = file.state === 'read' ? (file.text ?? '') : '';
  const again = compileFile(text, { path, repository: fullName(repository) });
  return { ...found, problems: again.ok ? problemsOf(again.warnings) : [], rules: smallRules(text) };
}

function problemsOf(errors: readonly FileError[]): ConfigProblem[] {
  return errors.slice(0, maxProblems).map(({ line, column, message, fix }) => ({
    line,
    column,
    message: message.slice(0, maxProblemLength),
    fix: fix.slice(0, maxProblemLength),
  }));
}

function smallRules(text: string): ConfigObservation['rules'] {
  const rules = plainRulesOf(text);
  if (rules === null) return null;
  const json = JSON.stringify(rules);
  let bytes = json.length;
  for (const character of json) if (character > '\u007F') bytes += 5 * character.length;
  return bytes > maxRulesBytes ? null : { outbound: [...rules.outbound], inbound: [...rules.inbound] };
}
