import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryFact } from '@dispatcher/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { repositoryRoot } from '../app/running-file.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { runInShell } from '../testing/shell.ts';
import { until } from '../testing/until.ts';

// The commands and the sample messages of docs/guide/webhooks.md on the running system: each is created with the command line,
// signed as its sender signs, sent to the HTTP API, and starts a workflow in the emulator.

const target = 'octo-org/deploy';
const inputs = ['alert', 'incident', 'error', 'customer', 'service', 'image', 'digest'];

interface Recipe {
  readonly title: string;
  readonly command: string;
  readonly message: string;
  readonly isForm: boolean;
}

let dataDir: string;
let system: System;
let github: string;
let environment: NodeJS.ProcessEnv;
let recipes: ReadonlyMap<string, Recipe>;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'webhooks-'));
  system = await startSystem({ dataDir, port: 0, env: {} });
  github = system.emulatorUrl ?? '';
  environment = await operatorEnvironment(dataDir);
  recipes = await readRecipes();
  const names = [...recipes.values()].map(({ command }) => /webhooks create (\S+)/.exec(command)?.[1] ?? '');
  const rule = (name: string) =>
    `  - source: { webhook: ${name} }\n    targets:\n      - { workflow: cd.yml, inputs: [${inputs.join(', ')}] }\n`;
  const declared = inputs.map((input) => `      ${input}: { type: string }\n`).join('');
  await control(github, 'POST', `/repositories/${target}/push`, {
    files: {
      'dispatching.yml': `inbound:\n${names.map(rule).join('')}`,
      '.github/workflows/cd.yml': `on:\n  workflow_dispatch:\n    inputs:\n${declared}jobs: {}\n`,
    },
  });
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

/** Returns the recipes of the page by title: the first shell block of each, and the block of the message after it. */
async function readRecipes(): Promise<ReadonlyMap<string, Recipe>> {
  const page = await readFile(join(repositoryRoot, 'docs/guide/webhooks.md'), 'utf8');
  const [, section = ''] = /\n## Recipes\n([\s\S]*?)\n## /.exec(page) ?? [];
  const found = section
    .split('\n### ')
    .slice(1)
    .map((text): [string, Recipe] => {
      const [title = ''] = text.split('\n');
      const [, command = ''] = /```sh\n([\s\S]*?)```/.exec(text) ?? [];
      const [, language, message = ''] = /```(json|text)\n([\s\S]*?)\n```/.exec(text) ?? [];
      return [title, { title, command, message, isForm: language === 'text' }];
    });
  return new Map(found);
}

const hex = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

/** Signs a message as the sender of the recipe does. */
const senders: Readonly<Record<string, (body: string, secret: string, at: string) => Record<string, string>>> = {
  Grafana: (body, secret, at) => ({
    'X-Grafana-Alerting-Signature': hex(secret, `${at}:${body}`),
    'X-Grafana-Alerting-Timestamp': at,
  }),
  PagerDuty: (body, secret) => ({ 'X-PagerDuty-Signature': `v1=${'0'.repeat(64)},v1=${hex(secret, body)}` }),
  Sentry: (body, secret) => ({ 'Sentry-Hook-Signature': hex(secret, body), 'Sentry-Hook-Resource': 'event_alert' }),
  Stripe: (body, secret, at) => ({ 'Stripe-Signature': `t=${at},v1=${hex(secret, `${at}.${body}`)}` }),
  Slack: (body, secret, at) => ({
    'X-Slack-Request-Timestamp': at,
    'X-Slack-Signature': `v0=${hex(secret, `v0:${at}:${body}`)}`,
  }),
  'Docker Hub': () => ({}),
  'Amazon ECR': (_body, secret) => ({ Authorization: `Bearer ${secret}` }),
};

/** What each sample message gives, and the name of the webhook. */
const expected: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>> = {
  Grafana: ['grafana', { alert: 'High memory usage' }],
  PagerDuty: ['pagerduty', { incident: 'The checkout is slow' }],
  Sentry: ['sentry', { error: 'ReferenceError: heck is not defined' }],
  Stripe: ['stripe', { customer: 'cus_Na6dX7aXxi11N4' }],
  Slack: ['slack', { service: 'web' }],
  'Docker Hub': ['docker-hub', { image: 'octo-org/testhook' }],
  'Amazon ECR': ['ecr', { digest: 'sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234abcd' }],
};

/** The secrets that the commands printed, or that they got from the sender. */
const secrets = new Map<string, string>();

async function send(title: string, change: { readonly body?: string; readonly secret?: string } = {}) {
  const { message = '', isForm = false } = recipes.get(title) ?? {};
  const [name = ''] = expected[title] ?? [];
  const { body = message, secret = secrets.get(title) ?? '' } = change;
  const at = String(Math.floor(Date.now() / 1000));
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  const headers = { 'content-type': type, ...senders[title]?.(body, secret, at) };
  const path = title === 'Docker Hub' ? `/webhooks/${name}/${secret}` : `/webhooks/${name}`;
  const response = await fetch(`${system.url}${path}`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

async function factOf<T extends HistoryFact['type']>(
  runKey: string,
  type: T,
): Promise<Extract<HistoryFact, { type: T }>> {
  let found: HistoryFact | undefined;
  await until(async () => {
    [found] = ofType(await factsOfRun(system.url, runKey), type);
    return found !== undefined;
  });
  return found as Extract<HistoryFact, { type: T }>;
}

const runKeyIn = (text: string) => /request-[0-9a-f]{32}/.exec(text)?.[0] ?? '';
const startedWith = async (wanted: Readonly<Record<string, string>>) =>
  (await dispatchedRuns(github, target)).filter((run) => JSON.stringify(run.inputs) === JSON.stringify(wanted));

describe('the recipes of the guide', () => {
  test('are all tested here', () => {
    expect([...recipes.keys()]).toEqual(Object.keys(expected));
  });

  test.each(Object.entries(expected))('%s: its message starts the workflow, once', async (title, [name, values]) => {
    const { command = '' } = recipes.get(title) ?? {};
    const printed = (await runInShell(dataDir, command)).trim();
    const [, given] = /^echo '([^']+)'/.exec(command) ?? [];
    secrets.set(title, given ?? printed);
    expect(printed === '').toBe(given !== undefined);

    const { status, text } = await send(title);
    expect(status).toBe(title === 'Slack' ? 200 : 202);
    const runKey = runKeyIn(text);
    await factOf(runKey, 'dispatch.accepted');
    const { data } = await factOf(runKey, 'route.decided');
    expect(data.decision).toMatchObject({
      effect: 'allow',
      route: { source: { webhook: name }, target: { repository: target, workflow: 'cd.yml' } },
      inputs: values,
    });
    expect(await startedWith(values)).toHaveLength(1);

    if (title === 'Grafana') return;
    // The sender repeats it: a new time where there is one, the same id or content.
    expect(runKeyIn((await send(title)).text)).toBe(runKey);
  });

  test.each(Object.keys(expected))('%s: a message that was signed with another secret is refused', async (title) => {
    expect(await send(title, { secret: randomUUID().replaceAll('-', '') })).toMatchObject({ status: 401 });
  });
});

test('Slack has its answer while GitHub is down, and the workflow starts once GitHub is back', async () => {
  const rules = ['/app*', '/repos/*', '/graphql'].map((path) => ({ match: { path, times: 0 }, fault: 'reset-before' }));
  await control(github, 'POST', '/faults', { rules });
  const body = 'command=%2Fdeploy&text=api&trigger_id=2.2';
  const { status, text } = await send('Slack', { body });
  expect([status, text]).toEqual([200, expect.stringMatching(/^Requested: request-[0-9a-f]{32}$/)]);
  await factOf(runKeyIn(text), 'run.delayed');
  await control(github, 'DELETE', '/faults');
  await factOf(runKeyIn(text), 'dispatch.accepted');
  expect(await startedWith({ service: 'api' })).toHaveLength(1);
});

test('after a rotation both secrets are accepted, and with --keep-hours 0 only the new one, at once', async () => {
  const body = (text: string) => `command=%2Fdeploy&text=${text}&trigger_id=${randomUUID()}`;
  const former = secrets.get('Sentry') ?? '';
  const rotate = (...args: string[]) =>
    runCommandLine(environment, 'webhooks', 'rotate', 'sentry', '--reason', 'a test', ...args);
  const next = (await rotate()).trim();
  const { message = '' } = recipes.get('Sentry') ?? {};
  for (const secret of [former, next])
    expect(await send('Sentry', { secret, body: message })).toMatchObject({ status: 202 });
  const last = (await rotate('--keep-hours', '0')).trim();
  for (const secret of [former, next])
    expect(await send('Sentry', { secret, body: message })).toMatchObject({ status: 401 });
  expect(await send('Sentry', { secret: last, body: message })).toMatchObject({ status: 202 });
  // Another webhook keeps its own.
  expect(await send('Slack', { body: body('docs') })).toMatchObject({ status: 200 });
});

test('a request that waits starts nothing once its webhook was deleted, and its address is gone', async () => {
  await runCommandLine(environment, 'pause', '--reason', 'a test of webhooks');
  const { text } = await send('Slack', { body: `command=%2Fdeploy&text=late&trigger_id=${randomUUID()}` });
  expect((await factOf(runKeyIn(text), 'route.decided')).data.decision.effect).toBe('allow');
  expect(await runCommandLine(environment, 'webhooks', 'delete', 'slack', '--reason', 'a test')).toBe(
    'Webhook slack was deleted.\n',
  );
  expect(await send('Slack')).toMatchObject({ status: 404 });
  await runCommandLine(environment, 'resume', '--reason', 'a test of webhooks');
  expect((await factOf(runKeyIn(text), 'dispatch.failed')).data.code).toBe('webhook-ended');
  expect(await startedWith({ service: 'late' })).toEqual([]);
});

test('256 KB are accepted by the HTTP API and one byte more is refused, and the list says why', async () => {
  const padding = (bytes: number) => {
    const { message = '' } = recipes.get('PagerDuty') ?? {};
    return message + ' '.repeat(bytes - Buffer.byteLength(message));
  };
  expect(await send('PagerDuty', { body: padding(262_144) })).toMatchObject({ status: 202 });
  expect(await send('PagerDuty', { body: padding(262_145) })).toMatchObject({ status: 413 });
  expect(await runCommandLine(environment, 'webhooks', 'list')).toMatch(
    /pagerduty +active .* 1 in a row, .*larger than 262144 bytes/,
  );
});

test('the secrets survive a restart of the system', async () => {
  await system.close();
  system = await startSystem({ dataDir, port: 0, env: {} });
  github = system.emulatorUrl ?? '';
  environment = await operatorEnvironment(dataDir);
  expect(await send('Stripe')).toMatchObject({ status: 202 });
});
