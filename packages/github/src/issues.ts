import * as z from 'zod/mini';
import type { Headers, RequestContext } from './failures.ts';
import type { Installations } from './installations.ts';
import type { Tokens } from './tokens.ts';
import type { RequestLimits, Transport } from './transport.ts';
import type { IssueClient, IssueRepository, OpenedIssue } from './types.ts';

const issuesPerPage = 100;

const Issue = z.object({
  number: z.int(),
  html_url: z.string(),
  state: z.string(),
  /** Null where the issue was opened without one. */
  body: z.nullish(z.string()),
});

export interface IssueDependencies {
  readonly transport: Transport;
  readonly tokens: Tokens;
  readonly installations: Installations;
}

/** What every request about issues says besides its own. */
interface Common {
  readonly owner: string;
  readonly repo: string;
  readonly headers: { readonly authorization: string };
  readonly request: RequestLimits;
}

export function createIssueClient({ transport, tokens, installations }: IssueDependencies): IssueClient {
  const octokit = transport.installation;

  function send<Data>(
    at: IssueRepository,
    how: Pick<RequestContext, 'effect' | 'answerBy' | 'signal'>,
    schema: z.ZodMiniType<Data>,
    request: (common: Common) => Promise<{ status: number; headers: Headers; data: unknown }>,
  ): Promise<Data> {
    const repository = at.repositoryId ?? at.name;
    const scope = { installationId: at.installationId, write: { permission: 'issues', repository } } as const;
    return tokens.use(
      scope,
      async (authorization) => {
        const { data } = await transport.send({ installationId: at.installationId, ...how }, schema, (limits) =>
          request({ owner: at.owner, repo: at.name, headers: { authorization }, request: limits }),
        );
        return data;
      },
      how,
    );
  }

  return {
    open: async (at, { title, body, labels, answerBy }, options) => {
      const issue = await send(at, { ...options, effect: 'once', answerBy }, Issue, (common) =>
        octokit.request('POST /repos/{owner}/{repo}/issues', { ...common, title, body, labels: [...labels] }),
      );
      return opened(issue);
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
        if (issue !== undefined) return { ...opened(issue), state: issue.state === 'open' ? 'open' : 'closed' };
        if (issues.length < issuesPerPage) return null;
      }
    },

    comment: async (at, number, { body, answerBy }, options) => {
      await send(at, { ...options, effect: 'once', answerBy }, z.unknown(), (common) =>
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

function opened(issue: z.infer<typeof Issue>): OpenedIssue {
  return { number: issue.number, htmlUrl: issue.html_url };
}
