import { parseArgs } from 'node:util';
import { UsageError, type Command, orUsageError, type Terminal } from '../command.ts';
import { processContext, type CommandContext } from '../context/command-context.ts';

const help = `Usage: dispatcher app create [--org NAME] [--url URL] [options]
       dispatcher app check [--url URL] [--environment NAME] [--secrets-manager PREFIX] [--json]

Create the GitHub App, or check its registration.

create  Opens a local page that shows the App's permissions. GitHub then asks for the App's name and creates it. The
        App's id, slug, private key and webhook secret are written to .env. Each environment needs its own App, because
        an App has one webhook URL.
check   Checks the App's credentials, permissions, events, webhook, installations and delivery log. These checks are
        also part of dispatcher doctor.

Options:
  --org NAME                create: the organization that owns the App (default: your account)
  --url URL                 the URL of Dispatcher. Without it, create makes an App for this machine: webhooks arrive
                            through WEBHOOK_PROXY_URL of .env, or Dispatcher polls the App's delivery log
  --environment NAME        use .env.NAME instead of .env
  --secrets-manager PREFIX  create: store the secrets in the Secrets Manager entries PREFIX/…, and their names in
                            .env.NAME; check: read the secrets there
  --name TEXT               create: the App's name, at most 34 characters; you can change it on GitHub's page
  --port N                  create: the port of the local page (default: any free port)
  --timeout MINUTES         create: how long to wait for you to finish (default: 60)
  --force                   create: replace an App that is already configured
  --json                    check: print {"fine": boolean, "findings": [{"check", "status", "message", "remedy"}]}

GITHUB_API_URL selects the GitHub: https://HOST/api/v3 for GitHub Enterprise Server.

Examples:
  dispatcher app create --org octo-org
  dispatcher app create --org octo-org --url https://dispatcher.example --environment prod
  dispatcher app check --url https://dispatcher.example --environment prod

Exit codes: 0 the App was created, or the check found no problem; 1 the App was not created, or the check found
problems; 2 invalid arguments.
`;

const options = {
  org: { type: 'string' },
  url: { type: 'string' },
  environment: { type: 'string' },
  'secrets-manager': { type: 'string' },
  name: { type: 'string' },
  port: { type: 'string', default: '0' },
  timeout: { type: 'string', default: '60' },
  force: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

function readArguments(args: readonly string[]) {
  const { values, positionals } = orUsageError(() => parseArgs({ args: [...args], allowPositionals: true, options }));
  const [action, ...more] = positionals;
  if ((action !== 'create' && action !== 'check') || more.length > 0) {
    throw new UsageError('Choose an action: dispatcher app create, or dispatcher app check.');
  }
  return { action, values } as const;
}
type Options = ReturnType<typeof readArguments>['values'];

export function appCommand(context: CommandContext = processContext): Command {
  return {
    summary: 'create the GitHub App, or check its registration',
    help,
    run: async (args, terminal) => {
      const { action, values } = readArguments(args);
      return action === 'create' ? create(context, values, terminal) : check(context, values, terminal);
    },
  };
}

async function check(context: CommandContext, values: Options, terminal: Terminal): Promise<number> {
  const { findCredentials } = await import('../context/credentials.ts');
  const { readUrl } = await import('../context/urls.ts');
  const { checkApp } = await import('./check-app.ts');
  const { findingsAsJson, findingsAsText, isFine } = await import('../finding.ts');
  const { environment, 'secrets-manager': secretsManager } = values;
  const url = values.url === undefined ? undefined : readUrl(values.url);
  const { findings } = await checkApp(findCredentials(context, { environment, secretsManager, url }), url);
  terminal.out(values.json ? findingsAsJson(findings) : findingsAsText(findings));
  return isFine(findings) ? 0 : 1;
}

async function create(context: CommandContext, values: Options, terminal: Terminal): Promise<number> {
  const { createApp, installUrlOf } = await import('./create-app.ts');
  const { SecretEntryError } = await import('../context/secret-entries.ts');
  try {
    const plan = await planOf(context, values);
    const app = await createApp({
      ...plan,
      port: parseWholeNumber('--port', values.port),
      timeoutMs: 60_000 * parseWholeNumber('--timeout', values.timeout),
      onReady: (page) =>
        terminal.out(`Open this page and follow the instructions:\n\n  ${page}\n\nWaiting; press Ctrl-C to cancel.\n`),
    });
    terminal.out(`\nThe App ${app.slug} (id ${app.id}) was created. Its credentials are stored in ${plan.storedIn}.\n`);
    terminal.out(`Install it on the source and the target repositories: ${installUrlOf(app)}\n`);
    terminal.out(`Then check it: npx --no-install dispatcher app check${checkArguments(values)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof SecretEntryError) throw new UsageError(error.message, { cause: error });
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function planOf(context: CommandContext, values: Options) {
  const { envFileOf, readEnvFile } = await import('../context/env-file.ts');
  const { readUrl } = await import('../context/urls.ts');
  const { gitHubAddressesOf, appNamesOf } = await import('./app-names.ts');
  const { storeInFile, storeInSecretsManager } = await import('./credential-store.ts');
  const { environment, 'secrets-manager': prefix, force } = values;
  if (prefix !== undefined && environment === undefined) {
    throw new UsageError('--secrets-manager needs --environment: the App for this machine stores its secrets in .env.');
  }
  const file = envFileOf(context.root, environment);
  const configured = { ...readEnvFile(file), ...context.env };
  const github = gitHubAddressesOf(configured['GITHUB_API_URL'] || undefined);
  const options = { file, also: github.variables, force };
  const store =
    prefix === undefined ? storeInFile(context, options) : await storeInSecretsManager(context, prefix, options);
  const url = values.url === undefined ? undefined : readUrl(values.url);
  const channel = configured['SMEE_URL'] || configured['WEBHOOK_PROXY_URL'] || undefined;
  return {
    webUrl: github.webUrl,
    apiUrl: github.apiUrl,
    organization: values.org ?? null,
    ...appNamesOf({ name: values.name, organization: values.org, environment, url, channel, webUrl: github.webUrl }),
    storedIn: store.place,
    save: (app: Parameters<typeof store.save>[0]) => store.save(app),
  };
}

function checkArguments({ url, environment }: Options): string {
  return `${url === undefined ? '' : ` --url ${url}`}${environment === undefined ? '' : ` --environment ${environment}`}`;
}

function parseWholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new UsageError(`${option} needs a whole number, not ${text}.`);
}

export const app = appCommand();
