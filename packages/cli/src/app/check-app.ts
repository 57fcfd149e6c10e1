import {
  createGitHubApp,
  createAppRegistration,
  type GitHubApp,
  type RegisteredInstallation,
  type AppRegistration,
} from '@dispatcher/github';
import type { Credentials } from '../context/credentials.ts';
import { callbackUrlOf, isLoopback, webhookUrlOf } from '../context/urls.ts';
import { type Finding, ok, problem, skipped } from '../finding.ts';
import { checkDeliveries } from './check-deliveries.ts';
import { checkPolicies } from './check-policies.ts';
import { checkSignIn } from './check-sign-in.ts';
import { checkRegistration, type ExpectedWebhook } from './check-registration.ts';

/** The clients of the App, and its expected settings. */
export interface AppAccess {
  readonly registration: AppRegistration;
  readonly github: GitHubApp;
  readonly slug: string | null;
  /** `SMEE_URL` or `WEBHOOK_PROXY_URL`: a channel that forwards webhooks to this machine. */
  readonly channel: string | null;
}

/** Returns the App's clients, or a problem if its credentials are missing or unreadable. */
async function openApp(credentials: Credentials): Promise<AppAccess | Finding> {
  const check = 'app-credentials';
  try {
    const appId = await credentials.value('GITHUB_APP_ID');
    const privateKey = await credentials.value('GITHUB_APP_PRIVATE_KEY');
    if (appId === undefined || privateKey === undefined) {
      const missing = appId === undefined ? 'GITHUB_APP_ID' : 'GITHUB_APP_PRIVATE_KEY';
      return problem(
        check,
        `${missing} is not set in ${credentials.from}`,
        'Set it, or create an App: dispatcher app create.',
      );
    }
    const apiUrl = await credentials.value('GITHUB_API_URL');
    const options = { appId, privateKey, ...(apiUrl === undefined ? {} : { apiUrl }) };
    return {
      registration: createAppRegistration(options),
      github: createGitHubApp(options),
      slug: (await credentials.value('GITHUB_APP_SLUG')) ?? null,
      channel: (await credentials.value('SMEE_URL')) ?? (await credentials.value('WEBHOOK_PROXY_URL')) ?? null,
    };
  } catch (error) {
    // The message names the cause: a malformed key, or a secret that cannot be read.
    if (!(error instanceof Error)) throw error;
    return problem(check, error.message, 'Correct it and try again.');
  }
}

function expectedWebhook(url: URL | undefined, channel: string | null): ExpectedWebhook {
  if (url === undefined) return { kind: 'unknown' };
  const webhookUrl = webhookUrlOf(url);
  return isLoopback(url) ? { kind: 'relayed', local: webhookUrl, channel } : { kind: 'at', url: webhookUrl };
}

export interface AppReport {
  readonly findings: readonly Finding[];
  readonly access: AppAccess | null;
  readonly installations: readonly RegisteredInstallation[] | null;
}

/**
 * Checks the App's registration on GitHub, its installations and its delivery log, and what a sign-in by GitHub needs.
 * @param isSignIn whether the running Dispatcher lets people sign in with the App; undefined if it was not asked
 */
export async function checkApp(credentials: Credentials, url: URL | undefined, isSignIn?: boolean): Promise<AppReport> {
  const access = await openApp(credentials);
  if (!('registration' in access)) return { findings: [access], access: null, installations: null };
  const { registration, github, slug, channel } = access;
  const app = await checkRegistration(registration, { slug, webhook: expectedWebhook(url, channel) });
  const deliveries =
    app.installations === null
      ? [skipped('app-deliveries', 'the App or its installations could not be read')]
      : app.isPolled
        ? [ok('app-deliveries', 'read from GitHub’s delivery log, whether or not the webhook URL received them')]
        : await checkDeliveries(github.deliveries);
  const policies = await checkPolicies(registration, app.installations);
  // The emulated App gets a client secret at each start, which only the running system knows.
  const usesSignIn =
    !credentials.isEmulated && (isSignIn ?? (await credentials.value('ADMIN_AUTHENTICATION')) === 'github');
  const signIn =
    usesSignIn && app.app !== null
      ? await checkSignIn(credentials, {
          app: app.app,
          installations: app.installations,
          callbackUrl: url === undefined ? null : callbackUrlOf(url),
        })
      : [];
  return {
    findings: [...app.findings, ...signIn, ...policies, ...deliveries],
    access,
    installations: app.installations,
  };
}
