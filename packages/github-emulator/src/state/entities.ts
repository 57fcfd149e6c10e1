import type { Files } from './git-objects.ts';

/** The whole state of the emulator. Plain JSON, so that it can be written to a file and read after a restart. */
export interface State {
  app: App;
  owners: Owner[];
  repositories: Repository[];
  installations: Installation[];
  tokens: Record<string, Token>;
  /** Tokens of users who signed in to the App. Absent: none. */
  userTokens?: Record<string, UserToken>;
  /** Ids of the users who authorized the App. Absent: none. */
  authorizations?: number[];
  runs: Run[];
  issues: Issue[];
  checkSuites: CheckSuite[];
  checkRuns: CheckRun[];
  deliveries: Delivery[];
  /** The last assigned id or number, by kind. */
  counters: Record<string, number>;
  /** How far the emulator's clock is ahead of the system clock. */
  clockOffsetMs: number;
}

export type Level = 'read' | 'write' | 'admin';
export type Permissions = Record<string, Level>;

export interface App {
  id: number;
  clientId: string;
  /** Absent: the App has none, so nobody can sign in with it. */
  clientSecret?: string;
  /** Where users may be sent after they authorized the App. Absent: nowhere. */
  callbackUrls?: string[];
  slug: string;
  name: string;
  /** Login of the account that owns the App. Absent for an App from a seed: then the first owner owns it. */
  owner?: string;
  /** SPKI PEM. The emulator does not store private keys. */
  publicKey: string;
  /** Further keys, while the private key is rotated. */
  otherPublicKeys?: string[];
  permissions: Permissions;
  events: string[];
  webhook: { url: string | null; secret: string };
  createdAt: string;
}

export interface Owner {
  id: number;
  login: string;
  type: 'Organization' | 'User' | 'Bot';
  /** Of an organization, by login. Absent: it has none. */
  members?: Record<string, Membership>;
  /** Of an organization. Absent: it has none. */
  teams?: Team[];
}

export interface Membership {
  role: 'member' | 'admin';
  /** `pending`: invited, and not accepted yet. */
  state: 'active' | 'pending';
}

export interface Team {
  slug: string;
  /** By login. */
  members: Record<string, { role: 'member' | 'maintainer'; state: Membership['state'] }>;
}

export type RepositoryRole = 'read' | 'triage' | 'write' | 'maintain' | 'admin';

/** A token of a user (`ghu_…`). */
export interface UserToken {
  userId: number;
  expiresAt: number;
}

export interface Commit {
  oid: string;
  treeOid: string;
  parent: string | null;
  /** The further parents of a merge commit; absent for other commits. */
  mergedParents?: readonly string[];
  message: string;
  committedAt: string;
  files: Files;
}

/** The object of an annotated tag. A lightweight tag has none: its ref points to the commit. */
export interface TagObject {
  oid: string;
  name: string;
  /** Id of a commit or of another tag object. */
  target: string;
  message: string;
}

export interface Workflow {
  id: number;
  path: string;
  name: string;
  /** `deleted`: the workflow without a file that GitHub assigns runs to that fail at start-up. */
  state: 'active' | 'deleted' | 'disabled_manually' | 'disabled_inactivity';
  createdAt: string;
  updatedAt: string;
}

export type Visibility = 'public' | 'private' | 'internal';

export interface Repository {
  id: number;
  owner: string;
  name: string;
  /** `owner/name` of earlier times, in lower case. GitHub redirects them until another repository has the name. */
  formerNames?: string[];
  defaultBranch: string;
  visibility: Visibility;
  /** By login. Absent: nobody has a role of their own here. */
  collaborators?: Record<string, RepositoryRole>;
  archived: boolean;
  disabled: boolean;
  locked: boolean;
  fork: boolean;
  issuesEnabled: boolean;
  /** Commit id by name. */
  branches: Record<string, string>;
  /** By name, the commit id of a lightweight tag, or the id of an annotated tag's object. */
  tags: Record<string, string>;
  /** By id. Absent: no tag is annotated. */
  tagObjects?: Record<string, TagObject>;
  commits: Record<string, Commit>;
  workflows: Workflow[];
  createdAt: string;
  pushedAt: string;
}

export interface Installation {
  id: number;
  account: string;
  repositories: 'all' | string[];
  permissions: Permissions;
  suspendedAt: string | null;
  createdAt: string;
}

export interface Token {
  installationId: number;
  /** Null: all repositories of the installation, including those added later. */
  repositoryIds: number[] | null;
  permissions: Permissions;
  expiresAt: number;
}

export const CONCLUSIONS = [
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
export type Conclusion = (typeof CONCLUSIONS)[number];

export interface Run {
  id: number;
  repositoryId: number;
  workflowId: number;
  number: number;
  attempt: number;
  event: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  headBranch: string | null;
  /** Whether `headBranch` is a branch or a tag, which only tokens of jobs say. Absent: a branch. */
  refType?: 'branch' | 'tag';
  headSha: string;
  headRepositoryId: number;
  /** Numbers of the pull requests whose head is the head of the run; absent: none. */
  pullRequests?: readonly number[];
  actor: string;
  /** Inputs of the `workflow_dispatch`, including defaults. */
  inputs: Record<string, string>;
  /** `client_payload` of the `repository_dispatch`; absent for other events. */
  clientPayload?: Readonly<Record<string, unknown>>;
  /** The installation whose token started the run; null when it was not dispatched. */
  startedByInstallation: number | null;
  /** True when workflow execution protections ended the run before a job began. */
  stopped: boolean;
  createdAt: string;
  startedAt: string;
  updatedAt: string;
}

/** Conclusions that an App can give a check run. GitHub alone gives `stale`. */
export const CHECK_CONCLUSIONS = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'timed_out',
] as const;
export type CheckConclusion = (typeof CHECK_CONCLUSIONS)[number] | 'stale';

export const CHECK_STATUSES = ['queued', 'in_progress', 'completed'] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** An App that writes checks: this App or, for a forged name, another one. */
export interface CheckApp {
  id: number;
  slug: string;
}

/** All check runs of one App on one commit. */
export interface CheckSuite {
  id: number;
  repositoryId: number;
  app: CheckApp;
  headSha: string;
  /** Set by "Re-run all checks", which resets the suite to `queued`, until the next write of one of its runs. */
  rerequestedAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface CheckAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: 'notice' | 'warning' | 'failure';
  message: string;
  title?: string;
  raw_details?: string;
}

export interface CheckRun {
  id: number;
  repositoryId: number;
  suiteId: number;
  app: CheckApp;
  name: string;
  headSha: string;
  externalId: string;
  detailsUrl: string | null;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: string | null;
  completedAt: string | null;
  /** Since when it is not completed; null if it is. */
  openSince: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: CheckAnnotation[];
  actions: { label: string; description: string; identifier: string }[];
  createdAt: string;
  updatedAt: string;
}

export interface Comment {
  id: number;
  body: string;
  user: string;
  createdAt: string;
}

export interface Issue {
  id: number;
  repositoryId: number;
  number: number;
  title: string;
  body: string;
  labels: string[];
  state: 'open' | 'closed';
  stateReason: string | null;
  user: string;
  comments: Comment[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
}

export interface Delivery {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  deliveredAt: string;
  redelivery: boolean;
  /** Seconds. */
  duration: number;
  /** `OK`, or a description of the failure. */
  status: string;
  /** 0 when no response arrived. */
  statusCode: number;
  installationId: number | null;
  repositoryId: number | null;
  url: string;
  requestHeaders: Record<string, string>;
  /** The body as sent and signed. A redelivery sends the same bytes. */
  body: string;
  responseHeaders: Record<string, string> | null;
  responseBody: string | null;
}
