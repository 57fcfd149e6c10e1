import { defaultGuardRails, type RepositorySnapshot, type RunCompleted, type RunIgnored } from '@dispatcher/contracts';
import { GitHubError } from '@dispatcher/github';
import { compileSnapshot, type DecideInput, type FileError, headToRead, targetsToRead } from '@dispatcher/rules';
import { UsageError } from '../command.ts';
import type { LiveClient } from './live-client.ts';
import type { LivePlace } from './live-place.ts';
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
  { reader, installationOf }: LiveClient,
  run: RunCompleted,
): Promise<{ readonly input: DecideInput; readonly sourceErrors: readonly FileError[] }> {
  return readable(async () => {
    const { owner, name } = run.repository;
    const installationId = await installationOf(owner);
    const source: RepositorySnapshot =
      installationId === null
        ? { state: 'absent' }
        : await reader.readSource({ installationId, owner, name, head: headToRead(run) });
    const requests = targetsToRead(run, source, defaultGuardRails);
    const targets =
      installationId === null || requests.length === 0
        ? {}
        : await reader.readTargets({ installationId, owner }, requests);
    const compiled = source.state === 'read' ? compileSnapshot(source) : null;
    return {
      input: { run, lineage: { state: 'root' }, source, targets, guardRails: defaultGuardRails },
      sourceErrors: compiled?.state === 'invalid' ? compiled.errors : [],
    };
  });
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
