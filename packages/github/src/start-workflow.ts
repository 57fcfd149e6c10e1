import type { Code } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { GitHubPermanentError } from './errors.ts';
import { lostAnswer } from './failures.ts';
import type { Tokens } from './tokens.ts';
import type { Transport } from './transport.ts';
import type { CallOptions, GitHubApp, StartedWorkflow, StartWorkflow } from './types.ts';

const Started = z.object({ workflow_run_id: z.int(), html_url: z.string() });

export function createWorkflowStarter(transport: Transport, tokens: Tokens): GitHubApp['startWorkflow'] {
  // GitHub Enterprise Server up to 3.20 refuses the key, and starts nothing. It is not offered the key again.
  let runDetails = true;

  async function start(request: StartWorkflow, authorization: string, options?: CallOptions): Promise<StartedWorkflow> {
    try {
      return await post(transport, request, { ...options, authorization, runDetails });
    } catch (error) {
      if (!runDetails || !refusesRunDetails(error)) throw withCode(error);
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
  { installationId, owner, name, workflow, ref, inputs, answerBy }: StartWorkflow,
  { signal, authorization, runDetails }: CallOptions & { authorization: string; runDetails: boolean },
): Promise<StartedWorkflow> {
  const context = { installationId, effect: 'once', answerBy, signal } as const;
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
  // Octokit gives an empty 200 the same empty data as a 204, so that only the status tells them apart.
  const started = Started.safeParse(data);
  if (!started.success) throw lostAnswer(context, status);
  return { workflowRunId: started.data.workflow_run_id, htmlUrl: started.data.html_url };
}

function refusesRunDetails(error: unknown): boolean {
  return (
    error instanceof GitHubPermanentError &&
    (error.status === 400 || error.status === 422) &&
    error.message.includes('return_run_details')
  );
}

/** What a refusal of a request about a target's workflow means for the dispatch. */
export function withCode(error: unknown): unknown {
  if (!(error instanceof GitHubPermanentError)) return error;
  const codes = new Map<number | null, Code>([
    [403, 'dispatch-forbidden'],
    [404, 'dispatch-not-found'],
    [410, 'dispatch-gone'],
    // Renamed since it was read.
    [301, 'dispatch-not-found'],
    [302, 'dispatch-not-found'],
    [307, 'dispatch-not-found'],
    [308, 'dispatch-not-found'],
  ]);
  return new GitHubPermanentError(error.message, error.status, codes.get(error.status) ?? 'dispatch-rejected');
}
