import { type ConfigObserved, foldName, type NamedRepository } from '@dispatcher/contracts';
import { LRUCache } from 'lru-cache';
import { compilePlainRules } from '../compile/compile-file.ts';
import type { DispatchingFile } from '../compile/compiled-file.ts';

/** The newest observation of one repository. */
export interface ObservedRepository extends Omit<ConfigObserved['data'], 'seenBy'> {
  readonly observedAt: string;
  /** Names that it had before, newest first. */
  readonly formerNames: readonly string[];
}

/** A repository that the App can see, with its compiled file. */
export interface KnownRepository extends ObservedRepository {
  readonly owner: string;
  readonly name: string;
  /** Null without a valid file, and if its rules were too large to be stored. */
  readonly file: DispatchingFile | null;
}

export interface KnownRepositories {
  readonly all: readonly KnownRepository[];
  /** @param name `owner/name`, any case */
  byName(name: string): KnownRepository | undefined;
  /** Returns the repository that has a name, and what is known of those that had it before. */
  named(name: string): NamedRepository;
}

/** Compiled rules by blob id. Two repositories can have the same file. */
export interface RulesCache {
  get(blobId: string): DispatchingFile | undefined;
  set(blobId: string, file: DispatchingFile): unknown;
}

/** Creates a cache of the rules of so many files. */
export function createRulesCache(maxFiles = 10_000): RulesCache {
  return new LRUCache<string, DispatchingFile>({ max: maxFiles });
}

/**
 * Returns the repositories that have their names now. Of two with the same name, the one that was observed last has it: the
 * other was renamed, transferred or deleted, and GitHub does not always say so.
 */
export function knownRepositories(
  observed: readonly ObservedRepository[],
  cache: RulesCache = new Map<string, DispatchingFile>(),
): KnownRepositories {
  const holders = new Map<string, ObservedRepository>();
  for (const repository of observed) {
    if (repository.state === 'gone') continue;
    const name = foldName(repository.repository);
    const other = holders.get(name);
    if (other === undefined || isNewer(repository, other)) holders.set(name, repository);
  }
  const former = formerHolders(observed, holders);
  const known = new Map([...holders].map(([name, repository]) => [name, compiled(repository, cache)]));
  return {
    all: [...known.values()],
    byName: (name) => known.get(foldName(name)),
    named: (name) => {
      const repository = known.get(foldName(name));
      const before = former.get(foldName(name));
      if (repository !== undefined) {
        const { repositoryId, visibility, installationId } = repository;
        const own = { repository: repository.repository, repositoryId, visibility, installationId };
        return before === undefined ? own : { ...own, formerRepositoryId: before.repositoryId };
      }
      const unknown = { repository: name, repositoryId: null, visibility: null, installationId: null };
      const present = before === undefined || before.state === 'gone' ? undefined : before.repository;
      // Its new name may have passed on to another repository as well.
      const isPresent = present !== undefined && holders.get(foldName(present)) === before;
      return isPresent ? { ...unknown, renamedTo: present } : unknown;
    },
  };
}

function isNewer(left: ObservedRepository, right: ObservedRepository): boolean {
  if (left.observedAt !== right.observedAt) return left.observedAt > right.observedAt;
  return left.repositoryId > right.repositoryId;
}

/** Returns who had each name before, by name: the one that was observed last. */
function formerHolders(
  observed: readonly ObservedRepository[],
  holders: ReadonlyMap<string, ObservedRepository>,
): ReadonlyMap<string, ObservedRepository> {
  const former = new Map<string, ObservedRepository>();
  for (const repository of observed) {
    for (const name of [repository.repository, ...repository.formerNames].map(foldName)) {
      if (holders.get(name) === repository) continue;
      const other = former.get(name);
      if (other === undefined || isNewer(repository, other)) former.set(name, repository);
    }
  }
  return former;
}

function compiled(repository: ObservedRepository, cache: RulesCache): KnownRepository {
  const [owner = '', name = ''] = repository.repository.split('/');
  return { ...repository, owner, name, file: fileOf(repository, cache) };
}

function fileOf({ state, rules, blobId }: ObservedRepository, cache: RulesCache): DispatchingFile | null {
  if (state !== 'valid' || rules === null) return null;
  const cached = blobId === null ? undefined : cache.get(blobId);
  if (cached !== undefined) return cached;
  const file = compilePlainRules(rules);
  if (file !== null && blobId !== null) cache.set(blobId, file);
  return file;
}
