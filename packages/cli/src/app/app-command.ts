import { parseArgs } from 'node:util';
import { BadInput, type Command, parsed, type Terminal } from '../command.ts';
import { ownSurroundings, type Surroundings } from '../context/command-context.ts';

const help = `Usage: dispatcher app create [--org NAME] [--url URL] [options]
       dispatcher app check [--url URL] [--environment NAME] [--secrets-manager NAME] [--json]

create  makes a GitHub App in two clicks: a page on this machine says what the App may do and why, GitHub's page asks for
        its name. Its id, slug, private key and webhook secret are then written to .env. Each environment is its own App,
        because an App has one webhook URL.
check   compares the App's credentials, permissions, events, webhook, installations and delivery log with what they
        should be: the part of dispatcher doctor that is about the App.

  --org NAME              the organisation that is to own the App; else it is yours
  --url URL               where Dispatcher listens. create without it: the App is for this machine, whose webhooks come by
                          WEBHOOK_PROXY_URL of .env, or by polling the App's delivery log
  --environment NAME      write and read .env.NAME instead of .env
  --secrets-manager NAME  create: the secrets go to the entries NAME/… of Secrets Manager, and .env.NAME says where;
                          check: they are read there
  --name TEXT             the App's name, at most 34 characters; GitHub's page lets you change it
  --port N                of the local page (any)
  --timeout MINUTES       how long create waits for the clicks (60)
  --force                 replace an App that is configured already
  --json                  check: {"fine": boolean, "findings": [{"check", "status", "message", "remedy"}]}

GITHUB_API_URL says which GitHub: https://HOST/api/v3 for GitHub Enterprise Server.

Exit code: 0 created, or everything is fine; 1 not created, or there are problems; 2 the arguments cannot be used.
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
  const { values, positionals } = parsed(() => parseArgs({ args: [...args], allowPositionals: true, options }));
  const [what, ...more] = positionals;
  if ((what !== 'create' && what !== 'check') || more.length > 0) {
    throw new BadInput('Say what to do with the App: dispatcher app create, or dispatcher app check.');
  }
  return { what, values } as const;
}
type Options = ReturnType<typeof readArguments>['values'];

export function appCommand(surroundings: Surroundings = ownSurroundings): Command {
  return {
    summary: 'make the GitHub App in two clicks, or check it',
    help,
    run: async (args, terminal) => {
      const { what, values } = readArguments(args);
      return what === 'create' ? create(surroundings, values, terminal) : check(surroundings, values, terminal);
    },
  };
}

async function check(surroundings: Surroundings, values: Options, terminal: Terminal): Promise<number> {
  const { findCredentials, readUrl } = await import('../context/credentials.ts');
  const { examineWholeApp } = await import('../doctor/check-all.ts');
  const { findingsAsJson, findingsAsText, isFine } = await import('../finding.ts');
  const { environment, 'secrets-manager': secretsManager } = values;
  const url = values.url === undefined ? undefined : readUrl(values.url);
  const { findings } = await examineWholeApp(findCredentials(surroundings, { environment, secretsManager, url }), url);
  terminal.out(values.json ? findingsAsJson(findings) : findingsAsText(findings));
  return isFine(findings) ? 0 : 1;
}

async function create(surroundings: Surroundings, values: Options, terminal: Terminal): Promise<number> {
  const { createApp, installUrlOf } = await import('./create-app.ts');
  const { EntryUnusable } = await import('../context/secret-entries.ts');
  try {
    const plan = await planOf(surroundings, values);
    const app = await createApp({
      ...plan,
      port: wholeNumber('--port', values.port),
      limitMs: 60_000 * wholeNumber('--timeout', values.timeout),
      onReady: (page) =>
        terminal.out(`Open this page and follow it:\n\n  ${page}\n\nWaiting for it; Ctrl-C gives up.\n`),
    });
    terminal.out(`\nThe App ${app.slug} (id ${app.id}) is made. Its credentials are in ${plan.keptIn}.\n`);
    terminal.out(`Install it on the source and the target repositories: ${installUrlOf(app)}\n`);
    terminal.out(`Then look at it: npx --no-install dispatcher app check${againArguments(values)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof BadInput) throw error;
    if (error instanceof EntryUnusable) throw new BadInput(error.message, { cause: error });
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function planOf(surroundings: Surroundings, values: Options) {
  const { envFileOf, readEnvFile } = await import('../context/env-file.ts');
  const { readUrl } = await import('../context/credentials.ts');
  const { githubOf, namesOf } = await import('./app-names.ts');
  const { keepInFile, keepInSecretsManager } = await import('./credential-store.ts');
  const { environment, 'secrets-manager': prefix, force } = values;
  if (prefix !== undefined && environment === undefined) {
    throw new BadInput('--secrets-manager needs --environment: the App of this machine keeps its secrets in .env.');
  }
  const file = envFileOf(surroundings.root, environment);
  const configured = { ...readEnvFile(file), ...surroundings.env };
  const github = githubOf(configured['GITHUB_API_URL'] || undefined);
  const options = { file, also: github.variables, force };
  const keeper =
    prefix === undefined
      ? keepInFile(surroundings, options)
      : await keepInSecretsManager(surroundings, prefix, options);
  const url = values.url === undefined ? undefined : readUrl(values.url);
  const channel = configured['SMEE_URL'] || configured['WEBHOOK_PROXY_URL'] || undefined;
  return {
    webUrl: github.webUrl,
    apiUrl: github.apiUrl,
    organization: values.org ?? null,
    ...namesOf({ name: values.name, organization: values.org, environment, url, channel, webUrl: github.webUrl }),
    keptIn: keeper.place,
    keep: (app: Parameters<typeof keeper.keep>[0]) => keeper.keep(app),
  };
}

function againArguments({ url, environment }: Options): string {
  return `${url === undefined ? '' : ` --url ${url}`}${environment === undefined ? '' : ` --environment ${environment}`}`;
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new BadInput(`${option} takes a whole number, not ${text}.`);
}

export const app = appCommand();
