import * as z from 'zod/mini';
import { DateTime } from './date-time.ts';

const id = z.int().check(z.positive());

const common = {
  version: z.literal(1),
  /** `X-GitHub-Delivery`: the correlation id. */
  deliveryId: z.string(),
  receivedAt: DateTime,
  installationId: id,
};

/**
 * A message on the `hints` queue: something about this repository may have changed. Planning reads the repository and
 * believes nothing else of the message. A hint never leads to a dispatch.
 */
export const RepositoryHint = z.object({
  type: z.literal('hint.repository'),
  ...common,
  event: z.enum(['push', 'pull_request', 'repository']),
  /** The webhook's `action`; null for a push. */
  action: z.nullable(z.string()),
  repository: z.object({ id, owner: z.string(), name: z.string() }),
  /** The branch of a push; null for other events, and for a name that is longer than a hint may be. */
  branch: z.nullable(z.string()),
  /** The number of a pull request from a fork. */
  pullRequest: z.nullable(id),
  /** The newest commit of the branch or of the pull request. GitHub may not show it yet. */
  sha: z.nullable(z.string()),
  /** Whether what planning decides on may have changed: the default branch, or the repository itself. */
  isDefaultBranch: z.boolean(),
});
export type RepositoryHint = z.infer<typeof RepositoryHint>;

/** A message on the `hints` queue: the repositories or the permissions of an installation changed. */
export const InstallationHint = z.object({
  type: z.literal('hint.installation'),
  ...common,
  event: z.enum(['installation', 'installation_repositories', 'installation_target']),
  action: z.string(),
  account: z.object({ id, login: z.string() }),
});
export type InstallationHint = z.infer<typeof InstallationHint>;

/** The messages of the `hints` queue. */
export const HintsMessage = z.discriminatedUnion('type', [RepositoryHint, InstallationHint]);
export type HintsMessage = z.infer<typeof HintsMessage>;
