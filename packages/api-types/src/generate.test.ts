import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { OpenAPI3 } from 'openapi-typescript';
import { generateTypes } from './generate.ts';

const documentFile = new URL('../../../docs/reference/openapi.json', import.meta.url);
const typesFile = new URL('../../dashboard/src/api/schema.ts', import.meta.url);

test('the types of the dashboard’s client match the OpenAPI document (update: npm run docs)', async () => {
  const generated = await generateTypes(JSON.parse(readFileSync(documentFile, 'utf8')) as OpenAPI3);
  if (process.env['UPDATE_DOCS'] === 'true') writeFileSync(typesFile, generated);
  expect(readFileSync(typesFile, 'utf8')).toBe(generated);
});
