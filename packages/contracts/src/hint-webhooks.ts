import * as z from 'zod/mini';
import { dispatchingFilePaths } from './dispatching-file.ts';
import type { HintsMessage, InstallationHint, RepositoryHint } from './hint.ts';

/** Why a webhook of which others become hints leads to none. Part of the response to GitHub, and as stable as codes. */
export type IgnoredHintReason =
  /** A push that changes no dispatching.yml, of a tag, or that deletes its branch. */
  | 'file-not-changed'
  /** An action that changes nothing that Dispatcher reads. */
  | 'action-not-relevant'
  /** A webhook of a repository or an organization, not of the App. */
  | 'no-installation'
  /** A pull request of a branch of the repository itself, whose pushes are hints already. */
  | 'not-from-a-fork';

export type PickedHint =
  | { readonly state: 'picked'; readonly hint: HintsMessage }
  | { readonly state: 'ignored'; readonly reason: IgnoredHintReason }
  /** A signed body that lacks a field of every such webhook: `reason` names the field. */
  | { readonly state: 'malformed'; readonly reason: string };

interface DeliveryReference {
  readonly deliveryId: string;
  readonly receivedAt: string;
}

/** What a webhook is about, beside its delivery and its installation. */
type Subject =
  | Omit<RepositoryHint, 'version' | 'deliveryId' | 'receivedAt' | 'installationId'>
  | Omit<InstallationHint, 'version' | 'deliveryId' | 'receivedAt' | 'installationId'>;

const positive = z.int().check(z.positive());
const Installation = z.object({ installation: z.object({ id: positive }) });
const Action = z.object({ action: z.string() });
const repository = z.object({ id: positive, name: z.string(), owner: z.object({ login: z.string() }) });
const paths = z.optional(z.array(z.string()));
const Push = z.object({
  ref: z.string(),
  after: z.string(),
  created: z.optional(z.boolean()),
  deleted: z.optional(z.boolean()),
  forced: z.optional(z.boolean()),
  commits: z.optional(z.array(z.object({ added: paths, modified: paths, removed: paths }))),
  repository: z.extend(repository, { default_branch: z.string() }),
});
const PullRequest = z.object({
  action: z.string(),
  number: positive,
  pull_request: z.object({ head: z.object({ sha: z.string(), repo: z.nullish(z.object({ id: positive })) }) }),
  repository,
});
const Repository = z.object({
  action: z.string(),
  changes: z.optional(z.object({ default_branch: z.optional(z.unknown()) })),
  repository,
});
const account = z.object({ id: positive, login: z.string() });
const OfAccount = z.object({ action: z.string(), account });
const OfInstallation = z.object({ action: z.string(), installation: z.object({ account }) });

// GitHub lists at most this many commits of a push, and files of a commit. Source: the description of `commits` of the
// push event in GitHub's webhook documentation.
const maxListedCommits = 2_048;
const maxListedFiles = 3_000;
/** With the longest names of owner and repository, a hint stays below 1 KB even if every character is escaped. */
const maxBranchBytes = 480;

const branchPrefix = 'refs/heads/';
const relevantActions: Readonly<Record<Exclude<HintEvent, 'push'>, ReadonlySet<string>>> = {
  pull_request: new Set(['opened', 'reopened', 'synchronize']),
  repository: new Set(['edited', 'renamed', 'transferred', 'archived', 'unarchived', 'privatized', 'publicized']),
  installation: new Set(['created', 'deleted', 'suspend', 'unsuspend', 'new_permissions_accepted']),
  installation_repositories: new Set(['added', 'removed']),
  installation_target: new Set(['renamed']),
};

/** The webhooks that become hints. */
export const hintEvents = [
  'push',
  'pull_request',
  'repository',
  'installation',
  'installation_repositories',
  'installation_target',
] as const;
export type HintEvent = (typeof hintEvents)[number];

export function isHintEvent(event: string): event is HintEvent {
  return (hintEvents as readonly string[]).includes(event);
}

/** Picks from a webhook where to look. Drops everything else, so that a hint has less than 1 KB. */
export function pickHint(event: HintEvent, payload: unknown, delivery: DeliveryReference): PickedHint {
  const installation = Installation.safeParse(payload);
  if (!installation.success) return { state: 'ignored', reason: 'no-installation' };
  if (event !== 'push') {
    const envelope = Action.safeParse(payload);
    if (!envelope.success) return malformed(envelope.error);
    if (!relevantActions[event].has(envelope.data.action)) return { state: 'ignored', reason: 'action-not-relevant' };
  }
  const picked = subjectOf[event](payload);
  if ('state' in picked) return picked;
  const { deliveryId, receivedAt } = delivery;
  const { id: installationId } = installation.data.installation;
  return { state: 'picked', hint: { version: 1, deliveryId, receivedAt, installationId, ...picked } };
}

type Unpicked = Exclude<PickedHint, { readonly state: 'picked' }>;

const subjectOf: Readonly<Record<HintEvent, (payload: unknown) => Subject | Unpicked>> = {
  push: ofPush,
  pull_request: ofPullRequest,
  repository: ofRepository,
  installation: (payload) => ofInstallation('installation', payload),
  installation_repositories: (payload) => ofInstallation('installation_repositories', payload),
  installation_target: ofInstallationTarget,
};

function ofPush(payload: unknown): Subject | Unpicked {
  const push = Push.safeParse(payload);
  if (!push.success) return malformed(push.error);
  const { ref, after, repository: of } = push.data;
  if (!ref.startsWith(branchPrefix) || push.data.deleted === true || !mayChangeFile(push.data)) {
    return { state: 'ignored', reason: 'file-not-changed' };
  }
  const branch = ref.slice(branchPrefix.length);
  const isDefaultBranch = branch === of.default_branch;
  return {
    type: 'hint.repository',
    event: 'push',
    action: null,
    repository: { id: of.id, owner: of.owner.login, name: of.name },
    branch: escapedLength(branch) > maxBranchBytes ? null : branch,
    pullRequest: null,
    sha: after,
    isDefaultBranch,
  };
}

/** Returns the bytes that SQS stores of a text: whatever is not ASCII is escaped. */
function escapedLength(text: string): number {
  return text.replace(/[^\x20-\x7e]/g, '\\u0000').length;
}

/** Returns whether a push changes one of the files, or may do so: GitHub lists neither all commits nor all files. */
function mayChangeFile({ created, forced, commits = [] }: z.infer<typeof Push>): boolean {
  if (created === true || forced === true || commits.length >= maxListedCommits) return true;
  return commits.some(({ added = [], modified = [], removed = [] }) => {
    const files = [added, modified, removed];
    const count = files.reduce((sum, list) => sum + list.length, 0);
    return count >= maxListedFiles || files.some((list) => list.some((path) => dispatchingFilePaths.has(path)));
  });
}

function ofPullRequest(payload: unknown): Subject | Unpicked {
  const event = PullRequest.safeParse(payload);
  if (!event.success) return malformed(event.error);
  const { action, number, pull_request: pullRequest, repository: of } = event.data;
  if (pullRequest.head.repo?.id === of.id) return { state: 'ignored', reason: 'not-from-a-fork' };
  return {
    type: 'hint.repository',
    event: 'pull_request',
    action,
    repository: { id: of.id, owner: of.owner.login, name: of.name },
    branch: null,
    pullRequest: number,
    sha: pullRequest.head.sha,
    isDefaultBranch: false,
  };
}

function ofRepository(payload: unknown): Subject | Unpicked {
  const event = Repository.safeParse(payload);
  if (!event.success) return malformed(event.error);
  const { action, changes, repository: of } = event.data;
  // A description, a home page and topics are edited too.
  if (action === 'edited' && changes?.default_branch === undefined) {
    return { state: 'ignored', reason: 'action-not-relevant' };
  }
  return {
    type: 'hint.repository',
    event: 'repository',
    action,
    repository: { id: of.id, owner: of.owner.login, name: of.name },
    branch: null,
    pullRequest: null,
    sha: null,
    isDefaultBranch: true,
  };
}

function ofInstallation(event: 'installation' | 'installation_repositories', payload: unknown): Subject | Unpicked {
  const { success, data, error } = OfInstallation.safeParse(payload);
  if (!success) return malformed(error);
  const { id, login } = data.installation.account;
  return { type: 'hint.installation', event, action: data.action, account: { id, login } };
}

function ofInstallationTarget(payload: unknown): Subject | Unpicked {
  const { success, data, error } = OfAccount.safeParse(payload);
  if (!success) return malformed(error);
  const { id, login } = data.account;
  return { type: 'hint.installation', event: 'installation_target', action: data.action, account: { id, login } };
}

function malformed(error: z.core.$ZodError): Unpicked {
  const issue = error.issues[0];
  const reason = issue === undefined ? 'unreadable' : `${issue.path.join('.') || 'body'}: ${issue.message}`;
  return { state: 'malformed', reason };
}
