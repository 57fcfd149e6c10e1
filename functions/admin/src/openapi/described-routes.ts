import type { FastifyInstance, FastifySchema } from 'fastify';
import type * as z from 'zod';

/** An authentication scheme, as named in `components.securitySchemes`. */
export type Security = 'oidc' | 'basic' | 'apiKey' | 'jobToken';

export interface DescribedRoute {
  readonly method: string;
  /** In OpenAPI's notation: `/api/runs/{runKey}`. */
  readonly path: string;
  readonly schema: FastifySchema;
  /** Any one of them is sufficient; empty: no authentication needed. */
  readonly security: readonly Security[];
  /** For a route that another function serves: all its error responses and their schema. */
  readonly external?: { readonly document: z.core.$ZodType; readonly problems: Readonly<Record<number, string>> };
}

/** Collects every API route that is added to the app from now on, without the HEAD that Fastify adds for each GET. */
export function collectRoutes(app: FastifyInstance): readonly DescribedRoute[] {
  const routes: DescribedRoute[] = [];
  app.addHook('onRoute', ({ method, url, schema = {}, config }) => {
    if (config?.hidden === true) return;
    const path = url.replace(/:(\w+)/g, '{$1}');
    const security: readonly Security[] = config?.open === true ? [] : ['oidc', 'basic', 'apiKey'];
    for (const each of [method].flat()) {
      if (each !== 'HEAD') routes.push({ method: each, path, schema, security });
    }
  });
  return routes;
}

/** Returns the methods that a path has routes for, in alphabetical order; empty if there is no such path. */
export function allowedMethods(routes: readonly DescribedRoute[], path: string): readonly string[] {
  const parts = path.split('/');
  const methods = routes.filter((route) => matches(route.path.split('/'), parts)).map(({ method }) => method);
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].toSorted();
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  const isEqual = (part: string, index: number) =>
    part === parts[index] || (part.startsWith('{') && parts[index] !== '');
  return pattern.length === parts.length && pattern.every(isEqual);
}
