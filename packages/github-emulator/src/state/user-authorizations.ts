import { createHash, randomBytes } from 'node:crypto';
import type { Owner } from './entities.ts';
import { sameName, type StateStore } from './state-store.ts';

/** What a user has authorized, until the App exchanges the code. */
export interface PendingAuthorization {
  readonly userId: number;
  readonly redirectUri: string;
  /** The S256 challenge of PKCE; null if the App sent none. */
  readonly codeChallenge: string | null;
}

const CODE_VALIDITY_MS = 10 * 60_000;
const TOKEN_VALIDITY_MS = 8 * 3_600_000;

/** Codes that were not exchanged yet. A code is valid once, for ten minutes. */
export class AuthorizationCodes {
  readonly #pending = new Map<string, PendingAuthorization & { readonly until: number }>();

  add(authorization: PendingAuthorization, now: number): string {
    const code = randomBytes(10).toString('hex');
    this.#pending.set(code, { ...authorization, until: now + CODE_VALIDITY_MS });
    return code;
  }

  take(code: string, now: number): PendingAuthorization | null {
    const found = this.#pending.get(code);
    this.#pending.delete(code);
    return found === undefined || found.until <= now ? null : found;
  }
}

/** Returns whether the verifier is the one that the challenge was made of. Without a challenge, PKCE was not used. */
export function matchesChallenge({ codeChallenge }: PendingAuthorization, verifier: string | undefined): boolean {
  if (codeChallenge === null) return true;
  return (
    codeChallenge ===
    createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url')
  );
}

/** Creates a token of the user, and remembers that the user authorized the App. */
export function mintUserToken(store: StateStore, userId: number): { readonly token: string; readonly seconds: number } {
  const token = `ghu_${randomBytes(18).toString('hex')}`;
  store.state.userTokens = {
    ...store.state.userTokens,
    [token]: { userId, expiresAt: store.now() + TOKEN_VALIDITY_MS },
  };
  store.state.authorizations = [...new Set([...(store.state.authorizations ?? []), userId])];
  return { token, seconds: TOKEN_VALIDITY_MS / 1000 };
}

export function deleteUserToken(store: StateStore, token: string): void {
  const { [token]: _, ...others } = store.state.userTokens ?? {};
  store.state.userTokens = others;
}

/** Withdraws a user's authorization. Returns the user; undefined if the user did not authorize the App. */
export function withdrawAuthorization(store: StateStore, userId: number): Owner | undefined {
  const { state } = store;
  if (state.authorizations?.includes(userId) !== true) return undefined;
  state.authorizations = state.authorizations.filter((id) => id !== userId);
  state.userTokens = Object.fromEntries(
    Object.entries(state.userTokens ?? {}).filter(([, one]) => one.userId !== userId),
  );
  return state.owners.find(({ id }) => id === userId);
}

/** Renames an account in roles and memberships, which GitHub keeps by the account's id. */
export function renameInRoles(store: StateStore, login: string, newLogin: string): void {
  const rename = <Value>(byLogin: Record<string, Value> | undefined) => {
    for (const name of Object.keys(byLogin ?? {}).filter((each) => sameName(each, login))) {
      const value = byLogin?.[name];
      if (byLogin === undefined || value === undefined) continue;
      delete byLogin[name];
      byLogin[newLogin] = value;
    }
  };
  for (const owner of store.state.owners) {
    rename(owner.members);
    owner.teams?.forEach((team) => rename(team.members));
  }
  store.state.repositories.forEach((repository) => rename(repository.collaborators));
}
