import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export interface CommandResult {
  readonly succeeded: boolean;
  /** stdout and stderr: Terraform reports problems on either. */
  readonly output: string;
}

/**
 * Checks the Terraform version; 1.11 is the first that locks its state in S3 without DynamoDB.
 * @throws Error with instructions if Terraform is missing or older
 */
export function requireTerraform(): void {
  let version: { readonly terraform_version: string };
  try {
    version = JSON.parse(execFileSync('terraform', ['version', '-json'], { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    throw new Error(
      'terraform is not on the PATH. Install 1.11 or a newer 1.x (https://developer.hashicorp.com/terraform/install).',
    );
  }
  const [major = 0, minor = 0] = version.terraform_version.split('.').map(Number);
  if (major !== 1 || minor < 11) {
    throw new Error(`terraform is ${version.terraform_version}; install 1.11 or a newer 1.x.`);
  }
}

/**
 * Returns the directory to install providers from: TF_PLUGIN_DIR, or else a directory named `tf-plugins` in one of the
 * usual places. Returns null to use the public registry.
 */
export function pluginDirectory(env: NodeJS.ProcessEnv = process.env): string | null {
  if (env['TF_PLUGIN_DIR']) return env['TF_PLUGIN_DIR'];
  const parents = [
    '/',
    '/opt',
    '/srv',
    '/usr/lib',
    '/usr/share',
    '/usr/local',
    '/usr/local/share',
    '/var/lib',
    homedir(),
  ];
  const parent = parents.find((directory) => names(directory).includes('tf-plugins'));
  return parent === undefined ? null : join(parent, 'tf-plugins');
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Runs Terraform. @throws Error if the process was killed, which says nothing about the Terraform files */
export function terraform(directory: string, args: readonly string[]): CommandResult {
  const { status, signal, stdout, stderr, error } = spawnSync('terraform', args, {
    cwd: directory,
    encoding: 'utf8',
    // A complete state includes the schema of the provider, about 14 MB each time.
    maxBuffer: 1_000_000_000,
    env: { ...process.env, TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' },
  });
  if (error !== undefined) throw error;
  if (signal !== null) throw new Error(`terraform ${args[0]} was killed by ${signal}. Run it again.`);
  return { succeeded: status === 0, output: `${stdout}\n${stderr}` };
}
