import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { UsageError, type Command, type Terminal } from '../command.ts';
import { processContext, type CommandContext } from '../context/command-context.ts';
import { appFeatures, type OptionalFeature } from '@dispatcher/contracts';

interface CheckOptions {
  readonly url?: string | undefined;
  readonly environment?: string | undefined;
  readonly secretsManager?: string | undefined;
  readonly json: boolean;
}

interface CreateOptions extends Omit<CheckOptions, 'json'> {
  readonly org?: string | undefined;
  readonly name?: string | undefined;
  /** Names of optional features. */
  readonly with?: readonly string[] | undefined;
  readonly port: number;
  readonly timeout: number;
  readonly force: boolean;
}

export function appCommand(context: CommandContext = processContext): Command {
  return defineCommand('app', (table, { terminal, exit }) => {
    table
      .summary('create the GitHub App, or check its registration')
      .description('Create the GitHub App, or check its registration.');
    const create = table
      .command('create')
      .summary('create the GitHub App')
      .description(
        'Opens a local page that shows the App’s permissions. GitHub then asks for the App’s name and creates it. The ' +
          'App’s id, slug, private key and webhook secret are written to .env. Each environment needs its own App, because ' +
          'an App has one webhook URL.',
      )
      .option('--org <name>', 'the organization that owns the App (default: your account)')
      .option(
        '--url <url>',
        'the URL of Dispatcher. Without it, create makes an App for this machine: webhooks arrive through ' +
          'WEBHOOK_PROXY_URL of .env, or Dispatcher polls the App’s delivery log',
      )
      .option('--environment <name>', 'use .env.NAME instead of .env')
      .option(
        '--secrets-manager <prefix>',
        'store the secrets in the Secrets Manager entries PREFIX/…, and their names in .env.NAME',
      )
      .option(
        '--with <feature...>',
        'also request what an optional feature needs: checks (check runs on commits), hints (pushes and changes of repositories), forks (pull requests of forks), teams (sign-in by organization or team)',
      )
      .option('--name <text>', 'the App’s name, at most 34 characters; you can change it on GitHub’s page')
      .option('--port <n>', 'the port of the local page; 0: any free port', parseWholeNumber('--port'), 0)
      .option('--timeout <minutes>', 'how long to wait for you to finish', parseWholeNumber('--timeout'), 60)
      .option('--force', 'replace an App that is already configured', false)
      .action((options) => exit(createRegistration(context, options, terminal)));
    addNotes(create, {
      more: ['GITHUB_API_URL selects the GitHub: https://HOST/api/v3 for GitHub Enterprise Server.'],
      examples: [
        'dispatcher app create --org octo-org',
        'dispatcher app create --org octo-org --with checks hints',
        'dispatcher app create --org octo-org --url https://dispatcher.example --environment prod',
      ],
      exitCodes: { 0: 'the App was created', 1: 'the App was not created', 2: 'invalid arguments' },
    });
    const check = table
      .command('check')
      .summary('check the App’s credentials and registration')
      .description(
        'Checks the App’s credentials, permissions, events, webhook, sign-in, installations and delivery log. These checks are ' +
          'also part of dispatcher doctor.',
      )
      .option('--url <url>', 'the URL of Dispatcher')
      .option('--environment <name>', 'use .env.NAME instead of .env')
      .option('--secrets-manager <prefix>', 'read the secrets in the Secrets Manager entries PREFIX/…')
      .option('--json', 'print {"fine": boolean, "findings": [{"check", "status", "message", "remedy"}]}', false)
      .action((options) => exit(checkRegistration(context, options, terminal)));
    addNotes(check, {
      examples: ['dispatcher app check --url https://dispatcher.example --environment prod'],
      exitCodes: { 0: 'the check found no problem', 1: 'the check found problems', 2: 'invalid arguments' },
    });
    return addNotes(table, {
      exitCodes: {
        0: 'the App was created, or the check found no problem',
        1: 'the App was not created, or the check found problems',
        2: 'invalid arguments',
      },
    });
  });
}

async function checkRegistration(context: CommandContext, values: CheckOptions, terminal: Terminal): Promise<number> {
  const { findCredentials } = await import('../context/credentials.ts');
  const { readUrl } = await import('../context/urls.ts');
  const { checkApp } = await import('./check-app.ts');
  const { findingsAsJson, findingsAsText, isFine } = await import('../finding.ts');
  const { environment, secretsManager } = values;
  const url = values.url === undefined ? undefined : readUrl(values.url);
  const { findings } = await checkApp(findCredentials(context, { environment, secretsManager, url }), url);
  terminal.out(values.json ? findingsAsJson(findings) : findingsAsText(findings));
  return isFine(findings) ? 0 : 1;
}

async function createRegistration(context: CommandContext, values: CreateOptions, terminal: Terminal): Promise<number> {
  const { createApp, installUrlOf } = await import('./create-app.ts');
  const { SecretEntryError } = await import('../context/secret-entries.ts');
  try {
    const plan = await planOf(context, values);
    const app = await createApp({
      ...plan,
      port: values.port,
      timeoutMs: 60_000 * values.timeout,
      onReady: (page) =>
        terminal.out(`Open this page and follow the instructions:\n\n  ${page}\n\nWaiting; press Ctrl-C to cancel.\n`),
    });
    terminal.out(`\nThe App ${app.slug} (id ${app.id}) was created. Its credentials are stored in ${plan.storedIn}.\n`);
    terminal.out(`Install it on the source and the target repositories: ${installUrlOf(app)}\n`);
    terminal.out(`To let people sign in with GitHub, follow docs/guide/sign-in.md: the callback URL is set.\n`);
    terminal.out(`Then check it: npx --no-install dispatcher app check${checkArguments(values)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof SecretEntryError) throw new UsageError(error.message, { cause: error });
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function planOf(context: CommandContext, values: CreateOptions) {
  const { envFileOf, readEnvFile } = await import('../context/env-file.ts');
  const { readUrl } = await import('../context/urls.ts');
  const { gitHubAddressesOf, appNamesOf } = await import('./app-names.ts');
  const { storeInFile, storeInSecretsManager } = await import('./credential-store.ts');
  const { environment, secretsManager: prefix, force } = values;
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
    ...appNamesOf({
      name: values.name,
      organization: values.org,
      environment,
      url,
      port: configured['PORT'] || '3000',
      channel,
      webUrl: github.webUrl,
    }),
    features: chosenFeatures(values.with ?? []),
    storedIn: store.place,
    save: (app: Parameters<typeof store.save>[0]) => store.save(app),
  };
}

function chosenFeatures(names: readonly string[]): OptionalFeature[] {
  return names.map((name) => {
    const feature = appFeatures.find((one) => one.name === name);
    if (feature !== undefined) return feature;
    throw new UsageError(
      `--with ${name} is not a feature. Features are: ${appFeatures.map((one) => one.name).join(', ')}.`,
    );
  });
}

function checkArguments({ url, environment }: CreateOptions): string {
  return `${url === undefined ? '' : ` --url ${url}`}${environment === undefined ? '' : ` --environment ${environment}`}`;
}

function parseWholeNumber(option: string): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 0) return number;
    throw new UsageError(`${option} needs a whole number, not ${text}.`);
  };
}

export const app = appCommand();
