import { findFormerVariables, findMisspelledVariables } from '@dispatcher/lambda';

export interface Settings {
  readonly port: number;
  /** `emulator`: the emulator's GitHub App. `app`: the real GitHub App that the variables describe. */
  readonly mode: 'emulator' | 'app';
  /** Base URL of GitHub's REST API. Unused with the emulator. */
  readonly apiUrl: string;
  /** A smee channel that forwards webhooks. Null: the App's delivery log is polled instead. */
  readonly smeeUrl: string | null;
  /** Sentences for the user about variables that have no effect. */
  readonly warnings: readonly string[];
  /** Variables that are passed to the functions unchanged. */
  readonly functions: Readonly<Record<string, string>>;
}

const requiredByApp = ['GITHUB_APP_ID', 'GITHUB_APP_SLUG', 'GITHUB_APP_PRIVATE_KEY', 'GITHUB_WEBHOOK_SECRET'];

const passedOn = [
  ...requiredByApp,
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
  'DECISION_MAX_AGE',
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

/** The variables of .env.example, and those that select where the local system runs. */
const known = [
  ...passedOn,
  'PORT',
  'SMEE_URL',
  'WEBHOOK_PROXY_URL',
  'ADMIN_API_KEY',
  'DISPATCHER_DATA_DIR',
  'DISPATCHER_URL',
];

/**
 * Reads the environment. An empty variable counts as not set, because .env.example lists all of them empty.
 * @throws Error that names every variable of an earlier dispatcher, every missing variable of a partly configured App, or
 * an invalid PORT
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const former = findFormerVariables(env);
  if (former.length > 0) throw new Error(former.join('\n'));
  const value = (name: string) => env[name] || undefined;
  const isApp = value('GITHUB_APP_ID') !== undefined || value('GITHUB_APP_PRIVATE_KEY') !== undefined;
  const missing = isApp ? requiredByApp.filter((name) => value(name) === undefined) : [];
  if (missing.length > 0) {
    throw new Error(
      `The GitHub App is only partly configured: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. ` +
        'Set the missing variables in .env, or unset GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY to use the emulator.',
    );
  }
  return {
    port: parsePort(value('PORT') ?? '3000'),
    mode: isApp ? 'app' : 'emulator',
    apiUrl: (value('GITHUB_API_URL') ?? 'https://api.github.com').replace(/\/$/, ''),
    smeeUrl: value('SMEE_URL') ?? value('WEBHOOK_PROXY_URL') ?? null,
    warnings: findMisspelledVariables(env, known),
    functions: Object.fromEntries(
      passedOn.flatMap((name) => {
        const text = value(name);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`PORT must be a number from 0 to 65535; it is ${JSON.stringify(text)}.`);
}
