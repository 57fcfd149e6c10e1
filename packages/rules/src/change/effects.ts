import {
  type ConsentEdge,
  type FileEffect,
  foldName,
  fullName,
  type RepositoryContents,
  type RepositorySnapshot,
} from '@dispatcher/contracts';
import { type CompileCache, compileSnapshot } from '../compile/compile-snapshot.ts';
import { consentGraph } from '../consent/consent-graph.ts';
import { observeConfig } from '../consent/observe-config.ts';
import type { ObservedRepository } from '../consent/known-repositories.ts';

/** A repository that a file names. */
export interface NamedInFile {
  readonly owner: string;
  readonly name: string;
}

/**
 * Returns the other repositories that a file names literally, before or after a change: as targets of its outbound rules, and
 * as sources of its inbound rules. What a rule accepts by a pattern is not among them.
 */
export function repositoriesInFiles(commits: readonly RepositoryContents[], cache?: CompileCache): NamedInFile[] {
  const names = new Map<string, NamedInFile>();
  for (const commit of commits) {
    const compiled = compileSnapshot(commit, cache);
    if (compiled.state !== 'valid') continue;
    const { outbound, inbound } = compiled.file;
    const texts = [
      ...outbound.flatMap(({ targets }) => targets.map(({ repository }) => repository)),
      ...inbound.flatMap(({ source }) => ('repository' in source ? [source.repository.text] : [])),
    ];
    for (const text of texts) {
      const full = text.includes('/') ? text : `${commit.owner}/${text}`;
      const [owner = '', name = ''] = full.split('/');
      if (full.includes('*') || foldName(full) === foldName(fullName(commit))) continue;
      if (!names.has(foldName(full))) names.set(foldName(full), { owner, name });
    }
  }
  return [...names.values()];
}

/**
 * Returns what merging a change would do for the routes between the repository and others that its file names: which ones
 * become or stop being agreed, and which new ones only one side wants. Nothing else of the other repositories goes into it:
 * not why they do not agree, nor whether they exist. Names of other repositories are in lower case, because GitHub's spelling
 * would show that one exists.
 */
export function effectsOfChange(
  before: RepositoryContents,
  after: RepositoryContents,
  others: readonly RepositorySnapshot[],
): FileEffect[] {
  const known = others.flatMap((other) => (other.state === 'read' ? observed(other) : []));
  const was = routesOf(before, known);
  const willBe = routesOf(after, known);
  const effects = [...new Set([...was.keys(), ...willBe.keys()])].flatMap((key): FileEffect[] => {
    const change = changeOf(was.get(key)?.state, willBe.get(key)?.state);
    const edge = willBe.get(key) ?? was.get(key);
    return change === null || edge === undefined ? [] : [{ change, source: edge.source, target: edge.target }];
  });
  return effects.sort((a, b) => compare(`${a.source} ${a.target}`, `${b.source} ${b.target}`));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

type State = ConsentEdge['state'];

function changeOf(was: State | undefined, willBe: State | undefined): FileEffect['change'] | null {
  if (was === willBe) return null;
  if (willBe === 'agreed') return 'becomes-agreed';
  if (was === 'agreed') return 'stops-being-agreed';
  if (willBe === 'requested') return 'becomes-requested';
  return willBe === 'offered' ? 'becomes-offered' : null;
}

interface Labelled {
  readonly state: State;
  readonly source: string;
  readonly target: string;
}

/** Returns the routes from and to the repository, by their labels. */
function routesOf(repository: RepositoryContents, known: readonly ObservedRepository[]): Map<string, Labelled> {
  const [own] = observed(repository);
  if (own === undefined) return new Map();
  const graph = consentGraph([own, ...known.filter(({ repositoryId }) => repositoryId !== own.repositoryId)]);
  const found = graph.repositories.find(({ repositoryId }) => repositoryId === own.repositoryId);
  const labelled = [...(found?.outbound ?? []), ...(found?.inbound ?? [])].flatMap((edge) => labelOf(edge, own));
  // One route can have several edges: an offer is none beside an agreement.
  const routes = new Map<string, Labelled>();
  for (const route of labelled) {
    const key = `${route.source} ${route.target}`;
    const other = routes.get(key);
    if (other === undefined || rank[route.state] > rank[other.state]) routes.set(key, route);
  }
  return routes;
}

const rank: Readonly<Record<State, number>> = { offered: 0, requested: 1, agreed: 2 };

function labelOf({ state, source, target }: ConsentEdge, own: ObservedRepository): Labelled[] {
  // What the operator created has no repository, and a pattern names none.
  if (!('repository' in source) || source.repository.includes('*')) return [];
  const shown = (name: string) => (foldName(name) === foldName(own.repository) ? own.repository : foldName(name));
  const what = target.workflow === null ? `#${target.eventType ?? ''}` : `:${target.workflow}`;
  return [
    { state, source: `${shown(source.repository)}:${source.workflow}`, target: `${shown(target.repository)}${what}` },
  ];
}

function observed(repository: RepositoryContents): ObservedRepository[] {
  const observation = observeConfig(repository);
  return observation === null ? [] : [{ ...observation, observedAt: new Date(0).toISOString(), formerNames: [] }];
}
