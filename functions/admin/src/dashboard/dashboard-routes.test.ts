import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createAdminApp } from '../app.ts';
import { createBasicAuthentication } from '../auth/basic.ts';
import { createTestDependencies, createTestEnvironment } from '../testing/test-dependencies.ts';
import { pageText, scriptText, writeSite } from '../testing/write-site.ts';

const directory = mkdtempSync(join(tmpdir(), 'dispatcher-site-'));
writeSite(directory);

function createApp(site: string) {
  const tables = { access: 'none', facts: 'none', plans: 'none', projections: 'none', state: 'none' };
  const environment = { ...createTestEnvironment(tables, 'http://localhost:9'), DASHBOARD_DIR: site };
  const authentication = createBasicAuthentication('ada', async () => 'correct horse');
  return createAdminApp({ ...createTestDependencies(environment), authentication });
}

const app = createApp(directory);
const unbuiltApp = createApp(join(directory, 'nothing'));
afterAll(async () => {
  await app.close();
  await unbuiltApp.close();
  rmSync(directory, { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

describe('a page of the dashboard', () => {
  test.each([
    '/',
    '/index.html',
    '/runs/11-9000000001-1?tab=files',
    '/repositories/octo-org/theme.js',
    '/apiary',
    '/api/docs',
  ])('%s is the same document, which is checked again on every visit', async (url) => {
    const { statusCode, headers, body } = await get(url);
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: pageText });
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    // Equal files of two releases can have equal sizes and times: a validator made of them would keep the old page.
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('last-modified');
  });

  test('has the policy of the page and the other security headers', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy.join()).not.toMatch(/unsafe|http|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  test('is sent compressed as the browser accepts it, from the files of the build', async () => {
    const brotli = await get('/', { 'accept-encoding': 'gzip, br' });
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(pageText);
    const gzip = await get('/assets/index-1a2b.js', { 'accept-encoding': 'gzip' });
    expect(gzip.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': expect.stringContaining('javascript'),
    });
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(scriptText);
  });
});

describe('a file of the dashboard', () => {
  test('an asset is kept for a year', async () => {
    const { statusCode, headers, body } = await get('/assets/index-1a2b.js');
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: scriptText });
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  test('a file in the root is checked again on every visit', async () => {
    const { statusCode, headers } = await get('/theme.js');
    expect({ statusCode, cache: headers['cache-control'] }).toEqual({ statusCode: 200, cache: 'no-cache' });
  });

  test.each([
    '/assets/index-old.js',
    '/assets/index.html',
    '/assets/..%2findex.html',
    '/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/assets/index-1a2b.js.br',
  ])('%s is not found, and not the page', async (url) => {
    const { statusCode, body } = await get(url);
    expect(statusCode).toBe(404);
    expect(body).not.toBe(pageText);
  });
});

describe('paths that are not pages', () => {
  test.each([
    '/api',
    '/api/nothing',
    '/auth/nothing',
    '/dispatch',
    '/webhooks/github',
    '/webhooks/grafana/token',
    '/assets',
    '/API/nothing',
  ])('GET %s needs authentication, whether it exists or not', async (url) => {
    expect((await get(url)).statusCode).toBe(401);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s of a page needs authentication', async (method) => {
    expect((await app.inject({ method, url: '/runs/1' })).statusCode).toBe(401);
  });

  test('health stays as it is', async () => {
    expect((await get('/health')).json()).toMatchObject({ status: 'ok' });
  });
});

describe('without a build of the dashboard', () => {
  test('every page says what is missing and what to do', async () => {
    for (const url of ['/', '/runs/1']) {
      const { statusCode, headers, body } = await unbuiltApp.inject({ url });
      expect(statusCode).toBe(404);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(body).toContain('npm run build');
    }
  });

  test('the API is served', async () => {
    expect((await unbuiltApp.inject({ url: '/health' })).statusCode).toBe(200);
    expect((await unbuiltApp.inject({ url: '/api/deliveries' })).statusCode).toBe(401);
  });
});
