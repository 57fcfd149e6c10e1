import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export interface Ended {
  readonly succeeded: boolean;
  /** Both streams: Terraform writes problems to either. */
  readonly output: string;
}

/**
 * @throws Error with what to do, where Terraform is missing or older than the first that locks its state in S3 itself.
 */
export function requireTerraform(): void {
  let version: { readonly terraform_version: string };
  try {
    version = JSON.parse(execFileSync('terraform', ['version', '-json'], { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    throw new Error(
      'terraform is not on the PATH. Install 1.11 or newer (https://developer.hashicorp.com/terraform/install).',
    );
  }
  const [major = 0, minor = 0] = version.terraform_version.split('.').map(Number);
  if (major !== 1 || minor < 11) {
    throw new Error(`terraform is ${version.terraform_version}; install 1.11 or a newer 1.x.`);
  }
}

/**
 * The directory of providers to install from: TF_PLUGIN_DIR, else one that is named `tf-plugins` where machines keep
 * such things; null for the public registry.
 */
export function pluginDirectory(env: NodeJS.ProcessEnv = process.env): string | null {
  if (env['TF_PLUGIN_DIR']) return env['TF_PLUGIN_DIR'];
  const places = [
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
  const place = places.find((directory) => names(directory).includes('tf-plugins'));
  return place === undefined ? null : join(place, 'tf-plugins');
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** @throws Error where the process is killed: that says nothing about the files. */
export function terraform(directory: string, args: readonly string[]): Ended {
  const { status, signal, stdout, stderr, error } = spawnSync('terraform', args, {
    cwd: directory,
    encoding: 'utf8',
    // A state that is printed in full brings the provider's schema with it, some 14 MB each time.
    maxBuffer: 1_000_000_000,
    env: { ...process.env, TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' },
  });
  if (error !== undefined) throw error;
  if (signal !== null) throw new Error(`terraform ${args[0]} was ended by ${signal}, from outside; run it again.`);
  return { succeeded: status === 0, output: `${stdout}\n${stderr}` };
}
