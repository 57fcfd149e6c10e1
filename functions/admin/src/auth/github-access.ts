/** Who has access by their roles at GitHub: a repository, a team or an organization. */
export type AccessSource =
  | { readonly kind: 'repo'; readonly owner: string; readonly name: string }
  | { readonly kind: 'team'; readonly organization: string; readonly slug: string }
  | { readonly kind: 'org'; readonly organization: string };

/** Whose members are operators, and whose are viewers. */
export interface GitHubAccess {
  readonly operators: readonly AccessSource[];
  readonly viewers: readonly AccessSource[];
}

export const accessForms = 'repo:OWNER/NAME, team:ORGANIZATION/SLUG or org:ORGANIZATION';

/** Returns null for another form than {@link accessForms}. */
export function parseAccessSource(text: string): AccessSource | null {
  const [, kind, first = '', second] = /^(repo|team|org):([\w.-]{1,100})(?:\/([\w.-]{1,100}))?$/.exec(text) ?? [];
  if (kind === 'org') return second === undefined ? { kind, organization: first } : null;
  if (second === undefined) return null;
  return kind === 'repo' ? { kind, owner: first, name: second } : { kind: 'team', organization: first, slug: second };
}

/** The reverse of {@link parseAccessSource}. */
export function accessSourceText(source: AccessSource): string {
  if (source.kind === 'repo') return `repo:${source.owner}/${source.name}`;
  return source.kind === 'team' ? `team:${source.organization}/${source.slug}` : `org:${source.organization}`;
}
