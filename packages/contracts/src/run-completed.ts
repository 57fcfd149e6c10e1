import * as z from 'zod/mini';

const id = z.int().check(z.positive());
const time = z.iso.datetime();

/** What a run can conclude with. Source: `workflow_run.conclusion` in GitHub's published OpenAPI description. */
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
 * A completed workflow run as ingress picks it from the signed `workflow_run` body (under 2 KB): the message on the
 * `runs` queue, and the `run` of every plan. Field names are ours; each says which field of the webhook it is.
 */
export const RunCompleted = z.object({
  type: z.literal('run.completed'),
  version: z.literal(1),
  /** `X-GitHub-Delivery`: the correlation id. A header, so not covered by the signature: never part of a key. */
  deliveryId: z.string(),
  /** When ingress took the delivery in. The age of a run is measured against this, so that a plan needs no clock. */
  receivedAt: time,
  /** `installation.id`: whose token reads the source. */
  installationId: id,
  repository: z.object({
    id,
    owner: z.string(),
    name: z.string(),
    /** `repository.default_branch` as the webhook says it. */
    defaultBranch: z.string(),
  }),
  /** File name below `.github/workflows/`, from `workflow_run.path` without a trailing `@ref`: `ci.yml`. */
  workflow: z.string(),
  run: z.object({
    id,
    number: z.int(),
    attempt: id,
    event: z.string(),
    /** `workflow_run.conclusion`; null has been seen on completed runs. */
    conclusion: z.nullable(z.string()),
    /**
     * `workflow_run.head_branch`; null for a tag or a detached run. Chosen by a fork's author where the run is a
     * fork's.
     */
    headBranch: z.nullable(z.string()),
    headSha: z.string(),
    /** `workflow_run.head_repository.id`; null where GitHub sends none (a deleted fork). */
    headRepositoryId: z.nullable(id),
    htmlUrl: z.string(),
    startedAt: z.nullable(time),
    updatedAt: time,
    /** Login of `workflow_run.actor`; null where GitHub sends none. */
    actor: z.nullable(z.string()),
  }),
});
export type RunCompleted = z.infer<typeof RunCompleted>;

/** `owner/name` as GitHub spells it. */
export function fullName(repository: { readonly owner: string; readonly name: string }): string {
  return `${repository.owner}/${repository.name}`;
}
