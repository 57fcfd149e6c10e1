import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Fact, HintsMessage, hintEvents, RunsMessage } from '@dispatcher/contracts';
import { type Payload, webhookExamples } from '@dispatcher/contracts/testing';
import { silent } from '@dispatcher/lambda/testing';
import { eventRules, eventSource, schedules } from '@dispatcher/topology';
import { receive } from '../functions/ingress/src/receive-delivery.ts';
import { manifestOf } from '../packages/cli/src/app/manifest.ts';
import { optIn } from '../packages/cli/src/app/permissions.ts';

// Dispatcher starts workflows and reports about them. It creates no repositories, teams or infrastructure.

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(`${root}${file}`));
/** The TypeScript sources that ship, without tests and without the packages for local running and for tests. */
const sources = files.filter(
  (file) =>
    /^(?:functions|packages)\/.*\.ts$/.test(file) &&
    !/\.test\.ts$|\/testing\/|^packages\/(?:github-emulator|local|bench|chaos)\//.test(file),
);
const functions = ['ingress', 'planning', 'dispatch', 'facts', 'admin'];

describe('the GitHub App', () => {
  const manifest = manifestOf({ name: 'n', homepage: 'h', webhookUrl: 'w', callbackUrl: 'c', redirectUrl: 'r' });

  test('requests only the permissions for reading files, starting workflows and writing issues', () => {
    expect(manifest).toMatchObject({
      default_permissions: { metadata: 'read', contents: 'read', actions: 'write', issues: 'write' },
    });
    expect(Object.keys((manifest as { default_permissions: object }).default_permissions)).toHaveLength(4);
    expect(optIn.map(({ key, level }) => `${key}: ${level}`)).toEqual([
      'contents: write',
      'checks: write',
      'pull_requests: read',
      'members: read',
    ]);
  });

  test('subscribes to workflow_run only', () => {
    expect(manifest).toMatchObject({ default_events: ['workflow_run'] });
  });
});

describe('requests to GitHub', () => {
  const github = sources.filter((file) => file.startsWith('packages/github/'));

  test('that change something start workflows, send events, write issues and checks, or manage the App’s own webhook and tokens', () => {
    const calls = github.flatMap((file) =>
      [...read(file).matchAll(/['"`]((?:POST|PUT|PATCH|DELETE) [^'"`]+)['"`]/g)].map(([, call = '']) => call),
    );
    expect(new Set(calls)).toEqual(
      new Set([
        'PATCH /app/hook/config',
        'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
        'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
        'POST /repos/{owner}/{repo}/check-runs',
        'POST ${transport.graphqlUrl}',
        'POST /app/hook/deliveries/{delivery_id}/attempts',
        'POST /app/installations/{installation_id}/access_tokens',
        'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
        'POST /repos/{owner}/{repo}/dispatches',
        'POST /repos/{owner}/{repo}/issues',
        'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      ]),
    );
  });

  test('by GraphQL are queries, never mutations', () => {
    expect(github.filter((file) => /\bmutation\b\s*[({$\w]/.test(read(file)))).toEqual([]);
  });

  test('are made by packages/github only, without the generated methods of @octokit/rest', () => {
    const clients = /from '@octokit\/(?!webhooks-methods)/;
    const users = sources.filter((file) => clients.test(read(file)));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((file) => !file.startsWith('packages/github/'))).toEqual([]);
    expect(sources.filter((file) => /from '@octokit\/rest'|\.rest\.\w+\./.test(read(file)))).toEqual([]);
  });
});

describe('a webhook', () => {
  const secret = 'secret';

  /** Delivers a signed webhook to ingress. Returns the response and the stored messages. */
  async function deliver(event: string, payload: Payload) {
    const stored: object[] = [];
    const hints: object[] = [];
    const body = JSON.stringify({ ...payload, installation: { id: 7 } });
    const response = await receive(
      {
        secret: async () => secret,
        previousSecret: null,
        appId: 1,
        runs: { send: async (message) => void stored.push(message) },
        hints: { send: async (message) => void hints.push(message) },
        log: silent,
        now: Date.now,
      },
      {
        body,
        event,
        deliveryId: '0d1e2f3a-0000-4000-8000-000000000000',
        signature: `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
    );
    return { response, stored, hints };
  }

  const read = new Set<string>(['workflow_run', 'github_app_authorization', ...hintEvents]);
  const others = [...new Set(webhookExamples().map(({ event }) => event))].filter((event) => !read.has(event));

  test('examples include team, member and deployment events', () => {
    expect(others).toEqual(expect.arrayContaining(['team', 'member', 'create', 'deployment']));
  });

  test.each(others)('%s starts nothing', async (event) => {
    for (const { payload } of webhookExamples().filter((example) => example.event === event)) {
      const { response, stored, hints } = await deliver(event, payload);
      expect(response).toEqual({ status: 202, body: { ignored: 'event-not-workflow-run' } });
      expect([stored, hints]).toEqual([[], []]);
    }
  });

  test.each(hintEvents)(
    '%s starts nothing: nothing reaches the queue of runs, and a hint says only where to look',
    async (event) => {
      for (const { payload } of webhookExamples().filter((example) => example.event === event)) {
        const { stored, hints } = await deliver(event, payload);
        expect(stored).toEqual([]);
        for (const hint of hints) expect(HintsMessage.parse(hint)).toEqual(hint);
      }
    },
  );

  test('github_app_authorization ends sessions and starts nothing: its message has the user’s id and no more', async () => {
    const examples = webhookExamples().filter(({ event }) => event === 'github_app_authorization');
    expect(examples.length).toBeGreaterThan(0);
    for (const { payload } of examples) {
      const { response, stored } = await deliver('github_app_authorization', payload);
      const { id: userId } = (payload as unknown as { sender: { id: number } }).sender;
      expect(response).toEqual({ status: 202, body: { accepted: `user-${userId}` } });
      expect(stored).toEqual([
        {
          type: 'authorization.revoked',
          version: 1,
          deliveryId: expect.any(String),
          receivedAt: expect.any(String),
          userId,
        },
      ]);
    }
  });

  test.each([
    { action: 'authorized', sender: { id: 1 } },
    { action: 'revoked' },
    { action: 'revoked', sender: { id: '1' } },
    { action: 'revoked', sender: { id: -1 }, workflow_run: { id: 1 } },
  ])('github_app_authorization without a revoked user is ignored: %j', async (payload) => {
    const { response, stored } = await deliver('github_app_authorization', payload);
    expect(response).toEqual({ status: 202, body: { ignored: 'event-not-workflow-run' } });
    expect(stored).toEqual([]);
  });
});

/** Returns the `type` of each member of a union of messages. */
function typesOf(union: { readonly def: { readonly options: readonly object[] } }): string[] {
  const members = union.def.options as readonly { readonly shape: { readonly type: { readonly def: object } } }[];
  return members.flatMap(({ shape }) => (shape.type.def as { readonly values: readonly string[] }).values);
}

describe('messages, events and routes', () => {
  test('the queue of planning contains completed and ignored runs, replays, re-runs of checks, ended sign-ins and requests of schedules and webhooks only', () => {
    expect(typesOf(RunsMessage).toSorted()).toEqual([
      'authorization.revoked',
      'checks.rerequested',
      'dispatch.requested',
      'run.completed',
      'run.ignored',
      'run.replay',
    ]);
  });

  test('hints are about repositories and installations, and are not on the queue from which runs are planned', () => {
    expect(typesOf(HintsMessage)).toEqual(['hint.repository', 'hint.installation']);
    for (const type of typesOf(HintsMessage)) expect(typesOf(RunsMessage)).not.toContain(type);
  });

  test('facts are about runs, rules, routes, dispatches, issues, schedules, webhooks and the operation of Dispatcher', () => {
    const subjects = new Set(typesOf(Fact).map((type) => type.split('.')[0]));
    expect(subjects).toEqual(
      new Set([
        'bulk-replay',
        'config',
        'dead-letter',
        'deliveries',
        'delivery',
        'dispatch',
        'issue',
        'key',
        'message',
        'operator',
        'pause',
        'plan',
        'repository',
        'route',
        'run',
        'schedule',
        'webhook',
      ]),
    );
  });

  test('EventBridge delivers only Dispatcher’s own events, and every schedule is a check, a sweep, a roll-up, a bulk replay, or starts what operators scheduled', () => {
    for (const { pattern } of eventRules) expect(pattern['source']).toEqual([eventSource]);
    expect(new Set(schedules.map(({ name }) => name))).toEqual(
      new Set(['bulk-replays', 'check-deliveries', 'due-schedules', 'overdue-checks', 'roll-up', 'sweep']),
    );
  });

  test('API operations that change something are about runs, deliveries, dead letters, dispatches, repositories, keys, schedules, webhooks and the emergency brake', () => {
    const { paths } = JSON.parse(read('docs/reference/openapi.json')) as { readonly paths: Record<string, object> };
    const changing = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).some((method) => ['post', 'put', 'patch', 'delete'].includes(method)) ? [path] : [],
    );
    const resources = new Set(changing.map((path) => path.replace(/^\/api/, '').split('/')[1]));
    expect(resources).toEqual(
      new Set([
        'bulk-replays',
        'dead-letters',
        'deliveries',
        'dispatch',
        'keys',
        'pause',
        'repositories',
        'resume',
        'runs',
        'schedules',
        'webhooks',
      ]),
    );
  });

  test('no module that ships is named after creating repositories, teams or infrastructure', () => {
    const names =
      /vend|provision|terraform|(?:create|new)-(?:repositor|repo\b|team)|(?:repositor(?:y|ies)|teams?)-(?:request|factory)/i;
    expect(sources.filter((file) => names.test(file))).toEqual([]);
  });
});

describe('at run time', () => {
  interface BundleInput {
    readonly imports: readonly { readonly path: string; readonly external?: boolean }[];
  }

  /** Modules of Node that start other programs. */
  const processModules = ['child_process', 'cluster'];

  /** Returns the files of code of a function's image: its start, its handler, and the chunks of the handler. */
  const codeOf = (name: string) => {
    const { outputs } = JSON.parse(read(`functions/${name}/dist/meta.json`)) as { readonly outputs: object };
    const built = Object.keys(outputs).flatMap((path) => /[\w-]+\.mjs$/.exec(path)?.[0] ?? []);
    return [...built, 'start.mjs'].toSorted();
  };

  test.each(functions)('the bundle of %s cannot start a process, and contains no Terraform', (name) => {
    const directory = `functions/${name}/dist`;
    const { inputs } = JSON.parse(read(`${directory}/meta.json`)) as { readonly inputs: Record<string, BundleInput> };
    const external = Object.values(inputs).flatMap(({ imports }) => imports.filter((each) => each.external === true));
    const modules = new Set(external.map(({ path }) => path.replace(/^node:/, '')));
    expect(modules.size).toBeGreaterThan(5);
    expect(processModules.filter((module) => modules.has(module))).toEqual([]);
    expect(Object.keys(inputs).filter((path) => /terraform|cdktf|pulumi/i.test(path))).toEqual([]);
    for (const file of codeOf(name)) {
      expect(read(`${directory}/image/${file}`)).not.toMatch(/child_process|terraform/i);
    }
  });

  test('the image contains one bundle, that of admin also the dashboard, and nothing that it could run', () => {
    const instructions = read('Dockerfile')
      .split('\n')
      .filter((line) => /^(?:RUN|COPY|ADD) /.test(line));
    // The one RUN makes the compile cache of the bundle: docs/adr/0059-compile-cache.md.
    expect(instructions).toEqual([
      'COPY functions/${FUNCTION}/dist/image/ ${LAMBDA_TASK_ROOT}/',
      'RUN ["/var/lang/bin/node", "start.mjs"]',
    ]);
    for (const name of functions) {
      const content = readdirSync(new URL(`../functions/${name}/dist/image/`, import.meta.url), {
        recursive: true,
        encoding: 'utf8',
      });
      const others = content.filter((file) => !file.startsWith('site'));
      expect(others.toSorted()).toEqual(codeOf(name));
      expect(content.includes('site')).toBe(name === 'admin');
    }
  });

  test('Terraform manages AWS resources only, none of which runs commands or manages repositories of code', () => {
    const terraform = files.filter((file) => file.endsWith('.tf')).map(read);
    const all = (pattern: RegExp) => terraform.flatMap((text) => [...text.matchAll(pattern)].map(([, found]) => found));
    expect(new Set(all(/^\s*source\s*=\s*"([\w-]+\/[\w-]+)"/gm))).toEqual(new Set(['hashicorp/aws']));
    const types = [...new Set(all(/^resource "(\w+)"/gm))];
    expect(types.length).toBeGreaterThan(10);
    const refused =
      /^(?!aws_)|^aws_(?:batch|code\w+|ecs|eks|ec2|instance|organizations|servicecatalog|sfn|ssm)_|_build_/;
    expect(types.filter((type) => refused.test(type ?? ''))).toEqual([]);
  });
});
