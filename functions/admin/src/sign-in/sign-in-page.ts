import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { html, type Html } from './html.ts';
import type { SignInMethod } from '../auth/sign-in-method.ts';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f6f8fa, #0d1117); color: light-dark(#1f2328, #f0f6fc); }
main { box-sizing: border-box; width: min(24rem, 100vw); padding: 2rem; background: light-dark(#fff, #151b23); border: 1px solid light-dark(#d1d9e0, #3d444d); border-radius: 6px; }
h1 { margin: 0 0 1rem; font-size: 1.25rem; }
label { display: block; margin-bottom: 1rem; font-weight: 600; }
input { display: block; box-sizing: border-box; width: 100%; min-height: 2.5rem; margin-top: .25rem; padding: 0 .75rem; font: inherit; color: inherit; background: light-dark(#fff, #0d1117); border: 1px solid light-dark(#818b98, #656c76); border-radius: 6px; }
button, .button { display: block; box-sizing: border-box; width: 100%; padding: .5rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; color: #fff; background: #1a7f37; border: 0; border-radius: 6px; cursor: pointer; }
button:hover, .button:hover { background: #116329; }
:focus-visible { outline: 2px solid light-dark(#0969da, #4493f8); outline-offset: 2px; }
[role=alert] { margin: 0 0 1rem; padding: .75rem; border: 1px solid light-dark(#d1242f, #f85149); border-radius: 6px; }
`;

/** No script, and the one style by its hash. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export interface SignInPageOptions {
  readonly method: SignInMethod;
  readonly mode: string;
  /** Where to go after the sign-in. */
  readonly wayBack: string;
  /** Why the last attempt failed. */
  readonly problem?: string;
  /** Whether the account has no role: another one may have one. */
  readonly hasNoRole: boolean;
}

/** The value of the query parameter `account` that lets the provider ask with which account. */
export const otherAccount = 'other';

export function sendSignInPage(reply: FastifyReply, status: number, options: SignInPageOptions): FastifyReply {
  const { problem } = options;
  const alert = problem === undefined ? null : html`<p role="alert">${problem.replaceAll('`', '')}</p>`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · Dispatcher</title>
<style>${{ html: style }}</style>
</head>
<body>
<main>
<h1>Sign in to Dispatcher</h1>
${alert}${contentOf(options)}
</main>
</body>
</html>
`;
  // Not `no-referrer`, under which browsers send forms with `Origin: null`.
  return reply
    .code(status)
    .headers({ 'content-security-policy': policy, 'referrer-policy': 'same-origin' })
    .type('text/html; charset=utf-8')
    .send(page.html);
}

function contentOf({ method, mode, wayBack, hasNoRole }: SignInPageOptions): Html {
  if (method.kind === 'password') {
    return html`<form method="post" action="/auth/password">
<input type="hidden" name="return" value="${wayBack}">
<label>User name <input name="user" autocomplete="username" autocapitalize="none" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
</form>`;
  }
  if (method.kind === 'redirect') {
    const query = new URLSearchParams({ return: wayBack, ...(hasNoRole ? { account: otherAccount } : {}) });
    const account = hasNoRole ? ' as somebody else' : '';
    return html`<a class="button" href="${`/auth/start?${query.toString()}`}">Sign in with ${method.provider.label}${account}</a>`;
  }
  if (mode === 'disabled') {
    return html`<p>Authentication is disabled on this machine: nobody needs to sign in.</p>
<a class="button" href="${wayBack}">Open the dashboard</a>`;
  }
  return html`<p>This system accepts tokens and API keys, but has no sign-in for browsers yet. An administrator sets
OIDC_CLIENT_ID and PUBLIC_URL.</p>`;
}
