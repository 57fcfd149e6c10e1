import { OpenApiResponse } from '../resources/responses.ts';
import { NoQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { type OpenApiDocument, openApiDocument } from './document.ts';
import { externalRoutes } from './external-routes.ts';
import type { DescribedRoute } from './described-routes.ts';

/**
 * Adds the OpenAPI document. It is built on the first request, so that a cold start does not pay for it.
 * @param routes all routes of the app; more may be added until the app is ready
 */
export function addOpenApiRoute(api: Api, routes: readonly DescribedRoute[], version: string): void {
  let document: OpenApiDocument | undefined;
  const schema = {
    summary: 'Returns this API as an OpenAPI 3.1 document.',
    querystring: NoQuery,
    response: { 200: OpenApiResponse },
  };
  api.get('/openapi.json', { schema }, async () => {
    document ??= openApiDocument([...routes, ...externalRoutes], version);
    return { ...document };
  });
}
