import * as z from 'zod/mini';
import type { Tokens } from './tokens.ts';
import type { Transport } from './transport.ts';
import type { RunAt } from './types.ts';

const Jobs = z.object({ total_count: z.int() });

/** `GET …/actions/runs/{run_id}/jobs`: one request, whatever the number of jobs. */
export function createJobCounter(transport: Transport, tokens: Tokens): (at: RunAt) => Promise<number> {
  return ({ installationId, repositoryId, owner, name, workflowRunId }) =>
    tokens.use({ installationId, readActions: repositoryId }, async (authorization) => {
      const { data } = await transport.send({ installationId, effect: 'repeatable' }, Jobs, (request) =>
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
    });
}
