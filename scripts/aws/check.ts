// Follows docs/deploy.md against a local AWS API (moto's server): it runs the commands of the page, and sends one signed
// delivery through the shipped bundles, each with the policy of its own role:
//
//   npm run aws
//
// Account prepared, dev planned and applied, second plan empty, secrets set and absent from the state, delivery processed,
// dev destroyed, and applied again. Needs Terraform, the AWS CLI and Python with moto, which it installs if it can. Without
// them it says so and ends with 0, or with 1 if AWS_CHECK=required. AWS_WAIVED=reason leaves it out and prints the reason.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { pluginDirectory } from '../terraform/command.ts';
import { bundleCli } from '../bundle-cli.ts';
import { startGate } from './gate.ts';
import { findMoto, startMoto } from './moto.ts';
import { withSession } from './deployed.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const functions = ['ingress', 'planning', 'dispatch', 'facts', 'admin'];

function missingTool(): string | null {
  const missing = ['terraform', 'aws'].filter(
    (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0,
  );
  return missing.length === 0 ? null : `${missing.join(' and ')} is not installed`;
}

const waived = process.env['AWS_WAIVED'] ?? '';
if (waived !== '') {
  console.log(`aws: WAIVED, nothing was deployed. Reason: ${waived}`);
  process.exit(0);
}
const moto = findMoto(join(root, '.dispatcher/moto'));
const reason = missingTool() ?? ('missing' in moto ? `moto cannot be had: ${moto.missing}` : null);
if (reason !== null || 'missing' in moto) {
  console.log(`aws: SKIPPED, nothing was deployed: ${reason}`);
  process.exit(process.env['AWS_CHECK'] === 'required' ? 1 : 0);
}

let checks = 0;
function check(name: string, holds: boolean, detail = ''): void {
  checks += 1;
  if (!holds) throw new Error(`${name}${detail === '' ? '' : `:\n${detail}`}`);
  console.log(`ok    ${name}`);
}

const directory = mkdtempSync(join(tmpdir(), 'dispatcher-aws-'));
const aws = await startMoto(moto.python, join(directory, 'moto.log'));
const account = { id: '' };
const gate = await startGate(
  aws.url,
  (service, resource) => `arn:aws:${service}:eu-central-1:${account.id}:${resource}`,
);
const environment = {
  ...process.env,
  PATH: `${root}/node_modules/.bin:${process.env['PATH']}`,
  AWS_ACCESS_KEY_ID: 'operator',
  AWS_SECRET_ACCESS_KEY: 'unused',
  AWS_REGION: 'eu-central-1',
  AWS_DEFAULT_REGION: 'eu-central-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
  ...Object.fromEntries(['', '_S3', '_STS', '_IAM'].map((suffix) => [`AWS_ENDPOINT_URL${suffix}`, gate.url])),
  TF_PLUGIN_DIR: pluginDirectory() ?? '',
  // Nothing answers there: the numeric IDs of the repository are optional.
  GITHUB_API_URL: aws.url,
  CANARY_SECONDS: '0',
  APPROVE: 'yes',
};

/** Applying 145 resources takes three minutes; a command that waits for something that never comes would wait for hours. */
const commandLimitMs = 15 * 60_000;

/** Runs a program in the copy, while this process serves its requests. @throws Error with the end of its output if it fails */
async function run(
  program: string,
  args: readonly string[],
  extra: NodeJS.ProcessEnv = {},
  input = '',
): Promise<string> {
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...environment, ...extra },
    stdio: 'pipe',
    timeout: commandLimitMs,
  });
  child.stdin.end(input);
  const [output, problems, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }),
  ]);
  if (status !== 0) {
    const how = status === null ? `did not end within ${commandLimitMs / 60_000} minutes` : 'failed';
    throw new Error(`${program} ${args.join(' ')} ${how}:\n${`${output}\n${problems}`.slice(-3_000)}`);
  }
  return output;
}

// Version 1 of the AWS CLI takes the endpoint of SQS from its options only.
const awsJson = async (...args: string[]) =>
  JSON.parse((await run('aws', [...args, '--output', 'json', '--endpoint-url', gate.url])) || 'null') as unknown;

/**
 * Returns the command of docs/deploy.md that contains `part`, with what a reader fills in.
 * @throws Error if the page has no such command: it would no longer be what this program follows
 */
function documented(part: string, values: Readonly<Record<string, string>> = {}): string {
  const blocks = [...readFileSync(join(root, 'docs/deploy.md'), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)];
  const command = blocks.flatMap(([, text = '']) => text.split('\n')).find((line) => line.includes(part));
  if (command === undefined) throw new Error(`docs/deploy.md has no command with ${part}.`);
  const filled = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), command);
  return filled.replaceAll('npx --no-install dispatcher', `${process.execPath} dispatcher.mjs`);
}

const follow = (part: string, values: Readonly<Record<string, string>> = {}, extra: NodeJS.ProcessEnv = {}) =>
  run('bash', ['-c', documented(part, values)], extra);

/** Returns the commands of docs/runbooks/README.md that fetch the outputs of the preparation, for the local AWS API. */
function fetchOutputs(): string {
  const page = readFileSync(join(root, 'docs/runbooks/README.md'), 'utf8');
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text);
  const commands = blocks.find((block) => block.includes('> .dispatcher/deploy/bootstrap.json'));
  if (commands === undefined) throw new Error('docs/runbooks/README.md does not fetch the outputs of the preparation.');
  const plugins = environment.TF_PLUGIN_DIR === '' ? '' : `-plugin-dir=${environment.TF_PLUGIN_DIR}`;
  return `set -e\n${commands.replace(' init ', ` init ${plugins} -reconfigure -backend-config=use_path_style=true `)}`;
}

const outputOf = (name: string, text: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';

try {
  for (const folder of ['infrastructure', 'scripts']) {
    cpSync(join(root, folder), join(directory, folder), {
      recursive: true,
      filter: (file) => !file.includes('.terraform'),
    });
  }
  for (const file of ['package.json', 'Dockerfile']) cpSync(join(root, file), join(directory, file));
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  account.id = ((await awsJson('sts', 'get-caller-identity')) as { readonly Account: string }).Account;

  await bundleCli(join(directory, 'dispatcher.mjs'));
  const repository = { 'my-org': 'octo-org' };
  await follow('scripts/deploy/bootstrap.sh', repository);
  const outputs = JSON.parse(readFileSync(join(directory, '.dispatcher/deploy/bootstrap.json'), 'utf8')) as Record<
    string,
    { value: string }
  >;
  const names = ['STATE_BUCKET', 'IMAGE_REGISTRY', 'PERMISSIONS_BOUNDARY'];
  const shell = names.map((name) => `${documented(`${name}="$(`)}; echo "$${name}"`).join('\n');
  const [bucket = '', registry = '', boundary = ''] = (await run('bash', ['-c', shell])).trim().split('\n');
  const states = await run('aws', ['s3', 'ls', '--recursive', `s3://${bucket}/`]);
  check(
    'the account is prepared, and the state of bootstrap is in its bucket',
    states.includes('dispatcher/bootstrap.tfstate'),
  );
  const again = await follow('scripts/deploy/bootstrap.sh', repository);
  check('bootstrap changes nothing when it runs again', again.includes('no changes'), again);
  const file = join(directory, '.dispatcher/deploy/bootstrap.json');
  rmSync(file);
  await run('bash', ['-c', fetchOutputs()]);
  const fetched = readFileSync(file, 'utf8');
  check('another clone fetches the same outputs', isDeepStrictEqual(JSON.parse(fetched), outputs), fetched);

  await withSession(directory, gate, async ({ app, gitHubUrl, processDelivery }) => {
    const variables = {
      STATE_BUCKET: bucket,
      IMAGE_REGISTRY: registry,
      APP_ID: String(app.id),
      APP_SLUG: app.slug,
      PERMISSIONS_BOUNDARY: boundary,
      TERRAFORM_VARIABLES: JSON.stringify({
        secret_recovery_days: 0,
        alarm_emails: ['oncall@example.com'],
        environment_variables: { GITHUB_API_URL: gitHubUrl },
      }),
    };
    mkdirSync(join(directory, '.dispatcher/release'), { recursive: true });
    writeFileSync(
      join(directory, '.dispatcher/release/images.json'),
      JSON.stringify(Object.fromEntries(functions.map((name) => [name, `sha256:${'a'.repeat(64)}`]))),
    );
    const plan = () => follow('scripts/deploy/plan.sh', {}, variables);
    const apply = (planned: string) =>
      follow(
        'scripts/deploy/apply.sh',
        { PLAN_ID: outputOf('plan_id', planned), PLAN_SHA256: outputOf('plan_sha256', planned) },
        variables,
      );

    const first = await plan();
    await apply(first);
    console.log(`      ${/(\d+) changes/.exec(first)?.[1]} resources`);
    const second = await plan();
    check('dev is applied, and a second plan is empty', second.includes('no changes'), second);

    const url = (
      await run('bash', ['-c', `${process.execPath} dispatcher.mjs deploy environment dev --print-url`])
    ).trim();
    const variablesOfRunbooks = await run(process.execPath, ['dispatcher.mjs', 'deploy', 'environment', 'dev']);
    check(
      'dispatcher deploy environment prints the address and the queues',
      url.startsWith('https://') &&
        variablesOfRunbooks.includes('RUNS_QUEUE_URL=http') &&
        !variablesOfRunbooks.includes('undefined'),
      variablesOfRunbooks,
    );

    const secrets = {
      'webhook-secret': app.webhookSecret,
      'private-key': app.privateKey,
      'admin-password': randomBytes(32).toString('hex'),
    };
    for (const [name, value] of Object.entries(secrets)) {
      await run(
        process.execPath,
        ['dispatcher.mjs', 'secrets', 'set', name, '--name', 'dispatcher-dev'],
        { GITHUB_API_URL: gitHubUrl },
        value,
      );
    }
    const state = await run('aws', ['s3', 'cp', `s3://${bucket}/dispatcher/dev.tfstate`, '-']);
    const found = Object.entries(secrets).filter(([, value]) => state.includes(value.split('\n')[1] || value));
    check(
      'the secrets have values, and the state contains none of them',
      state.includes('secretsmanager') && found.length === 0,
    );

    await processDelivery({ check, awsJson, password: secrets['admin-password'] });

    const terraform = (...args: string[]) =>
      run('terraform', [
        '-chdir=infrastructure/terraform/environments/dev',
        ...args,
        '-no-color',
        '-input=false',
        `-var-file=${directory}/.dispatcher/deploy/plan.tfvars.json`,
      ]);
    await terraform('destroy', '-auto-approve');
    const left = [
      ((await awsJson('lambda', 'list-functions')) as { Functions: unknown[] }).Functions,
      ((await awsJson('dynamodb', 'list-tables')) as { TableNames: unknown[] }).TableNames,
      ((await awsJson('sqs', 'list-queues')) as { QueueUrls?: unknown[] } | null)?.QueueUrls ?? [],
      ((await awsJson('secretsmanager', 'list-secrets')) as { SecretList: unknown[] }).SecretList,
      ((await awsJson('cloudwatch', 'describe-alarms')) as { MetricAlarms: unknown[] }).MetricAlarms,
    ];
    check(
      'destroyed, nothing of dev is left',
      left.every((each) => each.length === 0),
      JSON.stringify(left),
    );
    await apply(await plan());
    const last = await plan();
    check('dev is applied again under the same names', last.includes('no changes'), last);
  });
  console.log(`aws: ${checks} checks, ${checks} passed`);
} catch (error) {
  console.log(`FAIL  ${error instanceof Error ? error.message : String(error)}`);
  console.log(`aws: failed after ${checks} checks; the log of moto is ${directory}/moto.log`);
  process.exitCode = 1;
} finally {
  await gate.close();
  await aws.stop();
  if (process.exitCode !== 1) rmSync(directory, { recursive: true, force: true });
}
