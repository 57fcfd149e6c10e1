import { CHECK_CONCLUSIONS, CHECK_STATUSES, CONCLUSIONS } from '../state/entities.ts';

// JSON Schemas of the bodies of the control API. They refuse unknown fields: a test with a misspelt field would
// otherwise pass without testing anything.

const text = { type: 'string', minLength: 1 };
const flag = { type: 'boolean' };
const count = { type: 'integer', minimum: 0 };
const id = { type: 'integer', minimum: 1 };
const conclusion = { enum: CONCLUSIONS };
const fullName = { type: 'string', pattern: '^[^/]+/[^/]+$' };
const visibility = { enum: ['public', 'private', 'internal'] };
const permissions = { type: 'object', additionalProperties: { enum: ['read', 'write', 'admin'] } };
const repositories = { anyOf: [{ const: 'all' }, { type: 'array', items: text }] };
const content = {
  anyOf: [
    { type: 'string' },
    object({ base64: { type: 'string' } }, ['base64']),
    object({ symlink: text }, ['symlink']),
    object({ submodule: { type: 'string', pattern: '^[0-9a-f]{40}$' } }, ['submodule']),
  ],
};
const files = { type: 'object', additionalProperties: content };

function object(properties: object, required: readonly string[] = []): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

const app = object(
  {
    id,
    clientId: text,
    clientSecret: text,
    callbackUrls: { type: 'array', items: text },
    slug: text,
    name: text,
    publicKey: text,
    privateKey: text,
    webhookUrl: { type: ['string', 'null'] },
    webhookSecret: { type: 'string' },
    permissions,
    events: { type: 'array', items: text },
  },
  ['id', 'slug'],
);

/** `keep`: PEM of the private or the public key that the App keeps. */
export const appKeySchema = object({ keep: text }, ['keep']);

const state = { enum: ['active', 'pending'] };
const members = (roles: readonly string[]) => ({
  type: 'object',
  additionalProperties: object({ role: { enum: roles }, state }, ['role', 'state']),
});

export const ownerSchema = object(
  {
    login: text,
    type: { enum: ['Organization', 'User', 'Bot'] },
    id,
    members: members(['member', 'admin']),
    teams: {
      type: 'array',
      items: object({ slug: text, members: members(['member', 'maintainer']) }, ['slug', 'members']),
    },
  },
  ['login'],
);

export const renameSchema = object({ login: text }, ['login']);

const collaborators = {
  type: 'object',
  additionalProperties: { enum: ['read', 'triage', 'write', 'maintain', 'admin'] },
};

export const repositorySchema = object(
  {
    owner: text,
    name: text,
    id,
    defaultBranch: text,
    visibility,
    collaborators,
    archived: flag,
    disabled: flag,
    locked: flag,
    issues: flag,
    branches: { type: 'object', additionalProperties: object({ files }, ['files']) },
    tags: { type: 'object', additionalProperties: text },
  },
  ['owner', 'name'],
);

export const installationSchema = object({ id, account: text, repositories, permissions }, [
  'id',
  'account',
  'repositories',
]);

export const seedSchema = object(
  {
    app,
    owners: { type: 'array', items: ownerSchema },
    repositories: { type: 'array', items: repositorySchema },
    installations: { type: 'array', items: installationSchema },
  },
  ['app', 'owners', 'repositories', 'installations'],
);

export const webhookSchema = object({ url: { type: ['string', 'null'] }, secret: { type: 'string' } });

export const repositoryChangeSchema = object({
  archived: flag,
  disabled: flag,
  locked: flag,
  visibility,
  collaborators,
  issues: flag,
  defaultBranch: text,
});

export const pushSchema = object(
  {
    branch: text,
    files: { type: 'object', additionalProperties: { anyOf: [{ type: 'null' }, content] } },
    message: text,
    tag: text,
    parent: text,
    merge: text,
  },
  ['files'],
);

export const refSchema = object({ ref: text, target: text, message: text }, ['ref', 'target']);

export const workflowChangeSchema = object(
  { state: { enum: ['active', 'disabled_manually', 'disabled_inactivity'] } },
  ['state'],
);

export const renameRepositorySchema = object({ name: text }, ['name']);

export const transferSchema = object({ owner: text }, ['owner']);

export const pullRequestSchema = object(
  {
    number: id,
    files: { type: 'object', additionalProperties: { anyOf: [{ type: 'null' }, content] } },
    branch: text,
    action: text,
  },
  ['number', 'files'],
);

export const appChangeSchema = object({ permissions, events: { type: 'array', items: text } });

export const suspensionSchema = object({ suspended: flag }, ['suspended']);

const startedRun = {
  repository: fullName,
  workflow: text,
  branch: { type: ['string', 'null'] },
  event: text,
  actor: text,
  fork: flag,
  pullRequests: { type: 'array', items: id },
  attempt: id,
  sha: { type: 'string', pattern: '^[0-9a-f]{40}$' },
  ageMs: count,
};

export const startedRunSchema = object(startedRun, ['repository', 'workflow']);

export const runSchema = object({ ...startedRun, conclusion, durationMs: count, deliver: flag }, [
  'repository',
  'workflow',
]);

export const jobSchema = object({ job: text });

export const issuerKeySchema = object({ keepOld: flag }, ['keepOld']);

export const conclusionSchema = object({ conclusion }, ['conclusion']);

export const deliverSchema = object({ payload: {}, event: text, guid: text, signWith: text }, ['payload']);

export const clockSchema = object({ advanceMs: count }, ['advanceMs']);

export const settingsSchema = object({
  tokenShape: { enum: ['long', 'short'] },
  dispatchApi: { enum: ['github.com', 'ghes-3.20'] },
  runListLagMs: count,
  checkListLagMs: count,
  comparedCommits: { enum: ['oldest-first', 'newest-first'] },
  webhookTimeoutMs: count,
  runDurationMs: { type: ['integer', 'null'], minimum: 0 },
  runConclusion: conclusion,
  rateLimit: count,
});

export const forgedCheckSchema = object(
  {
    repository: fullName,
    sha: text,
    name: text,
    conclusion: { enum: CHECK_CONCLUSIONS },
    status: { enum: CHECK_STATUSES },
    externalId: text,
    app: object({ id, slug: text }, ['id', 'slug']),
  },
  ['repository', 'sha', 'name'],
);

export const rerequestSchema = object({ actor: text });

const match = object({
  operation: text,
  method: text,
  path: text,
  nth: id,
  times: count,
  chance: { type: 'number', minimum: 0, maximum: 1 },
});

const fault = {
  anyOf: [
    {
      enum: [
        'reset-before',
        'reset-after',
        'status-after',
        'truncated-body',
        'empty-body',
        'graphql-partial',
        'graphql-resource-limits',
        'graphql-rate-limited',
        'graphql-502',
        'token-revoked',
        'repository-hidden',
        'webhook-twice',
        'webhook-lost',
        'webhook-out-of-order',
      ],
    },
    object({ status: id, headers: { type: 'object', additionalProperties: { type: 'string' } }, body: {} }, ['status']),
    object({ delayMs: count, when: { enum: ['before', 'after'] } }, ['delayMs']),
    object({ runListLagMs: count }, ['runListLagMs']),
    object({ webhookLateMs: count }, ['webhookLateMs']),
  ],
};

export const faultsSchema = object(
  { rules: { type: 'array', items: object({ match, fault }, ['match', 'fault']) }, seed: { type: 'integer' } },
  ['rules'],
);
