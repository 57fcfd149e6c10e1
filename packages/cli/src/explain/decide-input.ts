import {
  defaultGuardRails,
  type FileSnapshot,
  foldName,
  fullName,
  type RepositoryContents,
  type RepositorySnapshot,
  type RunCompleted,
  sameName,
} from '@dispatcher/contracts';
import { compileReading, type DecideInput, type FileError, targetsToRead } from '@dispatcher/rules';
import { BadInput, readText, type Terminal } from '../command.ts';

/** The repeated options, as written: `OWNER/NAME=FILE`, `OWNER/NAME:cd.yml=FILE`, `OWNER/NAME=BRANCH`. */
export interface ExplainFiles {
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly workflows: readonly string[];
  readonly defaultBranches: readonly string[];
}

interface Described {
  /** The file the configuration was read from. */
  readonly path?: string;
  config?: FileSnapshot;
  defaultBranch?: string;
  readonly workflows: Record<string, FileSnapshot>;
}

/** What `decide` takes, built from files alone. */
export function decideInput(
  terminal: Terminal,
  run: RunCompleted,
  files: ExplainFiles,
): { readonly input: DecideInput; readonly sourceErrors: readonly FileError[] } {
  const sourceName = fullName(run.repository);
  const described = describe(terminal, files, sourceName);
  const source = readingOf(sourceName, described.source, run.repository.id, run.installationId);
  const targets: Record<string, RepositorySnapshot> = {};
  for (const [name, repository] of described.targets) {
    const id = foldName(sourceName) === name ? run.repository.id : run.repository.id + Object.keys(targets).length + 1;
    targets[name] = readingOf(name, repository, id, run.installationId);
  }
  // No option describes it, so nobody can see it; what is not in `targets` would count as not read.
  for (const { owner, name } of targetsToRead(run, source, defaultGuardRails)) {
    targets[foldName(`${owner}/${name}`)] ??= { state: 'absent' };
  }
  const compiled = compileReading(source);
  return {
    input: { run, lineage: { state: 'root' }, source, targets, guardRails: defaultGuardRails },
    sourceErrors:
      compiled.state === 'invalid'
        ? compiled.errors.map((error) => ({ ...error, file: described.source.path ?? error.file }))
        : [],
  };
}

function describe(
  terminal: Terminal,
  files: ExplainFiles,
  sourceName: string,
): { source: Described; targets: ReadonlyMap<string, Described> } {
  const targets = new Map<string, Described>();
  const target = (name: string): Described => {
    const known = targets.get(foldName(name)) ?? { workflows: {} };
    targets.set(foldName(name), known);
    return known;
  };
  let source: Described | undefined;
  for (const [name, path] of files.sources.map(split)) {
    const config = fileReading(terminal, path);
    if (sameName(name, sourceName)) source = { path, config, workflows: {} };
    // A source may be a target of the same run, and then its file holds both sides.
    target(name).config ??= config;
  }
  if (source === undefined) {
    throw new BadInput(`No --source names the run's repository: add --source ${sourceName}=FILE`);
  }
  for (const [name, path] of files.targets.map(split)) target(name).config = fileReading(terminal, path);
  for (const [place, path] of files.workflows.map((text) => split(text))) {
    const [name, workflow] = splitAt(place, ':', 'OWNER/NAME:cd.yml=FILE');
    target(repositoryName(name)).workflows[workflow] = fileReading(terminal, path);
  }
  for (const [name, branch] of files.defaultBranches.map(split)) {
    target(name).defaultBranch = branch;
    if (sameName(name, sourceName)) source.defaultBranch = branch;
  }
  return { source, targets };
}

function split(text: string): [string, string] {
  const [place, value] = splitAt(text, '=', 'OWNER/NAME=VALUE');
  return [place.includes(':') ? place : repositoryName(place), value];
}

function splitAt(text: string, separator: string, form: string): [string, string] {
  const at = text.indexOf(separator);
  if (at <= 0 || at === text.length - 1) throw new BadInput(`\`${text}\` is not of the form ${form}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function repositoryName(text: string): string {
  if (!/^[^/\s:]+\/[^/\s:]+$/.test(text)) throw new BadInput(`\`${text}\` is no repository: write OWNER/NAME.`);
  return text;
}

function fileReading(terminal: Terminal, path: string): FileSnapshot {
  const text = readText(terminal, path);
  return {
    state: 'read',
    blobId: path,
    byteSize: new TextEncoder().encode(text).length,
    isBinary: false,
    isTruncated: false,
    text,
  };
}

/** A private repository the App can see; workflow files that were not named stay unread, so GitHub would decide. */
function readingOf(name: string, described: Described, id: number, installationId: number): RepositoryContents {
  const [owner = '', repository = ''] = name.split('/');
  return {
    state: 'read',
    id,
    owner,
    name: repository,
    isArchived: false,
    isDisabled: false,
    isLocked: false,
    visibility: 'private',
    defaultBranch: { name: described.defaultBranch ?? 'main', sha: '0'.repeat(40) },
    files: {
      'dispatching.yml': described.config ?? { state: 'absent' },
      '.github/dispatching.yml': { state: 'absent' },
    },
    workflows: described.workflows,
    refs: {},
    installationId,
  };
}
