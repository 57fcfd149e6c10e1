import {
  defaultGuardRails,
  type FileSnapshot,
  foldName,
  fullName,
  type GuardRails,
  type HeadSnapshot,
  type OwnerPolicies,
  type OwnerPolicy,
  type RepositoryContents,
  type RepositorySnapshot,
  type RunTrigger,
  sameName,
  type TargetRequest,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import {
  assumedCommit,
  candidatesAmong,
  compileSnapshot,
  type DecideInput,
  type DispatchingFileState,
  type FileError,
  headToRead,
  policyOwnersOf,
  targetsToRead,
} from '@dispatcher/rules';
import { UsageError, readText, type Terminal } from '../command.ts';

/** The values of the repeatable options: `OWNER/NAME=FILE`, `OWNER/NAME:cd.yml=FILE`, `OWNER/NAME=BRANCH`. */
export interface ExplainFiles {
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly workflows: readonly string[];
  readonly defaultBranches: readonly string[];
  /** `OWNER=FILE`. An owner without one has no policy. */
  readonly policies: readonly string[];
  /** What the head of the run is. */
  readonly refType: 'branch' | 'tag';
}

/** The guard rails of an explanation: the defaults, and patterns are allowed. */
export const explainedGuardRails: GuardRails = { ...defaultGuardRails, allowPatterns: true };

interface DescribedRepository {
  /** The path of its dispatching.yml. */
  readonly path?: string;
  config?: FileSnapshot;
  defaultBranch?: string;
  readonly workflows: Record<string, FileSnapshot>;
}

/** Builds the input of `decide` from files. */
export function createDecideInput(
  terminal: Terminal,
  run: RunTrigger,
  files: ExplainFiles,
): {
  readonly input: DecideInput;
  readonly sourceErrors: readonly FileError[];
  readonly assumedWorkflows: readonly string[];
} {
  const sourceName = fullName(run.repository);
  const described = describe(terminal, files, sourceName);
  if (described.source === undefined) {
    throw new UsageError(`No --source names the run’s repository: add --source ${sourceName}=FILE`);
  }
  const { path } = described.source;
  const source = {
    ...snapshotOf(sourceName, described.source, run.repository.id, run.installationId),
    heads: assumedHeads(run, files.refType),
  };
  const compiled = compileSnapshot(source);
  const namedIds = idsNamedBy(compiled, run.repository.owner);
  const policies = policiesIn(terminal, files.policies);
  const targets: Record<string, RepositorySnapshot> = {};
  for (const [name, repository] of described.targets) {
    const other = namedIds.get(name) ?? run.repository.id + Object.keys(targets).length + 1;
    const id = foldName(sourceName) === name ? run.repository.id : other;
    targets[name] = snapshotOf(name, repository, id, run.installationId);
  }
  // Every target with an option is one that a pattern may mean.
  const read = Object.values(targets).flatMap((target) => (target.state === 'read' ? [target] : []));
  const candidates = candidatesAmong(source, read);
  // A target without an option counts as not visible. A missing entry would count as not read.
  const { commit, workflows: assumedWorkflows } = assumedCommit(run, source);
  const requests = targetsToRead(run, source, explainedGuardRails, undefined, undefined, undefined, candidates, commit);
  for (const { owner, name } of requests) targets[foldName(`${owner}/${name}`)] ??= { state: 'absent' };
  for (const owner of policyOwnersOf(run, requests)) policies[owner] ??= noPolicy;
  return {
    input: {
      run,
      lineage: { state: 'root' },
      source,
      targets,
      guardRails: explainedGuardRails,
      policies,
      candidates,
      commit,
    },
    assumedWorkflows,
    sourceErrors:
      compiled.state === 'invalid' ? compiled.errors.map((error) => ({ ...error, file: path ?? error.file })) : [],
  };
}

/** Builds the targets of a request from files. A target without an option counts as not visible. */
export function createTargets(
  terminal: Terminal,
  requests: readonly TargetRequest[],
  files: Omit<ExplainFiles, 'sources' | 'refType'>,
): { readonly targets: TargetSnapshots; readonly policies: OwnerPolicies } {
  const { targets } = describe(terminal, { ...files, sources: [], refType: 'branch' }, null);
  const snapshots = [...targets].map(([name, repository], index): [string, RepositorySnapshot] => [
    name,
    snapshotOf(name, repository, index + 1, 1),
  ]);
  const absent = requests.map(({ owner, name }): [string, RepositorySnapshot] => [
    foldName(`${owner}/${name}`),
    { state: 'absent' },
  ]);
  const noPolicies = requests.map(({ owner }): [string, OwnerPolicy] => [foldName(owner), noPolicy]);
  return {
    targets: Object.fromEntries([...absent, ...snapshots]),
    policies: { ...Object.fromEntries(noPolicies), ...policiesIn(terminal, files.policies) },
  };
}

const noPolicy: OwnerPolicy = { snapshot: { state: 'absent' }, seenIn: null };

/** Returns the policies of the files. */
function policiesIn(terminal: Terminal, entries: readonly string[]): Record<string, OwnerPolicy> {
  return Object.fromEntries(
    entries.map((entry) => {
      const [owner, path] = splitAt(entry, '=', 'OWNER=FILE');
      if (!/^[\w-]+$/.test(owner)) throw new UsageError(`\`${owner}\` is not the name of an owner.`);
      const file = fileSnapshot(terminal, path);
      const snapshot = {
        state: 'read',
        repositoryId: 1,
        repository: `${owner}/.github`,
        sha: '0'.repeat(40),
        file,
      } as const;
      return [foldName(owner), { snapshot, seenIn: null }];
    }),
  );
}

/** Returns the `repository-id` of each target: files do not tell the id of a repository, so the named one is assumed. */
function idsNamedBy(source: DispatchingFileState, owner: string): ReadonlyMap<string, number> {
  const targets = source.state === 'valid' ? source.file.outbound.flatMap((rule) => rule.targets) : [];
  return new Map(
    targets.flatMap(({ repository, repositoryId }) => {
      const name = repository.includes('/') ? repository : `${owner}/${repository}`;
      return repositoryId === null ? [] : [[foldName(name), repositoryId] as const];
    }),
  );
}

/** Returns the head of the run as a branch or tag that still has its commit, without another ref of the same name. */
function assumedHeads(run: RunTrigger, refType: 'branch' | 'tag'): readonly HeadSnapshot[] {
  const head = headToRead(run);
  if (head === null) return [];
  const absent = { state: 'absent' } as const;
  return refType === 'tag'
    ? [{ ...head, branch: absent, tag: { state: 'read', sha: head.sha } }]
    : [{ ...head, branch: { state: 'read', sha: head.sha, comparison: 'identical' }, tag: absent }];
}

function describe(
  terminal: Terminal,
  files: ExplainFiles,
  sourceName: string | null,
): { source: DescribedRepository | undefined; targets: ReadonlyMap<string, DescribedRepository> } {
  const targets = new Map<string, DescribedRepository>();
  const target = (name: string): DescribedRepository => {
    const known = targets.get(foldName(name)) ?? { workflows: {} };
    targets.set(foldName(name), known);
    return known;
  };
  let source: DescribedRepository | undefined;
  for (const [name, path] of files.sources.map(split)) {
    const config = fileSnapshot(terminal, path);
    if (sourceName !== null && sameName(name, sourceName)) source = { path, config, workflows: {} };
    // The source can also be a target of the run: its file then contains both sides.
    target(name).config ??= config;
  }
  for (const [name, path] of files.targets.map(split)) target(name).config = fileSnapshot(terminal, path);
  for (const [place, path] of files.workflows.map((text) => split(text))) {
    const [name, workflow] = splitAt(place, ':', 'OWNER/NAME:cd.yml=FILE');
    target(repositoryName(name)).workflows[workflow] = fileSnapshot(terminal, path);
  }
  for (const [name, branch] of files.defaultBranches.map(split)) {
    target(name).defaultBranch = branch;
    if (source !== undefined && sourceName !== null && sameName(name, sourceName)) source.defaultBranch = branch;
  }
  return { source, targets };
}

function split(text: string): [string, string] {
  const [place, value] = splitAt(text, '=', 'OWNER/NAME=VALUE');
  return [place.includes(':') ? place : repositoryName(place), value];
}

function splitAt(text: string, separator: string, form: string): [string, string] {
  const at = text.indexOf(separator);
  if (at <= 0 || at === text.length - 1) throw new UsageError(`\`${text}\` does not have the form ${form}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function repositoryName(text: string): string {
  if (!/^[^/\s:]+\/[^/\s:]+$/.test(text))
    throw new UsageError(`\`${text}\` is not a repository name: write OWNER/NAME.`);
  return text;
}

function fileSnapshot(terminal: Terminal, path: string): Extract<FileSnapshot, { state: 'read' }> {
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

/** Returns a private repository that is visible to the App. Workflow files without an option stay unread and unchecked. */
function snapshotOf(
  name: string,
  described: DescribedRepository,
  id: number,
  installationId: number,
): RepositoryContents {
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
