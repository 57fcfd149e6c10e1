import * as z from 'zod';
import { NoQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';

const time = z.iso.datetime();

export const MeResponse = z.object({
  /** The name that facts record. */
  name: z.string(),
  kind: z.enum(['disabled', 'basic', 'github', 'oidc', 'key']),
  account: z.string().describe('Unique within its kind, and never given to another person.'),
  role: z.enum(['viewer', 'operator']),
  visibility: z
    .enum(['all', 'github'])
    .describe('`github`: only the repositories that GitHub lets this person read are shown by name.'),
  session: z
    .object({ signedInAt: time, endsAt: time })
    .nullable()
    .describe('Null: the request has no session cookie, but a token, a key or nothing to end.'),
});

/** Adds what a page needs to know about who uses it. Reads nothing: the authentication has read it. */
export function addMeRoute(api: Api): void {
  const schema = {
    summary: 'Returns who the request is authenticated as, with which role, and when the session ends.',
    description: '`POST /auth/sign-out` ends the session.',
    querystring: NoQuery,
    response: { 200: MeResponse },
  };
  api.get('/me', { schema }, async ({ principal }) => {
    const { name, kind, account, role, limits, session = null } = principal;
    const visibility = limits === undefined ? ('all' as const) : ('github' as const);
    return { name, kind, account, role, visibility, session };
  });
}
