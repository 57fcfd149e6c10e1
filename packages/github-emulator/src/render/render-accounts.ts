import type { Owner } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';
import { type Json, links, nodeId } from './json.ts';

const USER_LINKS: readonly (readonly [string, string])[] = [
  ['events_url', '/events{/privacy}'],
  ['followers_url', '/followers'],
  ['following_url', '/following{/other_user}'],
  ['gists_url', '/gists{/gist_id}'],
  ['organizations_url', '/orgs'],
  ['received_events_url', '/received_events'],
  ['repos_url', '/repos'],
  ['starred_url', '/starred{/owner}{/repo}'],
  ['subscriptions_url', '/subscriptions'],
];

/** Renders a user, an organization or a bot. `base` is the emulator's own URL, here and in the other renderers. */
export function renderUser(store: StateStore, base: string, login: string): Json {
  const owner = store.owner(login) ?? { login, id: 0, type: 'User' as const };
  const url = `${base}/users/${encodeURIComponent(owner.login)}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: nodeId(owner.type, owner.id),
    avatar_url: `${base}/avatars/${owner.id}`,
    gravatar_id: '',
    url,
    html_url: `${base}/${encodeURIComponent(owner.login)}`,
    ...links(url, USER_LINKS),
    type: owner.type,
    site_admin: false,
  };
}

export function renderOrganization(base: string, owner: Owner): Json {
  const url = `${base}/orgs/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: nodeId(owner.type, owner.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${base}/avatars/${owner.id}`,
    description: '',
  };
}
