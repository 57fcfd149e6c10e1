import { createPrivateKey } from 'node:crypto';
import {
  count,
  describeValue,
  findFormerVariables,
  findInvalidVariables,
  findMisspelledVariables,
  gitHubAppVariables,
  giveUpVariables,
  guardRailVariables,
  leaseSeconds,
  logLevel,
} from '@dispatcher/lambda';
import * as z from 'zod/mini';

export interface Settings {
  readonly port: number;
  /** `emulator`: the emulator's GitHub App. `app`: the real GitHub App that the variables describe. */
  readonly mode: 'emulator' | 'app';
  /** Base URL of GitHub's REST API. Unused with the emulator. */
  readonly apiUrl: string;
  /** How long a run takes that a dispatch started in the emulator. Null: until a control call completes it. */
  readonly runSeconds: number | null;
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
  'METRICS_NAMESPACE',
  'NODE_ENV',
  'CREATE_ISSUES',
  'CREATE_CHECKS',
  'DEFAULT_DISPATCH_REF',
  'SOURCE_REPO_ALLOWLIST',
  'TARGET_REPO_ALLOWLIST',
  'SOURCE_WORKFLOW_ALLOWLIST',
  'MAX_TARGETS_PER_RUN',
  'MAX_DISPATCH_DEPTH',
  'MAX_ATTEMPTS',
  'FACT_RETENTION_DAYS',
  'FACT_SHARDS',
  'DISPATCH_PAUSED',
  'DRY_RUN',
  'REQUIRE_POLICY',
  'ALLOW_PATTERNS',
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
  'GITHUB_CLIENT_ID',
  'GITHUB_CLIENT_SECRET',
  'ADMIN_OPERATORS',
  'ADMIN_VIEWERS',
  'REPOSITORY_VISIBILITY',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_SCOPE',
  'OIDC_ISSUER',
  'OIDC_ISSUERS',
  'OIDC_AUDIENCE',
  'OIDC_OPERATOR_VALUE',
  'OIDC_VIEWER_VALUE',
  'OIDC_ROLE_CLAIM',
  'OIDC_NAME_CLAIM',
  'DASHBOARD_DIR',
  'PUBLIC_URL',
];

/** The variables that several functions read. What only one function reads is checked at its cold start, as on AWS. */
const Shared = z.object({
  ...guardRailVariables,
  ...giveUpVariables,
  LEASE_SECONDS: leaseSeconds,
  LOG_LEVEL: logLevel,
  MAX_ATTEMPTS: count(6),
  RECONCILE_WINDOW_SECONDS: count(60),
  GITHUB_API_URL: gitHubAppVariables.GITHUB_API_URL,
});
const App = z.object(gitHubAppVariables);

/** The variables of .env.example, and those that select where the local system runs. */
const known = [
  ...passedOn,
  'PORT',
  'EMULATOR_RUN_SECONDS',
  'SMEE_URL',
  'WEBHOOK_PROXY_URL',
  'ADMIN_API_KEY',
  'DISPATCHER_DATA_DIR',
  'DISPATCHER_URL',
  'DISPATCHER_API_KEY',
  'DISPATCHER_TOKEN',
];

/**
 * Reads the environment. An empty variable counts as not set, because .env.example lists all of them empty.
 * @throws Error with one sentence for each variable that is missing, has an invalid value or belongs to an earlier dispatcher
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const value = (name: string) => env[name] || undefined;
  const isApp = value('GITHUB_APP_ID') !== undefined || value('GITHUB_APP_PRIVATE_KEY') !== undefined;
  const smee = value('SMEE_URL') === undefined ? 'WEBHOOK_PROXY_URL' : 'SMEE_URL';
  const problems = [
    ...findFormerVariables(env),
    ...(isApp ? findProblemsOfApp(env) : []),
    ...findInvalidVariables(Shared, env),
    ...findProblemOfPort(value('PORT')),
    ...findProblemOfRunSeconds(value('EMULATOR_RUN_SECONDS')),
    ...findProblemOfChannel(smee, value(smee)),
  ];
  if (problems.length > 0) throw new Error([...new Set(problems)].join('\n'));
  return {
    port: Number(value('PORT') ?? 3000),
    mode: isApp ? 'app' : 'emulator',
    apiUrl: (value('GITHUB_API_URL') ?? 'https://api.github.com').replace(/\/$/, ''),
    runSeconds: runSecondsOf(value('EMULATOR_RUN_SECONDS')),
    smeeUrl: value(smee) ?? null,
    warnings: findMisspelledVariables(env, known),
    functions: Object.fromEntries(
      passedOn.flatMap((name) => {
        const text = value(name);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
  };
}

function findProblemsOfApp(env: NodeJS.ProcessEnv): readonly string[] {
  const missing = requiredByApp.filter((name) => !env[name]);
  if (missing.length > 0) {
    return [
      `The GitHub App is only partly configured: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. ` +
        'Set the missing variables in .env, or unset GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY to use the emulator.',
    ];
  }
  return [...findInvalidVariables(App, env), ...findProblemOfKey(env['GITHUB_APP_PRIVATE_KEY'] ?? '')];
}

function findProblemOfKey(text: string): readonly string[] {
  try {
    const { asymmetricKeyType: type } = createPrivateKey(text.replaceAll('\\n', '\n'));
    return type === 'rsa' ? [] : [`GITHUB_APP_PRIVATE_KEY is a key of type ${type}, and GitHub’s keys are RSA keys.`];
  } catch {
    const [first = ''] = text.split('\n');
    const incomplete = /^-----BEGIN [A-Z ]+-----$/.test(first.trim()) && !text.includes('-----END');
    const reason = incomplete
      ? 'has only its first line: put the whole value in double quotes, or write it on one line with \\n for each line break.'
      : 'is not a valid PEM private key. Set it to the whole content of the .pem file that GitHub generated.';
    return [`GITHUB_APP_PRIVATE_KEY ${reason}`];
  }
}

function findProblemOfPort(text: string | undefined): readonly string[] {
  if (text === undefined || (/^\d{1,5}$/.test(text) && Number(text) <= 65_535)) return [];
  return [`PORT is ${describeValue('PORT', text)}: write a whole number from 0 to 65535; 0 takes any free port.`];
}

function findProblemOfRunSeconds(text: string | undefined): readonly string[] {
  if (text === undefined || text === 'never' || /^\d{1,6}$/.test(text)) return [];
  return [`EMULATOR_RUN_SECONDS is ${describeValue('EMULATOR_RUN_SECONDS', text)}: write a whole number, or never.`];
}

function runSecondsOf(text: string | undefined): number | null {
  return text === undefined || text === 'never' ? null : Number(text);
}

function findProblemOfChannel(name: string, url: string | undefined): readonly string[] {
  if (url === undefined || /^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) return [];
  return [`${name} is ${describeValue(name, url)}: write the URL of a channel, such as https://smee.io/abc123.`];
}
