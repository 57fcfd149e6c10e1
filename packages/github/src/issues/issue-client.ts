import * as z from 'zod/mini';
import type { InstallationTokens } from '../installations/installation-tokens.ts';
import type { Installations } from '../installations/installations.ts';
import type { Headers, RequestContext } from '../transport/error-mapping.ts';
import type { CallOptions } from '../transport/options.ts';
import type { OctokitRequestOptions, Transport } from '../transport/transport.ts';

export interface IssueRepository {
  readonly installationId: number;
  /** Limits the token by id. Without it the token is limited by name, which fails after a rename. */
  readonly repositoryId?: number;
  readonly owner: string;
  readonly name: string;
}

export interface OpenedIssue {
  readonly number: number;
  readonly htmlUrl: string;
}

/** GitHubPermanentError with status 410 means that issues are disabled in the repository. */
export interface IssueClient {
  /**
   * Opens an issue. When the response is missing it rejects with GitHubUnknownOutcomeError: call `find` before opening
   * another one. With `responseDeadline` (milliseconds since the epoch) the POST is sent only if its timeout ends before that
   * time; otherwise the call rejects with GitHubTransientError.
   */
  open(
    at: IssueRepository,
    issue: { title: string; body: string; labels: readonly string[]; responseDeadline?: number },
    options?: CallOptions,
  ): Promise<OpenedIssue>;
  /**
   * Returns the newest issue, open or closed, that this App opened, that has the label, and whose body contains the
   * marker. Issues of other authors are ignored, because anybody can write a marker.
   */
  find(
    at: IssueRepository,
    label: string,
    marker: string,
    options?: CallOptions,
  ): Promise<(OpenedIssue & { state: 'open' | 'closed' }) | null>;
  /** Adds a comment. `responseDeadline` and a missing response as for {@link IssueClient.open}. */
  comment(
    at: IssueRepository,
    number: number,
    comment: { body: string; responseDeadline?: number },
    options?: CallOptions,
  ): Promise<void>;
  update(
    at: IssueRepository,
    number: number,
    change: { body?: string; state?: 'open' | 'closed' },
    options?: CallOptions,
  ): Promise<void>;
}

const issuesPerPage = 100;

const Issue = z.object({
  number: z.int(),
  html_url: z.string(),
  state: z.string(),
  /** Null when the issue has no body. */
  body: z.nullish(z.string()),
});

export interface IssueClientDependencies {
  readonly transport: Transport;
  readonly tokens: InstallationTokens;
  readonly installations: Installations;
}

/** Parameters that every request about issues has. */
interface CommonParameters {
  readonly owner: string;
  readonly repo: string;
  readonly headers: { readonly authorization: string };
  readonly request: OctokitRequestOptions;
}

export function createIssueClient({ transport, tokens, installations }: IssueClientDependencies): IssueClient {
  const octokit = transport.installation;

  function send<Data>(
    at: IssueRepository,
    context: Pick<RequestContext, 'effect' | 'responseDeadline' | 'signal'>,
    schema: z.ZodMiniType<Data>,
    request: (common: CommonParameters) => Promise<{ status: number; headers: Headers; data: unknown }>,
  ): Promise<Data> {
    const { installationId, owner, name } = at;
    const scope = { installationId, write: { permission: 'issues', repository: at.repositoryId ?? name } } as const;
    const sendWithToken = async (authorization: string) => {
      const { data } = await transport.send({ installationId, ...context }, schema, (requestOptions) =>
        request({ owner, repo: name, headers: { authorization }, request: requestOptions }),
      );
      return data;
    };
    return tokens.use(scope, sendWithToken, context);
  }

  return {
    open: async (at, { title, body, labels, responseDeadline }, options) => {
      const issue = await send(at, { ...options, effect: 'once', responseDeadline }, Issue, (common) =>
        octokit.request('POST /repos/{owner}/{repo}/issues', { ...common, title, body, labels: [...labels] }),
      );
      return toOpenedIssue(issue);
    },

    find: async (at, label, marker, options) => {
      const creator = `${await installations.slug(options)}[bot]`;
      for (let page = 1; ; page += 1) {
        const issues = await send(at, { ...options, effect: 'repeatable' }, z.array(Issue), (common) =>
          octokit.request('GET /repos/{owner}/{repo}/issues', {
            ...common,
            creator,
            labels: label,
            state: 'all',
            per_page: issuesPerPage,
            page,
          }),
        );
        const issue = issues.find(({ body }) => body?.includes(marker));
        if (issue !== undefined) return { ...toOpenedIssue(issue), state: issue.state === 'open' ? 'open' : 'closed' };
        if (issues.length < issuesPerPage) return null;
      }
    },

    comment: async (at, number, { body, responseDeadline }, options) => {
      await send(at, { ...options, effect: 'once', responseDeadline }, z.unknown(), (common) =>
        octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
          ...common,
          issue_number: number,
          body,
        }),
      );
    },

    update: async (at, number, change, options) => {
      await send(at, { ...options, effect: 'repeatable' }, z.unknown(), (common) =>
        octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
          ...common,
          issue_number: number,
          ...change,
        }),
      );
    },
  };
}

function toOpenedIssue(issue: z.infer<typeof Issue>): OpenedIssue {
  return { number: issue.number, htmlUrl: issue.html_url };
}
