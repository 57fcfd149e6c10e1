import * as z from 'zod/mini';
import type { CommitRun } from './commit-runs.ts';
import { foldName } from './fold-name.ts';
import type { RunCompleted } from './run-completed.ts';
import type { IgnoredRunReason, RunIgnored } from './run-ignored.ts';

/** Why a delivery starts nothing. Part of the response to GitHub, and as stable as codes. */
export type IgnoredReason = 'event-not-workflow-run' | 'action-not-completed' | IgnoredRunReason;

export type PickResult =
  | { readonly state: 'picked'; readonly run: RunCompleted }
  /** `run` is null unless the run is completed: only completed runs are recorded. */
  | { readonly state: 'ignored'; readonly reason: 'action-not-completed'; readonly run: null }
  | { readonly state: 'ignored'; readonly reason: IgnoredRunReason; readonly run: RunIgnored }
  /** A signed body that lacks a field of every workflow run: `reason` names the field. */
  | { readonly state: 'malformed'; readonly reason: string };

// A workflow is identified by its file, because `name` becomes the run-name and can be anything. GitHub has sent paths
// with a trailing `@ref`. A file may be called `ci.yml@evil.yml`, which is not `ci.yml`. `dynamic/…` (managed workflows)
// and `BuildFailed` (start-up failures) are not files that a rule could name.
const workflowPath = /^\.github\/workflows\/([^/]+\.ya?ml)(?:@.+)?$/;

/**
 * Returns the name of the workflow file at a path, such as `ci.yml` for `.github/workflows/ci.yml@main`; undefined if it is not
 * a file of the repository. GitHub's REST API also describes paths that begin with the full name of the repository.
 */
export function workflowFileAt(path: string | null | undefined, repository: string): string | undefined {
  if (path == null) return undefined;
  const prefix = `${foldName(repository)}/`;
  const isPrefixed = foldName(path.slice(0, prefix.length)) === prefix;
  return workflowPath.exec(isPrefixed ? path.slice(prefix.length) : path)?.[1];
}

const positive = z.int().check(z.positive());
// GitHub sends times in UTC or with an offset; Dispatcher's messages use UTC only.
const instant = z.iso.datetime({ offset: true });

/** Only to recognize a path that begins with the name of the repository. */
const named = z.nullish(z.object({ full_name: z.nullish(z.string()) }));

const Envelope = z.object({
  action: z.string(),
  workflow_run: z.object({ path: z.nullish(z.string()) }),
  workflow: z.nullish(z.object({ path: z.nullish(z.string()) })),
  repository: named,
});
const Installation = z.object({ installation: z.object({ id: positive }) });
const repository = { id: positive, name: z.string(), owner: z.object({ login: z.string() }) };
const workflowRun = {
  id: positive,
  // Absent in older payloads: the first attempt.
  run_attempt: z.optional(positive),
  event: z.string(),
  conclusion: z.nullish(z.string()),
  html_url: z.string(),
  run_started_at: z.nullish(instant),
  updated_at: instant,
  actor: z.nullish(z.object({ login: z.string() })),
};
const completeRun = {
  ...workflowRun,
  run_number: z.int(),
  head_branch: z.nullish(z.string()),
  head_sha: z.string(),
  head_repository: z.nullish(z.object({ id: positive })),
  created_at: z.nullish(instant),
  // Its entries are read one by one: an unexpected one must not make the delivery malformed.
  pull_requests: z.nullish(z.array(z.unknown())),
};
const Body = z.object({
  installation: z.object({ id: positive }),
  repository: z.object({ ...repository, default_branch: z.string() }),
  workflow_run: z.object(completeRun),
});
const ListedRun = z.object({
  ...completeRun,
  path: z.nullish(z.string()),
  status: z.nullable(z.string()),
  repository: named,
});
const PullRequest = z.object({
  number: positive,
  head: z.object({ sha: z.string(), repo: z.object({ id: positive }) }),
  base: z.object({ repo: z.object({ id: positive }) }),
});
const IgnoredBody = z.object({
  installation: z.nullish(z.object({ id: positive })),
  repository: z.object(repository),
  workflow_run: z.object(workflowRun),
});
const maxPathLength = 200;

interface DeliveryReference {
  readonly deliveryId: string;
  readonly receivedAt: string;
}

/** @param time one that `instant` accepts */
function toUtc(time: string): string {
  // The form that GitHub sends lacks only the milliseconds; parsing it takes longer than all other fields.
  if (time.length === '2006-01-02T15:04:05Z'.length && time.endsWith('Z')) return `${time.slice(0, -1)}.000Z`;
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
export function pickRunCompleted(payload: unknown, delivery: DeliveryReference): PickResult {
  const envelope = Envelope.safeParse(payload);
  if (!envelope.success) return { state: 'malformed', reason: firstIssue(envelope.error) };
  if (envelope.data.action !== 'completed') {
    return { state: 'ignored', reason: 'action-not-completed', run: null };
  }

  const path = envelope.data.workflow_run.path ?? envelope.data.workflow?.path ?? null;
  const workflow = workflowFileAt(path, envelope.data.repository?.full_name ?? '');
  if (workflow === undefined) return pickIgnored(payload, { reason: 'not-a-workflow-file', path, delivery });
  // Without an installation there is no token that could read the files.
  if (!Installation.safeParse(payload).success) {
    return pickIgnored(payload, { reason: 'no-installation', path, delivery });
  }

  const body = Body.safeParse(payload);
  if (!body.success) return { state: 'malformed', reason: firstIssue(body.error) };
  return { state: 'picked', run: toRunCompleted(body.data, workflow, delivery) };
}

interface Ignored {
  readonly reason: IgnoredRunReason;
  readonly path: string | null;
  readonly delivery: DeliveryReference;
}

function pickIgnored(payload: unknown, { reason, path, delivery }: Ignored): PickResult {
  const body = IgnoredBody.safeParse(payload);
  if (!body.success) return { state: 'malformed', reason: firstIssue(body.error) };
  const { installation, repository, workflow_run: run } = body.data;
  const ignored: RunIgnored = {
    type: 'run.ignored',
    version: 1,
    deliveryId: delivery.deliveryId,
    receivedAt: delivery.receivedAt,
    reason,
    path: path?.slice(0, maxPathLength) ?? null,
    installationId: installation?.id ?? null,
    repository: { id: repository.id, owner: repository.owner.login, name: repository.name },
    run: {
      id: run.id,
      attempt: run.run_attempt ?? 1,
      event: run.event,
      conclusion: run.conclusion ?? null,
      htmlUrl: run.html_url,
      startedAt: run.run_started_at ? toUtc(run.run_started_at) : null,
      updatedAt: toUtc(run.updated_at),
      actor: run.actor?.login ?? null,
    },
  };
  return { state: 'ignored', reason, run: ignored };
}

/**
 * Picks from a run in GitHub's list of a repository what rules with `needs` compare. Returns null for one that belongs to no
 * workflow file, or lacks a field.
 */
export function pickCommitRun(listed: unknown, repositoryId: number): CommitRun | null {
  const parsed = ListedRun.safeParse(listed);
  if (!parsed.success) return null;
  const { data } = parsed;
  const workflow = workflowFileAt(data.path, data.repository?.full_name ?? '');
  const isCompleted = data.status === 'completed';
  if (workflow === undefined) return null;
  const run = toRun(data, repositoryId);
  return { workflow, isCompleted, run: isCompleted ? run : { ...run, conclusion: null } };
}

type CompleteRun = z.infer<typeof Body>['workflow_run'];

/** Returns the number of the pull request of a run; null unless it is certain, and of this repository alone. */
function pullRequestNumberOf(run: CompleteRun, repositoryId: number): number | null {
  if (run.event !== 'pull_request') return null;
  const entries = (run.pull_requests ?? []).map((entry) => PullRequest.safeParse(entry));
  if (!entries.every(({ success }) => success)) return null;
  const ofHead = entries.flatMap(({ data }) => (data?.head.sha === run.head_sha ? [data] : []));
  const [only] = ofHead;
  if (only === undefined || ofHead.length > 1) return null;
  const isOwn = only.head.repo.id === repositoryId && only.base.repo.id === repositoryId;
  return isOwn ? only.number : null;
}

function toRunCompleted(body: z.infer<typeof Body>, workflow: string, delivery: DeliveryReference): RunCompleted {
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
    run: toRun(run, repository.id),
  };
}

function toRun(run: CompleteRun, repositoryId: number): RunCompleted['run'] {
  const pullRequestNumber = pullRequestNumberOf(run, repositoryId);
  return {
    id: run.id,
    number: run.run_number,
    attempt: run.run_attempt ?? 1,
    event: run.event,
    conclusion: run.conclusion ?? null,
    headBranch: run.head_branch ?? null,
    headSha: run.head_sha,
    headRepositoryId: run.head_repository?.id ?? null,
    htmlUrl: run.html_url,
    ...(pullRequestNumber === null ? {} : { pullRequestNumber }),
    ...(run.created_at ? { createdAt: toUtc(run.created_at) } : {}),
    startedAt: run.run_started_at ? toUtc(run.run_started_at) : null,
    updatedAt: toUtc(run.updated_at),
    actor: run.actor?.login ?? null,
  };
}
