import type { EnvironmentSettings, Ruleset } from './desired-settings.ts';
import { sealedBox } from './sealed-box.ts';

/** GitHub refused a request or could not be reached: the message says which, and what to do. */
export class RepositorySettingsError extends Error {
  override readonly name = 'RepositorySettingsError';
  /** HTTP status of GitHub's response; null if there was none. */
  readonly status: number | null;

  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** What exists of an environment; null if it does not exist. */
export interface FoundEnvironment {
  readonly policies: readonly string[];
  readonly reviewers: readonly number[];
  readonly variables: Readonly<Record<string, string>>;
  /** GitHub shows the names of secrets and never their values. */
  readonly secrets: readonly string[];
}

export interface Repository {
  readonly name: string;
  readonly id: number;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
}

/** The settings of one GitHub repository, over the REST API. */
export interface RepositorySettings {
  repository(): Promise<Repository>;
  /** The user that the token belongs to; null for an App or a token of Actions. */
  user(): Promise<{ readonly id: number; readonly login: string } | null>;
  userOf(login: string): Promise<{ readonly id: number; readonly login: string }>;
  environment(name: string): Promise<FoundEnvironment | null>;
  putEnvironment(wanted: EnvironmentSettings, reviewers: readonly number[]): Promise<void>;
  addPolicy(environment: string, policy: EnvironmentSettings['policies'][number]): Promise<void>;
  putVariable(environment: string, name: string, value: string, exists: boolean): Promise<void>;
  putSecret(environment: string, name: string, value: string): Promise<void>;
  rulesets(): Promise<readonly { readonly id: number; readonly name: string }[]>;
  createRuleset(ruleset: Ruleset): Promise<void>;
  /** The newest release's tag; null if there is none. */
  latestRelease(): Promise<string | null>;
  /** The newest run of the workflow deploy.yml; null if it never ran. */
  latestDeployment(): Promise<{
    readonly status: string;
    readonly conclusion: string | null;
    readonly url: string;
  } | null>;
}

interface Options {
  readonly apiUrl: string;
  readonly token: string;
  readonly repository: string;
}

type Json = Readonly<Record<string, unknown>>;

export function createRepositorySettings({ apiUrl, token, repository }: Options): RepositorySettings {
  const base = `/repos/${repository}`;
  const environmentPath = (name: string) => `${base}/environments/${encodeURIComponent(name)}`;

  /** Returns the response's body; null for 404 if `orNull`. */
  async function send(method: string, path: string, body?: object, orNull = false): Promise<Json | null> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': 'dispatcher',
          'x-github-api-version': '2022-11-28',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (cause) {
      throw new RepositorySettingsError(`Could not reach GitHub at ${apiUrl}.`, null, { cause });
    }
    const { status } = response;
    if (status === 404 && orNull) return null;
    if (!response.ok) throw new RepositorySettingsError(refusal(method, path, status, text), status);
    return text === '' ? {} : (JSON.parse(text) as Json);
  }

  /** Returns all pages of a list that is in `key` of the response, or is the response itself. */
  async function list(path: string, key: string | null): Promise<readonly Json[]> {
    const items: Json[] = [];
    for (let page = 1; ; page += 1) {
      const response = await send('GET', `${path}?per_page=100&page=${page}`);
      const found = (key === null ? response : response?.[key]) as readonly Json[];
      items.push(...found);
      if (found.length < 100) return items;
    }
  }

  return {
    repository: async () => {
      const found = (await send('GET', base)) as Json;
      return {
        name: String(found['full_name']),
        id: Number(found['id']),
        defaultBranch: String(found['default_branch']),
        isPrivate: found['private'] === true,
      };
    },
    user: async () => {
      const found = await send('GET', '/user', undefined, true).catch((error: unknown) => {
        // GitHub refuses the token of an App, which belongs to no user.
        if (error instanceof RepositorySettingsError && error.status === 403) return null;
        throw error;
      });
      return found === null ? null : { id: Number(found['id']), login: String(found['login']) };
    },
    userOf: async (login) => {
      const found = await send('GET', `/users/${encodeURIComponent(login)}`, undefined, true);
      if (found === null) throw new RepositorySettingsError(`GitHub has no user ${login}.`, 404);
      return { id: Number(found['id']), login: String(found['login']) };
    },
    environment: async (name) => {
      const found = await send('GET', environmentPath(name), undefined, true);
      if (found === null) return null;
      const rules = (found['protection_rules'] ?? []) as readonly Json[];
      const reviewers = rules
        .filter(({ type }) => type === 'required_reviewers')
        .flatMap((rule) =>
          (rule['reviewers'] as readonly { reviewer: { id: number } }[]).map(({ reviewer }) => reviewer.id),
        );
      const policy = found['deployment_branch_policy'] as Json | null;
      const policies =
        policy?.['custom_branch_policies'] === true
          ? await list(`${environmentPath(name)}/deployment-branch-policies`, 'branch_policies')
          : [];
      const variables = await list(`${environmentPath(name)}/variables`, 'variables');
      const secrets = await list(`${environmentPath(name)}/secrets`, 'secrets');
      return {
        policies: policies.map((each) => `${each['type'] === 'tag' ? 'tag' : 'branch'} ${String(each['name'])}`),
        reviewers,
        variables: Object.fromEntries(variables.map((each) => [String(each['name']), String(each['value'])])),
        secrets: secrets.map((each) => String(each['name'])),
      };
    },
    putEnvironment: async ({ name }, reviewers) => {
      await send('PUT', environmentPath(name), {
        reviewers: reviewers.map((id) => ({ type: 'User', id })),
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      });
    },
    addPolicy: async (environment, policy) => {
      await send('POST', `${environmentPath(environment)}/deployment-branch-policies`, policy);
    },
    putVariable: async (environment, name, value, exists) => {
      const path = `${environmentPath(environment)}/variables`;
      if (exists) await send('PATCH', `${path}/${name}`, { name, value });
      else await send('POST', path, { name, value });
    },
    putSecret: async (environment, name, value) => {
      const path = `${environmentPath(environment)}/secrets`;
      const key = (await send('GET', `${path}/public-key`)) as Json;
      await send('PUT', `${path}/${name}`, {
        encrypted_value: sealedBox(value, String(key['key'])),
        key_id: String(key['key_id']),
      });
    },
    rulesets: async () =>
      (await list(`${base}/rulesets`, null)).map((each) => ({ id: Number(each['id']), name: String(each['name']) })),
    createRuleset: async (ruleset) => {
      await send('POST', `${base}/rulesets`, ruleset);
    },
    latestRelease: async () => {
      const found = await send('GET', `${base}/releases/latest`, undefined, true);
      return found === null ? null : String(found['tag_name']);
    },
    latestDeployment: async () => {
      const found = await send('GET', `${base}/actions/workflows/deploy.yml/runs?per_page=1`, undefined, true);
      const [run] = (found?.['workflow_runs'] ?? []) as readonly Json[];
      if (run === undefined) return null;
      const conclusion = run['conclusion'];
      return {
        status: String(run['status']),
        conclusion: typeof conclusion === 'string' ? conclusion : null,
        url: String(run['html_url']),
      };
    },
  };
}

function refusal(method: string, path: string, status: number, text: string): string {
  const message = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? '';
  const what = `GitHub answered ${method} ${path} with ${status}${message === '' ? '' : ` (${message})`}.`;
  if (status === 401) return `${what} The token is not valid: run gh auth login, or set GH_TOKEN.`;
  if (status === 403 || status === 404) {
    return `${what} The token needs the permissions administration, environments, secrets and variables of the repository.`;
  }
  if (status === 422) {
    return `${what} Environments with reviewers and rulesets need a public repository or a paid plan of GitHub.`;
  }
  return what;
}
