import type { FastifyInstance, FastifySchema } from 'fastify';
import type * as z from 'zod';

/** A way to get in, as `components.securitySchemes` names it. */
export type Security = 'oidc' | 'basic' | 'apiKey';

export interface DescribedRoute {
  readonly method: string;
  /** As OpenAPI writes it: `/api/runs/{runKey}`. */
  readonly path: string;
  readonly schema: FastifySchema;
  /** Any one of them will do; empty: open to everybody. */
  readonly security: readonly Security[];
  /** Of a route that another function serves: all its refusals, and what they are told in. */
  readonly refusals?: { readonly document: z.core.$ZodType; readonly problems: Readonly<Record<number, string>> };
}

/** Notes every route that is added to the app from now on. Fastify's HEAD beside each GET is left out. */
export function collectRoutes(app: FastifyInstance): readonly DescribedRoute[] {
  const routes: DescribedRoute[] = [];
  app.addHook('onRoute', ({ method, url, schema = {}, config }) => {
    const path = url.replace(/:(\w+)/g, '{$1}');
    const security: readonly Security[] = config?.open === true ? [] : ['oidc', 'basic', 'apiKey'];
    for (const each of [method].flat()) {
      if (each !== 'HEAD') routes.push({ method: each, path, schema, security });
    }
  });
  return routes;
}
