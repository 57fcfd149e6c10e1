import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { type Command, type Terminal, UsageError } from '../command.ts';
import { processContext } from '../context/command-context.ts';
import type { DeployContext, DeployOptions } from './deploy-context.ts';
import type { RepositorySettings } from './repository-settings.ts';

interface InitOptions extends DeployOptions {
  readonly reviewer?: readonly string[] | undefined;
  readonly dryRun: boolean;
}

interface EnvironmentOptions extends DeployOptions {
  readonly printUrl: boolean;
}

interface StatusOptions extends DeployOptions {
  readonly json: boolean;
}

const bootstrapText =
  'the outputs of bootstrap, one file for each AWS account (default: .dispatcher/deploy/bootstrap.json)';

/** Loaded on demand: most commands start no programs. */
const processDeploy = async (): Promise<DeployContext> => {
  const { runProgram } = await import('./deploy-context.ts');
  return { context: processContext, run: runProgram };
};

export function deployCommand(open: () => Promise<DeployContext> = processDeploy): Command {
  return defineCommand('deploy', (table, { terminal, exit }) => {
    table
      .summary('connect the GitHub repository to AWS, and see what is missing')
      .description('Connect the GitHub repository to AWS, and see what is missing until Dispatcher runs.');
    const init = table
      .command('init')
      .summary('give the GitHub repository what its pipelines need')
      .description(
        'Creates the environments of the GitHub repository with their variables, secrets and restrictions, and the rules for ' +
          'release tags and for the default branch. It finds everything out by itself: run it after bootstrap, and again after ' +
          'app create. What exists already stays; the values of secrets are set again.',
      )
      .option('--bootstrap <file...>', bootstrapText)
      .option('--reviewer <login...>', 'who may approve a deployment to prod (default: you)')
      .option('--dry-run', 'print the changes, and change nothing', false)
      .action((options) => exit(withErrors(terminal, async () => runInit(await open(), options, terminal))));
    addNotes(init, {
      more: [
        'The token is GH_TOKEN, or that of gh. It needs the permissions administration, environments, secrets and variables.',
      ],
      examples: ['dispatcher deploy init --dry-run', 'dispatcher deploy init --reviewer octocat --reviewer hubot'],
      exitCodes: { 0: 'success', 1: 'GitHub refused a change', 2: 'invalid arguments or files' },
    });
    const status = table
      .command('status')
      .summary('what is missing, and the next step')
      .description('Prints what exists of a deployment, what is missing, and the command of the next step.')
      .option('--bootstrap <file...>', bootstrapText)
      .option('--json', 'print {"steps": [{"step", "done", "detail", "next"}]}', false)
      .action((options) => exit(withErrors(terminal, async () => runStatus(await open(), options, terminal))));
    addNotes(status, {
      examples: ['dispatcher deploy status'],
      exitCodes: { 0: 'nothing is missing', 1: 'something is missing', 2: 'invalid arguments or files' },
    });
    const environment = table
      .command('environment')
      .summary('print the variables of a deployed environment')
      .description(
        'Prints the variables that the commands of the runbooks need, from Terraform’s outputs: addresses, tables, queues and ' +
          'the event bus. No secret is among them.',
      )
      .argument('<name>', 'dev or prod')
      .option('--bootstrap <file...>', bootstrapText)
      .option('--print-url', 'print the URL of Dispatcher only', false)
      .action((name, options) =>
        exit(withErrors(terminal, async () => runEnvironment(await open(), name, options, terminal))),
      );
    addNotes(environment, {
      more: ['Needs terraform, and AWS credentials that may read the state.'],
      examples: ['dispatcher deploy environment dev > .dispatcher/dev.env'],
      exitCodes: { 0: 'success', 2: 'the environment is not deployed, or its state cannot be read' },
    });
    return addNotes(table, {
      exitCodes: { 0: 'success', 1: 'something is missing, or was refused', 2: 'invalid arguments or files' },
    });
  });
}

async function withErrors(terminal: Terminal, work: () => Promise<number>): Promise<number> {
  const { RepositorySettingsError } = await import('./repository-settings.ts');
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RepositorySettingsError)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

async function runInit(deploy: DeployContext, options: InitOptions, terminal: Terminal): Promise<number> {
  const { appOf, openRepository, readAccounts } = await import('./deploy-context.ts');
  const { desiredEnvironments, desiredRulesets } = await import('./desired-settings.ts');
  const { changesOf, rulesetChanges } = await import('./plan-changes.ts');
  const accounts = readAccounts(deploy, options);
  const settings = await openRepository(deploy, accounts[0]?.repository ?? '');
  const { name, defaultBranch } = await settings.repository();
  const reviewers = await reviewersOf(settings, options.reviewer);
  const changes = [];
  for (const wanted of desiredEnvironments(accounts, defaultBranch, appOf(deploy))) {
    changes.push(...changesOf(wanted, await settings.environment(wanted.name), reviewers));
  }
  changes.push(...rulesetChanges(desiredRulesets(), await settings.rulesets()));
  terminal.out(`${name}: ${changes.length} changes${options.dryRun ? ' would be made' : ''}\n`);
  for (const change of changes) {
    if (!options.dryRun) await change.apply(settings);
    terminal.out(`  ${change.text}\n`);
  }
  if (!options.dryRun) terminal.out('Next: npx --no-install dispatcher deploy status\n');
  return 0;
}

/** @throws UsageError if nobody could approve */
async function reviewersOf(
  settings: RepositorySettings,
  logins: readonly string[] | undefined,
): Promise<readonly number[]> {
  if (logins !== undefined) return Promise.all(logins.map(async (login) => (await settings.userOf(login)).id));
  const user = await settings.user();
  if (user !== null) return [user.id];
  throw new UsageError(
    'The token does not belong to a user: name who may approve deployments to prod with --reviewer.',
  );
}

async function runStatus(deploy: DeployContext, options: StatusOptions, terminal: Terminal): Promise<number> {
  const { deploymentSteps } = await import('./deployment-steps.ts');
  const { textTable } = await import('../command-line/text-table.ts');
  const steps = await deploymentSteps(deploy, options);
  const next = steps.find(({ done }) => !done);
  if (options.json) terminal.out(`${JSON.stringify({ steps })}\n`);
  else {
    const rows = steps.map(({ step, done, detail }) => [{ text: done ? '✓' : '✗' }, step, detail]);
    terminal.out(textTable([{ title: '' }, { title: 'step' }, { title: 'detail', minWidth: 20 }], rows, terminal));
    terminal.out(next === undefined ? '\nNothing is missing.\n' : `\nNext: ${next.next}\n`);
  }
  return next === undefined ? 0 : 1;
}

async function runEnvironment(
  deploy: DeployContext,
  name: string,
  options: EnvironmentOptions,
  terminal: Terminal,
): Promise<number> {
  const { environmentVariables } = await import('./environment-file.ts');
  const variables = await environmentVariables(deploy, name, options);
  if (options.printUrl) terminal.out(`${variables['DISPATCHER_URL']}\n`);
  else
    terminal.out(
      Object.entries(variables)
        .map(([variable, value]) => `${variable}=${value}\n`)
        .join(''),
    );
  return 0;
}

export const deploy = deployCommand();
