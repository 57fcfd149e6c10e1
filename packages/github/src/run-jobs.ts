import * as z from 'zod/mini';
import type { Tokens } from './tokens.ts';
import type { Transport } from './transport.ts';
import type { GitHubApp } from './types.ts';

const Jobs = z.object({ total_count: z.int() });

/** `GET …/actions/runs/{run_id}/jobs`: one request, whatever the number of jobs. */
export function createJobCounter(transport: Transport, tokens: Tokens): GitHubApp['jobCount'] {
  return ({ installationId, repositoryId, owner, name, workflowRunId }, options) =>
    tokens.use(
      { installationId, readActions: repositoryId },
      async (authorization) => {
        const context = { installationId, effect: 'repeatable', signal: options?.signal } as const;
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
      },
      options,
    );
}
