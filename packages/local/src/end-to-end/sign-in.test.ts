import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem, type System } from '../app/system.ts';
import { until } from '../testing/until.ts';

// Signs in to the running system with the emulated GitHub, as a browser does, and withdraws the authorization.

let dataDir: string;
let system: System;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sign-in-'));
  system = await startSystem({ dataDir, port: 0, env: { ADMIN_AUTHENTICATION: 'github' } });
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const cookies = new Map<string, string>();
async function visit(url: string, form?: Record<string, string>): Promise<Response> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  });
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    cookies.set(name, value);
  }
  return response;
}

test('a person signs in with GitHub, and is signed out when the authorization is withdrawn', async () => {
  const start = await visit(`${system.url}/auth/start?return=%2Fruns`);
  const authorize = new URL(start.headers.get('location') ?? '');
  expect(authorize.href).toContain(`${system.emulatorUrl}/login/oauth/authorize?`);
  const octocat = { user: '583231', ...Object.fromEntries(authorize.searchParams) };
  const back = await fetch(`${authorize.origin}${authorize.pathname}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(octocat),
  });
  const signedIn = await visit(back.headers.get('location') ?? '');
  expect({ status: signedIn.status, location: signedIn.headers.get('location') }).toEqual({
    status: 303,
    location: '/runs',
  });
  const me = await visit(`${system.url}/api/me`);
  expect(await me.json()).toMatchObject({ name: 'octocat', account: '583231', kind: 'github', role: 'operator' });

  await fetch(`${system.emulatorUrl}/settings/apps/authorizations`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ user: '583231' }),
  });
  await until(async () => (await visit(`${system.url}/api/me`)).status === 401);
});
