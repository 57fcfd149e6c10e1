import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Runs the unchanged scripts in a temporary folder. Stubs replace the commands that need an AWS account: `terraform`
// records its arguments and uses the variables file as the plan, `aws s3 cp` copies between folders, `npx` records its
// arguments.

const scripts = fileURLToPath(new URL('.', import.meta.url));
const account = '1234'.repeat(3);
const digest = (character: string) => `sha256:${character.repeat(64)}`;
const names = ['ingress', 'planning', 'dispatch', 'facts', 'admin'];
const release = Object.fromEntries(names.map((name) => [name, digest('a')]));
const running = Object.fromEntries(names.map((name) => [name, `registry.example/dispatcher/${name}@${digest('b')}`]));

const terraform = `#!/usr/bin/env bash
set -euo pipefail
echo "$*" >>"$TEST_DIRECTORY/calls"
root="\${1#-chdir=}"; shift
case "$1" in
  init) [[ "$*" == *-lockfile=readonly* ]] || echo 'provider lock' >"$root/.terraform.lock.hcl" ;;
  plan)
    for argument in "$@"; do case "$argument" in
      -var-file=*) variables="\${argument#-var-file=}" ;;
      -out=*) out="\${argument#-out=}" ;;
    esac; done
    echo 'a value of the plan'
    cp "$variables" "$out" ;;
  show) cat "$TEST_DIRECTORY/shown.json" ;;
  apply)
    cp "\${@: -1}" "$TEST_DIRECTORY/applied"
    echo 'module.dispatcher.aws_sqs_queue.this: Creation complete after 1s [id=https://sqs/${account}/runs]'
    printf 'role of ${account}\\n\\nOutputs:\\n\\nsecret_thing = 1\\n' ;;
  output) case "$*" in
    *images*) cat "$TEST_DIRECTORY/running.json" ;;
    *api_url*) printf 'https://api.example' ;;
  esac ;;
esac
`;
const aws = `#!/usr/bin/env bash
set -euo pipefail
local_path() { printf '%s' "\${1/#s3:\\/\\//$TEST_DIRECTORY/s3/}"; }
from="$(local_path "$4")"; to="$(local_path "$5")"
mkdir -p "$(dirname "$to")"
cp "$from" "$to"
`;
const npx = `#!/usr/bin/env bash
echo "npx $* of App $GITHUB_APP_ID" >>"$TEST_DIRECTORY/calls"
exit "\${DOCTOR_ENDS_WITH:-0}"
`;

let directory: string;
const file = (name: string) => join(directory, name);
const read = (name: string) => readFileSync(file(name), 'utf8');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'deploy-'));
  cpSync(scripts, file('scripts/deploy'), { recursive: true });
  mkdirSync(file('infrastructure/terraform/environments/dev'), { recursive: true });
  mkdirSync(file('bin'));
  for (const [name, text] of Object.entries({ terraform, aws, npx })) {
    writeFileSync(file(`bin/${name}`), text);
    chmodSync(file(`bin/${name}`), 0o755);
  }
  writeFileSync(file('package.json'), '{"type":"module"}');
  writeFileSync(file('images.json'), JSON.stringify(release, null, 2));
  writeFileSync(file('shown.json'), '{"resource_changes":[]}');
});
afterEach(() => rmSync(directory, { recursive: true }));

function run(script: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(file(`scripts/deploy/${script}`), args, {
    cwd: directory,
    encoding: 'utf8',
    env: {
      PATH: [file('bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
      TEST_DIRECTORY: directory,
      AWS_REGION: 'eu-central-1',
      STATE_BUCKET: 'bucket',
      IMAGE_REGISTRY: 'registry.example',
      APP_ID: '7',
      APP_SLUG: 'dispatcher-dev',
      ...environment,
    },
  });
  const output = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  return { status, stdout, stderr, output };
}

function planOf(environment: Readonly<Record<string, string>> = {}) {
  const { status, stderr, output, stdout } = run('plan.sh', ['dev', 'images.json'], environment);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { id: output('plan_id'), sha256: output('plan_sha256'), stdout };
}

test('apply.sh applies the plan of plan.sh, with the images of the release and the settings of the environment', () => {
  const { id, sha256 } = planOf({ TERRAFORM_VARIABLES: '{"log_retention_days":30}' });
  expect(run('apply.sh', ['dev', id, sha256]).status).toBe(0);
  expect(JSON.parse(read('applied'))).toEqual({
    github_app_id: '7',
    github_app_slug: 'dispatcher-dev',
    settings: { log_retention_days: 30 },
    images: Object.fromEntries(names.map((name) => [name, `registry.example/dispatcher/${name}@${digest('a')}`])),
  });
  expect(read('calls')).toMatch(/init .*-lockfile=readonly\n.*output -json images\n.*apply /);
});

test('apply.sh rejects a plan that was changed in the state bucket', () => {
  const { id, sha256 } = planOf();
  writeFileSync(file(`s3/bucket/dispatcher/plans/dev/${id}/plan`), 'another plan');
  const { status, stderr } = run('apply.sh', ['dev', id, sha256]);
  expect(status).toBe(1);
  expect(stderr).toContain('is not the reviewed one');
  expect(existsSync(file('applied'))).toBe(false);
});

test('apply.sh rejects a plan whose lock file was changed', () => {
  const { id, sha256 } = planOf();
  writeFileSync(file(`s3/bucket/dispatcher/plans/dev/${id}/lock.hcl`), 'another provider');
  expect(run('apply.sh', ['dev', id, sha256]).status).toBe(1);
  expect(existsSync(file('applied'))).toBe(false);
});

test('the summary of a plan shows addresses and actions but no values', () => {
  const change = (actions: string[]) => ({ actions, before: null, after: { password: 'hidden', account } });
  const changes = [
    { address: 'module.dispatcher.aws_sqs_queue.runs', change: change(['delete', 'create']) },
    { address: 'module.dispatcher.aws_sqs_queue.facts', change: change(['no-op']) },
  ];
  writeFileSync(
    file('shown.json'),
    JSON.stringify({ resource_changes: changes, variables: { key: { value: 'hidden' } } }),
  );
  const { stdout } = planOf({ GITHUB_STEP_SUMMARY: file('summary') });
  expect(stdout).toContain('| delete then create | `module.dispatcher.aws_sqs_queue.runs` |');
  expect(stdout).not.toMatch(/hidden|a value of the plan|queue\.facts/);
  expect(stdout).not.toContain(account);
  expect(read('summary')).toContain('### Plan of dev: 1 changes');
});

test('the log of an apply contains neither account IDs nor outputs', () => {
  writeFileSync(file('running.json'), JSON.stringify(running));
  const { id, sha256 } = planOf();
  const { stdout } = run('apply.sh', ['dev', id, sha256]);
  expect(stdout).toContain('module.dispatcher.aws_sqs_queue.this: Creation complete after 1s\n');
  expect(stdout).not.toContain(account);
  expect(stdout).not.toContain('secret_thing');
});

test('a rollback after a failed smoke test deploys the previous images and tests them', () => {
  writeFileSync(file('running.json'), JSON.stringify(running));
  const { id, sha256 } = planOf();
  run('apply.sh', ['dev', id, sha256]);
  expect(run('smoke.sh', ['dev'], { DOCTOR_ENDS_WITH: '1' }).status).toBe(1);
  const { status, stderr } = run('roll-back.sh', ['dev'], { GITHUB_OUTPUT: file('outputs') });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(read('applied'))).toMatchObject({ images: running });
  expect(read('calls').trimEnd()).toMatch(
    /npx --no-install dispatcher doctor --url https:\/\/api\.example --secrets-manager dispatcher-dev of App 7$/,
  );
});

test('a rollback of the first deployment fails with a message', () => {
  const { id, sha256 } = planOf();
  run('apply.sh', ['dev', id, sha256]);
  const { status, stderr } = run('roll-back.sh', ['dev']);
  expect(status).toBe(1);
  expect(stderr).toContain('dev has no previous images');
});

test.each([
  [{ STATE_BUCKET: '' }, 'STATE_BUCKET is not set'],
  [{ IMAGE_REGISTRY: '' }, 'IMAGE_REGISTRY is not set'],
])('plan.sh names the missing variable with %j', (environment, message) => {
  const { status, stderr } = run('plan.sh', ['dev', 'images.json'], environment);
  expect(status).not.toBe(0);
  expect(stderr).toContain(message);
});
