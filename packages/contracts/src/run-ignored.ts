import * as z from 'zod/mini';
import { DateTime } from './date-time.ts';

const id = z.int().check(z.positive());
/** Why a completed run starts nothing whatever the rules are, so that no plan is made. */
export const IgnoredRunReason = z.enum([
  /** The run belongs to no workflow file: a managed workflow or a start-up failure. */
  'not-a-workflow-file',
  /** A webhook of a repository or an organization, not of the App. */
  'no-installation',
]);
export type IgnoredRunReason = z.infer<typeof IgnoredRunReason>;

/**
 * A message on the `runs` queue: a completed run that starts nothing. Planning records the delivery, and completes the
 * dispatch that started the run, if there is one.
 */
export const RunIgnored = z.object({
  type: z.literal('run.ignored'),
  version: z.literal(1),
  deliveryId: z.string(),
  receivedAt: DateTime,
  reason: IgnoredRunReason,
  /** `workflow_run.path`, at most 200 characters; null if GitHub sends none. */
  path: z.nullable(z.string()),
  /** Null for a webhook of a repository or an organization. */
  installationId: z.nullable(id),
  repository: z.object({ id, owner: z.string(), name: z.string() }),
  run: z.object({
    id,
    attempt: id,
    event: z.string(),
    conclusion: z.nullable(z.string()),
    htmlUrl: z.string(),
    startedAt: z.nullable(DateTime),
    updatedAt: DateTime,
    actor: z.nullable(z.string()),
  }),
});
export type RunIgnored = z.infer<typeof RunIgnored>;

/** Returns the sentence that says why a run was ignored. */
export function ignoredMessage({ reason, path }: Pick<RunIgnored, 'reason' | 'path'>): string {
  if (reason === 'no-installation') {
    return 'The delivery names no installation: it comes from a webhook of a repository or an organization, not from the App’s. Only deliveries of the App start anything.';
  }
  if (path === null || path === '') {
    return 'The run has no path, so it belongs to no workflow file. Only runs of workflow files start anything.';
  }
  if (path === 'BuildFailed') {
    return 'The path of the run is `BuildFailed`: GitHub ended it at start-up, before it belonged to a workflow file. A start-up failure starts nothing. The run’s page on GitHub names the cause.';
  }
  if (path.startsWith('dynamic/')) {
    return `The path of the run is \`${path}\`: a workflow that GitHub manages, for example for Pages, Dependabot or code scanning. Runs of managed workflows start nothing, because no rule can name them.`;
  }
  return `The path of the run is \`${path}\`, which is not a workflow file in \`.github/workflows/\`. Only runs of workflow files start anything.`;
}
