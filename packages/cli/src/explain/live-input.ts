import {
  foldName,
  type OwnerPolicies,
  type RepositoryContents,
  type RepositorySnapshot,
  type RunCompleted,
  pickCommitRun,
  type RunIgnored,
  type TargetRequest,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import { GitHubError } from '@dispatcher/github';
import {
  candidatesAmong,
  compileSnapshot,
  type DecideInput,
  type FileError,
  headToRead,
  neededOfCommit,
  ownerPolicies,
  policyOwnersOf,
  targetsToRead,
} from '@dispatcher/rules';
import { UsageError } from '../command.ts';
import type { LiveClient } from './live-client.ts';
import { explainedGuardRails } from './decide-input.ts';
import { type LivePlace, parsePlace } from './live-place.ts';
import { runOf } from './read-run.ts';

/**
 * Reads the run: the one with this id or, without one, the newest completed run of the ref or of the default branch.
 * @throws UsageError if the App does not see the repository, or there is no such run
 */
export async function readLiveRun(
  { runs, reader, installationOf, from }: LiveClient,
  { owner, name, ref }: LivePlace,
  runId: number | null,
): Promise<RunCompleted | RunIgnored> {
  return readable(async () => {
    const installationId = await installationOf(owner);
    const repository = installationId === null ? null : await reader.readSource({ installationId, owner, name });
    if (installationId === null || repository?.state !== 'read') {
      throw new UsageError(`${owner}/${name} is not visible to ${from}.`);
    }
    const branch = ref ?? repository.defaultBranch?.name ?? 'main';
    const at = { installationId, repositoryId: repository.id, owner, name };
    const run = runId === null ? await runs.getNewestRun(at, branch) : await runs.getRun(at, runId);
    if (run === null) {
      throw new UsageError(
        `${owner}/${name} has no completed workflow run on ${branch}. Name another one: --live ${owner}/${name}@REF`,
      );
    }
    const read = runOf(run, `The newest completed run of ${owner}/${name} on ${branch}`);
    return read.type === 'run.ignored' ? read : { ...read, installationId };
  });
}

/** Reads both sides of a run from GitHub, as planning does. */
export async function readDecideInput(
  { reader, installationOf, runs }: LiveClient,
  run: RunCompleted,
  candidateNames: readonly string[] = [],
): Promise<{ readonly input: DecideInput; readonly sourceErrors: readonly FileError[] }> {
  return readable(async () => {
    const { owner, name } = run.repository;
    const installationId = await installationOf(owner);
    const absent: RepositorySnapshot = { state: 'absent' };
    const at = installationId === null ? null : { installationId, owner };
    const readPolicies = async (owners: readonly string[]): Promise<Readonly<Record<string, RepositorySnapshot>>> =>
      at === null ? {} : reader.readPolicies(at, owners);
    const [source, ofSource] = await Promise.all([
      at === null ? absent : reader.readSource({ ...at, name, head: headToRead(run) }),
      readPolicies([owner]),
    ]);
    const named = candidateNames.map(requestOf);
    const read = at === null || named.length === 0 ? {} : await reader.readTargets(at, named);
    const candidates = candidatesAmong(
      source,
      named.flatMap(({ owner, name }) => contentsOf(read, owner, name)),
    );
    const { id: repositoryId } = run.repository;
    const listed =
      at === null || neededOfCommit(run, source) !== 'commit'
        ? []
        : await runs.listRunsOfCommit({ ...at, repositoryId, name }, run.run.headSha);
    const commit = {
      runs: listed.flatMap((each) => pickCommitRun(each, repositoryId) ?? []),
      claims: {},
      lineages: {},
    };
    const policiesOfSource = policiesIn(ofSource);
    const requests = targetsToRead(
      run,
      source,
      explainedGuardRails,
      undefined,
      undefined,
      policiesOfSource,
      candidates,
      commit,
    );
    const [targets, ofTargets] = await Promise.all([
      at === null || requests.length === 0 ? {} : reader.readTargets(at, requests),
      readPolicies(policyOwnersOf(run, requests)),
    ]);
    const compiled = source.state === 'read' ? compileSnapshot(source) : null;
    return {
      input: {
        run,
        lineage: { state: 'root' },
        source,
        targets,
        guardRails: explainedGuardRails,
        candidates,
        commit,
        policies: policiesIn({ ...ofSource, ...ofTargets }),
      },
      sourceErrors: compiled?.state === 'invalid' ? compiled.errors : [],
    };
  });
}

/** Returns what must be read of a repository to learn its id. @throws UsageError if the text is not `OWNER/NAME` */
function requestOf(text: string): TargetRequest {
  const { owner, name, ref } = parsePlace(text);
  if (ref !== null) throw new UsageError(`--candidate needs OWNER/NAME, not \`${text}\`.`);
  return { owner, name, workflows: [], refs: [] };
}

function contentsOf(read: TargetSnapshots, owner: string, name: string): RepositoryContents[] {
  const snapshot = read[foldName(`${owner}/${name}`)];
  return snapshot?.state === 'read' ? [snapshot] : [];
}

/** Returns the policies as production has them, without what it remembers of earlier ones. */
function policiesIn(read: Readonly<Record<string, RepositorySnapshot>>): OwnerPolicies {
  return ownerPolicies(read, new Map());
}

/** @throws UsageError with GitHub's answer if a request fails */
async function readable<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    throw new UsageError(`Could not read from GitHub: ${error.message}`, { cause: error });
  }
}
