import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { emptyReads } from '../testing/empty-reads.ts';
import { createOfflineApp } from '../testing/offline-app.ts';
import { createRecordingLog } from '../testing/recording-log.ts';
import type { OpenApiDocument } from './document.ts';
import { apiPage } from './api-page.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const app = createOfflineApp(emptyReads, createRecordingLog(), version);
afterAll(() => app.close());

const document = (await app.inject({ url: '/api/openapi.json' })).json<OpenApiDocument>();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, method, operation })),
);

test('the document is OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate({ ...structuredClone(document) });
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('the document contains every route of the app', () => {
  const routes = app.printRoutes({ commonPrefix: false }).split('\n');
  const leaves = routes.filter((line) => /\((GET|POST|PUT|PATCH|DELETE)/.test(line));
  expect(operations.length).toBeGreaterThanOrEqual(leaves.length);
  for (const { path, method } of operations) {
    const url = path.replace(/\{(\w+)\}/g, ':$1');
    if (app.hasRoute({ method: 'GET', url })) expect(document.paths[path]).toHaveProperty(method);
  }
});

describe.each(operations)('$name', ({ path, operation }) => {
  test('has a one-sentence summary, and describes all its parameters', () => {
    expect(operation.summary).toMatch(/^[A-Z].*\.$/);
    const named = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    for (const { description } of operation.parameters) expect(description).toMatch(/\.$/);
  });

  test('needs authentication under /api, and describes its errors', () => {
    const open = path === '/health';
    expect(operation.security.length > 0).toBe(!open);
    // The planning function serves it, and reports failures of GitHub and AWS as 503.
    const failed = path === '/dispatch' ? '503' : '500';
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining(open ? ['200', failed] : ['400', '401', '403', failed]),
    );
  });
});

test('no two operations have the same id', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

describe('the API reference matches the document (update: npm run docs)', () => {
  test.each([
    ['openapi.json', `${JSON.stringify(document, null, 2)}\n`],
    ['api.md', apiPage(document)],
  ])('%s', (name, text) => {
    const file = new URL(`../../../../docs/reference/${name}`, import.meta.url);
    if (process.env['UPDATE_DOCS'] === 'true') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
