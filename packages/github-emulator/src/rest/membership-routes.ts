import type { FastifyInstance } from 'fastify';
import { hasPermission } from '../auth/permissions.ts';
import { forbidden, notFound } from '../common/api-error.ts';
import type { Json } from '../render/json.ts';
import { renderOrganization, renderUser } from '../render/render-accounts.ts';
import { callerOf, type EmulatorContext } from '../server/context.ts';
import type { Owner, Repository, RepositoryRole } from '../state/entities.ts';
import { sameName } from '../state/state-store.ts';
import { repositoryOf } from './repository-access.ts';

interface MembershipParams {
  readonly org: string;
  readonly team: string;
  readonly username: string;
}

/** Routes of users and of their roles in repositories, teams and organizations. */
export function addMembershipRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.get<{ Params: { id: string } }>('/user/:id', ({ params: { id } }) => {
    const user = context.store.state.owners.find((owner) => String(owner.id) === id);
    if (user === undefined) {
      throw notFound();
    }
    return renderPublicUser(context, user);
  });
  app.get<{ Params: { username: string } }>(
    '/repos/:owner/:repo/collaborators/:username/permission',
    (request): Json => {
      const repository = repositoryOf(context, request, 'metadata', 'read');
      const user = context.store.owner(request.params.username);
      if (user === undefined) {
        throw notFound();
      }
      const role = roleIn(context, repository, user);
      const permissions = {
        pull: role !== null,
        triage: isAtLeast(role, 'triage'),
        push: isAtLeast(role, 'write'),
        maintain: isAtLeast(role, 'maintain'),
        admin: role === 'admin',
      };
      const name = role ?? 'none';
      return {
        // The four values of before `triage` and `maintain`.
        permission: role === 'maintain' ? 'write' : role === 'triage' ? 'read' : name,
        role_name: name,
        user: { ...renderUser(context.store, context.base, user.login), permissions, role_name: name },
      };
    },
  );
  app.get<{ Params: MembershipParams }>('/orgs/:org/memberships/:username', (request): Json => {
    const { organization, user } = membersOf(context, request);
    const membership = byName(organization.members, user.login);
    if (membership === undefined) {
      throw notFound();
    }
    const url = `${context.base}/orgs/${organization.login}`;
    return {
      url: `${url}/memberships/${user.login}`,
      state: membership.state,
      role: membership.role,
      organization_url: url,
      organization: renderOrganization(context.base, organization),
      user: renderUser(context.store, context.base, user.login),
    };
  });
  app.get<{ Params: MembershipParams }>('/orgs/:org/teams/:team/memberships/:username', (request): Json => {
    const { organization, user } = membersOf(context, request);
    const team = organization.teams?.find(({ slug }) => sameName(slug, request.params.team));
    const membership = byName(team?.members, user.login);
    if (team === undefined || membership === undefined) {
      throw notFound();
    }
    const url = `${context.base}/organizations/${organization.id}/team/${team.slug}/memberships/${user.login}`;
    return { url, role: membership.role, state: membership.state };
  });
}

export function renderPublicUser(context: EmulatorContext, user: Owner): Json {
  const repositories = context.store.state.repositories.filter(
    ({ owner, visibility }) => sameName(owner, user.login) && visibility === 'public',
  );
  return {
    ...renderUser(context.store, context.base, user.login),
    name: user.login,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: repositories.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: context.store.state.app.createdAt,
    updated_at: context.store.state.app.createdAt,
  };
}

/** Throws 403 without `members: read` in this organization, 404 when the organization or the user does not exist. */
function membersOf(context: EmulatorContext, request: { params: MembershipParams } & Parameters<typeof callerOf>[1]) {
  const caller = callerOf(context, request);
  const organization = context.store.owner(request.params.org);
  const user = context.store.owner(request.params.username);
  if (organization?.type !== 'Organization') {
    throw notFound();
  }
  const isInstalled = caller.kind === 'installation' && sameName(caller.installation.account, organization.login);
  if (!isInstalled || !hasPermission(caller, 'members', 'read')) {
    throw forbidden();
  }
  if (user === undefined) {
    throw notFound();
  }
  return { organization, user };
}

const ROLES: readonly RepositoryRole[] = ['read', 'triage', 'write', 'maintain', 'admin'];

function isAtLeast(role: RepositoryRole | null, wanted: RepositoryRole): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

/** Members of an organization read its repositories, its admins administer them, and everybody reads public ones. */
function roleIn(context: EmulatorContext, repository: Repository, user: Owner): RepositoryRole | null {
  const explicit = explicitRoleIn(context, repository, user);
  return explicit === null && repository.visibility === 'public' ? 'read' : explicit;
}

/** Returns the role that a user has in a repository as its owner, as a member of the organization, or as a collaborator. */
export function explicitRoleIn(context: EmulatorContext, repository: Repository, user: Owner): RepositoryRole | null {
  const membership = byName(context.store.owner(repository.owner)?.members, user.login);
  const isMember = membership?.state === 'active';
  const roles = [
    sameName(repository.owner, user.login) || (isMember && membership.role === 'admin') ? 'admin' : null,
    byName(repository.collaborators, user.login) ?? null,
    isMember ? 'read' : null,
  ] as const;
  return ROLES.findLast((role) => roles.includes(role)) ?? null;
}

function byName<Value>(byLogin: Readonly<Record<string, Value>> | undefined, login: string): Value | undefined {
  return Object.entries(byLogin ?? {}).find(([name]) => sameName(name, login))?.[1];
}
