import * as z from 'zod/mini';
import { DateTime } from './date-time.ts';

const id = z.int().check(z.positive());
/** The conclusions of a workflow run. Source: `workflow_run.conclusion` in GitHub's OpenAPI description. */
export const conclusions = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'timed_out',
  'action_required',
  'stale',
  'skipped',
  'startup_failure',
] as const;

/**
 * A completed workflow run, with the fields that ingress picks from the signed `workflow_run` body (less than 2 KB). It is
 * the message on the `runs` queue and the trigger of a plan. Comments name the webhook's field where names differ.
 */
export const RunCompleted = z.object({
  type: z.literal('run.completed'),
  version: z.literal(1),
  /** `X-GitHub-Delivery`: the correlation id. The signature does not cover headers, so it is never part of a key. */
  deliveryId: z.string(),
  /** When ingress received the delivery. The age of a run is measured against this, so deciding needs no clock. */
  receivedAt: DateTime,
  /** `installation.id`: the installation whose token reads the source. */
  installationId: id,
  repository: z.object({
    id,
    owner: z.string(),
    name: z.string(),
    /** `repository.default_branch` */
    defaultBranch: z.string(),
  }),
  /** File name below `.github/workflows/`, from `workflow_run.path` without a trailing `@ref`: `ci.yml`. */
  workflow: z.string(),
  run: z.object({
    id,
    number: z.int(),
    attempt: id,
    event: z.string(),
    /** `workflow_run.conclusion`; GitHub has sent null for completed runs. */
    conclusion: z.nullable(z.string()),
    /**
     * `workflow_run.head_branch`: the name of a branch or of a tag; GitHub does not say which. Null for a detached run.
     * The author of a fork chooses it for the fork's runs.
     */
    headBranch: z.nullable(z.string()),
    headSha: z.string(),
    /** `workflow_run.head_repository.id`; null if GitHub sends none (a deleted fork). */
    headRepositoryId: z.nullable(id),
    htmlUrl: z.string(),
    /**
     * The number of the pull request of a `pull_request` run: if exactly one of `workflow_run.pull_requests` has this head
     * commit, and both its head and its base are branches of this repository. Absent otherwise.
     */
    pullRequestNumber: z.optional(id),
    /** `workflow_run.created_at`, the same for all attempts. Absent if GitHub sends none. */
    createdAt: z.optional(DateTime),
    /** `workflow_run.run_started_at`, of this attempt. */
    startedAt: z.nullable(DateTime),
    updatedAt: DateTime,
    /** Login of `workflow_run.actor`; null if GitHub sends none. */
    actor: z.nullable(z.string()),
  }),
});
export type RunCompleted = z.infer<typeof RunCompleted>;

/** Returns `owner/name` as GitHub spells it. */
export function fullName(repository: { readonly owner: string; readonly name: string }): string {
  return `${repository.owner}/${repository.name}`;
}
