import { parseCookie, type SetCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SiteAddress } from './site-address.ts';

/** `sign-in` keeps what a sign-in needs while the browser is at the provider. */
export type CookieName = 'session' | 'sign-in';

/**
 * Browsers accept a `__Host-` cookie only from this host itself, over https and for all its paths: neither another subdomain
 * nor a plain-http response can set one.
 */
function fullName(name: CookieName, { secure }: SiteAddress): string {
  return secure ? `__Host-${name}` : name;
}

export function readCookie(request: FastifyRequest, name: CookieName, site: SiteAddress): string | null {
  return parseCookie(request.headers.cookie ?? '')[fullName(name, site)] ?? null;
}

/** Sets a cookie that no script can read and that other sites' requests do not carry, except when they link here. */
export function setCookie(
  reply: FastifyReply,
  { name, value, seconds, site }: { name: CookieName; value: string; seconds: number; site: SiteAddress },
): void {
  const cookie: SetCookie = {
    name: fullName(name, site),
    value,
    maxAge: seconds,
    path: '/',
    httpOnly: true,
    secure: site.secure,
    sameSite: 'lax',
  };
  // Fastify makes a list of several headers of this name.
  reply.header('set-cookie', stringifySetCookie(cookie));
}

export function clearCookie(reply: FastifyReply, name: CookieName, site: SiteAddress): void {
  setCookie(reply, { name, value: '', seconds: 0, site });
}
