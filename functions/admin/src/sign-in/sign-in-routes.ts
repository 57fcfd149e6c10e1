import {
  type FailedAuthenticationLimiter,
  ProblemError,
  type StepLog,
  tooManyFailedAuthentications,
} from '@dispatcher/lambda';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authentication } from '../auth/principal.ts';
import { keepPending, takePending } from './pending-cookie.ts';
import type { SessionAuthentication } from './session-authentication.ts';
import { SignInRefusedError } from '../auth/sign-in-method.ts';
import { otherAccount, sendSignInPage } from './sign-in-page.ts';
import { isFromOwnPage, siteAddressOf } from './site-address.ts';
import { wayBackOf } from './way-back.ts';

export interface SignInRouteDependencies {
  readonly authentication: Authentication;
  readonly sessions: SessionAuthentication;
  readonly failedAuthentications: FailedAuthenticationLimiter;
  readonly publicUrl: string | null;
  readonly log: StepLog;
  readonly now: () => number;
}

interface Query {
  Querystring: Readonly<Record<string, unknown>>;
}

// A HEAD of a callback, as programs that check links send it, would use up its code.
const route = { config: { open: true, hidden: true }, exposeHeadRoute: false } as const;

/** The path that the provider sends the browser back to: the callback URL of the GitHub App or the OpenID client. */
export const callbackPath = '/auth/callback';

/** Adds the pages and steps of a sign-in with a browser, and the sign-out. */
export function addSignInRoutes(auth: FastifyInstance, deps: SignInRouteDependencies): void {
  const { authentication, sessions, publicUrl, now } = deps;
  const { mode, signIn: method } = authentication;
  const show = (reply: FastifyReply, status: number, wayBack: string, problem?: string, hasNoRole = false) =>
    sendSignInPage(reply, status, { method, mode, wayBack, ...(problem === undefined ? {} : { problem }), hasNoRole });

  auth.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });

  auth.get<Query>('/sign-in', route, (request, reply) => show(reply, 200, wayBackOf(request.query['return'])));

  if (method.kind === 'password') {
    auth.post('/password', route, async (request, reply) => {
      const form = (request.body ?? {}) as Readonly<Record<string, string | undefined>>;
      const wayBack = wayBackOf(form['return']);
      if (!isFromOwnPage(request, publicUrl)) return show(reply, 403, wayBack, foreignPage(request, publicUrl));
      const waitSeconds = deps.failedAuthentications.secondsToWait(request.ip);
      if (waitSeconds > 0) {
        const { status, message, headers } = tooManyFailedAuthentications(waitSeconds);
        return show(reply.headers(headers), status, wayBack, message);
      }
      const person = await method.check(form['user'] ?? '', form['password'] ?? '');
      if (person === null) {
        deps.failedAuthentications.count(request.ip);
        return show(reply, 401, wayBack, 'The user name or the password is wrong.');
      }
      await sessions.start(request, reply, person);
      return reply.redirect(wayBack, 303);
    });
  }

  if (method.kind === 'redirect') {
    const { provider } = method;
    auth.get<Query>('/start', route, async (request, reply) => {
      const site = siteAddressOf(request, publicUrl);
      const wayBack = wayBackOf(request.query['return']);
      try {
        const { url, pending } = await provider.begin(
          `${site.origin}${callbackPath}`,
          request.query['account'] === otherAccount,
        );
        keepPending(reply, { pending, wayBack, site, now: now() });
        return await reply.redirect(url, 303);
      } catch (error) {
        return showFailure(deps, request, error, (status, ...why) => show(reply, status, wayBack, ...why));
      }
    });
    auth.get<Query>('/callback', route, async (request, reply) => {
      const site = siteAddressOf(request, publicUrl);
      const taken = takePending(request, reply, { site, now: now() });
      if (taken === null) {
        const problem =
          'This sign-in was not started in this browser, was already completed, or took longer than ten minutes. Sign in again.';
        return show(reply, 400, '/', problem);
      }
      try {
        const person = await provider.complete(new URL(request.url, site.origin), taken.pending);
        await sessions.start(request, reply, person);
        return await reply.redirect(taken.wayBack, 303);
      } catch (error) {
        return showFailure(deps, request, error, (status, ...why) => show(reply, status, taken.wayBack, ...why));
      }
    });
  }

  // A page sends it with fetch and gets 204; a form gets the page of the sign-in.
  auth.post('/sign-out', route, async (request, reply) => {
    if (!isFromOwnPage(request, publicUrl)) throw new ProblemError(403, foreignPage(request, publicUrl));
    await sessions.end(request, reply);
    return request.headers['x-requested-with'] === undefined
      ? reply.redirect('/auth/sign-in', 303)
      : reply.code(204).send();
  });
}

function foreignPage(request: FastifyRequest, publicUrl: string | null): string {
  const { origin } = siteAddressOf(request, publicUrl);
  return `This form was not sent by a page of ${origin}. If that is not the address in your browser, PUBLIC_URL must be set to it.`;
}

/** Shows why a sign-in failed. What is not meant for the person is only in the log. */
function showFailure<Shown>(
  { log }: SignInRouteDependencies,
  request: FastifyRequest,
  error: unknown,
  show: (status: number, problem: string, hasNoRole?: boolean) => Shown,
): Shown {
  if (error instanceof SignInRefusedError) {
    log.warn('sign-in refused', { requestId: request.id, reason: error.message, error: error.cause });
    return show(error.status, error.message, error.hasNoRole);
  }
  log.error('sign-in failed', { requestId: request.id, error });
  if (error instanceof ProblemError) return show(error.status, error.message);
  return show(500, `Internal error. See the log for request ${request.id}.`);
}
