import { foldName } from '@dispatcher/contracts';
import { LRUCache } from 'lru-cache';
import * as z from 'zod/mini';
import { createInstallations } from '../installations/installations.ts';
import { createInstallationTokens, type TokenScope } from '../installations/installation-tokens.ts';
import { GitHubPermanentError } from '../transport/errors.ts';
import type { GitHubAppOptions } from '../transport/options.ts';
import { createTransport, type OctokitRequestOptions } from '../transport/transport.ts';
import type { AuthorizedUser } from './user-authorization.ts';

/** What a user may do with a repository: `write` includes `maintain`, and `read` includes `triage`. */
export type RepositoryAccess = 'admin' | 'write' | 'read' | 'none';

/** Roles of users, read with installation tokens. They follow a user who is renamed, because the id names the user. */
export interface UserRoles {
  /**
   * Returns what a user may do with a repository, and the user's current login. Needs *Metadata: read*.
   * @throws GitHubPermanentError if the App is not installed there, or the repository is public: everybody reads it
   */
  repositoryAccess(
    user: number,
    repository: { readonly owner: string; readonly name: string },
  ): Promise<RoleOf<RepositoryAccess>>;
  /** Returns whether a user is an active member of a team. Needs *Members: read*. @throws GitHubPermanentError */
  isInTeam(user: number, team: { readonly organization: string; readonly slug: string }): Promise<RoleOf<boolean>>;
  /** Returns whether a user is an active member of an organization. Needs *Members: read*. @throws GitHubPermanentError */
  isInOrganization(user: number, organization: string): Promise<RoleOf<boolean>>;
}

export interface RoleOf<Role> {
  readonly role: Role;
  readonly login: string;
}

const User = z.object({ id: z.int(), login: z.string() });
const Repository = z.object({ private: z.boolean() });
const Permission = z.object({
  permission: z.enum(['admin', 'write', 'read', 'none']),
  user: z.nullable(z.object({ id: z.int() })),
});
const Membership = z.object({ state: z.string() });

const privacyTtlMs = 10 * 60_000;
const maxRepositories = 100;

/** @throws Error when the private key is not a valid PEM key. */
export function createUserRoles(options: GitHubAppOptions): UserRoles {
  const transport = createTransport(options);
  const tokens = createInstallationTokens(transport, options.limits);
  const installations = createInstallations(transport);
  const privacy = new LRUCache<string, { readonly isPrivate: boolean }>({
    max: maxRepositories,
    ttl: privacyTtlMs,
    perf: { now: transport.now },
    ttlResolution: 0,
  });

  type Get = <Data>(
    schema: z.ZodMiniType<Data>,
    route: string,
    parameters: Readonly<Record<string, string | number>>,
  ) => Promise<Data>;

  /** Runs with a token of the owner's installation that grants this and nothing else. */
  const withToken = async <Result>(
    owner: string,
    readRoles: NonNullable<TokenScope['readRoles']>,
    use: (get: Get) => Promise<Result>,
  ): Promise<Result> => {
    const installationId = await installations.installationOf(owner);
    if (installationId === null) throw new GitHubPermanentError(`The App is not installed on ${owner}.`, 404);
    const context = { installationId, effect: 'repeatable' } as const;
    return tokens.use({ installationId, readRoles }, (authorization) =>
      use(async (schema, route, parameters) => {
        const send = (request: OctokitRequestOptions) =>
          transport.installation.request(route, { ...parameters, headers: { authorization }, request });
        return (await transport.send(context, schema, send)).data;
      }),
    );
  };
  const userOf = (get: Get, id: number): Promise<AuthorizedUser> =>
    get(User, 'GET /user/{account_id}', { account_id: id });

  const isMember = (
    owner: string,
    user: number,
    route: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<RoleOf<boolean>> =>
    withToken(owner, 'members', async (get) => {
      const { login } = await userOf(get, user);
      const membership = await get(Membership, route, { ...parameters, username: login }).catch(notFoundAsNull);
      return { role: membership?.state === 'active', login };
    });

  return {
    repositoryAccess: (user, { owner, name }) =>
      withToken(owner, { repository: name }, async (get) => {
        const at = { owner, repo: name };
        const key = foldName(`${owner}/${name}`);
        const { isPrivate } = privacy.get(key) ?? {
          isPrivate: (await get(Repository, 'GET /repos/{owner}/{repo}', at)).private,
        };
        privacy.set(key, { isPrivate });
        if (!isPrivate) throw new GitHubPermanentError(`${owner}/${name} is public, so everybody may read it.`, null);
        const { login } = await userOf(get, user);
        const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
        const found = await get(Permission, route, { ...at, username: login }).catch(notFoundAsNull);
        // The login may have been given to somebody else between the two requests.
        return { role: found?.user?.id === user ? found.permission : 'none', login };
      }),
    isInTeam: (user, { organization, slug }) =>
      isMember(organization, user, 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
        org: organization,
        team_slug: slug,
      }),
    isInOrganization: (user, organization) =>
      isMember(organization, user, 'GET /orgs/{org}/memberships/{username}', { org: organization }),
  };
}

function notFoundAsNull(error: unknown): null {
  if (error instanceof GitHubPermanentError && error.status === 404) return null;
  throw error;
}
