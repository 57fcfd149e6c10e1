import {
  createGitHubApp,
  createRegistration,
  GitHubError,
  type GitHubApp,
  type RegisteredInstallation,
  type Registration,
} from '@dispatcher/github';
import { examineApp, type ExpectedWebhook } from '../app/check-registration.ts';
import { examineDeliveries } from '../app/check-deliveries.ts';
import { EntryUnusable } from '../context/secret-entries.ts';
import type { Credentials } from '../context/credentials.ts';
import { isLoopback } from '../context/emulated-app.ts';
import { createEndpoint, type Endpoint } from './endpoint.ts';
import {
  examineAccess,
  examineHealth,
  examineRun,
  examineSignature,
  type Health,
  skippedWay,
  type Waiting,
  type WebhookSecrets,
} from './check-pipeline.ts';
import { type Finding, isFine, ok, problem, skipped } from '../finding.ts';
import { findProbe, type Probe } from './probe-run.ts';

/** What both commands need of the App: where GitHub is, and the two clients. */
export interface AppAccess {
  readonly registration: Registration;
  readonly github: GitHubApp;
  readonly slug: string | null;
  /** `WEBHOOK_PROXY_URL`: brings webhooks to one machine. */
  readonly channel: string | null;
}

/** The App's clients, or why there are none. */
export async function openApp(credentials: Credentials): Promise<AppAccess | Finding> {
  const check = 'app-credentials';
  try {
    const appId = await credentials.value('GITHUB_APP_ID');
    const privateKey = await credentials.value('GITHUB_APP_PRIVATE_KEY');
    if (appId === undefined || privateKey === undefined) {
      const missing = appId === undefined ? 'GITHUB_APP_ID' : 'GITHUB_APP_PRIVATE_KEY';
      return problem(
        check,
        `${missing} is not set in ${credentials.from}`,
        'Set it, or make an App: dispatcher app create.',
      );
    }
    const apiUrl = await credentials.value('GITHUB_API_URL');
    const options = { appId, privateKey, ...(apiUrl === undefined ? {} : { apiUrl }) };
    return {
      registration: createRegistration(options),
      github: createGitHubApp(options),
      slug: (await credentials.value('GITHUB_APP_SLUG')) ?? null,
      channel: (await credentials.value('SMEE_URL')) ?? (await credentials.value('WEBHOOK_PROXY_URL')) ?? null,
    };
  } catch (error) {
    // What is thrown here says itself what to do: a key that is none, a secret that cannot be read.
    if (!(error instanceof Error)) throw error;
    return problem(check, error.message, 'Correct it, and ask again.');
  }
}

export function expectedWebhook(url: URL | undefined, channel: string | null): ExpectedWebhook {
  if (url === undefined) return { kind: 'unsaid' };
  const { webhookUrl } = createEndpoint(url);
  return isLoopback(url) ? { kind: 'relayed', local: webhookUrl, channel } : { kind: 'at', url: webhookUrl };
}

export interface AppReport {
  readonly findings: readonly Finding[];
  readonly access: AppAccess | null;
  readonly installations: readonly RegisteredInstallation[] | null;
}

/** The App as GitHub has it, its installations and its delivery log. */
export async function examineWholeApp(credentials: Credentials, url: URL | undefined): Promise<AppReport> {
  const access = await openApp(credentials);
  if (!('registration' in access)) return { findings: [access], access: null, installations: null };
  const { registration, github, slug, channel } = access;
  const app = await examineApp(registration, { slug, webhook: expectedWebhook(url, channel) });
  const deliveries =
    app.installations === null
      ? [skipped('app-deliveries', 'the App or its installations could not be read')]
      : app.isPolled
        ? [ok('app-deliveries', 'read from GitHub’s log, whatever became of them at the webhook URL')]
        : await examineDeliveries(github.deliveries);
  return { findings: [...app.findings, ...deliveries], access, installations: app.installations };
}

/** Everything: the App, and the way of a delivery from the webhook to the API. */
export async function examineAll(
  credentials: Credentials,
  url: URL,
  user: string | undefined,
  waiting: Waiting,
): Promise<Finding[]> {
  const endpoint = createEndpoint(url);
  const { finding, health } = await examineHealth(endpoint);
  const app = await examineWholeApp(credentials, url);
  if (health === null) return [finding, ...skippedWay('Dispatcher does not answer'), ...app.findings];

  const known = await told('api', () => accessHeaders(credentials, user, health));
  const access =
    'finding' in known ? { headers: null, finding: known.finding } : await examineAccess(endpoint, health, known.value);
  const secrets = await told('signature', () => secretsOf(credentials));
  const signature =
    'finding' in secrets
      ? [secrets.finding]
      : secrets.value === null
        ? [problem('signature', `GITHUB_WEBHOOK_SECRET is not set in ${credentials.from}`, 'Set it.')]
        : await examineSignature(endpoint, secrets.value);
  const secret = 'finding' in secrets || !isFine(signature) ? null : (secrets.value?.current ?? null);
  const run = await runFinding({ endpoint, app, headers: access.headers, secret, waiting });
  return [finding, access.finding, ...signature, ...app.findings, run];
}

async function runFinding(options: {
  readonly endpoint: Endpoint;
  readonly app: AppReport;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly secret: string | null;
  readonly waiting: Waiting;
}): Promise<Finding> {
  const { endpoint, app, headers, secret, waiting } = options;
  const check = 'run';
  if (headers === null) return skipped(check, 'the API cannot be read');
  if (secret === null) return skipped(check, 'signed deliveries are not taken');
  const { access, installations } = app;
  if (access === null || installations === null) return skipped(check, 'GitHub does not tell the App’s installations');
  if (installations.length === 0) return skipped(check, 'the App is installed nowhere');
  const found = await told(check, () => findProbe(access.registration, access.github, installations));
  if ('finding' in found) return found.finding;
  return found.value === null
    ? skipped(check, 'the App’s installations have no repository that could be read')
    : examineRun(endpoint, found.value satisfies Probe, secret, headers, waiting);
}

async function told<Value>(
  check: string,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly finding: Finding }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof GitHubError || error instanceof EntryUnusable)) throw error;
    return { finding: problem(check, error.message, 'Correct it, and ask again.') };
  }
}

/** Null too where the API asks for none: then none need be there. */
async function accessHeaders(credentials: Credentials, user: string | undefined, { authentication }: Health) {
  if (authentication === 'disabled') return null;
  const key = await credentials.value('ADMIN_API_KEY');
  if (key !== undefined) return { 'x-api-key': key };
  if (authentication !== 'basic') return null;
  const name = user ?? (await credentials.value('ADMIN_BASIC_USER'));
  const password = await credentials.value('ADMIN_BASIC_PASSWORD');
  if (name === undefined || password === undefined) return null;
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}

async function secretsOf(credentials: Credentials): Promise<WebhookSecrets | null> {
  const current = await credentials.value('GITHUB_WEBHOOK_SECRET');
  const previous = (await credentials.value('GITHUB_WEBHOOK_SECRET_PREVIOUS')) ?? null;
  return current === undefined ? null : { current, previous };
}
