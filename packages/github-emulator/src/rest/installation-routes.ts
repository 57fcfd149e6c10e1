import type { FastifyInstance } from 'fastify';
import { requireApp } from '../auth/permissions.ts';
import { notFound } from '../common/api-error.ts';
import { renderApp, renderInstallation } from '../render/render-app.ts';
import { callerOf, type EmulatorContext } from '../server/context.ts';
import type { Installation } from '../state/entities.ts';
import { paginate } from './pagination.ts';

/** Routes of the App and its installations. */
export function addInstallationRoutes(app: FastifyInstance, context: EmulatorContext): void {
  const rendered = (installation: Installation) => renderInstallation(context.store, context.base, installation);

  app.get('/app', (request) => {
    requireApp(callerOf(context, request));
    return renderApp(context.store, context.base);
  });
  app.get('/app/installations', (request, reply) => {
    requireApp(callerOf(context, request));
    return paginate(context, request, reply, context.store.state.installations).map(rendered);
  });
  app.get<{ Params: { id: string } }>('/app/installations/:id', (request) => {
    requireApp(callerOf(context, request));
    return rendered(installationById(context, request.params.id));
  });
  for (const kind of ['users', 'orgs'] as const) {
    app.get<{ Params: { login: string } }>(`/${kind}/:login/installation`, (request) => {
      requireApp(callerOf(context, request));
      const installation = context.store.installationOfAccount(request.params.login);
      if (installation === undefined) {
        throw notFound();
      }
      // GitHub's `/users/…` also finds organizations, but `/orgs/…` does not find users.
      if (kind === 'orgs' && context.store.owner(installation.account)?.type !== 'Organization') {
        throw notFound();
      }
      return rendered(installation);
    });
  }
  app.get<{ Params: { owner: string; repo: string } }>('/repos/:owner/:repo/installation', (request) => {
    requireApp(callerOf(context, request));
    const repository = context.store.repository(request.params.owner, request.params.repo);
    const installation = repository === undefined ? undefined : context.store.installationOn(repository);
    if (installation === undefined) {
      throw notFound();
    }
    return rendered(installation);
  });
}

export function installationById(context: EmulatorContext, id: string): Installation {
  const installation = context.store.installation(Number(id));
  if (installation === undefined) {
    throw notFound();
  }
  return installation;
}
