import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clientId,
  clientSecret,
  type SignInProvider,
  startSignInProvider,
} from '@dispatcher/lambda/testing/sign-in-provider';
import type { Page } from 'playwright-core';
import { startSystem, type System } from '../../app/system.ts';
import { openBrowser, type TestBrowser, type Visit } from '../test-browser.ts';

// People sign in at an OpenID provider, on its own pages.

const users = {
  ada: { roles: ['operators'], nickname: 'Ada' },
  grace: { roles: ['staff', 'viewers'], nickname: 'Grace' },
  nobody: { roles: ['staff'] },
};

let dataDir: string;
let provider: SignInProvider;
let system: System;
let browser: TestBrowser;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'oidc-sign-in-'));
  const redirectUri = 'http://127.0.0.1/auth/callback';
  provider = await startSignInProvider({ users, redirectUri, claimsInIdToken: true });
  const env = {
    ADMIN_AUTHENTICATION: 'oidc',
    OIDC_ISSUER: provider.issuer,
    OIDC_AUDIENCE: 'dispatcher-api',
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_OPERATOR_VALUE: 'operators',
    OIDC_VIEWER_VALUE: 'viewers',
    OIDC_NAME_CLAIM: 'nickname',
  };
  [system, browser] = await Promise.all([startSystem({ dataDir, port: 0, env }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await system.close();
  await provider.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

/** A page without a session reports the 401 that leads to the sign-in. */
const expected = [/401 \(Unauthorized\)/, /403 \(Forbidden\)/];

/** Opens a page of the dashboard, which leads to the sign-in and to the provider; signs in there, and consents. */
async function signIn(user: string, path: string): Promise<Visit> {
  const visit = await browser.visit(system.url, { expected });
  const { page } = visit;
  // The pages of the provider import a font from another site.
  await page.route('https://fonts.googleapis.com/**', (route) => route.fulfill({ contentType: 'text/css', body: '' }));
  await page.goto(path);
  const link = page.getByRole('link', { name: 'Sign in with 127.0.0.1' });
  await link.waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);
  await link.click();
  await signInAtProvider(page, user);
  return visit;
}

async function signInAtProvider(page: Page, user: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(user);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.origin === system.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

test.each([
  ['ada', 'Ada', 'Operator'],
  ['grace', 'Grace', 'Viewer'],
])(
  '%s returns from the provider to the page that was asked for, with the role of the claims',
  async (user, name, role) => {
    const visit = await signIn(user, '/keys');
    const { page } = visit;
    expect(new URL(page.url()).pathname).toBe('/keys');
    await page.getByRole('button', { name: `Signed in as ${name}` }).click();
    await expect(page.getByRole('menu').textContent()).resolves.toContain(role);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in with 127.0.0.1' }).waitFor();
    await visit.close();
  },
);

test('who has no role reads so, and by whom it is given, and signs in as somebody else', async () => {
  const visit = await signIn('nobody', '/keys');
  const { page, context } = visit;
  await expect(page.getByRole('alert').textContent()).resolves.toMatch(
    /as nobody, which grants no Dispatcher role\. Ask an administrator for viewer or operator\.$/,
  );
  const other = page.getByRole('link', { name: 'Sign in with 127.0.0.1 as somebody else' });
  await other.waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await visit.contrastProblems()).toEqual([]);
  expect((await context.request.get('/api/me')).status()).toBe(401);
  await other.click();
  await signInAtProvider(page, 'grace');
  await page.getByRole('button', { name: 'Signed in as Grace' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/keys');
  await visit.close();
});
