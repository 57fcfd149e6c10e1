import { OpenApi } from '../resources/responses.ts';
import { NoQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { type OpenApiDocument, openApiDocument } from './document.ts';
import { servedElsewhere } from './external-routes.ts';
import type { DescribedRoute } from './described-routes.ts';

/**
 * The document is made when it is first asked for: a cold start does not pay for it.
 * @param routes those of the whole app; more may be added until it is ready
 */
export function addOpenApiRoute(api: Api, routes: readonly DescribedRoute[], version: string): void {
  let document: OpenApiDocument | undefined;
  const schema = {
    summary: 'This API as an OpenAPI 3.1 document.',
    querystring: NoQuery,
    response: { 200: OpenApi },
  };
  api.get('/openapi.json', { schema }, async () => {
    document ??= openApiDocument([...routes, ...servedElsewhere], version);
    return { ...document };
  });
}
