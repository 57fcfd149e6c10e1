import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Runs the unchanged scripts in a temporary folder. Stubs replace the commands that need an AWS account: `terraform`
// records its arguments and uses the variables file as the plan, `aws s3 cp` copies between folders, `npx` and `gh` record
// their arguments. Repositories are real.

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
    'output -json') cat "$TEST_DIRECTORY/outputs.json" ;;
  esac ;;
esac
`;
const aws = `#!/usr/bin/env bash
set -euo pipefail
echo "aws $*" >>"$TEST_DIRECTORY/calls"
live="$TEST_DIRECTORY/live"; newest="$TEST_DIRECTORY/newest"
case "$1 $2" in
  'lambda list-versions-by-function') printf '["$LATEST","1","%s"]\\n' "$(cat "$newest" 2>/dev/null || echo 1)"; exit ;;
  'lambda get-alias') cat "$live" 2>/dev/null || echo 1; exit ;;
  'lambda update-alias')
    [[ "$4" != *-facts ]] || echo "\${@: -3:1} \${@: -1}" >>"$TEST_DIRECTORY/routes"; exit ;;
  'cloudwatch describe-alarms')
    polls="$(($(cat "$TEST_DIRECTORY/polls" 2>/dev/null || echo 0) + 1))"; echo "$polls" >"$TEST_DIRECTORY/polls"
    if ((polls >= \${ALARM_AT_POLL:-1000})); then echo '["dispatcher-dev-errors-facts","dispatcher-dev-old"]'; else echo '["dispatcher-dev-old"]'; fi
    exit ;;
esac
local_path() { printf '%s' "\${1/#s3:\\/\\//$TEST_DIRECTORY/s3/}"; }
from="$(local_path "$4")"; to="$(local_path "$5")"
mkdir -p "$(dirname "$to")"
cp "$from" "$to"
`;
const npx = `#!/usr/bin/env bash
echo "npx $* of App $GITHUB_APP_ID, sign-in \${GITHUB_CLIENT_ID:-$ADMIN_BASIC_USER}" >>"$TEST_DIRECTORY/calls"
exit "\${DOCTOR_ENDS_WITH:-0}"
`;
const gh = `#!/usr/bin/env bash
echo "gh $*" >>"$TEST_DIRECTORY/calls"
[[ -z "\${NOT_ATTESTED:-}" || "$*" != *"$NOT_ATTESTED"* ]]
`;

let directory: string;
const file = (name: string) => join(directory, name);
const read = (name: string) => readFileSync(file(name), 'utf8');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'deploy-'));
  cpSync(scripts, file('scripts/deploy'), { recursive: true });
  mkdirSync(file('infrastructure/terraform/environments/dev'), { recursive: true });
  mkdirSync(file('bin'));
  for (const [name, text] of Object.entries({ terraform, aws, npx, gh })) {
    writeFileSync(file(`bin/${name}`), text);
    chmodSync(file(`bin/${name}`), 0o755);
  }
  writeFileSync(file('package.json'), '{"type":"module"}');
  writeFileSync(file('images.json'), JSON.stringify(release, null, 2));
  writeFileSync(file('shown.json'), '{"resource_changes":[]}');
  writeFileSync(file('outputs.json'), '{}');
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What Terraform prints of an environment whose App is deployed. */
function deployApp(variables: Readonly<Record<string, string>> = { ADMIN_BASIC_USER: 'operator' }): void {
  const value = { GITHUB_APP_ID: '7', GITHUB_APP_SLUG: 'dispatcher-dev', ...variables };
  writeFileSync(file('outputs.json'), JSON.stringify({ doctor_variables: { sensitive: false, value } }));
}

/** @param environment undefined: the variable is not set */
function run(script: string, args: readonly string[], environment: Readonly<NodeJS.ProcessEnv> = {}) {
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
      PERMISSIONS_BOUNDARY: '',
      TERRAFORM_VARIABLES: '',
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
  deployApp();
  expect(run('smoke.sh', ['dev'], { DOCTOR_ENDS_WITH: '1' }).status).toBe(1);
  const { status, stderr } = run('roll-back.sh', ['dev'], { GITHUB_OUTPUT: file('outputs') });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(read('applied'))).toMatchObject({ images: running });
  expect(read('calls').trimEnd()).toMatch(
    /npx --no-install dispatcher doctor --url https:\/\/api\.example --secrets-manager dispatcher-dev of App 7, sign-in operator$/,
  );
});

test('before the App exists the environment is planned without it, and the smoke test says that it was skipped', () => {
  planOf({ APP_ID: '', APP_SLUG: '' });
  expect(JSON.parse(read('.dispatcher/deploy/plan.tfvars.json'))).toMatchObject({
    github_app_id: '0',
    github_app_slug: 'none',
  });
  deployApp({ GITHUB_APP_ID: '0', GITHUB_APP_SLUG: 'none' });
  const { status, stdout } = run('smoke.sh', ['dev']);
  expect(status).toBe(0);
  expect(stdout).toContain('SKIPPED the smoke test, because dev has no GitHub App yet');
  planOf({ APP_ID: '', APP_SLUG: '' });
  expect(run('plan.sh', ['dev', 'images.json'], { APP_SLUG: '' }).status).not.toBe(0);
});

test('where people sign in with GitHub, the smoke test knows the client id, and needs nothing of its caller', () => {
  deployApp({ GITHUB_CLIENT_ID: 'Iv23liExample' });
  const { status, stderr } = run('smoke.sh', ['dev'], { APP_ID: '', APP_SLUG: '' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(read('calls').trimEnd()).toMatch(/ of App 7, sign-in Iv23liExample$/);
});

test('a smoke test that cannot read what is deployed fails, and is not skipped', () => {
  rmSync(file('outputs.json'));
  const { status, stdout } = run('smoke.sh', ['dev']);
  expect(status).not.toBe(0);
  expect(stdout).not.toContain('SKIPPED');
});

test('an environment that was applied without the output for doctor may have an App: it is not skipped, nor is its App taken away', () => {
  writeFileSync(file('outputs.json'), JSON.stringify({ images: { value: running } }));
  const smoke = run('smoke.sh', ['dev']);
  expect(smoke.status).toBe(1);
  expect(smoke.stderr).toContain('dev has no output doctor_variables');
  const { status, stderr } = run('plan.sh', ['dev', 'images.json'], { APP_ID: undefined, APP_SLUG: undefined });
  expect(status).toBe(1);
  expect(stderr).toContain('APP_ID is not set');
  planOf();
});

describe('of an environment with an App', () => {
  beforeEach(() => deployApp());

  test.each([
    ['APP_ID', { APP_ID: undefined, APP_SLUG: undefined }],
    ['PERMISSIONS_BOUNDARY', { PERMISSIONS_BOUNDARY: undefined }],
    ['TERRAFORM_VARIABLES', { TERRAFORM_VARIABLES: undefined }],
  ])('no plan is made without %s, because its apply would reset what is deployed', (name, environment) => {
    const { status, stderr } = run('plan.sh', ['dev', 'images.json'], environment);
    expect(status).not.toBe(0);
    expect(stderr).toContain(`deploy: ${name} is not set: an apply would`);
    expect(read('calls')).not.toContain(' plan ');
  });

  test('a plan is made with empty settings and without a permissions boundary', () => {
    planOf({ PERMISSIONS_BOUNDARY: '', TERRAFORM_VARIABLES: '' });
  });
});

test('a pipeline adds the permissions boundary and the address of its runbooks to the settings', () => {
  planOf({
    PERMISSIONS_BOUNDARY: 'arn:aws:iam::x:policy/b',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'octo/dispatcher',
    TERRAFORM_VARIABLES: '{"archive_days":3}',
  });
  expect(JSON.parse(read('.dispatcher/deploy/plan.tfvars.json'))).toMatchObject({
    settings: {
      permissions_boundary_arn: 'arn:aws:iam::x:policy/b',
      runbooks_url: 'https://github.example/octo/dispatcher/blob/HEAD/docs/runbooks',
      archive_days: 3,
    },
  });
});

test('the comment on a pull request has addresses and actions, and its plan is stored nowhere', () => {
  writeFileSync(file('running.json'), JSON.stringify(running));
  const change = { actions: ['create'], before: null, after: { password: 'hidden' } };
  writeFileSync(file('shown.json'), JSON.stringify({ resource_changes: [{ address: 'aws_sqs_queue.new', change }] }));
  expect(run('plan-comment.sh', ['dev', file('plan.md')])).toMatchObject({ status: 0, stderr: '' });
  expect(read('plan.md')).toContain('| create | `aws_sqs_queue.new` |');
  expect(read('plan.md')).not.toContain('hidden');
  expect(read('calls')).toContain('plan -lock=false');
  expect(existsSync(file('s3'))).toBe(false);
  expect(existsSync(file('.dispatcher/deploy/comment.plan'))).toBe(false);
});

describe('the drift check', () => {
  const change = { actions: ['update'], before: { password: 'hidden' }, after: null };
  const drifted = { resource_drift: [{ address: 'module.dispatcher.aws_sqs_queue.runs', change }] };
  beforeEach(() => writeFileSync(file('running.json'), JSON.stringify(running)));

  test('reports addresses and actions of what somebody changed, and no values', () => {
    writeFileSync(file('shown.json'), JSON.stringify(drifted));
    expect(run('drift.sh', ['dev', file('drift.md')])).toMatchObject({ status: 0, stderr: '' });
    expect(read('drift.md')).toContain('### Drift of dev: 1 changes');
    expect(read('drift.md')).toContain('| update | `module.dispatcher.aws_sqs_queue.runs` |');
    expect(read('drift.md')).not.toContain('hidden');
    expect(read('calls')).toMatch(/plan -refresh-only -lock=false/);
  });

  test('writes no report without drift', () => {
    const { status, stdout } = run('drift.sh', ['dev', file('drift.md')]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '### Drift of dev: no changes\n\n' });
    expect(existsSync(file('drift.md'))).toBe(false);
  });
});

describe('the shift to new versions', () => {
  const routes = () => read('routes').trimEnd().split('\n');
  beforeEach(() => writeFileSync(file('newest'), '2'));

  test('gives a tenth of the invocations to the new version, and then all', () => {
    const { status, stderr } = run('shift.sh', ['dev'], { CANARY_SECONDS: '1' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(routes()).toEqual(['1 {"AdditionalVersionWeights":{"2":0.1}}', '2 {"AdditionalVersionWeights":{}}']);
  });

  test('returns to the version before as soon as an alarm is raised, and fails', () => {
    const { status, stderr } = run('shift.sh', ['dev'], { CANARY_SECONDS: '10', ALARM_AT_POLL: '2' });
    expect(status).toBe(1);
    expect(stderr).toContain('alarms were raised: dispatcher-dev-errors-facts.');
    expect(stderr).not.toContain('dispatcher-dev-old');
    expect(routes()).toEqual(['1 {"AdditionalVersionWeights":{"2":0.1}}', '1 {"AdditionalVersionWeights":{}}']);
  });

  test('moves everything at once with CANARY_SECONDS=0', () => {
    expect(run('shift.sh', ['dev'], { CANARY_SECONDS: '0' }).status).toBe(0);
    expect(routes()).toEqual(['2 {"AdditionalVersionWeights":{}}']);
  });

  test('changes nothing if the newest versions are live', () => {
    writeFileSync(file('live'), '2');
    const { status, stdout } = run('shift.sh', ['dev']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'deploy: the newest versions of dev are live.\n' });
    expect(existsSync(file('routes'))).toBe(false);
  });

  test('refuses a duration that is not a number', () => {
    expect(run('shift.sh', ['dev'], { CANARY_SECONDS: '5m' }).stderr).toContain("CANARY_SECONDS is '5m'");
  });
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

test('the smoke test of the pipeline runs the command line of the release, and installs nothing', () => {
  writeFileSync(
    file('dispatcher.mjs'),
    `import { appendFileSync } from 'node:fs';
     appendFileSync(process.env.TEST_DIRECTORY + '/calls', 'release: ' + process.argv.slice(2).join(' ') + '\\n');`,
  );
  deployApp();
  const { status, stderr } = run('smoke.sh', ['dev'], { DISPATCHER_CLI: 'dispatcher.mjs' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(read('calls')).toContain('release: doctor --url https://api.example --secrets-manager dispatcher-dev\n');
  expect(read('calls')).not.toContain('npx');
});

describe('the tag of a release', () => {
  const git = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('git', args, {
      cwd: directory,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        GIT_CONFIG_GLOBAL: '/dev/null',
        ...Object.fromEntries(['AUTHOR', 'COMMITTER'].map((who) => [`GIT_${who}_NAME`, 'a'])),
        ...Object.fromEntries(['AUTHOR', 'COMMITTER'].map((who) => [`GIT_${who}_EMAIL`, 'a@example.invalid'])),
      },
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const commit = (message: string) => {
    git('commit', '--quiet', '--allow-empty', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  const verifyTag = (tag: string, branch = 'main') => run('verify-tag.sh', [tag, branch]);

  let reviewed: string;
  // The server is a repository of its own, and the clone is fetched as actions/checkout does with fetch-depth: 0.
  const fetch = () => {
    git('fetch', '--quiet', '--force', 'origin', '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*');
  };
  beforeEach(() => {
    git('init', '--quiet', '--bare', '--initial-branch', 'main', 'server');
    git('init', '--quiet', '--initial-branch', 'main');
    git('remote', 'add', 'origin', file('server'));
    reviewed = commit('reviewed');
    git('tag', 'v1.0.0');
    git('tag', '--annotate', '--message', 'a release', 'v1.0.1');
    commit('reviewed later');
    git('push', '--quiet', 'origin', 'main', 'v1.0.0', 'v1.0.1');
    fetch();
  });

  test.each(['v1.0.0', 'v1.0.1'])('%s on a commit of the default branch is accepted, with that commit', (tag) => {
    const { status, stderr, output } = verifyTag(tag);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(output('commit')).toBe(reviewed);
  });

  test.each([[[]], [['--annotate', '--message', 'a release']]])(
    'on a commit that is on no branch is refused (git tag %j)',
    (options: string[]) => {
      git('checkout', '--quiet', '--detach');
      commit('not reviewed');
      git('tag', ...options, 'v9.9.9');
      git('push', '--quiet', 'origin', 'v9.9.9');
      git('checkout', '--quiet', 'main');
      fetch();
      const { status, stderr, stdout } = verifyTag('v9.9.9');
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain('the commit of v9.9.9 is not on main');
    },
  );

  test('on another branch is refused, even if the local branch main has its commit', () => {
    commit('not reviewed');
    git('tag', 'v9.9.9');
    git('push', '--quiet', 'origin', 'HEAD:refs/heads/feature', 'v9.9.9');
    fetch();
    expect(verifyTag('v9.9.9').stderr).toContain('the commit of v9.9.9 is not on main');
  });

  test('is refused if a tag named like the default branch has its commit', () => {
    git('checkout', '--quiet', '--detach');
    commit('not reviewed');
    git('tag', 'main');
    git('tag', 'origin/main');
    git('tag', 'v9.9.9');
    git('push', '--quiet', 'origin', 'refs/tags/main', 'refs/tags/origin/main', 'v9.9.9');
    fetch();
    expect(verifyTag('v9.9.9').stderr).toContain('the commit of v9.9.9 is not on main');
  });

  test('that was moved to another commit after its release is verified as the commit that it names now', () => {
    git('checkout', '--quiet', '--detach');
    commit('not reviewed');
    git('tag', '--force', 'v1.0.0');
    git('push', '--quiet', '--force', 'origin', 'v1.0.0');
    fetch();
    expect(verifyTag('v1.0.0').status).toBe(1);
  });

  test.each([
    ['v1.2.3', 'main', 'there is no tag v1.2.3'],
    ['v1.0.0', 'trunk', 'origin has no branch trunk'],
    ['main', 'main', "'main' is not the tag of a release"],
    ['v1.0.0^0', 'main', "'v1.0.0^0' is not the tag of a release"],
  ])('%s with the default branch %s fails with a message', (tag, branch, message) => {
    const { status, stderr } = verifyTag(tag, branch);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  test('in a shallow clone fails with a message instead of a wrong answer', () => {
    git('clone', '--quiet', '--depth', '1', `file://${file('server')}`, 'shallow');
    cpSync(file('scripts'), file('shallow/scripts'), { recursive: true });
    const { status, stderr } = spawnSync(file('shallow/scripts/deploy/verify-tag.sh'), ['v1.0.0', 'main'], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('this clone is shallow');
  });

  describe('with its images', () => {
    const verify = (tag: string, environment: Readonly<Record<string, string>> = {}) =>
      run('verify.sh', ['octo/dispatcher', tag, 'release'], { DEFAULT_BRANCH: 'main', ...environment });
    beforeEach(() => {
      mkdirSync(file('release'));
      writeFileSync(file('release/images.json'), JSON.stringify(release, null, 2));
      writeFileSync(file('release/dispatcher.mjs'), '');
    });

    test('verify.sh asks for attestations of each image, images.json and dispatcher.mjs, of that tag and that commit', () => {
      const { status, stderr, stdout } = verify('v1.0.0');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain(`v1.0.0 verified: 5 images, images.json and dispatcher.mjs, built from ${reviewed}`);
      const options =
        '--repo octo/dispatcher --signer-workflow octo/dispatcher/.github/workflows/release.yml ' +
        `--source-ref refs/tags/v1.0.0 --source-digest ${reviewed} --deny-self-hosted-runners`;
      expect(read('calls').trimEnd().split('\n')).toEqual(
        [
          'release/images.json',
          'release/dispatcher.mjs',
          ...names.map((name) => `oci://registry.example/dispatcher/${name}@${digest('a')}`),
        ].map((artifact) => `gh attestation verify ${artifact} ${options}`),
      );
    });

    test.each(['images.json', 'dispatcher.mjs', 'dispatcher/facts'])(
      'verify.sh refuses a release whose %s has no attestation',
      (artifact) => {
        const { status, stderr } = verify('v1.0.0', { NOT_ATTESTED: artifact });
        expect(status).toBe(1);
        expect(stderr).toContain('has no valid attestation for v1.0.0');
      },
    );

    test('verify.sh refuses a tag whose commit is not on the default branch, and asks for no attestation', () => {
      git('checkout', '--quiet', '--detach');
      commit('not reviewed');
      git('tag', 'v9.9.9');
      const { status, stderr } = verify('v9.9.9');
      expect(status).toBe(1);
      expect(stderr).toContain('is not on main');
      expect(existsSync(file('calls'))).toBe(false);
    });
  });
});

describe('a folder that one job hands over to another', () => {
  const checksum = () => run('artifact.sh', ['checksum', 'built']).output('sha256');
  let sha256: string;
  beforeEach(() => {
    mkdirSync(file('built/images'), { recursive: true });
    writeFileSync(file('built/images.json'), '{}');
    writeFileSync(file('built/images/a b'), 'a layer');
    sha256 = checksum();
  });

  test('is accepted with the same names and contents, wherever it was unpacked and with other modes and times', () => {
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    cpSync(file('built'), file('unpacked'), { recursive: true });
    chmodSync(file('unpacked/images.json'), 0o755);
    expect(run('artifact.sh', ['verify', 'unpacked', sha256]).status).toBe(0);
  });

  test.each<[string, () => void]>([
    ['changed', () => writeFileSync(file('built/images/a b'), 'another layer')],
    ['added', () => writeFileSync(file('built/images/c'), '')],
    ['removed', () => rmSync(file('built/images.json'))],
    ['renamed', () => renameSync(file('built/images.json'), file('built/images.jsn'))],
    ['replaced by a link', () => symlinkSync('/dev/null', file('built/link'))],
  ])('is refused if a file was %s', (_, change) => {
    change();
    expect(run('artifact.sh', ['verify', 'built', sha256]).status).toBe(1);
  });

  test('that is empty or missing has no checksum', () => {
    mkdirSync(file('empty'));
    expect(run('artifact.sh', ['checksum', 'empty'])).toMatchObject({ status: 1, stdout: '' });
    expect(run('artifact.sh', ['checksum', 'missing'])).toMatchObject({ status: 1, stdout: '' });
  });
});
