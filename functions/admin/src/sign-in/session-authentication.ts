import { createHmac } from 'node:crypto';
import { ProblemError, type StepLog } from '@dispatcher/lambda';
import type { Session, Sessions } from '@dispatcher/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isMutation } from '../auth/authorize.ts';
import type { Authentication, Principal } from '../auth/principal.ts';
import { clearCookie, readCookie, setCookie } from './cookies.ts';
import type { SignedInPerson } from '../auth/sign-in-method.ts';
import { isFromOwnPage, siteAddressOf } from './site-address.ts';

/** A working day. A session does not slide, so a stolen one cannot be prolonged. */
export const sessionSeconds = 8 * 60 * 60;
/** The repositories that a person may see are read at the sign-in only. */
export const limitedSessionSeconds = 60 * 60;
/** How often the role of a session is read from the provider. Before a mutation it is read in any case. */
export const roleAgeMs = 10 * 60_000;
/** While the provider does not respond, a session may read for so long after its role was last confirmed. */
export const maxUnconfirmedMs = 60 * 60_000;

export interface SessionDependencies {
  readonly sessions: Sessions;
  readonly authentication: Authentication;
  /** `PUBLIC_URL`. */
  readonly publicUrl: string | null;
  readonly log: StepLog;
  readonly now: () => number;
}

export interface SessionAuthentication {
  /**
   * Returns the principal of the request's session: one read of the store. Null if the request has no live session.
   * @throws ProblemError 403 for a mutation that did not come from a page of this site; 503 if the role cannot be read
   */
  principalOf(request: FastifyRequest): Promise<Principal | null>;
  /** Starts a session under a new id and ends the one that the browser had. */
  start(request: FastifyRequest, reply: FastifyReply, person: SignedInPerson): Promise<void>;
  /** Ends the session of the request, if it has one. */
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

export function createSessionAuthentication(deps: SessionDependencies): SessionAuthentication {
  const { sessions, authentication, publicUrl, log, now } = deps;
  const idOf = (request: FastifyRequest) => readCookie(request, 'session', siteAddressOf(request, publicUrl));
  return {
    principalOf: async (request) => {
      const id = idOf(request);
      if (id === null) return null;
      // Before the session is read: a page of another site learns nothing and causes no work.
      if (isMutation(request)) requireOwnPage(request, publicUrl);
      const session = await sessions.getSession(id);
      // A session of another authentication ended with it.
      if (session === null || session.kind !== authentication.mode) return null;
      const current = await confirmRole(deps, id, session, isMutation(request));
      // Signed in before viewers were limited: which repositories this one may see was not read.
      const isUnlimited = current?.role === 'viewer' && current.repositories === undefined;
      if (current === null || (isUnlimited && authentication.visibility === 'github')) return null;
      return principalOfSession(current, id);
    },
    start: async (request, reply, person) => {
      const site = siteAddressOf(request, publicUrl);
      const former = idOf(request);
      if (former !== null) await sessions.end(former);
      const at = new Date(now()).toISOString();
      const seconds = person.repositories === undefined ? sessionSeconds : limitedSessionSeconds;
      const endsAt = new Date(now() + seconds * 1000).toISOString();
      const value = await sessions.create({ ...person, signedInAt: at, endsAt, roleReadAt: at });
      setCookie(reply, { name: 'session', value, seconds, site });
      log.info('signed in', { kind: person.kind, account: person.account, name: person.name, role: person.role });
    },
    end: async (request, reply) => {
      const id = idOf(request);
      if (id === null) return;
      await sessions.end(id);
      clearCookie(reply, 'session', siteAddressOf(request, publicUrl));
    },
  };
}

/**
 * Refuses a mutation with a cookie that a page of another site could have caused. The header cannot be sent to another site
 * without a CORS preflight, which this API never grants.
 * @throws ProblemError 403
 */
function requireOwnPage(request: FastifyRequest, publicUrl: string | null): void {
  if (request.headers['x-requested-with'] === undefined) {
    throw new ProblemError(
      403,
      'A request with a session cookie needs the header `X-Requested-With`. Programs use an API key instead.',
    );
  }
  if (!isFromOwnPage(request, publicUrl)) {
    const { origin } = siteAddressOf(request, publicUrl);
    throw new ProblemError(
      403,
      `This request was not sent by a page of ${origin}. If that is not the address in your browser, PUBLIC_URL must be set to it.`,
    );
  }
}

/** Reads the role again if it is older than ten minutes, or always before a mutation. Null if the person has none any more. */
async function confirmRole(
  { sessions, authentication: { readRole }, log, now }: SessionDependencies,
  id: string,
  session: Session,
  always: boolean,
): Promise<Session | null> {
  const ageMs = now() - Date.parse(session.roleReadAt);
  if (readRole === undefined || (!always && ageMs < roleAgeMs)) return session;
  let person: Pick<Session, 'role' | 'name'> | null;
  try {
    person = await readRole(session);
  } catch (error) {
    log.warn('role of a session not confirmed', { account: session.account, ageSeconds: ageMs / 1000, error });
    if (!always && ageMs < maxUnconfirmedMs) return session;
    const detail =
      'Your role could not be confirmed: the identity provider does not respond. Try again in a few seconds.';
    throw new ProblemError(503, detail, { 'retry-after': '5' });
  }
  if (person === null) {
    await sessions.end(id);
    log.warn('session ended: its role was removed', { account: session.account, name: session.name });
    return null;
  }
  const current = { ...session, ...person, roleReadAt: new Date(now()).toISOString() };
  // A burst of mutations writes once in a while: only the age of the role changes otherwise.
  const isUnchanged = person.role === session.role && person.name === session.name;
  if (!isUnchanged || ageMs >= roleAgeMs) await sessions.putRole(id, current);
  return current;
}

function principalOfSession(session: Session, id: string): Principal {
  const { name, kind, account, role, signedInAt, endsAt, repositories } = session;
  // Operators act on everything, so they see everything.
  const isLimited = repositories !== undefined && role === 'viewer';
  return {
    name,
    kind,
    account,
    role,
    session: { signedInAt, endsAt },
    ...(isLimited ? { limits: { repositories: new Set(repositories), cursorKey: cursorKeyOf(id) } } : {}),
  };
}

/** Derived from the id, which only the browser keeps. */
function cursorKeyOf(id: string): Uint8Array {
  return createHmac('sha256', id).update('cursor').digest();
}
