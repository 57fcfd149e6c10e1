import type { Session } from '@dispatcher/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { LimitedViewer } from '../visibility/viewer.ts';
import type { SignInMethod } from './sign-in-method.ts';

/** The authenticated user or API key. */
export interface Principal {
  /** The name recorded in facts. Names of API keys begin with `key:`, and no other name does. */
  readonly name: string;
  readonly kind: 'disabled' | 'basic' | 'github' | 'oidc' | 'key';
  /** Unique within its kind: two people may have the same name. */
  readonly account: string;
  /** A viewer reads; an operator also changes things. */
  readonly role: 'viewer' | 'operator';
  /** What a viewer sees where `REPOSITORY_VISIBILITY` is `github`; absent: every repository. */
  readonly limits?: LimitedViewer;
  /** Of a person who signed in with a browser. */
  readonly session?: Pick<Session, 'signedInAt' | 'endsAt'>;
}

/** The configured authentication of people. API keys are accepted beside it. */
export interface Authentication {
  readonly mode: 'disabled' | 'basic' | 'github' | 'oidc';
  /** How people get a session with a browser. */
  readonly signIn: SignInMethod;
  /** Which repositories a viewer sees: those of the session with `github`, otherwise all. */
  readonly visibility?: 'all' | 'github';
  /** The `www-authenticate` header of a 401. */
  readonly challenge: string;
  /**
   * Authenticates a request by its headers; a session is authenticated elsewhere. Null where the credentials are missing or invalid.
   * @throws ProblemError where the request is refused for another reason
   */
  principalOf(request: FastifyRequest): Promise<Principal | null>;
  /**
   * Reads the current role and name of a person with a session from the provider; null if the person has none any more.
   * Absent where a role cannot be read without the person.
   */
  readonly readRole?: (session: Session) => Promise<Pick<Session, 'role' | 'name'> | null>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook, except where the route is open. @throws Error on open routes */
    readonly principal: Principal;
  }
  interface FastifyContextConfig {
    /** Served without authentication. */
    readonly open?: true;
    /** Not part of the API: a file of the dashboard, or a step of a sign-in. */
    readonly hidden?: true;
    /** The response contains a secret: it is never stored, so a repeat with the same `Idempotency-Key` is refused. */
    readonly secretResponse?: true;
  }
}

const principals = new WeakMap<FastifyRequest, Principal>();

export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  principals.set(request, principal);
}

/** Returns null where the request was not authenticated. */
export function findPrincipal(request: FastifyRequest): Principal | null {
  return principals.get(request) ?? null;
}

export function decoratePrincipal(app: FastifyInstance): void {
  app.decorateRequest('principal', {
    getter() {
      const principal = principals.get(this);
      if (principal === undefined) throw new Error('The principal was read before the request was authenticated.');
      return principal;
    },
  });
}
