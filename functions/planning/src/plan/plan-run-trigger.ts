import {
  type Candidates,
  type CommitRuns,
  foldName,
  fullName,
  type Lineage,
  type RepositorySnapshot,
  type RunTrigger,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import { outageOf } from '@dispatcher/github';
import type { CallOptions } from '@dispatcher/lambda';
import {
  decide,
  type DecideInput,
  headToRead,
  idsToRemember,
  needsCandidates,
  policyOwnersOf,
  type ReplayOptions,
  screen,
  targetsToRead,
} from '@dispatcher/rules';
import { filesOfPlan } from '@dispatcher/store';
import { claimDispatches, readCommitRuns } from './commit-runs.ts';
import type { StartingDispatch } from './completion.ts';
import { lineageOf } from './lineage.ts';
import { keepParsed, parseRepository, parseTargets } from './parse-files.ts';
import { mergePolicies, type ReadPolicies, readPolicies, rememberPolicies, type SeenPolicies } from './policies.ts';
import { readRepositoryIds, type StoredIdsOfRun, toRemembered, writeRepositoryIds } from './repository-ids.ts';
import type { Decided, DecisionDependencies } from './snapshots.ts';

/** What is known of a run before anything is read: what started it, and for a replay the revision that it raised. */
export interface KnownOfRun {
  readonly startedBy: StartingDispatch | null;
  readonly replay?: ReplayOptions;
  /** What was read already of where policies were seen. */
  readonly seenPolicies?: SeenPolicies;
}

/** What was read of the repository of a run. */
interface SourceSide {
  readonly source: RepositorySnapshot;
  /** The policies of its owner. */
  readonly ofSource: ReadPolicies;
  /** What the patterns of the source mean. Undefined if the decision does not need it. */
  readonly candidates: Candidates | undefined;
  /** The other runs on the commit. Undefined if the decision does not need them. */
  readonly commit: CommitRuns | undefined;
}

/** What was read of the targets of a run. */
interface TargetSide {
  readonly targets: TargetSnapshots;
  /** The policies of the owners other than that of the source. */
  readonly ofTargets: ReadPolicies;
  readonly storedIds: StoredIdsOfRun;
}

/** Reads both sides of a run and decides. Nothing is read of a run that is refused for what it is. */
export async function readAndDecideRun(
  shared: DecisionDependencies,
  run: RunTrigger,
  { startedBy, replay, seenPolicies }: KnownOfRun,
  options: CallOptions,
): Promise<Decided> {
  const lineage = lineageOf(run, startedBy, shared.appSlug);
  // The run of a fork costs no request: anyone can create a thousand of them.
  const refused = screen(run, lineage, shared.guardRails);
  if (refused !== null) {
    return {
      plan: { ...refused, revision: replay?.revision ?? refused.revision },
      outage: null,
      snapshots: [],
      files: [],
    };
  }
  const deps = { ...shared, cache: keepParsed(shared.cache) };
  const sourceSide = await readSourceSide(deps, run, seenPolicies, options);
  const targetSide = await readTargetSide(deps, run, lineage, sourceSide, options);
  return decideRun(deps, { run, lineage, replay }, sourceSide, targetSide);
}

async function readSourceSide(
  deps: DecisionDependencies,
  run: RunTrigger,
  seenPolicies: SeenPolicies | undefined,
  options: CallOptions,
): Promise<SourceSide> {
  const { cache, guardRails, reader } = deps;
  const { owner, name } = run.repository;
  const from = { installationId: run.installationId, owner };
  const [source, ofSource] = await Promise.all([
    reader.readSource({ ...from, name, head: headToRead(run) }, options),
    readPolicies(deps, from, [owner], options, seenPolicies),
  ]);
  await parseRepository(deps, source, options);
  const candidates = needsCandidates(run, source, guardRails, cache)
    ? await deps.candidates.getCandidates(run.repository)
    : undefined;
  const commit = await readCommitRuns(deps, run, source, cache, options);
  return { source, ofSource, candidates, commit };
}

async function readTargetSide(
  deps: DecisionDependencies,
  run: RunTrigger,
  lineage: Lineage,
  { source, ofSource, candidates, commit }: SourceSide,
  options: CallOptions,
): Promise<TargetSide> {
  const { cache, guardRails, reader } = deps;
  const { owner } = run.repository;
  const from = { installationId: run.installationId, owner };
  const requests = targetsToRead(run, source, guardRails, cache, lineage, ofSource.policies, candidates, commit);
  const otherOwners = policyOwnersOf(run, requests).filter((each) => each !== foldName(owner));
  const none: TargetSnapshots = {};
  const [targets, ofTargets, storedIds] = await Promise.all([
    requests.length === 0 ? none : reader.readTargets(from, requests, options),
    readPolicies(deps, from, otherOwners, options),
    readRepositoryIds(deps.repositoryIds, run, requests),
  ]);
  await parseTargets(deps, source, targets, options);
  return { targets, ofTargets, storedIds };
}

function decideRun(
  deps: DecisionDependencies,
  { run, lineage, replay }: Pick<DecideInput, 'run' | 'lineage' | 'replay'>,
  { source, ofSource, candidates, commit }: SourceSide,
  { targets, ofTargets, storedIds }: TargetSide,
): Decided {
  const { cache, guardRails } = deps;
  const remembered = toRemembered(storedIds);
  const { policies, repositories } = mergePolicies(ofSource, ofTargets);
  const plan = decide({
    run,
    lineage,
    source,
    targets,
    guardRails,
    remembered,
    policies,
    candidates,
    commit,
    cache,
    replay,
  });
  const changed = idsToRemember({ plan, source, targets, remembered });
  const sourceName = fullName(run.repository);
  return {
    plan,
    snapshots: [source, ...Object.values(targets)],
    files: filesOfPlan(plan, source, targets),
    rememberIds: async () => {
      await claimDispatches(deps, plan);
      await rememberPolicies(deps, policies);
      await writeRepositoryIds(deps.repositoryIds, run, changed, storedIds);
    },
    outage: outageOf([
      [sourceName, source],
      ...(commit?.unknown === undefined ? [] : [[sourceName, commit.unknown] as const]),
      ...Object.entries(targets),
      ...repositories,
    ]),
  };
}
