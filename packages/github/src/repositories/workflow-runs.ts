import * as z from 'zod/mini';
import type { InstallationTokens } from '../installations/installation-tokens.ts';
import type { CallOptions } from '../transport/options.ts';
import type { Transport } from '../transport/transport.ts';

/** The repository of a run. `repositoryId` limits the token of an App. */
export interface RunRepository {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly owner: string;
  readonly name: string;
}

/** Reads workflow runs as GitHub's REST API returns them. */
export interface WorkflowRuns {
  /**
   * @param options `followsRenames`: the repository is the one with the id, whatever its name is by now
   * @throws GitHubPermanentError with status 404 if there is no such run
   */
  getRun(
    at: RunRepository,
    runId: number,
    options?: CallOptions & { readonly followsRenames?: boolean },
  ): Promise<unknown>;
  /** Returns the newest completed run of a branch or tag; null if there is none. */
  getNewestRun(at: RunRepository, ref: string, options?: CallOptions): Promise<unknown>;
  /** Returns the newest hundred runs of a commit, completed or not. */
  listRunsOfCommit(at: RunRepository, headSha: string, options?: CallOptions): Promise<readonly unknown[]>;
}

const RunList = z.object({ workflow_runs: z.array(z.unknown()) });

export function createWorkflowRuns(transport: Transport, tokens: InstallationTokens): WorkflowRuns {
  const read = <Data>(
    { installationId, repositoryId }: RunRepository,
    request: (authorization: string) => Promise<{ readonly data: Data }>,
    options?: CallOptions,
  ) => tokens.use({ installationId, readActions: repositoryId }, request, options);
  const list = async (
    at: RunRepository,
    filter: Readonly<Record<string, string | number>>,
    options?: CallOptions,
  ): Promise<readonly unknown[]> => {
    const { owner, name: repo } = at;
    const request = (authorization: string) =>
      transport.send(contextOf(at, options), RunList, (requestOptions) =>
        transport.installation.request('GET /repos/{owner}/{repo}/actions/runs', {
          headers: { authorization },
          owner,
          repo,
          ...filter,
          request: requestOptions,
        }),
      );
    return (await read(at, request, options)).data.workflow_runs;
  };
  return {
    getRun: async (at, runId, options) => {
      const { owner, name: repo } = at;
      const client = options?.followsRenames === true ? transport.following : transport.installation;
      const get = (authorization: string) =>
        transport.send(contextOf(at, options), z.unknown(), (request) =>
          client.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {
            headers: { authorization },
            owner,
            repo,
            run_id: runId,
            request,
          }),
        );
      return (await read(at, get, options)).data;
    },
    getNewestRun: async (at, ref, options) => {
      const filter = { branch: ref, status: 'completed', per_page: 1 } as const;
      return (await list(at, filter, options))[0] ?? null;
    },
    listRunsOfCommit: (at, headSha, options) => list(at, { head_sha: headSha, per_page: 100 }, options),
  };
}

function contextOf({ installationId }: RunRepository, options?: CallOptions) {
  return { installationId, effect: 'repeatable', signal: options?.signal } as const;
}
