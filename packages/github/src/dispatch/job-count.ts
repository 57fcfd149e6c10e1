import * as z from 'zod/mini';
import type { InstallationTokens } from '../installations/installation-tokens.ts';
import type { CallOptions } from '../transport/options.ts';
import type { Transport } from '../transport/transport.ts';
import type { WorkflowRunReference } from './types.ts';

const Jobs = z.object({ total_count: z.int() });

/** Reads `total_count` of `GET …/actions/runs/{run_id}/jobs`: one request for any number of jobs. */
export function createJobCounter(
  transport: Transport,
  tokens: InstallationTokens,
): (at: WorkflowRunReference, options?: CallOptions) => Promise<number> {
  return ({ installationId, repositoryId, owner, name, workflowRunId }, options) => {
    const context = { installationId, effect: 'repeatable', signal: options?.signal } as const;
    const count = async (authorization: string) => {
      const { data } = await transport.send(context, Jobs, (request) =>
        transport.installation.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', {
          headers: { authorization },
          owner,
          repo: name,
          run_id: workflowRunId,
          per_page: 1,
          request,
        }),
      );
      return data.total_count;
    };
    return tokens.use({ installationId, readActions: repositoryId }, count, options);
  };
}
