import { createPrivateKey } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Emulator } from '../emulator.ts';
import { appJwt, client, refusal, startExample } from '../testing/example-emulator.ts';
import { parseForms, submitForm } from '../testing/html-forms.ts';

const MANIFEST = {
  name: 'Dispatcher "dev" <1>',
  url: 'https://dispatcher.example',
  hook_attributes: { url: 'https://dispatcher.example/webhooks/github', active: true },
  redirect_url: 'http://127.0.0.1:1/created?from=here',
  default_permissions: { contents: 'read', actions: 'write' },
  default_events: ['workflow_run'],
};

let now = Date.now();
let emulator: Emulator;
beforeEach(async () => {
  emulator = await startExample({ now: () => now });
});
afterEach(() => emulator.close());

/** Posts the manifest, as the form on an external page does. */
function sendManifest(
  manifest: object,
  path = '/organizations/octo-org/settings/apps/new?state=s%26t',
): Promise<Response> {
  return submitForm({ action: `${emulator.url}${path}`, fields: { manifest: JSON.stringify(manifest) } });
}

async function confirmManifest(change: Record<string, string> = {}): Promise<URL> {
  const [form] = parseForms(await (await sendManifest(MANIFEST)).text(), emulator.url);
  if (form === undefined) throw new Error('The page has no form.');
  const response = await submitForm({ ...form, fields: { ...form.fields, ...change } });
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '');
}

const convert = (code: string) => client(emulator).request('POST /app-manifests/{code}/conversions', { code });

test('confirming a manifest returns a code, and converting the code the App’s credentials', async () => {
  const redirect = await confirmManifest({ name: 'Dispatcher dev' });
  expect(redirect.href).toMatch(/^http:\/\/127\.0\.0\.1:1\/created\?from=here&code=\w{40}&state=s%26t$/);
  const { status, data } = await convert(redirect.searchParams.get('code') ?? '');
  expect(status).toBe(201);
  expect(data).toMatchObject({
    slug: 'dispatcher-dev',
    owner: { login: 'octo-org' },
    permissions: { metadata: 'read', contents: 'read', actions: 'write' },
    events: ['workflow_run'],
  });
  const jwt = await appJwt({ iss: String(data.id) }, now, createPrivateKey(data.pem));
  const app = client(emulator, jwt);
  expect((await app.apps.getAuthenticated()).data?.slug).toBe('dispatcher-dev');
  expect(data.webhook_secret).toMatch(/^\w{40}$/);
});

test('a new App has no installation until it is installed on its page', async () => {
  const { data } = await convert((await confirmManifest({ name: 'fresh' })).searchParams.get('code') ?? '');
  const jwt = () => appJwt({ iss: String(data.id) }, now, createPrivateKey(data.pem));
  expect((await client(emulator, await jwt()).apps.listInstallations()).data).toEqual([]);
  const page = await (await fetch(`${data.html_url}/installations/new`)).text();
  const form = parseForms(page, emulator.url).find(({ fields }) => fields['account'] === 'octo-org');
  if (form === undefined) throw new Error('The page has no form for octo-org.');
  expect((await submitForm(form)).status).toBe(200);
  expect((await client(emulator, await jwt()).apps.listInstallations()).data).toMatchObject([
    { account: { login: 'octo-org' }, permissions: { actions: 'write' }, repository_selection: 'all' },
  ]);
});

test('a code is valid once, for one hour', async () => {
  const code = async () => (await confirmManifest()).searchParams.get('code') ?? '';
  const first = await code();
  await convert(first);
  expect(await refusal(convert(first))).toMatchObject({ status: 404 });
  const late = await code();
  now += 3_600_000;
  expect(await refusal(convert(late))).toMatchObject({ status: 404 });
});

test.each([
  ['no name', { name: '' }, 'Name can’t be blank'],
  ['a name of 35 characters', { name: 'x'.repeat(35) }, 'Name is too long (maximum is 34 characters)'],
  ['an invalid redirect URL', { redirect_url: 'here' }, 'redirect_url must be a valid URL'],
  ['a webhook without its URL', { hook_attributes: { active: true } }, 'hook_attributes.url must be a valid URL'],
  ['an unknown permission level', { default_permissions: { actions: 'run' } }, 'must be read, write or admin'],
  ['an event without its permission', { default_permissions: {} }, 'not supported by permissions: workflow_run'],
])('a manifest with %s is refused with the reason', async (_, change, reason) => {
  const response = await sendManifest({ ...MANIFEST, ...change });
  expect(response.status).toBe(422);
  expect(await response.text()).toContain(reason);
});

test('a manifest for an unknown organization is refused', async () => {
  expect((await sendManifest(MANIFEST, '/organizations/nobody/settings/apps/new')).status).toBe(422);
});
