import { GitHubError } from '@dispatcher/github';
import { type AppReport, checkApp } from '../app/check-app.ts';
import type { Credentials } from '../context/credentials.ts';
import { SecretEntryError } from '../context/secret-entries.ts';
import { type Finding, isFine, problem, skipped } from '../finding.ts';
import {
  checkApiAccess,
  checkHealth,
  checkRun,
  checkSignature,
  type Health,
  type PollOptions,
  skippedPipeline,
  type WebhookSecrets,
} from './check-pipeline.ts';
import { createEndpoint, type Endpoint } from './endpoint.ts';
import { findProbe, type Probe } from './probe-run.ts';

/** Checks the App, and the pipeline of a delivery from the webhook to the admin API. */
export async function checkAll(
  credentials: Credentials,
  url: URL,
  user: string | undefined,
  poll: PollOptions,
): Promise<Finding[]> {
  const endpoint = createEndpoint(url);
  const { finding, health } = await checkHealth(endpoint);
  const app = await checkApp(credentials, url, health === null ? undefined : health.authentication === 'github');
  if (health === null) return [finding, ...skippedPipeline('Dispatcher does not respond'), ...app.findings];

  const known = await readOrFinding('api', () => accessHeaders(credentials, user, health));
  const access =
    'finding' in known
      ? { headers: null, finding: known.finding }
      : await checkApiAccess(endpoint, health, known.value);
  const secrets = await readOrFinding('signature', () => secretsOf(credentials));
  const signature =
    'finding' in secrets
      ? [secrets.finding]
      : secrets.value === null
        ? [problem('signature', `GITHUB_WEBHOOK_SECRET is not set in ${credentials.from}`, 'Set it.')]
        : await checkSignature(endpoint, secrets.value);
  const secret = 'finding' in secrets || !isFine(signature) ? null : (secrets.value?.current ?? null);
  const run = await runFinding({ endpoint, app, headers: access.headers, secret, poll });
  return [finding, access.finding, ...signature, ...app.findings, run];
}

async function runFinding(options: {
  readonly endpoint: Endpoint;
  readonly app: AppReport;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly secret: string | null;
  readonly poll: PollOptions;
}): Promise<Finding> {
  const { endpoint, app, headers, secret, poll } = options;
  const check = 'run';
  if (headers === null) return skipped(check, 'the API cannot be read');
  if (secret === null) return skipped(check, 'signed deliveries are not accepted');
  const { access, installations } = app;
  if (access === null || installations === null)
    return skipped(check, 'the App’s installations could not be read from GitHub');
  if (installations.length === 0) return skipped(check, 'the App is not installed on any account');
  const probe = await readOrFinding(check, () => findProbe(access.registration, access.github, installations));
  if ('finding' in probe) return probe.finding;
  return probe.value === null
    ? skipped(check, 'the App’s installations have no repository that could be read')
    : checkRun(endpoint, probe.value satisfies Probe, secret, headers, poll);
}

async function readOrFinding<Value>(
  check: string,
  read: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly finding: Finding }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof GitHubError || error instanceof SecretEntryError)) throw error;
    return { finding: problem(check, error.message, 'Correct it and try again.') };
  }
}

/** Returns the credentials of the admin API as headers. Null if none are set, or if authentication is disabled. */
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
