import type { GuardRails } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { defaultMetricsNamespace } from '../telemetry/metrics.ts';
import { findFormerVariables, findMisspelledVariables } from './variable-names.ts';

/** Thrown at a cold start. The message has one line per missing, invalid or former variable, with what to write. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

function describeIssue(issue: z.core.$ZodIssue, env: NodeJS.ProcessEnv): string {
  const name = issue.path.join('.');
  const value = env[name];
  if (value === undefined || value === '') return `${name} is missing.`;
  const remedy = issue.message.endsWith('.') ? issue.message : `${issue.message}.`;
  return `${name} is ${describeValue(name, value)}: ${remedy}`;
}

const maxShownLength = 60;

/** Quotes the value of a variable for a message. The value of a secret is never shown. */
export function describeValue(name: string, value: string): string {
  if (/SECRET|PASSWORD|PRIVATE_KEY|API_KEY|TOKEN/.test(name)) return 'not valid';
  return JSON.stringify(value.length > maxShownLength ? `${value.slice(0, maxShownLength)}…` : value);
}

/** Returns one sentence for each variable of the schema that is missing or has an invalid value. */
export function findInvalidVariables(schema: z.core.$ZodObject, env: NodeJS.ProcessEnv): readonly string[] {
  return parseVariables(schema, env).error?.issues.map((issue) => describeIssue(issue, env)) ?? [];
}

/** An empty variable counts as unset, because Terraform and .env files cannot omit a variable conditionally. */
function parseVariables<S extends z.core.$ZodObject>(schema: S, env: NodeJS.ProcessEnv) {
  const names = Object.keys(schema._zod.def.shape);
  const set = names.filter((name) => env[name] !== undefined && env[name] !== '').map((name) => [name, env[name]]);
  return z.safeParse(schema, Object.fromEntries(set));
}

/**
 * Parses the environment variables of a function. An empty variable counts as unset. A name that looks misspelled is a
 * warning of the process.
 * @throws ConfigurationError naming every invalid variable at once: one at a time would cost a deployment each
 */
export function readConfiguration<S extends z.core.$ZodObject>(
  schema: S,
  env: NodeJS.ProcessEnv = process.env,
): z.core.output<S> {
  const names = Object.keys(schema._zod.def.shape);
  const parsed = parseVariables(schema, env);
  const former = findFormerVariables(env);
  if (!parsed.success || former.length > 0) {
    const issues = parsed.error?.issues.map((issue) => describeIssue(issue, env)) ?? [];
    throw new ConfigurationError([...issues, ...former].join('\n'));
  }
  for (const sentence of findMisspelledVariables(env, names)) process.emitWarning(sentence, 'ConfigurationWarning');
  return parsed.data;
}

/** `true` or `false` only: coercion would turn "false" into true. */
export const flag = (whenUnset: boolean) =>
  z.pipe(
    z._default(z.enum(['true', 'false'], { error: 'write true or false' }), whenUnset ? 'true' : 'false'),
    z.transform((text) => text === 'true'),
  );

/** A comma-separated list; empty if unset. */
export const list = z.pipe(
  z._default(z.string(), ''),
  z.transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  ),
);

/** A list of `owner/name` globs. An entry that can match no repository is refused: with it alone, the list refuses all. */
const repositoryList = list.check(
  z.refine((entries) => entries.every(canMatchRepository), {
    error: ({ input }) => {
      const entry = (input as readonly string[]).find((each) => !canMatchRepository(each)) ?? '';
      const quoted = JSON.stringify(entry);
      return `${quoted} matches no repository: write owner/name. \`*\` does not match a slash, so all repositories are */*.`;
    },
  }),
);

function canMatchRepository(entry: string): boolean {
  const isGlob = /^[\w.*/-]+$/.test(entry) && !entry.includes('***');
  return isGlob && (entry.includes('**') || /^[^/]+\/[^/]+$/.test(entry));
}

/** A list of owners. An entry with another form would require nothing. */
const ownerList = list.check(
  z.refine((entries) => entries.every((entry) => ownerName.test(entry)), {
    error: ({ input }) => {
      const entry = (input as readonly string[]).find((each) => !ownerName.test(each)) ?? '';
      return `${JSON.stringify(entry)} is not the name of an owner: write names such as octo-org, separated by commas.`;
    },
  }),
);

const ownerName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** A list of globs of workflow file names, with or without `.github/workflows/`. */
const workflowList = list.check(
  z.refine((entries) => entries.every(canMatchWorkflow), {
    error: ({ input }) => {
      const entry = (input as readonly string[]).find((each) => !canMatchWorkflow(each)) ?? '';
      return `${JSON.stringify(entry)} matches no workflow: write the name of its file, such as ci.yml.`;
    },
  }),
);

function canMatchWorkflow(entry: string): boolean {
  const name = entry.replace(/^\.github\/workflows\//, '');
  return name !== '' && (!name.includes('/') || name.includes('**')) && !name.includes('***');
}

/** A whole number from 1 to 999999999. */
export const count = (whenUnset: number) =>
  z.pipe(
    z._default(
      z.string().check(z.regex(/^[1-9][0-9]{0,8}$/, { error: 'write a whole number from 1 to 999999999' })),
      String(whenUnset),
    ),
    z.transform(Number),
  );

// SQS deletes a message four days after it was sent.
const maxGiveUpSeconds = 3 * 24 * 60 * 60;

/** How long messages wait while GitHub cannot be reached. */
export const giveUpVariables = {
  UNREADABLE_GIVE_UP_SECONDS: count(6 * 60 * 60).check(
    z.refine((seconds) => seconds <= maxGiveUpSeconds, {
      error: `write at most ${maxGiveUpSeconds}, three days: SQS deletes a message after four`,
    }),
  ),
};

/** How old a decision may be before it must be confirmed by the files as they are now, in seconds. */
export const decisionMaxAgeVariables = { DECISION_MAX_AGE: count(5 * 60) };

export const logLevel = z._default(
  z.enum(['debug', 'info', 'warn', 'error'], { error: 'write debug, info, warn or error' }),
  'info',
);

/** The CloudWatch namespace of the metrics: one for each environment of an AWS account. */
export const metricsNamespace = z._default(
  z.string().check(
    z.regex(/^(?!AWS\/)[\w.#/-]{1,255}$/, {
      error:
        'use 1 to 255 letters, digits, `.`, `-`, `_`, `/` and `#`; a name that starts with `AWS/` is reserved for AWS',
    }),
  ),
  defaultMetricsNamespace,
);

/** How long a dispatch worker may hold a slot until it has the response to its POST. */
export const leaseSeconds = count(30);

/** A name that git accepts for a branch or tag, with or without refs/heads/ or refs/tags/. */
const refName = z.string().check(
  z.regex(/^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|[\s~^:?*[\\]|[/.]$|\.lock$))/, {
    error: 'write the name of a branch or tag, such as main',
  }),
);

/** An address of an HTTP service. */
export const httpUrl = (example: string) => z.url({ protocol: /^https?$/, error: `write a URL such as ${example}` });

const loopbackUrl = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\/?$/;

/** Where browsers reach Dispatcher: the dashboard and its sign-in. Without a trailing slash. */
export const publicUrl = z.optional(
  z.pipe(
    z.string().check(
      z.refine((text) => /^https:\/\/[^/?#@\s]+\/?$/.test(text) || loopbackUrl.test(text), {
        error: 'write the https address of Dispatcher without a path, such as https://dispatcher.example.com',
      }),
    ),
    z.transform((text) => text.replace(/\/$/, '')),
  ),
);

/** The digest of the image that a function runs. */
export const imageDigest = z.optional(
  z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/, 'write the digest of an image: sha256: and 64 hexadecimal digits')),
);

/** The operator's guard rails, which planning and the command line share. */
export const guardRailVariables = {
  SOURCE_REPO_ALLOWLIST: repositoryList,
  TARGET_REPO_ALLOWLIST: repositoryList,
  SOURCE_WORKFLOW_ALLOWLIST: workflowList,
  MAX_TARGETS_PER_RUN: count(25),
  MAX_DISPATCH_DEPTH: count(5),
  DISPATCH_PAUSED: flag(false),
  DRY_RUN: flag(false),
  REQUIRE_POLICY: ownerList,
  ALLOW_PATTERNS: flag(false),
  DEFAULT_DISPATCH_REF: z.optional(refName),
};

/** Converts the parsed {@link guardRailVariables}. */
export function guardRailsOf(environment: z.output<z.ZodMiniObject<typeof guardRailVariables>>): GuardRails {
  return {
    sourceRepositories: environment.SOURCE_REPO_ALLOWLIST,
    targetRepositories: environment.TARGET_REPO_ALLOWLIST,
    sourceWorkflows: environment.SOURCE_WORKFLOW_ALLOWLIST,
    maxTargetsPerRun: environment.MAX_TARGETS_PER_RUN,
    maxDispatchDepth: environment.MAX_DISPATCH_DEPTH,
    paused: environment.DISPATCH_PAUSED,
    dryRun: environment.DRY_RUN,
    requirePolicy: environment.REQUIRE_POLICY,
    allowPatterns: environment.ALLOW_PATTERNS,
    defaultRef: environment.DEFAULT_DISPATCH_REF ?? null,
  };
}

/** The GitHub App whose credentials a function uses. */
export const gitHubAppVariables = {
  GITHUB_APP_ID: z.string().check(z.regex(/^\d+$/, { error: 'write the App’s numeric id' })),
  /** The login of the App's bot is `<slug>[bot]`: it identifies runs that this App started. */
  GITHUB_APP_SLUG: z.string(),
  GITHUB_APP_PRIVATE_KEY: z.optional(z.string()),
  GITHUB_APP_PRIVATE_KEY_ARN: z.optional(z.string()),
  GITHUB_API_URL: z._default(httpUrl('https://api.github.com'), 'https://api.github.com'),
};
