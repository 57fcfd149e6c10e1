import { UsageError } from '../command.ts';
import type { PreparedAccount } from './bootstrap-outputs.ts';
import { appOf, type DeployContext, type DeployOptions, openRepository, readAccounts } from './deploy-context.ts';
import { desiredEnvironments, desiredRulesets } from './desired-settings.ts';
import { missingOf } from './plan-changes.ts';
import type { RepositorySettings } from './repository-settings.ts';

/** One step of a deployment, whether it is done, and the command that does it. */
export interface DeploymentStep {
  readonly step: string;
  readonly done: boolean;
  readonly detail: string;
  readonly next: string;
}

const cli = 'npx --no-install dispatcher';

/** Returns the steps in their order. A step after one that is not done may be unknown, and is then not done either. */
export async function deploymentSteps(
  deploy: DeployContext,
  options: DeployOptions,
): Promise<readonly DeploymentStep[]> {
  const account: DeploymentStep = {
    step: 'AWS account',
    done: true,
    detail: '',
    next: 'scripts/deploy/bootstrap.sh OWNER/REPOSITORY',
  };
  let accounts: readonly PreparedAccount[];
  try {
    accounts = readAccounts(deploy, options);
  } catch (error) {
    if (!(error instanceof UsageError) || options.bootstrap !== undefined) throw error;
    return [{ ...account, done: false, detail: 'not prepared' }];
  }
  const [{ repository } = { repository: '' }] = accounts;
  const environments = accounts.flatMap(({ roles }) => Object.keys(roles)).filter((name) => isDeployed(name));
  const settings = await openRepository(deploy, repository);
  return [
    { ...account, detail: `prepared for ${repository}: ${environments.join(', ')}` },
    ...(await repositorySteps(deploy, settings, accounts)),
    await releaseStep(settings),
    await deploymentStep(settings),
    ...environments.map((name) => appStep(deploy, name, repository)),
  ];
}

const isDeployed = (name: string) => name !== 'release' && name !== 'pull-request' && !name.endsWith('-plan');

async function repositorySteps(
  deploy: DeployContext,
  settings: RepositorySettings,
  accounts: readonly PreparedAccount[],
): Promise<readonly DeploymentStep[]> {
  const { defaultBranch } = await settings.repository();
  const steps: DeploymentStep[] = [];
  for (const wanted of desiredEnvironments(accounts, defaultBranch, appOf(deploy))) {
    const missing = missingOf(wanted, await settings.environment(wanted.name));
    steps.push({
      step: `environment ${wanted.name}`,
      done: missing.length === 0,
      detail: missing.join(', ') || 'complete',
      next: `${cli} deploy init`,
    });
  }
  const rulesets = await settings.rulesets();
  const absent = desiredRulesets().filter(({ name }) => !rulesets.some((each) => each.name === name));
  steps.push({
    step: 'rulesets',
    done: absent.length === 0,
    detail: absent.length === 0 ? 'exist' : `missing: ${absent.map(({ name }) => name).join(', ')}`,
    next: `${cli} deploy init`,
  });
  return steps;
}

async function releaseStep(settings: RepositorySettings): Promise<DeploymentStep> {
  const tag = await settings.latestRelease();
  return {
    step: 'release',
    done: tag !== null,
    detail: tag ?? 'none yet',
    next: 'git tag v0.1.0 && git push origin v0.1.0',
  };
}

async function deploymentStep(settings: RepositorySettings): Promise<DeploymentStep> {
  const run = await settings.latestDeployment();
  // A run that waits for the approval of prod has deployed dev.
  const done = run !== null && (run.conclusion === 'success' || run.status === 'waiting');
  return {
    step: 'deployment',
    done,
    detail: run === null ? 'none yet' : `${run.conclusion ?? run.status}: ${run.url}`,
    next:
      run === null || run.status === 'completed'
        ? 'gh workflow run deploy.yml --field release=TAG'
        : `wait for ${run.url}`,
  };
}

function appStep(deploy: DeployContext, environment: string, repository: string): DeploymentStep {
  const app = appOf(deploy)(environment);
  const [owner = ''] = repository.split('/');
  return {
    step: `GitHub App of ${environment}`,
    done: app !== null,
    detail: app === null ? 'not created' : app.slug,
    next:
      `${cli} app create --org ${owner} --environment ${environment} --secrets-manager dispatcher-${environment} ` +
      `--url "$(${cli} deploy environment ${environment} --print-url)", then ${cli} deploy init`,
  };
}
