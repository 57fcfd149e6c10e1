import * as z from 'zod/mini';
import type { RunCompleted } from './run-completed.ts';

/** Why ingress accepts a delivery but does not store it. Part of the response to GitHub, and as stable as codes. */
export type IgnoredReason =
  | 'event-not-workflow-run'
  | 'action-not-completed'
  /** The run belongs to no workflow file: a managed workflow or a startup failure. */
  | 'not-a-workflow-file'
  /** A webhook of a repository or an organization, not of the App. */
  | 'no-installation';

export type PickResult =
  | { readonly state: 'picked'; readonly run: RunCompleted }
  | { readonly state: 'ignored'; readonly reason: IgnoredReason }
  /** A signed body that lacks a field of every workflow run: `reason` names the field. */
  | { readonly state: 'malformed'; readonly reason: string };

// A workflow is identified by its file, because `name` becomes the run-name and can be anything. GitHub has sent paths
// with a trailing `@ref`. A file may be called `ci.yml@evil.yml`, which is not `ci.yml`. `dynamic/…` (managed workflows)
// and `BuildFailed` (startup failures) are not files that a rule could name.
const workflowPath = /^\.github\/workflows\/([^/]+\.ya?ml)(?:@.+)?$/;

const positive = z.int().check(z.positive());
// GitHub sends times in UTC or with an offset; Dispatcher's messages use UTC only.
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
    // Absent in older payloads: the first attempt.
    run_attempt: z.optional(positive),
    event: z.string(),
    conclusion: z.nullish(z.string()),
    head_branch: z.nullish(z.string()),
    head_sha: z.string(),
    head_repository: z.nullish(z.object({ id: positive })),
    html_url: z.string(),
    created_at: z.nullish(instant),
    run_started_at: z.nullish(instant),
    updated_at: instant,
    actor: z.nullish(z.object({ login: z.string() })),
  }),
});

function toUtc(time: string): string {
  return new Date(time).toISOString();
}

function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unreadable' : `${issue.path.join('.') || 'body'}: ${issue.message}`;
}

/**
 * Picks the required fields from a `workflow_run` body. This reduces about 25 KB to half a kilobyte and drops everything
 * that an author can make large (commit messages, titles).
 */
export function pickRunCompleted(
  payload: unknown,
  delivery: { readonly deliveryId: string; readonly receivedAt: string },
): PickResult {
  const envelope = Envelope.safeParse(payload);
  if (!envelope.success) return { state: 'malformed', reason: firstIssue(envelope.error) };
  if (envelope.data.action !== 'completed') return { state: 'ignored', reason: 'action-not-completed' };

  const path = envelope.data.workflow_run.path ?? envelope.data.workflow?.path ?? '';
  const workflow = workflowPath.exec(path)?.[1];
  if (workflow === undefined) return { state: 'ignored', reason: 'not-a-workflow-file' };
  // Without an installation there is no token that could read the files.
  if (!Installation.safeParse(payload).success) return { state: 'ignored', reason: 'no-installation' };

  const body = Body.safeParse(payload);
  if (!body.success) return { state: 'malformed', reason: firstIssue(body.error) };
  return { state: 'picked', run: toRunCompleted(body.data, workflow, delivery) };
}

function toRunCompleted(
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
      ...(run.created_at ? { createdAt: toUtc(run.created_at) } : {}),
      startedAt: run.run_started_at ? toUtc(run.run_started_at) : null,
      updatedAt: toUtc(run.updated_at),
      actor: run.actor?.login ?? null,
    },
  };
}
