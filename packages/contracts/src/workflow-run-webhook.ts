import * as z from 'zod/mini';
import type { RunCompleted } from './run-completed.ts';

/** Why a delivery is none of ours. Told to GitHub in the answer and counted; stable, as codes are. */
export type IgnoredReason =
  | 'event-not-workflow-run'
  | 'action-not-completed'
  | 'not-a-workflow-file'
  | 'no-installation';

export type Picked =
  | { readonly state: 'picked'; readonly run: RunCompleted }
  | { readonly state: 'ignored'; readonly reason: IgnoredReason }
  /** A signed body that lacks what every workflow run has: `reason` names the field. */
  | { readonly state: 'malformed'; readonly reason: string };

// A run is known by its file: `name` becomes the run-name and can be anything. A trailing `@ref` has been seen;
// a file may be called `ci.yml@evil.yml`, which is not `ci.yml`;
// `dynamic/…` (managed workflows) and `BuildFailed` (start-up failures) are no files that a rule could name.
const workflowPath = /^\.github\/workflows\/([^/]+\.ya?ml)(?:@.+)?$/;

const positive = z.int().check(z.positive());
// GitHub sends times with an offset as well as in UTC; messages of ours are all UTC.
const instant = z.iso.datetime({ offset: true });

const Envelope = z.object({
  action: z.string(),
  workflow_run: z.object({ path: z.nullish(z.string()) }),
  workflow: z.nullish(z.object({ path: z.nullish(z.string()) })),
});
const Installation = z.object({ installation: z.object({ id: positive }) });
const Body = z.object({
  installation: z.object({ id: positive }),
  repository: z.object({
    id: positive,
    name: z.string(),
    owner: z.object({ login: z.string() }),
    default_branch: z.string(),
  }),
  workflow_run: z.object({
    id: positive,
    run_number: z.int(),
    // Older payloads have none: a run's first attempt.
    run_attempt: z.optional(positive),
    event: z.string(),
    conclusion: z.nullish(z.string()),
    head_branch: z.nullish(z.string()),
    head_sha: z.string(),
    head_repository: z.nullish(z.object({ id: positive })),
    html_url: z.string(),
    run_started_at: z.nullish(instant),
    updated_at: instant,
    actor: z.nullish(z.object({ login: z.string() })),
  }),
});

function utc(time: string): string {
  return new Date(time).toISOString();
}

function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unreadable' : `${issue.path.join('.') || 'body'}: ${issue.message}`;
}

/**
 * Picks the fields that matter from a `workflow_run` body: 25 KB become half a kilobyte, and nothing that an author
 * can make large (commit messages, titles) travels on.
 */
export function pickRunCompleted(
  payload: unknown,
  delivery: { readonly deliveryId: string; readonly receivedAt: string },
): Picked {
  const envelope = Envelope.safeParse(payload);
  if (!envelope.success) return { state: 'malformed', reason: firstIssue(envelope.error) };
  if (envelope.data.action !== 'completed') return { state: 'ignored', reason: 'action-not-completed' };

  const path = envelope.data.workflow_run.path ?? envelope.data.workflow?.path ?? '';
  const workflow = workflowPath.exec(path)?.[1];
  if (workflow === undefined) return { state: 'ignored', reason: 'not-a-workflow-file' };
  // A webhook of a repository or an organisation has none: there is no installation whose token could read the files.
  if (!Installation.safeParse(payload).success) return { state: 'ignored', reason: 'no-installation' };

  const body = Body.safeParse(payload);
  if (!body.success) return { state: 'malformed', reason: firstIssue(body.error) };
  return { state: 'picked', run: asRunCompleted(body.data, workflow, delivery) };
}

function asRunCompleted(
  body: z.infer<typeof Body>,
  workflow: string,
  delivery: { readonly deliveryId: string; readonly receivedAt: string },
): RunCompleted {
  const { repository, workflow_run: run } = body;
  return {
    type: 'run.completed',
    version: 1,
    deliveryId: delivery.deliveryId,
    receivedAt: delivery.receivedAt,
    installationId: body.installation.id,
    repository: {
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
    },
    workflow,
    run: {
      id: run.id,
      number: run.run_number,
      attempt: run.run_attempt ?? 1,
      event: run.event,
      conclusion: run.conclusion ?? null,
      headBranch: run.head_branch ?? null,
      headSha: run.head_sha,
      headRepositoryId: run.head_repository?.id ?? null,
      htmlUrl: run.html_url,
      startedAt: run.run_started_at ? utc(run.run_started_at) : null,
      updatedAt: utc(run.updated_at),
      actor: run.actor?.login ?? null,
    },
  };
}
