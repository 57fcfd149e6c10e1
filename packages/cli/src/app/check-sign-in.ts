import { type RegisteredApp, type RegisteredInstallation, webUrlOf } from '@dispatcher/github';
import * as z from 'zod/mini';
import type { Credentials } from '../context/credentials.ts';
import { type Finding, note, ok, problem, skipped } from '../finding.ts';
import { settingsOf } from './check-registration.ts';

const check = 'app-sign-in';
const guide = 'docs/guide/sign-in.md';

export interface SignInContext {
  readonly app: RegisteredApp;
  readonly installations: readonly RegisteredInstallation[] | null;
  /** Where GitHub must send people who sign in; null if the URL of Dispatcher is not known. */
  readonly callbackUrl: string | null;
}

/** Checks what a sign-in by GitHub needs: the client ID, the client secret, and the permission for roles of organizations. */
export async function checkSignIn(credentials: Credentials, context: SignInContext): Promise<Finding[]> {
  const { app } = context;
  const settings = settingsOf(app);
  const clientId = await credentials.value('GITHUB_CLIENT_ID');
  const secret = await credentials.value('GITHUB_CLIENT_SECRET');
  const roles = roleFindings(await rolesOf(credentials), context);
  if (clientId === undefined) {
    const known = app.client_id === undefined ? 'the Client ID of' : `GITHUB_CLIENT_ID=${app.client_id}, from`;
    return [
      problem(
        check,
        `GITHUB_CLIENT_ID is not set in ${credentials.from}`,
        `Set ${known} ${settings}. ${guide} has the steps.`,
      ),
      ...roles,
    ];
  }
  if (app.client_id !== undefined && clientId !== app.client_id) {
    const message = `GITHUB_CLIENT_ID is ${clientId}, but the App’s Client ID is ${app.client_id}`;
    return [problem(check, message, `Set GITHUB_CLIENT_ID=${app.client_id}. It is not the App ID.`), ...roles];
  }
  if (secret === undefined) {
    const remedy = `Generate one at ${settings}, and set it, or store it: dispatcher secrets set client-secret --name PREFIX.`;
    return [problem(check, `GITHUB_CLIENT_SECRET is not set in ${credentials.from}`, remedy), ...roles];
  }
  const apiUrl = await credentials.value('GITHUB_API_URL');
  return [await secretFinding({ clientId, secret, apiUrl }, context, settings), ...roles];
}

interface Client {
  readonly clientId: string;
  readonly secret: string;
  readonly apiUrl: string | undefined;
}

const Refusal = z.object({ error: z.string() });

/** Asks GitHub for the token of a code that does not exist: the error says whether the secret is right. */
async function secretFinding(
  { clientId, secret, apiUrl }: Client,
  { callbackUrl }: SignInContext,
  settings: string,
): Promise<Finding> {
  const body = {
    client_id: clientId,
    client_secret: secret,
    code: 'check',
    ...(callbackUrl && { redirect_uri: callbackUrl }),
  };
  const response = await fetch(`${webUrlOf(apiUrl)}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json', 'user-agent': 'dispatcher' },
    body: new URLSearchParams(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(15_000),
  }).catch(() => null);
  if (response === null) return skipped(check, 'GitHub’s sign-in did not respond');
  const { data } = z.safeParse(Refusal, await response.json().catch(() => null));
  const callback = callbackUrl ?? 'https://HOST/auth/callback';
  switch (data?.error) {
    case 'bad_verification_code':
      return ok(
        check,
        `GitHub accepts the client secret. GitHub does not show the App’s callback URLs: ${callback} must be one of them, at ${settings}`,
      );
    case 'incorrect_client_credentials':
      return problem(
        check,
        'GitHub does not accept the client secret',
        `Generate a new one at ${settings}, and set it as GITHUB_CLIENT_SECRET.`,
      );
    case 'redirect_uri_mismatch':
      return problem(check, `${callback} is not a callback URL of the App`, `Add it at ${settings}.`);
    default:
      return note(check, `the client secret could not be checked: GitHub responded with ${response.status}`);
  }
}

async function rolesOf(credentials: Credentials): Promise<readonly string[]> {
  const lists = await Promise.all(['ADMIN_OPERATORS', 'ADMIN_VIEWERS'].map((name) => credentials.value(name)));
  return lists.flatMap((list) => (list ?? '').split(',').map((entry) => entry.trim()));
}

/** Says of each organization whose members have a role whether the App can read them. */
function roleFindings(roles: readonly string[], { app, installations }: SignInContext): Finding[] {
  const organizations = roles.flatMap((role) => /^(?:org|team):([^/]+)/.exec(role)?.[1] ?? []);
  return [...new Set(organizations)].flatMap((organization) => {
    const message = `the roles of ${organization} need members: read`;
    if (app.permissions['members'] === undefined) {
      const remedy = `Set Organization permissions, Members: read, at ${settingsOf(app)}/permissions. Its owner then accepts it.`;
      return [problem(check, `${message}, which the App does not request`, remedy)];
    }
    const installation = installations?.find(
      ({ account }) => account?.login?.toLowerCase() === organization.toLowerCase(),
    );
    if (installations === null || installation?.permissions['members'] !== undefined) return [];
    return [
      installation === undefined
        ? problem(
            check,
            `${message}, and the App is not installed on it`,
            `Install it: ${app.html_url}/installations/new`,
          )
        : problem(
            check,
            `${message}, which its owner has not granted`,
            `Its owner accepts it at ${installation.html_url}.`,
          ),
    ];
  });
}
