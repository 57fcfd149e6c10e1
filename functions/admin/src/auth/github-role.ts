import { GitHubPermanentError, type UserRoles } from '@dispatcher/github';
import type { StepLog } from '@dispatcher/lambda';
import { type AccessSource, accessSourceText, type GitHubAccess } from './github-access.ts';

type Role = 'viewer' | 'operator';

export interface GitHubRole {
  readonly role: Role;
  /** The user's login now. */
  readonly name: string;
}

interface Found {
  readonly role: Role | null;
  readonly name: string;
}

/**
 * Returns the role of a GitHub user; null if the user has none. A source that cannot grant anything, for example because its
 * repository is public, is logged and grants nothing.
 * @throws GitHubError if a source could not be read and none of the others makes the user an operator
 */
export async function readGitHubRole(
  user: number,
  {
    access,
    roles,
    log,
  }: { readonly access: GitHubAccess; readonly roles: UserRoles; readonly log: Pick<StepLog, 'error'> },
): Promise<GitHubRole | null> {
  let viewer: GitHubRole | null = null;
  let failure: unknown = null;
  const sources = [
    ...access.operators.map((source) => ({ source, grants: 'operator' as const })),
    ...access.viewers.map((source) => ({ source, grants: 'viewer' as const })),
  ];
  // One after another: most people are found by the first.
  for (const { source, grants } of sources) {
    try {
      const { role, name } = await roleBy(source, grants, user, roles);
      if (role === 'operator') return { role, name };
      if (role === 'viewer') viewer ??= { role, name };
    } catch (error) {
      if (error instanceof GitHubPermanentError)
        log.error('no role can come from here', { source: accessSourceText(source), error });
      else failure ??= error;
    }
  }
  if (failure !== null) throw failure;
  return viewer;
}

async function roleBy(source: AccessSource, grants: Role, user: number, roles: UserRoles): Promise<Found> {
  if (source.kind === 'repo') {
    const { role: access, login: name } = await roles.repositoryAccess(user, source);
    if (access === 'none') return { role: null, name };
    // A repository of operators makes those who may only read it viewers.
    return { role: access === 'read' ? 'viewer' : grants, name };
  }
  const { role: isMember, login: name } =
    source.kind === 'team'
      ? await roles.isInTeam(user, source)
      : await roles.isInOrganization(user, source.organization);
  return { role: isMember ? grants : null, name };
}
