import { sameName } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { GitHubTransientError } from './errors.ts';
import type { Installations } from './installations.ts';
import { withCode } from './start-workflow.ts';
import type { Tokens } from './tokens.ts';
import type { Transport } from './transport.ts';
import type { CallOptions, GitHubApp, StartedRuns } from './types.ts';

const runsPerPage = 100;
/** GitHub lists at most 1,000 runs of a filtered list. */
const mostPages = 10;

const Run = z.object({
  id: z.int(),
  html_url: z.string(),
  created_at: z.string(),
  /** Null where GitHub names none for a tag. */
  head_branch: z.nullish(z.string()),
  actor: z.nullish(z.object({ login: z.string() })),
});
type Run = z.infer<typeof Run>;
const Runs = z.object({ workflow_runs: z.array(Run) });

export interface RunFinderDependencies {
  readonly transport: Transport;
  readonly tokens: Tokens;
  readonly installations: Installations;
}

/**
 * `GET …/workflows/{file}/runs?event=workflow_dispatch`, newest first, read until it is older than `since`. Actor, ref
 * and time are compared here and not by GitHub's filters: a filter that does not know a bot's login or a tag answers
 * with no runs, and "no runs" would start one a second time.
 */
export function createRunFinder(dependencies: RunFinderDependencies): GitHubApp['startedRuns'] {
  return async (request, options = {}) => {
    const actor = `${await dependencies.installations.slug(options)}[bot]`;
    const ref = shortRef(request.ref);
    const runs = await runsSince(dependencies, request, options).catch((error: unknown) => {
      throw withCode(error);
    });
    return runs
      .filter((run) => sameName(run.actor?.login ?? '', actor) && (run.head_branch ?? ref) === ref)
      .map(({ id, html_url: htmlUrl }) => ({ workflowRunId: id, htmlUrl }))
      .toReversed();
  };
}

async function runsSince(
  dependencies: RunFinderDependencies,
  request: StartedRuns,
  options: CallOptions,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const listed = await readPage(dependencies, request, page, options);
    const young = listed.filter((run) => Date.parse(run.created_at) >= request.since);
    runs.push(...young);
    if (young.length < runsPerPage) return runs;
  }
  throw new GitHubTransientError('More runs were dispatched since than GitHub lists.', null);
}

async function readPage(
  { transport, tokens }: RunFinderDependencies,
  request: StartedRuns,
  page: number,
  { signal }: CallOptions,
) {
  const { installationId, repositoryId, owner, name, workflow } = request;
  // The same token as for the POST: who may start runs may list them.
  const scope = { installationId, write: { permission: 'actions', repository: repositoryId } } as const;
  const { data } = await tokens.use(
    scope,
    (authorization) =>
      transport.send({ installationId, effect: 'repeatable', signal }, Runs, (limits) =>
        transport.installation.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
          headers: { authorization },
          owner,
          repo: name,
          workflow_id: workflow,
          event: 'workflow_dispatch',
          per_page: runsPerPage,
          page,
          request: limits,
        }),
      ),
    { signal },
  );
  return data.workflow_runs;
}

/** `main` and `refs/heads/main` are the same ref; runs carry the short name. */
function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '');
}
