import type { Permissions } from './entities.ts';
import type { Seed, SeedApp, SeedRepository } from './seed.ts';

export interface ExampleSeedOptions {
  /** PEM, public or private. */
  readonly key: string;
  readonly webhookUrl?: string | null;
  readonly webhookSecret?: string;
  /** Default 1. */
  readonly appId?: number;
  /** Default `org-repo-workflows-runner-alpha`. */
  readonly slug?: string;
  /** What the App may do. Default: what it needs to start workflows and report in issues. */
  readonly permissions?: Permissions;
  /** The events that the App subscribes to. Default: `workflow_run` only. */
  readonly events?: readonly string[];
  /** Absent: nobody can sign in with the App. */
  readonly clientSecret?: string;
  readonly callbackUrls?: readonly string[];
}

/** The installation ids of the example, by account. */
export const EXAMPLE_INSTALLATIONS = {
  'octo-org': 51_000_001,
  'octo-partner': 51_000_002,
  Codertocat: 51_000_003,
} as const;

/**
 * Creates the seed of a small organization, with an admin (`octocat`), a member (`hubot`) and somebody else (`monalisa`): CI of `octo-org/app` starts `octo-org/deploy`, and names `octo-org/docs` as
 * a target, which allows another source only. `octo-org/octo-repo` and `Codertocat/Hello-World` have the names and ids
 * of the `workflow_run` examples that GitHub publishes (`@octokit/webhooks-examples`).
 */
export function exampleSeed(options: ExampleSeedOptions): Seed {
  return {
    app: app(options),
    owners: [
      {
        login: 'octo-org',
        type: 'Organization',
        id: 41_548_062,
        members: {
          octocat: { role: 'admin', state: 'active' },
          hubot: { role: 'member', state: 'active' },
        },
        teams: [{ slug: 'platform', members: { octocat: { role: 'maintainer', state: 'active' } } }],
      },
      { login: 'octo-partner', type: 'Organization' },
      { login: 'Codertocat', type: 'Organization', id: 33_435_682 },
      { login: 'octocat', type: 'User', id: 583_231 },
      { login: 'hubot', type: 'User', id: 480_938 },
      { login: 'monalisa', type: 'User', id: 2_143_658 },
    ],
    repositories: [
      repository('octo-org', 'app', APP_FILES),
      repository('octo-org', 'deploy', DEPLOY_FILES),
      repository('octo-org', 'docs', DOCS_FILES),
      { ...repository('octo-org', 'octo-repo', OCTO_REPO_FILES, 'master'), id: 300_029_405, visibility: 'public' },
      { ...repository('Codertocat', 'Hello-World', HELLO_WORLD_FILES), id: 283_462_325 },
      repository('octo-partner', 'service', PARTNER_FILES),
    ],
    installations: Object.entries(EXAMPLE_INSTALLATIONS).map(([account, id]) => ({ id, account, repositories: 'all' })),
  };
}

function app(options: ExampleSeedOptions): SeedApp {
  const { key, webhookUrl = null, webhookSecret = '', appId = 1, slug, permissions, events } = options;
  const { clientSecret, callbackUrls } = options;
  return {
    id: appId,
    slug: slug ?? 'org-repo-workflows-runner-alpha',
    name: 'Dispatcher',
    webhookUrl,
    webhookSecret,
    ...(permissions === undefined ? {} : { permissions }),
    ...(events === undefined ? {} : { events }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(callbackUrls === undefined ? {} : { callbackUrls }),
    ...(key.includes('PRIVATE KEY') ? { privateKey: key } : { publicKey: key }),
  };
}

function repository(
  owner: string,
  name: string,
  files: Record<string, string>,
  defaultBranch = 'main',
): SeedRepository {
  return {
    owner,
    name,
    defaultBranch,
    branches: { [defaultBranch]: { files: { 'README.md': `# ${name}\n`, ...files } } },
  };
}

const CI = `name: CI
on:
  push:
  pull_request:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
`;

function dispatchableWorkflow(name: string, inputs = ''): string {
  return `name: ${name}
on:
  workflow_dispatch:${inputs}
jobs:
  run:
    runs-on: ubuntu-latest
    steps:
      - run: ./run.sh
`;
}

const DEPLOY_INPUTS = `
    inputs:
      sha:
        description: The commit to deploy; the newest where empty
        type: string
        default: ''
      environment:
        type: choice
        options: [staging, production]
        default: staging`;

const APP_FILES = {
  '.github/workflows/ci.yml': CI,
  'dispatching.yml': `outbound:
  - source: { workflow: ci.yml }
    targets:
      - { repository: deploy, workflow: cd.yml }
      - { repository: docs, workflow: publish.yml }
`,
};

const DEPLOY_FILES = {
  '.github/workflows/cd.yml': dispatchableWorkflow('CD', DEPLOY_INPUTS),
  'dispatching.yml': `inbound:
  - source: { repository: app, workflow: ci.yml }
    targets:
      - { workflow: cd.yml }
  - source: { repository: octo-repo, workflow: test.yml }
    targets:
      - { workflow: cd.yml }
`,
};

/** Allows another source than `octo-org/app`: the denied target of the example. */
const DOCS_FILES = {
  '.github/workflows/publish.yml': dispatchableWorkflow('Publish'),
  'dispatching.yml': `inbound:
  - source: { repository: website, workflow: build.yml }
    targets:
      - { workflow: publish.yml }
`,
};

const OCTO_REPO_FILES = {
  '.github/workflows/test.yml': `name: test
on:
  repository_dispatch:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
`,
  'dispatching.yml': `outbound:
  - source: { workflow: test.yml }
    targets:
      - { repository: deploy, workflow: cd.yml }
`,
};

const HELLO_WORLD_FILES = {
  '.github/workflows/syntax.yml': dispatchableWorkflow('Manually triggered workflow'),
};

const PARTNER_FILES = {
  '.github/workflows/deploy.yml': dispatchableWorkflow('Deploy'),
  'dispatching.yml': `inbound:
  - source: { repository: octo-org/app, workflow: ci.yml }
    targets:
      - { workflow: deploy.yml }
`,
};
