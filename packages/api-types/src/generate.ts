import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';

const header = `// Generated from docs/reference/openapi.json by packages/api-types. Do not edit: \`npm run docs\` writes it.

`;

/** Returns the TypeScript types of an OpenAPI document, as openapi-fetch needs them. */
export async function generateTypes(document: OpenAPI3): Promise<string> {
  return header + astToString(await openapiTypescript(document));
}
