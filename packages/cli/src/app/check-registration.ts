import {
  appEvents as events,
  appFeatures as features,
  appPermissions as permissions,
  type NeededPermission,
} from '@dispatcher/contracts';
import {
  GitHubError,
  type RegisteredApp,
  type RegisteredWebhook,
  type RegisteredInstallation,
  type AppRegistration,
} from '@dispatcher/github';
import { type Finding, note, ok, problem, skipped } from '../finding.ts';
import { levelName, optIn, optInEvents } from './permissions.ts';

export interface ExpectedApp {
  /** `GITHUB_APP_SLUG`; null where it is not set. */
  readonly slug: string | null;
  readonly webhook: ExpectedWebhook;
}

/**
 * `at`: exactly this URL. `relayed`: Dispatcher runs on this machine, at `local`, and receives webhooks through a smee
 * channel or (null) by polling the App's delivery log. `unknown`: the URL of Dispatcher was not given.
 */
export type ExpectedWebhook =
  | { readonly kind: 'at'; readonly url: string }
  | { readonly kind: 'relayed'; readonly local: string; readonly channel: string | null }
  | { readonly kind: 'unknown' };

export interface RegistrationReport {
  readonly findings: readonly Finding[];
  /** The App's installations that are not suspended; null if they could not be read. */
  readonly installations: readonly RegisteredInstallation[] | null;
  /** Null if it could not be read. */
  readonly app: RegisteredApp | null;
  /** Whether Dispatcher polls the App's delivery log, because GitHub cannot reach it. */
  readonly isPolled: boolean;
}

/** Compares the App's registration on GitHub with the expected one. */
export async function checkRegistration(
  registration: AppRegistration,
  expected: ExpectedApp,
): Promise<RegistrationReport> {
  const app = await readOrFinding('app-credentials', () => registration.app());
  if ('finding' in app) {
    const reason = 'GitHub does not accept the App’s credentials';
    const rest = ['app-permissions', 'app-events', 'app-webhook', 'app-installations'];
    const findings = [app.finding, ...rest.map((check) => skipped(check, reason))];
    return { findings, app: null, installations: null, isPolled: false };
  }
  const hook = await readOrFinding('app-webhook', () => registration.hook());
  const installations = await readOrFinding('app-installations', () => registration.installations());
  const findings = [
    ...identity(app.value, expected.slug),
    ...permissionFindings(app.value),
    ...eventFindings(app.value),
    ...('finding' in hook ? [hook.finding] : webhookFindings(app.value, hook.value, expected.webhook)),
    ...('finding' in installations ? [installations.finding] : installationFindings(app.value, installations.value)),
  ];
  const active = 'finding' in installations ? null : installations.value.filter(({ suspended_at: at }) => !at);
  const url = 'finding' in hook ? undefined : hook.value.url;
  return { findings, app: app.value, installations: active, isPolled: isPolled(expected.webhook, url) };
}

function isPolled(expected: ExpectedWebhook, url: string | undefined): boolean {
  return (
    expected.kind === 'relayed' && expected.channel === null && url !== undefined && !isSameUrl(url, expected.local)
  );
}

async function readOrFinding<Value>(
  check: string,
  read: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly finding: Finding }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return { finding: problem(check, error.message, remedyOf(error)) };
  }
}

function remedyOf({ kind, status }: GitHubError): string {
  if (kind === 'rate-limited') return 'Wait until the rate limit resets, and try again.';
  if (status === null) return 'Check GITHUB_API_URL, and whether this machine can reach it.';
  if (status >= 500) return 'Check https://www.githubstatus.com, and try again.';
  return (
    'GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY must belong to the same App, and GITHUB_API_URL to its GitHub. ' +
    'Generate a new private key on the App’s settings page.'
  );
}

function identity({ id, slug }: RegisteredApp, expected: string | null): Finding[] {
  const known = ok('app-credentials', `GitHub accepts the credentials of the App ${slug} (id ${id})`);
  if (expected === slug) return [known];
  const message =
    expected === null ? 'GITHUB_APP_SLUG is not set' : `GITHUB_APP_SLUG is ${expected}, but the App’s slug is ${slug}`;
  const remedy = `Set GITHUB_APP_SLUG=${slug}: Dispatcher recognizes the runs that it started by it.`;
  return [known, problem('app-slug', message, remedy)];
}

const ranks: readonly (string | undefined)[] = [undefined, 'read', 'write', 'admin'];

function covers(granted: string | undefined, { level }: NeededPermission): boolean {
  return ranks.indexOf(granted) >= ranks.indexOf(level);
}

function missingPermissions(granted: Readonly<Record<string, string>>): NeededPermission[] {
  return permissions.filter((needed) => !covers(granted[needed.key], needed));
}

function permissionFindings(app: RegisteredApp): Finding[] {
  const missing = missingPermissions(app.permissions).map((needed) =>
    problem(
      'app-permissions',
      `${needed.name} is ${app.permissions[needed.key] ?? 'not granted'}; required is ${levelName(needed.level)}. Without it: ${needed.without}`,
      `Set it at ${settingsOf(app)}/permissions. GitHub then asks every installation’s owner to accept it.`,
    ),
  );
  const unneeded = Object.entries(app.permissions).filter(([key, level]) => {
    const needed = permissions.find((one) => one.key === key);
    return needed === undefined || ranks.indexOf(level) > ranks.indexOf(needed.level);
  });
  const more = unneeded.map(([key, level]) => {
    const chosen = optIn.find((one) => one.key === key && one.level === level);
    return chosen === undefined
      ? note('app-permissions', `${key}: ${level} is more than Dispatcher needs; you can remove it`)
      : note(
          'app-permissions',
          `${key}: ${level} is optional, for ${chosen.purpose}; remove it if you do not use that`,
        );
  });
  const granted = missing.length > 0 ? [] : [ok('app-permissions', permissions.map(permissionText).join(', '))];
  return [...granted, ...missing, ...more];
}

function permissionText({ key, level }: NeededPermission): string {
  return `${key}: ${level}`;
}

function eventFindings(app: RegisteredApp): Finding[] {
  const missing = events.filter(({ key }) => !app.events.includes(key));
  const findings = missing.map(({ name, without }) =>
    problem(
      'app-events',
      `The App does not subscribe to “${name}”: ${without}`,
      `Subscribe to it at ${settingsOf(app)}/permissions.`,
    ),
  );
  const known = [...events, ...optInEvents];
  const unneeded = app.events.filter((event) => known.every(({ key }) => key !== event));
  const more =
    unneeded.length === 0
      ? []
      : [note('app-events', `${unneeded.join(', ')}: not needed; Dispatcher ignores these deliveries`)];
  const granted = missing.length > 0 ? findings : [ok('app-events', events.map(({ key }) => key).join(', '))];
  return [...granted, ...featureFindings(app), ...more];
}

/** Says of each optional feature that the App requests what it lacks, and of each other one what would be needed. */
function featureFindings(app: RegisteredApp): Finding[] {
  return features.flatMap((feature) => {
    const isRequested = feature.permissions.every((needed) => covers(app.permissions[needed.key], needed));
    if (!isRequested) {
      const needed = feature.permissions.map(permissionText).join(', ');
      const without = feature.permissions.map((one) => one.without).join('; ');
      return [note('app-permissions', `${feature.name} is off: it needs ${needed}. Without it: ${without}`)];
    }
    return feature.events
      .filter(({ key }) => !app.events.includes(key))
      .map(({ name, without }) =>
        note('app-events', `${feature.name}: the App does not subscribe to “${name}”: ${without}`),
      );
  });
}

function webhookFindings(app: RegisteredApp, hook: RegisteredWebhook, expected: ExpectedWebhook): Finding[] {
  const check = 'app-webhook';
  const settings = settingsOf(app);
  const findings: Finding[] = [addressFinding(hook.url ?? null, expected, settings)];
  if (hook.secret === undefined) {
    findings.push(
      problem(check, 'The webhook has no secret', `Set the value of GITHUB_WEBHOOK_SECRET at ${settings}.`),
    );
  }
  if (hook.content_type !== 'json') {
    findings.push(
      problem(check, `The webhook’s content type is ${hook.content_type}`, `Choose application/json at ${settings}.`),
    );
  }
  if (String(hook.insecure_ssl ?? '0') !== '0') {
    findings.push(problem(check, 'SSL verification is disabled', `Enable SSL verification at ${settings}.`));
  }
  return findings;
}

function addressFinding(url: string | null, expected: ExpectedWebhook, settings: string): Finding {
  const check = 'app-webhook';
  if (url === null)
    return problem(check, 'The App has no webhook URL', `Set one, and select “Active”, at ${settings}.`);
  const wantedUrl = expectedUrl(expected);
  if (url === wantedUrl || (expected.kind === 'relayed' && isSameUrl(url, expected.local))) {
    return ok(check, `deliveries are sent to ${url}`);
  }
  if (wantedUrl !== null) {
    return problem(check, `Deliveries are sent to ${url}, not to ${wantedUrl}`, `Set ${wantedUrl} at ${settings}.`);
  }
  return expected.kind === 'relayed'
    ? note(check, `deliveries are sent to ${url}; Dispatcher on this machine polls the App’s delivery log`)
    : note(check, `deliveries are sent to ${url}; give --url to compare it with the URL of Dispatcher`);
}

/** Treats `localhost` and `127.0.0.1` as the same host. */
function isSameUrl(left: string, right: string): boolean {
  return left.replace('//localhost:', '//127.0.0.1:') === right.replace('//localhost:', '//127.0.0.1:');
}

function expectedUrl(expected: ExpectedWebhook): string | null {
  if (expected.kind === 'at') return expected.url;
  return expected.kind === 'relayed' ? expected.channel : null;
}

function installationFindings(app: RegisteredApp, installations: readonly RegisteredInstallation[]): Finding[] {
  const check = 'app-installations';
  const suspended = installations.filter(({ suspended_at: at }) => at);
  const active = installations.filter((one) => !suspended.includes(one));
  const outdated = active.flatMap((installation) => {
    const missing = missingPermissions(installation.permissions);
    if (missing.length === 0) return pendingFeatures(app, installation);
    const message = `${accountOf(installation)} has not granted ${missing.map(permissionText).join(', ')}`;
    return [problem(check, message, `Its owner must accept it at ${installation.html_url}.`)];
  });
  return [
    active.length === 0
      ? problem(check, 'The App is not installed on any account', `Install it: ${app.html_url}/installations/new`)
      : ok(check, `installed on ${shortList(active.map(accountOf))}`),
    ...suspended.map((one) => note(check, `${accountOf(one)} has suspended the App: no workflow is started there`)),
    ...outdated,
  ];
}

/** Says which optional permissions the App requests and the installation has not granted yet. */
function pendingFeatures(app: RegisteredApp, installation: RegisteredInstallation): Finding[] {
  const pending = features
    .flatMap((feature) => feature.permissions)
    .filter(
      (needed) => covers(app.permissions[needed.key], needed) && !covers(installation.permissions[needed.key], needed),
    );
  if (pending.length === 0) return [];
  const without = pending.map((one) => one.without).join('; ');
  const message = `${accountOf(installation)} has not granted ${pending.map(permissionText).join(', ')}, which is optional; its owner can accept it at ${installation.html_url}. Without it: ${without}`;
  return [note('app-installations', message)];
}

function accountOf({ account, id }: RegisteredInstallation): string {
  return account?.login ?? `installation ${id}`;
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** Returns the App's settings page: under the organization's settings if an organization owns it. */
export function settingsOf({
  html_url: page,
  slug,
  owner,
}: Pick<RegisteredApp, 'html_url' | 'slug' | 'owner'>): string {
  const { origin } = new URL(page);
  const organization = owner.type === 'Organization' ? `/organizations/${owner.login}` : '';
  return `${origin}${organization}/settings/apps/${slug}`;
}
