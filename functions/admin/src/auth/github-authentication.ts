import { createHash, randomBytes } from 'node:crypto';
import {
  createUserAuthorization,
  createUserRoles,
  GitHubPermanentError,
  GitHubUnreachableError,
  type UserAuthorization,
  type UserRoles,
} from '@dispatcher/github';
import { ProblemError, type Secret, type StepLog } from '@dispatcher/lambda';
import type { GitHubAccess } from './github-access.ts';
import { readGitHubRole } from './github-role.ts';
import type { Authentication } from './principal.ts';
import { readCallback } from './read-callback.ts';
import { SignInRefusedError, type RedirectProvider } from './sign-in-method.ts';

export interface GitHubAuthenticationOptions {
  readonly appId: string;
  readonly privateKey: Secret;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly apiUrl: string;
  readonly access: GitHubAccess;
  /** `github`: a viewer sees the repositories that GitHub lets the viewer read. */
  readonly visibility: 'all' | 'github';
  readonly log: StepLog;
  readonly now?: (() => number) | undefined;
  readonly fetch?: typeof fetch | undefined;
}

/**
 * People sign in with the user authorization of the GitHub App, which only proves who they are. Their role is read with the
 * App's own tokens, again and again, so no token of theirs is kept.
 */
export function createGitHubAuthentication(options: GitHubAuthenticationOptions): Authentication {
  const { access, visibility, log } = options;
  const rolesOf = createRoles(options);
  const readRole = async (user: number) => readGitHubRole(user, { access, roles: await rolesOf(), log });
  return {
    mode: 'github',
    visibility,
    challenge: 'Session realm="Dispatcher"',
    signIn: {
      kind: 'redirect',
      provider: createGitHubProvider(createUserAuthorization(options), { readRole, visibility }),
    },
    // A session has its cookie, and programs have keys: no header of a request is a credential here.
    principalOf: async () => null,
    readRole: ({ account }) => readRole(Number(account)),
  };
}

/** Returns a function that returns the client; it makes a new one once the private key was rotated. */
function createRoles({ appId, privateKey, apiUrl, now, fetch }: GitHubAuthenticationOptions): () => Promise<UserRoles> {
  let current: { readonly key: string; readonly roles: UserRoles } | null = null;
  return async () => {
    const key = await privateKey();
    if (current?.key !== key) {
      const options = { appId, privateKey: key, apiUrl, requestTimeoutMs: 3_000 };
      const roles = createUserRoles({
        ...options,
        ...(now === undefined ? {} : { now }),
        ...(fetch === undefined ? {} : { fetch }),
      });
      current = { key, roles };
    }
    return current.roles;
  };
}

function createGitHubProvider(
  authorization: UserAuthorization,
  {
    readRole,
    visibility,
  }: {
    readonly readRole: (user: number) => ReturnType<typeof readGitHubRole>;
    readonly visibility: 'all' | 'github';
  },
): RedirectProvider {
  return {
    label: 'GitHub',
    begin: async (redirectUri, choosesAccount) => {
      const pending = { state: randomText(), verifier: randomText() };
      const codeChallenge = createHash('sha256').update(pending.verifier).digest('base64url');
      const request = { redirectUri, state: pending.state, codeChallenge, choosesAccount };
      return { url: authorization.authorizeUrl(request), pending };
    },
    complete: async (callbackUrl, pending) => {
      const code = readCallback(callbackUrl, pending, 'GitHub');
      const redirectUri = `${callbackUrl.origin}${callbackUrl.pathname}`;
      try {
        const authorized = { code, redirectUri, verifier: pending.verifier };
        const { id, login, ...seen } =
          visibility === 'github' ? await authorization.readerOf(authorized) : await authorization.userOf(authorized);
        const role = await readRole(id);
        if (role !== null) {
          // Somebody who is an operator now may be a viewer in ten minutes.
          return { kind: 'github', account: String(id), ...role, ...seen };
        }
        throw new SignInRefusedError(
          403,
          `You are signed in at GitHub as ${login}, which grants no Dispatcher role. Ask an administrator for \`viewer\` or \`operator\`.`,
          { hasNoRole: true },
        );
      } catch (error) {
        if (error instanceof GitHubPermanentError) {
          throw new SignInRefusedError(400, 'GitHub did not confirm this sign-in. Sign in again.', { cause: error });
        }
        if (error instanceof SignInRefusedError) throw error;
        throw unreachable(error);
      }
    },
  };
}

/** 32 random bytes: more than PKCE and `state` need. */
function randomText(): string {
  return randomBytes(32).toString('base64url');
}

function unreachable(cause: unknown): ProblemError {
  const reason =
    cause instanceof GitHubUnreachableError ? 'GitHub does not respond' : 'GitHub did not answer as expected';
  const problem = new ProblemError(503, `${reason}. Try again in a few seconds.`, { 'retry-after': '5' });
  return Object.assign(problem, { cause });
}
