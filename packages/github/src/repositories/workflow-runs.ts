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
}

const RunList = z.object({ workflow_runs: z.array(z.unknown()) });

export function createWorkflowRuns(transport: Transport, tokens: InstallationTokens): WorkflowRuns {
  const read = <Data>(
    { installationId, repositoryId }: RunRepository,
    request: (authorization: string) => Promise<{ readonly data: Data }>,
    options?: CallOptions,
  ) => tokens.use({ installationId, readActions: repositoryId }, request, options);
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
      const { owner, name: repo } = at;
      const list = (authorization: string) =>
        transport.send(contextOf(at, options), RunList, (request) =>
          transport.installation.request('GET /repos/{owner}/{repo}/actions/runs', {
            headers: { authorization },
            owner,
            repo,
            branch: ref,
            status: 'completed',
            per_page: 1,
            request,
          }),
        );
      return (await read(at, list, options)).data.workflow_runs[0] ?? null;
    },
  };
}

function contextOf({ installationId }: RunRepository, options?: CallOptions) {
  return { installationId, effect: 'repeatable', signal: options?.signal } as const;
}
