import { createHash, randomBytes } from 'node:crypto';
import type { Emulator } from '../emulator.ts';
import { parseForms, submitForm } from './html-forms.ts';

/** The client id of the example's App, and a secret and a callback URL for it. */
export const CLIENT_ID = 'Iv23liEmulator1';
export const CLIENT_SECRET = 'a client secret';
export const CALLBACK_URL = 'http://127.0.0.1:1/auth/callback';

/** Options of `startExample`. */
export const SIGN_IN = { clientSecret: CLIENT_SECRET, callbackUrls: [CALLBACK_URL] };

export const VERIFIER = randomBytes(32).toString('base64url');
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

export const AUTHORIZE = {
  client_id: CLIENT_ID,
  redirect_uri: CALLBACK_URL,
  state: 's&t',
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
};

export function openAuthorizePage({ url }: Emulator, parameters: Readonly<Record<string, string>> = AUTHORIZE) {
  return fetch(`${url}/login/oauth/authorize?${new URLSearchParams(parameters).toString()}`);
}

/** Authorizes the App as a user. Returns the URL that GitHub sends the browser to. */
export async function authorizeAs(emulator: Emulator, login: string, parameters = AUTHORIZE): Promise<URL> {
  const page = await (await openAuthorizePage(emulator, parameters)).text();
  const buttons = [...page.matchAll(/<button>([^<]*)<\/button>/g)].map(([, text = '']) => text);
  const form = parseForms(page, emulator.url)[buttons.indexOf(login === '' ? 'Cancel' : `Authorize as ${login}`)];
  if (form === undefined) throw new Error(`The page has no button for ${login}: ${page}`);
  const response = await submitForm(form);
  return new URL(response.headers.get('location') ?? '');
}

/** Exchanges a code as the App does. */
export async function exchange(
  { url }: Emulator,
  fields: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uri: CALLBACK_URL,
      code_verifier: VERIFIER,
      ...fields,
    }),
  });
  return (await response.json()) as Record<string, unknown>;
}

export async function signIn(emulator: Emulator, login: string): Promise<{ readonly token: string }> {
  const code = (await authorizeAs(emulator, login)).searchParams.get('code') ?? '';
  const { access_token: token } = await exchange(emulator, { code });
  if (typeof token !== 'string') throw new Error(`There is no token for ${login}.`);
  return { token };
}
