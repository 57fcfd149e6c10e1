import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Fact, urlOfTrigger } from '@dispatcher/contracts';
import { createDocumentClient, createFactStore, type ReadFile, type StoredPlan } from '@dispatcher/store';
import { adminHeaders } from '../app/admin-access.ts';
import { appAccess } from '../app/emulator.ts';
import { type LocalApp, loadLocalApp } from '../app/local-app.ts';
import { startSystem, type System, type SystemOptions } from '../app/system.ts';
import { awsAccess, tableName } from '../aws/provision.ts';
import { createRandom } from '../demo-organization/random.ts';
import { demoRepositories, installations } from '../demo-organization/repositories.ts';
import { organization, partner } from '../demo-organization/demo-routes.ts';
import { dayMs } from './calendar.ts';
import { createHistory } from './create-history.ts';
import { createDemoGitHub } from './demo-github.ts';
import { fillDeadLetters } from './fill-dead-letters.ts';
import { limitPartner, startLiveTraffic } from './live-traffic.ts';
import { recordNewestFirst } from './record-newest-first.ts';
import { storeLineages } from './store-lineages.ts';
import { storeFiles, storePlans } from './store-plans.ts';
import type { HistorySize } from './week.ts';

export interface Demo {
  readonly system: System;
  /** Number of facts of the week. */
  readonly facts: number;
  /** The address on GitHub of the newest run that was refused and started nothing; null if the history is too short. */
  readonly refusedRun: string | null;
  /** Resolves once the whole week is recorded. The newest day is recorded already. */
  readonly recorded: Promise<void>;
  close(): Promise<void>;
}

export interface DemoOptions extends Omit<SystemOptions, 'print'> {
  readonly seed: number;
  readonly size: HistorySize;
  /** Average time between two live runs. Default: no live runs. */
  readonly liveEveryMs?: number;
  readonly print: (line: string) => void;
}

/** Starts the system with the organization of the demonstration and its history. */
export async function startDemo({ seed, size, liveEveryMs, print, ...options }: DemoOptions): Promise<Demo> {
  const system = await startSystem({ ...options, print });
  const client = createDocumentClient({ endpoint: system.awsUrl, ...awsAccess });
  const cleanups = [() => system.close(), async () => client.destroy()];
  const close = async (): Promise<void> => {
    for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
  };
  try {
    const { emulatorUrl } = system;
    if (emulatorUrl === null) throw new Error('The demonstration needs the GitHub emulator: unset GITHUB_APP_ID.');
    const github = createDemoGitHub(emulatorUrl);
    const app = await loadLocalApp(options.dataDir);
    await github.call('PUT', '/seed', seedOf(app, system.url));
    const now = Date.now();
    const facts: Fact[] = [];
    const record = async (more: readonly Fact[]): Promise<void> => void facts.push(...more);
    const plans: StoredPlan[] = [];
    const files = new Map<string, ReadFile>();
    const storePlan = async (stored: StoredPlan, read: readonly ReadFile[]): Promise<void> => {
      plans.push(stored);
      for (const file of read) files.set(file.blobId, file);
    };
    const made = { record, storePlan };
    const { givenUp } = await createHistory({ seed, size, github, bot: `${app.slug}[bot]`, now, ...made });
    await Promise.all([
      storePlans(client, plans),
      storeFiles(client, [...files.values()]),
      storeLineages(client, facts),
    ]);
    const random = createRandom(seed + 1);
    facts.push(...(await fillDeadLetters(system.awsUrl, givenUp, { random, now })));
    const recording = recordNewestFirst(storeIn(client), facts, now - dayMs);
    await recording.newest;
    // What fails later is reported by `recorded`; nobody may be waiting for it yet.
    recording.all.catch(() => undefined);
    cleanups.push(() => recording.stop());
    await createRequesters(system.url, adminHeaders(options.env ?? {}));
    await limitPartner(github, partner);
    if (liveEveryMs !== undefined) {
      const traffic = startLiveTraffic({ github, random, everyMs: liveEveryMs, print });
      cleanups.push(() => traffic.stop());
    }
    return { system, facts: facts.length, refusedRun: refusedRunIn(facts), recorded: recording.all, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Returns the newest run that started nothing because it was refused, and that no dispatch started: its address leads to its
 * page alone.
 */
export function refusedRunIn(facts: readonly Fact[]): string | null {
  const started = new Set(
    facts.flatMap((fact) => (fact.type === 'dispatch.accepted' ? [fact.data.workflowRunId] : [])),
  );
  for (const fact of facts.toReversed()) {
    if (fact.type !== 'run.planned' || fact.data.denied === 0 || fact.data.allowed > 0) continue;
    const { trigger } = fact.data;
    if (trigger.type === 'run.completed' && !started.has(trigger.run.id)) return urlOfTrigger(trigger);
  }
  return null;
}

function storeIn(client: ReturnType<typeof createDocumentClient>): (facts: readonly Fact[]) => Promise<void> {
  const tables = { table: tableName('facts'), projectionsTable: tableName('projections') };
  const store = createFactStore({ client, ...tables });
  return (facts) => store.recordFacts(facts);
}

const keys = [
  { name: 'chatops', role: 'dispatch', targets: ['octo-org/deploy'], reason: 'Deployments from the chat.' },
  { name: 'grafana', role: 'viewer', reason: 'Dashboards of the platform team.' },
  { name: 'on-call', role: 'operator', expiresInDays: 30, reason: 'Redrives by the on-call rotation.' },
];

const schedules = [
  {
    name: 'nightly',
    cron: '30 2 * * *',
    timezone: 'Europe/Berlin',
    target: 'octo-org/deploy:staging.yml',
    inputs: { service: 'website' },
    reason: 'A fresh staging every morning.',
  },
  {
    name: 'weekly-report',
    cron: '0 6 * * 1',
    timezone: 'America/New_York',
    target: 'octo-org/reports:weekly.yml',
    reason: 'The figures of the week.',
  },
  {
    name: 'load-test',
    cron: '0 22 * * 1-5',
    timezone: 'Europe/Berlin',
    target: 'octo-org/load-tests:smoke.yml',
    reason: 'Load tests outside of working hours.',
  },
];

const webhooks = [
  {
    name: 'grafana',
    verify: 'hmac-sha256:X-Grafana-Alerting-Signature,timestamp=X-Grafana-Alerting-Timestamp',
    target: 'octo-org/deploy:staging.yml',
    inputs: { service: '/commonLabels/service', sha: '/commonLabels/sha' },
    when: { '/status': 'firing' },
    reason: 'Rolls back on an alert.',
  },
  {
    name: 'chat',
    verify: 'slack',
    target: 'octo-org/deploy:staging.yml',
    inputs: { service: '/text' },
    when: { '/command': '/deploy' },
    reason: 'Deployments from the chat.',
  },
];

/** A subscriber lost what was published in the last hours. Nothing is started: no rule matched these runs. */
const bulkReplay = { outcome: 'no-match', perMinute: 600, dryRun: false, reason: 'A subscriber lost its events.' };
const bulkReplayedMs = 2 * 60 * 60 * 1_000;

const maxTries = 60;

/**
 * Creates API keys, schedules and webhooks through the admin API, pauses one schedule, and starts a bulk replay. Nobody sees
 * the secrets.
 */
async function createRequesters(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const idempotencyKey = `demo-${randomUUID()}`;
    const send = () =>
      fetch(url + path, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify(body),
      });
    for (let tries = 1; ; tries += 1) {
      const response = await send();
      // A retry of what was executed, whose response was lost.
      if (response.ok || response.headers.has('idempotency-replayed')) return;
      const retryAfter = response.headers.get('retry-after');
      // While the week is recorded, a request on a slow machine can take longer than its function may run.
      const isTransient = response.status >= 500 || retryAfter !== null;
      if (!isTransient || tries === maxTries)
        throw new Error(`POST ${path} failed: ${response.status} ${await response.text()}`);
      await delay(1_000 * Number(retryAfter ?? 0));
    }
  };
  for (const key of keys) await post('/api/keys', key);
  for (const schedule of schedules) await post('/api/schedules', schedule);
  for (const webhook of webhooks) await post('/api/webhooks', webhook);
  await post('/api/schedules/load-test/pause', { reason: 'The load generator is being replaced.' });
  const since = new Date(Date.now() - bulkReplayedMs).toISOString();
  await post('/api/bulk-replays', { ...bulkReplay, since });
}

/** Returns the emulator's seed: the repositories with their workflow files. Their rules are committed later. */
export function seedOf({ id, slug, privateKey, webhookSecret }: LocalApp, url: string): object {
  return {
    app: {
      id,
      slug,
      name: 'Dispatcher',
      privateKey,
      webhookSecret,
      webhookUrl: `${url}/webhooks/github`,
      ...appAccess(),
    },
    owners: [{ login: organization }, { login: partner }, { login: 'octocat', type: 'User' }],
    repositories: demoRepositories().map(({ owner, name, id, visibility, isArchived, workflows }) => ({
      owner,
      name,
      id,
      visibility,
      archived: isArchived,
      branches: {
        main: {
          files: {
            'README.md': `# ${name}\n`,
            ...Object.fromEntries(Object.entries(workflows).map(([file, text]) => [`.github/workflows/${file}`, text])),
          },
        },
      },
    })),
    installations: Object.entries(installations).map(([account, id]) => ({ id, account, repositories: 'all' })),
  };
}
