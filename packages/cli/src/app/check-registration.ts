import {
  GitHubError,
  type RegisteredApp,
  type RegisteredHook,
  type RegisteredInstallation,
  type Registration,
} from '@dispatcher/github';
import { type Finding, note, ok, problem, skipped } from '../finding.ts';
import { events, levelName, type NeededPermission, optIn, permissions } from './permissions.ts';

export interface ExpectedApp {
  /** `GITHUB_APP_SLUG`; null where it is not set. */
  readonly slug: string | null;
  readonly webhook: ExpectedWebhook;
}

/**
 * `at`: exactly this URL. `relayed`: Dispatcher runs on one machine, at `local`, and a smee channel brings the
 * webhooks, or (null) it polls the App's delivery log. `unsaid`: nobody said where Dispatcher listens.
 */
export type ExpectedWebhook =
  | { readonly kind: 'at'; readonly url: string }
  | { readonly kind: 'relayed'; readonly local: string; readonly channel: string | null }
  | { readonly kind: 'unsaid' };

export interface ExaminedApp {
  readonly findings: readonly Finding[];
  /** The App's installations that are not suspended; null where they could not be read. */
  readonly installations: readonly RegisteredInstallation[] | null;
  /** True where GitHub can send nothing here by itself: the App's delivery log is polled. */
  readonly isPolled: boolean;
}

/** Compares the App, as GitHub has it, with what it should be. */
export async function examineApp(registration: Registration, expected: ExpectedApp): Promise<ExaminedApp> {
  const app = await asked('app-credentials', () => registration.app());
  if ('finding' in app) {
    const because = 'GitHub does not answer to the App’s credentials';
    const rest = ['app-permissions', 'app-events', 'app-webhook', 'app-installations'];
    const findings = [app.finding, ...rest.map((check) => skipped(check, because))];
    return { findings, installations: null, isPolled: false };
  }
  const hook = await asked('app-webhook', () => registration.hook());
  const installations = await asked('app-installations', () => registration.installations());
  const findings = [
    ...identity(app.value, expected.slug),
    ...permissionFindings(app.value),
    ...eventFindings(app.value),
    ...('finding' in hook ? [hook.finding] : webhookFindings(app.value, hook.value, expected.webhook)),
    ...('finding' in installations ? [installations.finding] : installationFindings(app.value, installations.value)),
  ];
  const active = 'finding' in installations ? null : installations.value.filter(({ suspended_at: at }) => !at);
  const url = 'finding' in hook ? undefined : hook.value.url;
  return { findings, installations: active, isPolled: isPolled(expected.webhook, url) };
}

function isPolled(expected: ExpectedWebhook, url: string | undefined): boolean {
  return (
    expected.kind === 'relayed' && expected.channel === null && url !== undefined && !isSameUrl(url, expected.local)
  );
}

async function asked<Value>(
  check: string,
  ask: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly finding: Finding }> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return { finding: problem(check, error.message, remedyOf(error)) };
  }
}

function remedyOf({ kind, status }: GitHubError): string {
  if (kind === 'rate-limited') return 'Wait until the limit is over, and ask again.';
  if (status === null) return 'Is GITHUB_API_URL right, and can this machine reach it?';
  if (status >= 500) return 'Look at https://www.githubstatus.com, and ask again.';
  return (
    'GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY must be of the same App, and GITHUB_API_URL that of its GitHub. ' +
    'A new private key is made on the App’s settings page.'
  );
}

function identity({ id, slug }: RegisteredApp, expected: string | null): Finding[] {
  const known = ok('app-credentials', `GitHub knows the App ${slug} (id ${id}) by these credentials`);
  if (expected === slug) return [known];
  const message =
    expected === null ? 'GITHUB_APP_SLUG is not set' : `GITHUB_APP_SLUG is ${expected}, and the App’s slug ${slug}`;
  const remedy = `Set GITHUB_APP_SLUG=${slug}: by it Dispatcher knows the runs that it started itself.`;
  return [known, problem('app-slug', message, remedy)];
}

const ranks: readonly (string | undefined)[] = [undefined, 'read', 'write', 'admin'];

function covers(granted: string | undefined, { level }: NeededPermission): boolean {
  return ranks.indexOf(granted) >= ranks.indexOf(level);
}

function lacking(granted: Readonly<Record<string, string>>): NeededPermission[] {
  return permissions.filter((needed) => !covers(granted[needed.key], needed));
}

function permissionFindings(app: RegisteredApp): Finding[] {
  const missing = lacking(app.permissions).map((needed) =>
    problem(
      'app-permissions',
      `${needed.name} is ${app.permissions[needed.key] ?? 'not granted'}; needed is ${levelName(needed.level)}. Without it: ${needed.without}`,
      `Set it at ${settingsOf(app)}/permissions. Every owner of an installation is then asked to accept it.`,
    ),
  );
  const needless = Object.entries(app.permissions).filter(([key, level]) => {
    const needed = permissions.find((one) => one.key === key);
    return needed === undefined || ranks.indexOf(level) > ranks.indexOf(needed.level);
  });
  const more = needless.map(([key, level]) => {
    const chosen = optIn.find((one) => one.key === key && one.level === level);
    return chosen === undefined
      ? note('app-permissions', `${key}: ${level} is more than Dispatcher needs; it can be taken back`)
      : note('app-permissions', `${key}: ${level} is opt-in, for ${chosen.purpose}; without that it can be taken back`);
  });
  const fine = missing.length > 0 ? [] : [ok('app-permissions', permissions.map(asWords).join(', '))];
  return [...fine, ...missing, ...more];
}

function asWords({ key, level }: NeededPermission): string {
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
  const needless = app.events.filter((event) => events.every(({ key }) => key !== event));
  const more =
    needless.length === 0 ? [] : [note('app-events', `${needless.join(', ')}: not needed; ignored when they come`)];
  return [...(missing.length > 0 ? findings : [ok('app-events', events.map(({ key }) => key).join(', '))]), ...more];
}

function webhookFindings(app: RegisteredApp, hook: RegisteredHook, expected: ExpectedWebhook): Finding[] {
  const check = 'app-webhook';
  const settings = settingsOf(app);
  const findings: Finding[] = [addressFinding(hook.url ?? null, expected, settings)];
  if (hook.secret === undefined) {
    findings.push(problem(check, 'The webhook has no secret', `Set the one of GITHUB_WEBHOOK_SECRET at ${settings}.`));
  }
  if (hook.content_type !== 'json') {
    findings.push(problem(check, `Deliveries come as ${hook.content_type}`, `Choose application/json at ${settings}.`));
  }
  if (String(hook.insecure_ssl ?? '0') !== '0') {
    findings.push(problem(check, 'GitHub does not verify the certificate', `Enable SSL verification at ${settings}.`));
  }
  return findings;
}

function addressFinding(url: string | null, expected: ExpectedWebhook, settings: string): Finding {
  const check = 'app-webhook';
  if (url === null) return problem(check, 'The App has no webhook URL', `Set one, and “Active”, at ${settings}.`);
  const wanted = wantedUrl(expected);
  if (url === wanted || (expected.kind === 'relayed' && isSameUrl(url, expected.local))) {
    return ok(check, `deliveries go to ${url}`);
  }
  if (wanted !== null) {
    return problem(check, `Deliveries go to ${url}, and not to ${wanted}`, `Set ${wanted} at ${settings}.`);
  }
  return expected.kind === 'relayed'
    ? note(check, `deliveries go to ${url}; Dispatcher on this machine polls the App’s delivery log`)
    : note(check, `deliveries go to ${url}; --url compares it with where Dispatcher listens`);
}

/** `localhost` and `127.0.0.1` are the same machine. */
function isSameUrl(left: string, right: string): boolean {
  return left.replace('//localhost:', '//127.0.0.1:') === right.replace('//localhost:', '//127.0.0.1:');
}

function wantedUrl(expected: ExpectedWebhook): string | null {
  if (expected.kind === 'at') return expected.url;
  return expected.kind === 'relayed' ? expected.channel : null;
}

function installationFindings(app: RegisteredApp, installations: readonly RegisteredInstallation[]): Finding[] {
  const check = 'app-installations';
  const suspended = installations.filter(({ suspended_at: at }) => at);
  const active = installations.filter((one) => !suspended.includes(one));
  const behind = active.flatMap((installation) => {
    const missing = lacking(installation.permissions);
    if (missing.length === 0) return [];
    const message = `${accountOf(installation)} has not granted ${missing.map(asWords).join(', ')}`;
    return [problem(check, message, `Its owner accepts it at ${installation.html_url}.`)];
  });
  return [
    active.length === 0
      ? problem(check, 'The App is installed nowhere', `Install it: ${app.html_url}/installations/new`)
      : ok(check, `installed on ${shortList(active.map(accountOf))}`),
    ...suspended.map((one) => note(check, `${accountOf(one)} has suspended the App: nothing is started there`)),
    ...behind,
  ];
}

function accountOf({ account, id }: RegisteredInstallation): string {
  return account?.login ?? `installation ${id}`;
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** The App's settings page: below the organisation's settings where an organisation owns it. */
export function settingsOf({
  html_url: page,
  slug,
  owner,
}: Pick<RegisteredApp, 'html_url' | 'slug' | 'owner'>): string {
  const { origin } = new URL(page);
  const organisation = owner.type === 'Organization' ? `/organizations/${owner.login}` : '';
  return `${origin}${organisation}/settings/apps/${slug}`;
}
