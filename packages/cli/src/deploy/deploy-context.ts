import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../command.ts';
import { envFileOf, readEnvFile } from '../context/env-file.ts';
import type { CommandContext } from '../context/command-context.ts';
import { parseBootstrapOutputs, type PreparedAccount } from './bootstrap-outputs.ts';
import type { AppOf } from './desired-settings.ts';
import { createRepositorySettings, type RepositorySettings } from './repository-settings.ts';

/** Runs a program and returns its standard output. @throws Error if it fails or does not exist */
export type RunProgram = (name: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<string>;

export const runProgram: RunProgram = async (name, args, env = process.env) => {
  const { stdout } = await promisify(execFile)(name, [...args], { env, maxBuffer: 10_000_000 });
  return stdout;
};

export interface DeployOptions {
  readonly repository?: string | undefined;
  readonly bootstrap?: readonly string[] | undefined;
}

/** What the deploy commands find out by themselves. */
export interface DeployContext {
  readonly context: CommandContext;
  readonly run: RunProgram;
}

export const defaultBootstrapFile = '.dispatcher/deploy/bootstrap.json';

/** Returns the prepared accounts. @throws UsageError if no account is prepared, or they belong to different repositories */
export function readAccounts({ context }: DeployContext, options: DeployOptions): readonly PreparedAccount[] {
  const files = options.bootstrap ?? [join(context.root, defaultBootstrapFile)];
  const accounts = files.map((file) => {
    if (!existsSync(file)) {
      throw new UsageError(`${file} does not exist. First run scripts/deploy/bootstrap.sh OWNER/REPOSITORY.`);
    }
    return parseBootstrapOutputs(readFileSync(file, 'utf8'), file);
  });
  const repositories = new Set(accounts.map(({ repository }) => repository));
  if (repositories.size > 1) {
    throw new UsageError(`The accounts are prepared for different repositories: ${[...repositories].join(', ')}.`);
  }
  return accounts;
}

/** Opens the settings of the repository with the token of the environment or of `gh`. @throws UsageError without a token */
export async function openRepository(
  { context: { env }, run }: DeployContext,
  repository: string,
): Promise<RepositorySettings> {
  const token = env['GH_TOKEN'] || env['GITHUB_TOKEN'] || (await run('gh', ['auth', 'token']).catch(() => '')).trim();
  if (token === '') {
    throw new UsageError(
      'No GitHub token: run gh auth login, or set GH_TOKEN to a token with the permissions administration, environments, ' +
        'secrets and variables of the repository.',
    );
  }
  const apiUrl = (env['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/$/, '');
  return createRepositorySettings({ apiUrl, token, repository });
}

/** Finds the App of an environment in its `.env.NAME`, where `dispatcher app create` writes it. */
export function appOf({ context: { root } }: DeployContext): AppOf {
  return (environment) => {
    const { GITHUB_APP_ID: id, GITHUB_APP_SLUG: slug } = readEnvFile(envFileOf(root, environment));
    return id === undefined || slug === undefined ? null : { id, slug };
  };
}
