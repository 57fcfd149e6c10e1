import { foldName } from '@dispatcher/contracts';
import { matchesRepository } from '../values/names.ts';
import type { RepositoryPattern } from '../values/names.ts';
import { matchesGlob } from '../values/pattern.ts';
import type { KnownRepository } from './known-repositories.ts';
import type { ConsentRequest } from './request-consent.ts';

/** Bounds the time for one owner; another owner's patterns are found nevertheless. */
export const maxComparisons = 200_000;

/** What the patterns of one repository may mean. */
export interface PatternRequests {
  readonly source: KnownRepository;
  /** A request for each repository that names the source and matches the pattern. It may still not accept it. */
  readonly requests: readonly ConsentRequest[];
  /** False if the owner has too many rules to compare all. */
  readonly isComplete: boolean;
}

/** Returns the requests of every repository whose outbound rules have patterns, as if the file named each repository. */
export function patternRequests(all: readonly KnownRepository[]): PatternRequests[] {
  const sources = all.filter(hasPattern).sort(byId);
  if (sources.length === 0) return [];
  const naming = repositoriesNaming(all);
  const comparisons = new Map<string, number>();
  return sources.map((source) => {
    const owner = foldName(source.owner);
    const spent = comparisons.get(owner) ?? 0;
    const { named, compared } = naming(source, maxComparisons - spent);
    const requests = named === null ? [] : requestsFor(source, named);
    comparisons.set(owner, spent + compared + requests.length);
    return { source, requests, isComplete: named !== null };
  });
}

function hasPattern({ file }: KnownRepository): boolean {
  return file?.outbound.some(({ targets }) => targets.some(({ pattern }) => pattern !== null)) ?? false;
}

function requestsFor(source: KnownRepository, named: readonly KnownRepository[]): ConsentRequest[] {
  return (source.file?.outbound ?? []).flatMap(({ source: conditions, needs, targets }) =>
    targets.flatMap((target): ConsentRequest[] => {
      const { pattern, enabled } = target;
      if (pattern === null || enabled === false) return [];
      return named
        .filter(({ name }) => matchesGlob(pattern.name, foldName(name)))
        .map(({ name, repositoryId }) => ({
          source,
          conditions,
          needs,
          target: { ...target, repository: name, repositoryId },
        }));
    }),
  );
}

type FindNaming = (
  source: KnownRepository,
  budget: number,
) => { readonly named: readonly KnownRepository[] | null; readonly compared: number };

/** Finds the repositories of the same owner whose inbound rules name a repository, by its name or by a pattern. */
function repositoriesNaming(all: readonly KnownRepository[]): FindNaming {
  const byName = new Map<string, Set<KnownRepository>>();
  const byPattern = new Map<string, { readonly pattern: RepositoryPattern; readonly repository: KnownRepository }[]>();
  for (const repository of all) {
    const owner = foldName(repository.owner);
    for (const { source } of repository.file?.inbound ?? []) {
      if ('name' in source || (source.repository.owner ?? owner) !== owner) continue;
      const { repository: pattern } = source;
      if (pattern.text.includes('*')) {
        const patterns = byPattern.get(owner) ?? [];
        byPattern.set(owner, patterns);
        patterns.push({ pattern, repository });
      } else {
        const key = `${owner}/${foldName(pattern.text.slice(pattern.text.indexOf('/') + 1))}`;
        const named = byName.get(key) ?? new Set();
        byName.set(key, named.add(repository));
      }
    }
  }
  return ({ owner, name }, budget) => {
    const patterns = byPattern.get(foldName(owner)) ?? [];
    if (patterns.length > budget) return { named: null, compared: 0 };
    const named = new Set(byName.get(foldName(`${owner}/${name}`)));
    for (const { pattern, repository } of patterns) {
      if (matchesRepository(pattern, repository.owner, owner, name)) named.add(repository);
    }
    return { named: [...named].sort(byId), compared: patterns.length };
  };
}

function byId(left: KnownRepository, right: KnownRepository): number {
  return left.repositoryId - right.repositoryId;
}
