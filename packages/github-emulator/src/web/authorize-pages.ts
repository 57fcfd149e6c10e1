import type { FastifyInstance, FastifyReply } from 'fastify';
import { type EmulatorContext, queryOf } from '../server/context.ts';
import { revokeAuthorization } from '../server/revoke-authorization.ts';
import { html, type Html } from './html.ts';
import { emptyState, sendPage } from './page.ts';

type Fields = Readonly<Record<string, string | undefined>>;

/** The parameters of GitHub's authorize page that the emulator uses. */
const PARAMETERS = ['client_id', 'redirect_uri', 'state', 'code_challenge', 'code_challenge_method', 'login'];

/**
 * Adds the page on which a user authorizes the App, and the one on which users withdraw it. The emulator has no sign-in,
 * so both pages act for any of its users.
 */
export function addAuthorizePages(app: FastifyInstance, context: EmulatorContext): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });
  app.addHook('onSend', async (request) => {
    if (request.method !== 'GET') {
      await context.save();
    }
  });
  app.get('/login/oauth/authorize', (request, reply) => authorizePage(context, reply, queryOf(request)));
  app.post('/login/oauth/authorize', (request, reply) => authorize(context, reply, request.body as Fields));
  app.get('/settings/apps/authorizations', (_request, reply) => authorizationsPage(context, reply));
  app.post('/settings/apps/authorizations', async (request, reply) => {
    await revokeAuthorization(context, Number((request.body as Fields)['user']));
    return reply.redirect('/settings/apps/authorizations', 303);
  });
}

function authorizePage(context: EmulatorContext, reply: FastifyReply, fields: Fields): string {
  const { app, owners } = context.store.state;
  const problem = problemOf(context, fields);
  if (problem !== null) {
    return errorPage(context, reply, problem);
  }
  const hidden = PARAMETERS.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [html`<input type="hidden" name="${name}" value="${value}">`];
  });
  const form = (extra: Html, button: string) =>
    html`<form method="post" action="/login/oauth/authorize">${hidden}${extra}<button>${button}</button></form>`;
  const suggested = fields['login']?.toLowerCase();
  const users = owners
    .filter(({ type }) => type === 'User')
    .toSorted(
      (left, right) => Number(right.login.toLowerCase() === suggested) - Number(left.login.toLowerCase() === suggested),
    );
  const body = html`<h1>Authorize ${app.name}</h1>
    <p>${app.name} wants to verify your GitHub identity. Afterwards you return to <code>${fields['redirect_uri'] ?? app.callbackUrls?.[0] ?? ''}</code>.</p>
    <p class="meta">This emulator has no sign-in: choose who you are.</p>
    ${users.map(({ id, login }) => form(html`<input type="hidden" name="user" value="${id}">`, `Authorize as ${login}`))}
    ${form(html`<input type="hidden" name="user" value="">`, 'Cancel')}`;
  return sendPage(context, reply, { title: `Authorize ${app.name}`, body });
}

function authorize(context: EmulatorContext, reply: FastifyReply, fields: Fields): FastifyReply | string {
  const { app, owners } = context.store.state;
  const problem = problemOf(context, fields);
  if (problem !== null) {
    return errorPage(context, reply, problem);
  }
  const redirectUri = fields['redirect_uri'] ?? app.callbackUrls?.[0] ?? '';
  const redirect = new URL(redirectUri);
  const user = owners.find(({ id, type }) => type === 'User' && String(id) === fields['user']);
  if (user === undefined) {
    redirect.searchParams.set('error', 'access_denied');
    redirect.searchParams.set('error_description', 'The user has denied your application access.');
  } else {
    const codeChallenge = fields['code_challenge'] ?? null;
    const code = context.authorizationCodes.add({ userId: user.id, redirectUri, codeChallenge }, context.store.now());
    redirect.searchParams.set('code', code);
  }
  if (fields['state'] !== undefined) {
    redirect.searchParams.set('state', fields['state']);
  }
  return reply.redirect(redirect.href, 302);
}

/** Returns why the App may not send users to its callback; null: it may. */
function problemOf(context: EmulatorContext, fields: Fields): string | null {
  const { app } = context.store.state;
  const callbacks = app.callbackUrls ?? [];
  if (fields['client_id'] !== app.clientId) {
    return 'There is no App with this client_id.';
  }
  if (callbacks.length === 0) {
    return 'The App has no callback URL.';
  }
  if (fields['redirect_uri'] !== undefined && !callbacks.includes(fields['redirect_uri'])) {
    return 'The redirect_uri is not associated with this application.';
  }
  if (fields['code_challenge'] !== undefined && fields['code_challenge_method'] !== 'S256') {
    return 'The code_challenge_method must be S256.';
  }
  return null;
}

function errorPage(context: EmulatorContext, reply: FastifyReply, problem: string): string {
  void reply.code(404);
  return sendPage(context, reply, {
    title: 'Authorization is not possible',
    body: html`<h1>Authorization is not possible</h1><p>${problem}</p>`,
  });
}

function authorizationsPage(context: EmulatorContext, reply: FastifyReply): string {
  const { app, owners, authorizations = [] } = context.store.state;
  const users = owners.filter(({ id }) => authorizations.includes(id));
  const items = users.map(
    ({ id, login }) =>
      html`<form method="post" action="/settings/apps/authorizations"><input type="hidden" name="user" value="${id}"><button>Revoke ${login}</button></form>`,
  );
  const body = html`<h1>Users who authorized ${app.name}</h1>
    ${users.length === 0 ? emptyState('Nobody has.') : items}`;
  return sendPage(context, reply, { title: 'Authorized users', body });
}
