import type { PreparedAccount } from './bootstrap-outputs.ts';

/** The settings of one environment of the GitHub repository. */
export interface EnvironmentSettings {
  readonly name: string;
  /** From which branches and tags a workflow may use the environment. */
  readonly policies: readonly { readonly name: string; readonly type: 'branch' | 'tag' }[];
  /** Whether a deployment waits for an approval. */
  readonly needsApproval: boolean;
  readonly variables: Readonly<Record<string, string>>;
  /** Values that contain an account ID are secrets, so that logs do not show them. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface Ruleset {
  readonly name: string;
  readonly target: 'branch' | 'tag';
  readonly enforcement: 'active';
  readonly conditions: {
    readonly ref_name: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  };
  readonly rules: readonly { readonly type: string; readonly parameters?: object }[];
  readonly bypass_actors: readonly {
    readonly actor_id: number;
    readonly actor_type: 'RepositoryRole';
    readonly bypass_mode: 'always';
  }[];
}

/** The App of an environment; null until it is created. */
export type AppOf = (environment: string) => { readonly id: string; readonly slug: string } | null;

/** Returns what the pipelines need, for each environment that has a role in one of the accounts. */
export function desiredEnvironments(
  accounts: readonly PreparedAccount[],
  defaultBranch: string,
  appOf: AppOf,
): readonly EnvironmentSettings[] {
  const registry = accounts.find(({ imageRegistry }) => imageRegistry !== null)?.imageRegistry ?? null;
  return accounts.flatMap((account) =>
    Object.entries(account.roles).map(([name, role]) =>
      name === 'release'
        ? {
            name,
            policies: [
              { name: defaultBranch, type: 'branch' as const },
              { name: 'v*', type: 'tag' as const },
            ],
            needsApproval: false,
            variables: { AWS_REGION: account.region },
            secrets: { AWS_ROLE: role },
          }
        : deploying(name, role, account, { defaultBranch, registry, app: appOf(deployedName(name)) }),
    ),
  );
}

/** Returns the environment on AWS that an environment of the repository is for. */
function deployedName(name: string): string {
  return name === 'pull-request' ? 'dev' : name.replace(/-plan$/, '');
}

function deploying(
  name: string,
  role: string,
  account: PreparedAccount,
  { defaultBranch, registry, app }: { defaultBranch: string; registry: string | null; app: ReturnType<AppOf> },
): EnvironmentSettings {
  const boundary = account.permissionsBoundaries[deployedName(name)];
  return {
    name,
    // A tag brings its own copy of the workflows, and could use one without the job that verifies the release.
    policies: [{ name: name === 'pull-request' ? 'refs/pull/*/merge' : defaultBranch, type: 'branch' }],
    needsApproval: name === 'prod',
    variables: {
      AWS_REGION: account.region,
      ...(app === null ? {} : { APP_ID: app.id, APP_SLUG: app.slug }),
    },
    secrets: {
      AWS_ROLE: role,
      STATE_BUCKET: account.stateBucket,
      ...(registry === null ? {} : { IMAGE_REGISTRY: registry }),
      ...(boundary === undefined ? {} : { PERMISSIONS_BOUNDARY: boundary }),
    },
  };
}

/** The repository's role that may do everything: GitHub's fixed ID of `admin`. */
const repositoryAdmin = { actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' } as const;

/** Returns the rules for release tags and for the default branch. */
export function desiredRulesets(): readonly Ruleset[] {
  return [
    {
      name: 'Release tags',
      target: 'tag',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/tags/v*'], exclude: [] } },
      rules: [{ type: 'creation' }, { type: 'update' }, { type: 'deletion' }, { type: 'non_fast_forward' }],
      // Somebody must be able to release.
      bypass_actors: [repositoryAdmin],
    },
    {
      name: 'Default branch',
      target: 'branch',
      enforcement: 'active',
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      rules: [
        { type: 'deletion' },
        { type: 'non_fast_forward' },
        {
          type: 'pull_request',
          parameters: {
            required_approving_review_count: 1,
            dismiss_stale_reviews_on_push: true,
            require_code_owner_review: false,
            require_last_push_approval: true,
            required_review_thread_resolution: false,
          },
        },
        {
          type: 'required_status_checks',
          parameters: {
            strict_required_status_checks_policy: false,
            required_status_checks: [{ context: 'check' }, { context: 'images' }],
          },
        },
      ],
      bypass_actors: [],
    },
  ];
}
