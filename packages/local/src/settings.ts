export interface Settings {
  readonly port: number;
  /** Where the GitHub App comes from: one of the emulator's, or the real one that the variables describe. */
  readonly mode: 'emulator' | 'app';
  /** Base of GitHub's REST API; of no meaning with the emulator. */
  readonly apiUrl: string;
  /** A smee channel that brings webhooks here; null: the App's delivery log is polled. */
  readonly smeeUrl: string | null;
  /** What is handed on to the functions as it is. */
  readonly functions: Readonly<Record<string, string>>;
}

const neededByApp = ['GITHUB_APP_ID', 'GITHUB_APP_SLUG', 'GITHUB_APP_PRIVATE_KEY', 'GITHUB_WEBHOOK_SECRET'];

const handedOn = [
  ...neededByApp,
  'GITHUB_WEBHOOK_SECRET_PREVIOUS',
  'GITHUB_API_URL',
  'LOG_LEVEL',
  'NODE_ENV',
  'CREATE_ISSUES',
  'DEFAULT_DISPATCH_REF',
  'SOURCE_REPO_ALLOWLIST',
  'TARGET_REPO_ALLOWLIST',
  'SOURCE_WORKFLOW_ALLOWLIST',
  'MAX_TARGETS_PER_RUN',
  'MAX_DISPATCH_DEPTH',
  'MAX_ATTEMPTS',
  'DISPATCH_PAUSED',
  'GITHUB_CONTENT_PER_HOUR',
  'GITHUB_CONTENT_PER_MINUTE',
  'GITHUB_WRITES_PER_MINUTE',
  'GITHUB_TIMEOUT_SECONDS',
  'RECONCILE_WINDOW_SECONDS',
  'LEASE_SECONDS',
  'UNREADABLE_GIVE_UP_SECONDS',
  'DOCS_URL',
  'ADMIN_AUTHENTICATION',
  'ADMIN_BASIC_USER',
  'ADMIN_BASIC_PASSWORD',
  'OIDC_ISSUER',
  'OIDC_AUDIENCE',
  'OIDC_OPERATOR_VALUE',
  'OIDC_VIEWER_VALUE',
  'OIDC_ROLE_CLAIM',
  'OIDC_NAME_CLAIM',
];

/**
 * Reads the environment; an empty variable counts as not set, because .env.example lists all of them empty.
 * @throws Error naming every variable that a half-configured App lacks, and for a PORT that is none.
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const value = (name: string) => env[name] || undefined;
  const isApp = value('GITHUB_APP_ID') !== undefined || value('GITHUB_APP_PRIVATE_KEY') !== undefined;
  const missing = isApp ? neededByApp.filter((name) => value(name) === undefined) : [];
  if (missing.length > 0) {
    throw new Error(
      `The GitHub App is half configured: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. ` +
        'Set what is missing in .env, or unset GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY to run with the emulator.',
    );
  }
  return {
    port: portOf(value('PORT') ?? '3000'),
    mode: isApp ? 'app' : 'emulator',
    apiUrl: (value('GITHUB_API_URL') ?? 'https://api.github.com').replace(/\/$/, ''),
    smeeUrl: value('SMEE_URL') ?? value('WEBHOOK_PROXY_URL') ?? null,
    functions: Object.fromEntries(
      handedOn.flatMap((name) => {
        const text = value(name);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`PORT must be a number from 0 to 65535; it is ${JSON.stringify(text)}.`);
}
