import type { FastifyInstance } from 'fastify';
import { notFound } from '../common/api-error.ts';
import { renderApp } from '../render/render-app.ts';
import type { EmulatorContext } from '../server/context.ts';
import { registerApp } from '../state/app-manifests.ts';

/** Converts the code of a confirmed manifest into the App's credentials. Needs no authentication, as on GitHub. */
export function addManifestConversionRoute(app: FastifyInstance, context: EmulatorContext): void {
  app.post<{ Params: { code: string } }>('/app-manifests/:code/conversions', async ({ params: { code } }, reply) => {
    const registration = context.manifests.take(code, context.store.now());
    if (registration === null) {
      throw notFound();
    }
    const { pem } = await registerApp(context.store, registration);
    const { clientId, clientSecret, webhook } = context.store.state.app;
    void reply.code(201);
    return {
      ...renderApp(context.store, context.base),
      client_id: clientId,
      client_secret: clientSecret,
      webhook_secret: webhook.secret,
      pem,
    };
  });
}
