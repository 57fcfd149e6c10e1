import { sameName } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import type { InstallationTokens } from '../installations/installation-tokens.ts';
import type { Installations } from '../installations/installations.ts';
import { GitHubTransientError } from '../transport/errors.ts';
import type { CallOptions } from '../transport/options.ts';
import type { Transport } from '../transport/transport.ts';
import { withDispatchCode } from './dispatch-refusal.ts';
import type { StartedRun, StartedRunsQuery } from './types.ts';

const runsPerPage = 100;
/** GitHub returns at most 1,000 runs of a filtered list. */
const maxPages = 10;

const Run = z.object({
  id: z.int(),
  html_url: z.string(),
  created_at: z.string(),
  /** Null for some runs on a tag. */
  head_branch: z.nullish(z.string()),
  actor: z.nullish(z.object({ login: z.string() })),
});
type Run = z.infer<typeof Run>;
const Runs = z.object({ workflow_runs: z.array(Run) });

export interface StartedRunsDependencies {
  readonly transport: Transport;
  readonly tokens: InstallationTokens;
  readonly installations: Installations;
}

/**
 * Reads `GET …/workflows/{file}/runs?event=workflow_dispatch`, newest first, until the runs are older than `since`.
 * Actor, ref and time are compared here rather than by GitHub's filters: a filter that does not match a bot's login or
 * a tag returns no runs, and "no runs" would start the workflow a second time.
 */
export function createStartedRunsFinder(
  dependencies: StartedRunsDependencies,
): (request: StartedRunsQuery, options?: CallOptions) => Promise<StartedRun[]> {
  return async (request, options = {}) => {
    const actor = `${await dependencies.installations.slug(options)}[bot]`;
    const ref = shortRefName(request.ref);
    const runs = await listRunsSince(dependencies, request, options).catch((error: unknown) => {
      throw withDispatchCode(error);
    });
    return runs
      .filter((run) => sameName(run.actor?.login ?? '', actor) && (run.head_branch ?? ref) === ref)
      .map(({ id, html_url: htmlUrl }) => ({ workflowRunId: id, htmlUrl }))
      .toReversed();
  };
}

async function listRunsSince(
  dependencies: StartedRunsDependencies,
  request: StartedRunsQuery,
  options: CallOptions,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const listed = await listPage(dependencies, request, page, options);
    const recent = listed.filter((run) => Date.parse(run.created_at) >= request.since);
    runs.push(...recent);
    if (recent.length < runsPerPage) return runs;
  }
  throw new GitHubTransientError(
    `More than ${maxPages * runsPerPage} runs of the workflow were dispatched in the meantime, and GitHub lists no more.`,
    null,
  );
}

async function listPage(
  { transport, tokens }: StartedRunsDependencies,
  request: StartedRunsQuery,
  page: number,
  { signal }: CallOptions,
) {
  const { installationId, repositoryId, owner, name, workflow } = request;
  // `actions: write` includes reading runs, so the cached token of the POST serves here as well.
  const scope = { installationId, write: { permission: 'actions', repository: repositoryId } } as const;
  const list = (authorization: string) =>
    transport.send({ installationId, effect: 'repeatable', signal }, Runs, (requestOptions) =>
      transport.installation.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
        headers: { authorization },
        owner,
        repo: name,
        workflow_id: workflow,
        event: 'workflow_dispatch',
        per_page: runsPerPage,
        page,
        request: requestOptions,
      }),
    );
  const { data } = await tokens.use(scope, list, { signal });
  return data.workflow_runs;
}

/** Returns `main` for `refs/heads/main`: runs carry the short name. */
function shortRefName(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '');
}
