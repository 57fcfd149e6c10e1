import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { clearCookie, readCookie, setCookie } from './cookies.ts';
import type { PendingSignIn } from '../auth/sign-in-method.ts';
import type { SiteAddress } from './site-address.ts';
import { wayBackOf } from './way-back.ts';

const lifetimeSeconds = 10 * 60;

const Pending = z.object({
  state: z.string().min(1),
  verifier: z.string().min(1),
  nonce: z.string().optional(),
  wayBack: z.string(),
  /** Milliseconds since the epoch. */
  until: z.number(),
});

export interface PendingWithWayBack {
  readonly pending: PendingSignIn;
  readonly wayBack: string;
}

export function keepPending(
  reply: FastifyReply,
  { pending, wayBack, site, now }: PendingWithWayBack & { readonly site: SiteAddress; readonly now: number },
): void {
  const content: z.input<typeof Pending> = { ...pending, wayBack, until: now + lifetimeSeconds * 1000 };
  const value = Buffer.from(JSON.stringify(content)).toString('base64url');
  setCookie(reply, { name: 'sign-in', value, seconds: lifetimeSeconds, site });
}

/** Returns what was kept and deletes it, so that a response of the provider counts once. Null if there is nothing. */
export function takePending(
  request: FastifyRequest,
  reply: FastifyReply,
  { site, now }: { readonly site: SiteAddress; readonly now: number },
): PendingWithWayBack | null {
  const value = readCookie(request, 'sign-in', site);
  if (value === null) return null;
  clearCookie(reply, 'sign-in', site);
  const { success, data } = Pending.safeParse(parseJson(Buffer.from(value, 'base64url').toString()));
  if (!success || now >= data.until) return null;
  const { state, verifier, nonce, wayBack } = data;
  return {
    pending: { state, verifier, ...(nonce === undefined ? {} : { nonce }) },
    // Checked again: the cookie comes from the browser.
    wayBack: wayBackOf(wayBack),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
