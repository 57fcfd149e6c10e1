import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type EmulatorContext, queryOf } from '../server/context.ts';
import { parseManifest } from '../state/app-manifests.ts';
import { setInstallation } from '../state/seed.ts';
import { html, type Html } from './html.ts';
import { sendPage } from './page.ts';

interface OrganizationRoute {
  Params: { org?: string };
}

/**
 * Adds the pages of GitHub's App manifest flow: an external form posts a manifest, a page asks for the App's name and
 * confirmation, and a redirect returns a code. Also adds the page that installs the App.
 */
export function addAppManifestPages(app: FastifyInstance, context: EmulatorContext): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });
  app.addHook('onSend', async (request) => {
    if (request.method !== 'GET') {
      await context.save();
    }
  });
  for (const settings of ['/settings/apps', '/organizations/:org/settings/apps']) {
    app.post<OrganizationRoute>(`${settings}/new`, (request, reply) => namePage(context, request, reply));
    app.post<OrganizationRoute>(settings, (request, reply) => confirmManifest(context, request, reply));
  }
  addInstallationPages(app, context);
}

function namePage(context: EmulatorContext, request: FastifyRequest<OrganizationRoute>, reply: FastifyReply): string {
  const { manifest: text = '' } = request.body as Record<string, string>;
  const manifest = parseManifest(text);
  if (ownerOf(context, request) === null) {
    return errorPage(reply, ['This account does not exist.']);
  }
  if (!('name' in manifest)) {
    return errorPage(reply, manifest);
  }
  const fields = { manifest: text, state: queryOf(request)['state'] ?? '' };
  const action = request.url.replace(/\/new(\?.*)?$/, '');
  const name = html`<label>GitHub App name <input name="name" value="${manifest.name}"></label>`;
  return sendHeadedPage(reply, 'Create GitHub App', form(action, fields, name, 'Create GitHub App'));
}

function confirmManifest(
  context: EmulatorContext,
  request: FastifyRequest<OrganizationRoute>,
  reply: FastifyReply,
): FastifyReply | string {
  const { manifest: text = '', name, state = '' } = request.body as Record<string, string>;
  const owner = ownerOf(context, request);
  const manifest = parseManifest(text);
  if (owner === null || !('name' in manifest)) {
    return errorPage(reply, 'name' in manifest ? ['This account does not exist.'] : manifest);
  }
  const code = context.manifests.add(
    { manifest: { ...manifest, name: name ?? manifest.name }, owner },
    context.store.now(),
  );
  const redirect = new URL(manifest.redirectUrl);
  redirect.searchParams.set('code', code);
  if (state !== '') {
    redirect.searchParams.set('state', state);
  }
  return reply.redirect(redirect.href, 302);
}

/** The emulator has no sign-in: without an organization, the first user account owns the App. */
function ownerOf(context: EmulatorContext, { params: { org } }: FastifyRequest<OrganizationRoute>): string | null {
  const owner =
    org === undefined ? context.store.state.owners.find(({ type }) => type === 'User') : context.store.owner(org);
  return owner?.login ?? null;
}

function addInstallationPages(app: FastifyInstance, context: EmulatorContext): void {
  const path = '/apps/:slug/installations/new';
  app.get<{ Params: { slug: string } }>(path, ({ url, params: { slug } }, reply) => {
    const { app: registeredApp, owners } = context.store.state;
    if (slug !== registeredApp.slug) {
      return errorPage(reply, ['This App does not exist.'], 404);
    }
    const accounts = owners.filter(({ type }) => type !== 'Bot');
    const forms = accounts.map(({ login }) => form(url, { account: login }, null, `Install on ${login}`));
    return sendHeadedPage(reply, `Install ${registeredApp.name}`, html`${forms}`);
  });
  app.post<{ Params: { slug: string } }>(path, ({ body, params: { slug } }, reply) => {
    const { account = '' } = body as Record<string, string>;
    if (slug !== context.store.state.app.slug || context.store.owner(account) === undefined) {
      return errorPage(reply, ['This App or account does not exist.'], 404);
    }
    setInstallation(context.store, { id: context.store.nextId('installation'), account, repositories: 'all' });
    return sendHeadedPage(reply, `Installed on ${account}`, null);
  });
}

function errorPage(reply: FastifyReply, reasons: readonly string[], status = 422): string {
  void reply.code(status);
  const items = reasons.map((reason) => html`<li>${reason}</li>`);
  return sendHeadedPage(reply, 'Invalid GitHub App configuration', html`<ul>${items}</ul>`);
}

function sendHeadedPage(reply: FastifyReply, title: string, content: Html | null): string {
  return sendPage(null, reply, { title, body: html`<h1>${title}</h1>${content}` });
}

function form(action: string, fields: Readonly<Record<string, string>>, extra: Html | null, button: string): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${action}">${hidden}${extra}<button>${button}</button></form>`;
}
