import * as z from 'zod/mini';
import type { InstallationTokens } from '../installations/installation-tokens.ts';
import { invalidResponseError } from '../transport/error-mapping.ts';
import { GitHubPermanentError } from '../transport/errors.ts';
import type { CallOptions } from '../transport/options.ts';
import type { Transport } from '../transport/transport.ts';
import { withDispatchCode } from './dispatch-refusal.ts';
import type { StartedWorkflow, StartWorkflow } from './types.ts';

const RunDetails = z.object({ workflow_run_id: z.int(), html_url: z.string() });

export function createWorkflowStarter(
  transport: Transport,
  tokens: InstallationTokens,
): (request: StartWorkflow, options?: CallOptions) => Promise<StartedWorkflow> {
  // GitHub Enterprise Server up to 3.20 refuses `return_run_details` and starts nothing. Once refused, it is left out.
  let runDetails = true;

  async function start(request: StartWorkflow, authorization: string, options?: CallOptions): Promise<StartedWorkflow> {
    try {
      return await post(transport, request, { ...options, authorization, runDetails });
    } catch (error) {
      if (!runDetails || !refusesRunDetails(error)) throw withDispatchCode(error);
    }
    runDetails = false;
    return start(request, authorization, options);
  }

  return (request, options) => {
    const { installationId, repositoryId } = request;
    const scope = { installationId, write: { permission: 'actions', repository: repositoryId } } as const;
    return tokens.use(scope, (authorization) => start(request, authorization, options), options);
  };
}

async function post(
  transport: Transport,
  { installationId, owner, name, workflow, ref, inputs, responseDeadline }: StartWorkflow,
  { signal, authorization, runDetails }: CallOptions & { authorization: string; runDetails: boolean },
): Promise<StartedWorkflow> {
  const context = { installationId, effect: 'once', responseDeadline, signal } as const;
  const { status, data } = await transport.send(context, z.unknown(), (request) =>
    transport.installation.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
      headers: { authorization },
      owner,
      repo: name,
      workflow_id: workflow,
      ref,
      inputs,
      ...(runDetails ? { return_run_details: true } : {}),
      request,
    }),
  );
  if (status === 204) return { workflowRunId: null, htmlUrl: null };
  // Octokit returns the same empty data for an empty 200 as for a 204, so only the status tells them apart.
  const details = RunDetails.safeParse(data);
  if (!details.success) throw invalidResponseError(context, status);
  return { workflowRunId: details.data.workflow_run_id, htmlUrl: details.data.html_url };
}

function refusesRunDetails(error: unknown): boolean {
  return (
    error instanceof GitHubPermanentError &&
    (error.status === 400 || error.status === 422) &&
    error.message.includes('return_run_details')
  );
}
