import {
  type ConsentCycle,
  type ConsentEdge,
  foldName,
  type GraphCandidates,
  type GraphOwner,
  type GraphRepository,
} from '@dispatcher/contracts';
import type { InboundPlace, InboundRule } from '../compile/compiled-file.ts';
import { findCycles } from './find-cycles.ts';
import {
  type KnownRepositories,
  knownRepositories,
  type KnownRepository,
  type ObservedRepository,
  type RulesCache,
} from './known-repositories.ts';
import { patternRequests, type PatternRequests } from './pattern-requests.ts';
import { consentTo, type ConsentRequest, nodeName, targetNameOf, workflowsOf } from './request-consent.ts';

/** An item of a table holds 400 KB, and a list with more edges of one repository helps nobody. */
export const maxEdges = 300;
const maxCycles = 20;
const maxListedProblems = 5;

export interface ConsentGraph {
  /** Repositories with a dispatching.yml or with an edge, by name. */
  readonly repositories: readonly GraphRepository[];
  /** By name. */
  readonly owners: readonly Omit<GraphOwner, 'builtAt'>[];
  /** Of every repository whose outbound rules have patterns, by id. */
  readonly candidates: readonly CandidatesOfSource[];
}

export interface CandidatesOfSource extends Omit<GraphCandidates, 'builtAt'> {
  readonly owner: string;
}

/** Computes which repositories agree with which, from what each one says. The result does not depend on the order. */
export function consentGraph(observed: readonly ObservedRepository[], cache?: RulesCache): ConsentGraph {
  const known = knownRepositories(observed, cache);
  const patterns = patternRequests(known.all);
  const { edges: requested, used, successors, meant } = requestEdges(known, patterns);
  const edges = sortedEdges([...requested, ...known.all.flatMap((repository) => offersOf(repository, used, known))]);
  const outbound = Map.groupBy(edges, ({ source }) => ('repositoryId' in source ? source.repositoryId : null));
  const inbound = Map.groupBy(edges, ({ target }) => target.repositoryId);
  const repositories = known.all
    .map((repository) => {
      const { repositoryId } = repository;
      const out = (outbound.get(repositoryId) ?? []).filter(({ state }) => state !== 'offered');
      return graphRepository(repository, out, inbound.get(repositoryId) ?? []);
    })
    .filter(({ state, outbound: out, inbound: into }) => state !== 'absent' || out.length + into.length > 0)
    .sort((a, b) => (foldName(a.repository) < foldName(b.repository) ? -1 : 1));
  const owners = ownersOf(known, edges, cyclesOf(successors, known));
  return { repositories, owners, candidates: patterns.map((each) => candidatesOf(each, meant)) };
}

interface RequestEdges {
  readonly edges: readonly ConsentEdge[];
  /** Places of inbound rules that accept a request, by repository id. */
  readonly used: ReadonlyMap<number, ReadonlySet<string>>;
  readonly successors: ReadonlyMap<string, ReadonlySet<string>>;
  /** The requests by a pattern that the target accepts. */
  readonly meant: ReadonlySet<ConsentRequest>;
}

function requestEdges(known: KnownRepositories, patterns: readonly PatternRequests[]): RequestEdges {
  const edges = new Map<string, ConsentEdge>();
  const used = new Map<number, Set<string>>();
  const successors = new Map<string, Set<string>>();
  const byPattern = new Set(patterns.flatMap(({ requests }) => requests));
  const meant = new Set<ConsentRequest>();
  for (const request of [...known.all.flatMap(requestsOf), ...byPattern]) {
    const name = targetNameOf(request);
    const target = known.byName(name);
    const consent = consentTo(request, target);
    const { place, code } = consent;
    // A pattern means only what accepts it: nobody asked the others for anything.
    if (byPattern.has(request)) {
      if (code !== null) continue;
      meant.add(request);
    }
    const edge = requestEdge(request, known, consent);
    if (target !== undefined && place !== null) {
      add(used, target.repositoryId, place.target.label);
      const to = nodeName(target.repository, request.target.workflow);
      for (const workflow of consent.continuesChains ? workflowsOf(request) : []) {
        add(successors, nodeName(request.source.repository, workflow), to);
      }
    }
    // The same route in several rules is agreed if one of them is.
    const other = edges.get(consent.routeId);
    if (other === undefined || (other.state === 'requested' && code === null)) edges.set(consent.routeId, edge);
  }
  return { edges: [...edges.values()], used, successors, meant };
}

function requestsOf(source: KnownRepository): ConsentRequest[] {
  return (source.file?.outbound ?? []).flatMap(({ source: conditions, needs, targets }) =>
    targets
      .filter(({ enabled, pattern }) => enabled !== false && pattern === null)
      .map((target) => ({ source, conditions, needs, target })),
  );
}

// An item of a table holds 400 KB, and Dispatcher decides far fewer targets of a run.
export const maxCandidates = 1_000;
const maxCandidateBytes = 300_000;

function candidatesOf(
  { source, requests, isComplete }: PatternRequests,
  meant: ReadonlySet<ConsentRequest>,
): CandidatesOfSource {
  const byId = Map.groupBy(
    requests.filter((request) => meant.has(request)).map(({ target }) => target),
    ({ repositoryId }) => repositoryId ?? 0,
  );
  const repositories = [...byId]
    .sort(([left], [right]) => left - right)
    .map(([repositoryId, targets]) => ({
      repositoryId,
      name: targets[0]?.repository ?? '',
      workflows: [...new Set(targets.map(({ workflow }) => workflow))].sort(),
    }));
  const listed = withinBytes(repositories.slice(0, maxCandidates));
  return {
    owner: source.owner,
    repositoryId: source.repositoryId,
    repositories: listed,
    isComplete: isComplete && listed.length === repositories.length,
  };
}

/** Returns the first values that have at most {@link maxCandidateBytes} together. */
function withinBytes<Value>(values: readonly Value[]): Value[] {
  const encoder = new TextEncoder();
  let bytes = 0;
  return values.filter((value) => (bytes += encoder.encode(JSON.stringify(value)).length) <= maxCandidateBytes);
}

function requestEdge(
  request: ConsentRequest,
  known: KnownRepositories,
  { routeId, code, place }: ReturnType<typeof consentTo>,
): ConsentEdge {
  const { source, conditions, target } = request;
  return {
    state: place === null ? 'requested' : 'agreed',
    source: { ...known.named(source.repository), workflow: conditions.workflow },
    target: { ...known.named(targetNameOf(request)), workflow: target.workflow, eventType: null },
    id: target.id,
    routeId,
    outbound: target.label,
    inbound: place?.target.label ?? null,
    code,
  };
}

/** Returns the inbound rules of a repository that accept no request. */
function offersOf(
  repository: KnownRepository,
  used: ReadonlyMap<number, ReadonlySet<string>>,
  known: KnownRepositories,
): ConsentEdge[] {
  const rules = (repository.file?.inbound ?? []).filter(({ enabled }) => enabled !== false);
  const places = rules.flatMap((rule) => rule.targets.map((target): InboundPlace => ({ rule, target })));
  return places
    .filter(({ target }) => used.get(repository.repositoryId)?.has(target.label) !== true)
    .map(({ rule, target }) => ({
      state: 'offered',
      source: acceptedSource(rule, repository, known),
      target: {
        ...known.named(repository.repository),
        workflow: 'workflow' in target ? target.workflow : null,
        eventType: 'eventType' in target ? target.eventType : null,
      },
      id: null,
      routeId: null,
      outbound: null,
      inbound: target.label,
      code: null,
    }));
}

function acceptedSource(
  { source }: InboundRule,
  { owner }: KnownRepository,
  known: KnownRepositories,
): ConsentEdge['source'] {
  if ('name' in source) return { requester: source.kind, name: source.name };
  const { text, owner: ownerOfPattern } = source.repository;
  const name = ownerOfPattern === null ? `${owner}/${text}` : text;
  const named = name.includes('*')
    ? { repository: name, repositoryId: null, visibility: null, installationId: null }
    : known.named(name);
  return { ...named, workflow: source.workflow };
}

const stateOrder = { agreed: 0, requested: 1, offered: 2 } as const;

/** Sorts by keys that are made once: a comparison of two edges would make both again. */
function sortedEdges(edges: readonly ConsentEdge[]): ConsentEdge[] {
  return edges
    .map((edge) => [keyOfEdge(edge), edge] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, edge]) => edge);
}

function keyOfEdge({ state, source, target, id, outbound, inbound }: ConsentEdge): string {
  const from = 'workflow' in source ? `${foldName(source.repository)}:${source.workflow}` : `~${source.name}`;
  const to = `${foldName(target.repository)}:${target.workflow ?? `#${target.eventType ?? ''}`}`;
  return [stateOrder[state], from, to, id ?? '', outbound ?? '', inbound ?? ''].join('\u0000');
}

function graphRepository(
  repository: KnownRepository,
  outbound: readonly ConsentEdge[],
  inbound: readonly ConsentEdge[],
): GraphRepository {
  const { repositoryId, installationId, visibility, isActive, state, commit, path, blobId } = repository;
  return {
    repository: repository.repository,
    repositoryId,
    installationId,
    visibility,
    isActive,
    state,
    commit,
    path,
    blobId,
    problems: repository.problems.slice(0, maxListedProblems),
    observedAt: repository.observedAt,
    formerNames: [...repository.formerNames],
    isIndexed: state !== 'valid' || repository.file !== null,
    outbound: outbound.slice(0, maxEdges),
    inbound: inbound.slice(0, maxEdges),
    omitted: Math.max(0, outbound.length - maxEdges) + Math.max(0, inbound.length - maxEdges),
  };
}

function cyclesOf(successors: RequestEdges['successors'], known: KnownRepositories): ConsentCycle[] {
  return findCycles(successors).map((names) =>
    names.map((name) => {
      const colon = name.indexOf(':');
      const repository = name.slice(0, colon);
      return { repository: known.byName(repository)?.repository ?? repository, workflow: name.slice(colon + 1) };
    }),
  );
}

function ownersOf(
  known: KnownRepositories,
  edges: readonly ConsentEdge[],
  cycles: readonly ConsentCycle[],
): Omit<GraphOwner, 'builtAt'>[] {
  const ofOwner = Map.groupBy(known.all, ({ owner }) => foldName(owner));
  // An offer concerns the owner who makes it only: it is listed with the repository of the rule, and nobody uses it.
  const edgesOf = byOwners(edges, ({ state, source, target }) => [
    ...('repository' in source && state !== 'offered' ? [source.repository] : []),
    target.repository,
  ]);
  const cyclesOfOwner = byOwners(cycles, (cycle) => cycle.map(({ repository }) => repository));
  return [...ofOwner]
    .map(([owner, repositories]) => {
      const own = edgesOf.get(owner) ?? [];
      const circles = cyclesOfOwner.get(owner) ?? [];
      const count = (state: ConsentEdge['state']) => own.filter((edge) => edge.state === state).length;
      return {
        owner: repositories[0]?.owner ?? owner,
        repositories: repositories.length,
        configured: repositories.filter(({ state }) => state !== 'absent').length,
        invalid: repositories.filter(({ state }) => state === 'invalid' || state === 'ambiguous').length,
        agreed: count('agreed'),
        requested: count('requested'),
        offered: count('offered'),
        cycles: circles.slice(0, maxCycles),
        cycleCount: circles.length,
        installationIds: [...new Set(repositories.map(({ installationId }) => installationId))].sort((a, b) => a - b),
      };
    })
    .sort((a, b) => (foldName(a.owner) < foldName(b.owner) ? -1 : 1));
}

/** Lists what concerns each owner, by lower-case name. @param repositoriesOf names of repositories */
function byOwners<Value>(
  values: readonly Value[],
  repositoriesOf: (value: Value) => readonly string[],
): ReadonlyMap<string, readonly Value[]> {
  const lists = new Map<string, Value[]>();
  for (const value of values) {
    for (const owner of new Set(repositoriesOf(value).map((name) => foldName(name.split('/')[0] ?? '')))) {
      const list = lists.get(owner);
      if (list === undefined) lists.set(owner, [value]);
      else list.push(value);
    }
  }
  return lists;
}

function add<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}
