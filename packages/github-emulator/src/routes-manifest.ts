import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Core, queryOf } from './core.ts';
import { notFound } from './errors.ts';
import { readManifest, registerApp } from './manifests.ts';
import { escaped } from './pages.ts';
import { renderApp } from './render.ts';
import { setInstallation } from './seed.ts';

interface OfOrganization {
  Params: { org?: string };
}

/**
 * The pages of GitHub's manifest flow: a form from elsewhere with a manifest, the page that asks for the name and the
 * yes, and the way back with a code. And the page on which an App is installed.
 */
export function manifestPages(app: FastifyInstance, core: Core): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });
  app.addHook('onSend', async (request) => {
    if (request.method !== 'GET') {
      await core.save();
    }
  });
  for (const settings of ['/settings/apps', '/organizations/:org/settings/apps']) {
    app.post<OfOrganization>(`${settings}/new`, (request, reply) => askForName(core, request, reply));
    app.post<OfOrganization>(settings, (request, reply) => register(core, request, reply));
  }
  installationPages(app, core);
}

/** GitHub's API turns the code of the way back into the App's credentials. It asks for no credential itself. */
export function conversionRoute(app: FastifyInstance, core: Core): void {
  app.post<{ Params: { code: string } }>('/app-manifests/:code/conversions', async ({ params: { code } }, reply) => {
    const registration = core.manifests.take(code, core.world.now());
    if (registration === null) {
      throw notFound();
    }
    const { pem } = await registerApp(core.world, registration);
    const { clientId, webhook } = core.world.state.app;
    void reply.code(201);
    return {
      ...renderApp(core.world, core.base),
      client_id: clientId,
      client_secret: randomBytes(20).toString('hex'),
      webhook_secret: webhook.secret,
      pem,
    };
  });
}

function askForName(core: Core, request: FastifyRequest<OfOrganization>, reply: FastifyReply): string {
  const { manifest: text = '' } = request.body as Record<string, string>;
  const manifest = readManifest(text);
  if (ownerOf(core, request) === null) {
    return refused(reply, ['There is no such account.']);
  }
  if (!('name' in manifest)) {
    return refused(reply, manifest);
  }
  const fields = { manifest: text, state: queryOf(request)['state'] ?? '' };
  const action = request.url.replace(/\/new(\?.*)?$/, '');
  const name = `<label>GitHub App name <input name="name" value="${escaped(manifest.name)}"></label>`;
  return html(reply, 'Create GitHub App', form(action, fields, name, 'Create GitHub App'));
}

function register(core: Core, request: FastifyRequest<OfOrganization>, reply: FastifyReply): FastifyReply | string {
  const { manifest: text = '', name, state = '' } = request.body as Record<string, string>;
  const owner = ownerOf(core, request);
  const manifest = readManifest(text);
  if (owner === null || !('name' in manifest)) {
    return refused(reply, 'name' in manifest ? ['There is no such account.'] : manifest);
  }
  const code = core.manifests.add({ manifest: { ...manifest, name: name ?? manifest.name }, owner }, core.world.now());
  const back = new URL(manifest.redirectUrl);
  back.searchParams.set('code', code);
  if (state !== '') {
    back.searchParams.set('state', state);
  }
  return reply.redirect(back.href, 302);
}

/** Nobody signs in here: without an organisation it is the first account that is a person. */
function ownerOf(core: Core, { params: { org } }: FastifyRequest<OfOrganization>): string | null {
  const found = org === undefined ? core.world.state.owners.find(({ type }) => type === 'User') : core.world.owner(org);
  return found?.login ?? null;
}

function installationPages(app: FastifyInstance, core: Core): void {
  const path = '/apps/:slug/installations/new';
  app.get<{ Params: { slug: string } }>(path, ({ url, params: { slug } }, reply) => {
    const { app: known, owners } = core.world.state;
    if (slug !== known.slug) {
      return refused(reply, ['There is no such App.'], 404);
    }
    const accounts = owners.filter(({ type }) => type !== 'Bot');
    const forms = accounts.map(({ login }) => form(url, { account: login }, '', `Install on ${login}`));
    return html(reply, `Install ${known.name}`, forms.join(''));
  });
  app.post<{ Params: { slug: string } }>(path, ({ body, params: { slug } }, reply) => {
    const { account = '' } = body as Record<string, string>;
    if (slug !== core.world.state.app.slug || core.world.owner(account) === undefined) {
      return refused(reply, ['There is no such App or account.'], 404);
    }
    setInstallation(core.world, { id: core.world.nextId('installation'), account, repositories: 'all' });
    return html(reply, `Installed on ${account}`, '');
  });
}

function refused(reply: FastifyReply, reasons: readonly string[], status = 422): string {
  void reply.code(status);
  const items = reasons.map((reason) => `<li>${escaped(reason)}</li>`).join('');
  return html(reply, 'Invalid GitHub App configuration', `<ul>${items}</ul>`);
}

function form(action: string, fields: Readonly<Record<string, string>>, more: string, button: string): string {
  const hidden = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('');
  return `<form method="post" action="${escaped(action)}">${hidden}${more}<button>${escaped(button)}</button></form>`;
}

function html(reply: FastifyReply, title: string, body: string): string {
  void reply.type('text/html; charset=utf-8');
  return `<!doctype html><title>${escaped(title)}</title><h1>${escaped(title)}</h1>${body}`;
}
