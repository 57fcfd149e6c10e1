import { generateKeyPairSync } from 'node:crypto';
import { type Decision, dispatchId, Fact, RouteDecided, routeId } from '@dispatcher/contracts';
import { completedRun } from '@dispatcher/contracts/testing';
import { createGitHubApp, type GitHubAppOptions } from '@dispatcher/github';
import { type Emulator, type FaultRule, type RunReport, startEmulator } from '@dispatcher/github-emulator';
import { createConsumer } from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import { createStateStore, type StateStore } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { RunDecided } from '../issues/issue-calls.ts';
import { actOnDecision } from '../act-on-decision.ts';
import { type Paces, pacesOf } from '../rate-limits/rate-limiter.ts';
import type { CreateIssues } from '../issues/report-decision.ts';
import { type Clock, createClock } from './clock.ts';
import { decidedRoute } from './decisions.ts';
import { TestQueue } from './test-queue.ts';

/**
 * The dispatch function on a real DynamoDB and a GitHub that runs here, on one clock that the test moves. Only the
 * queue and the bus are the test's own.
 */
export interface World {
  readonly clock: Clock;
  readonly emulator: Emulator;
  readonly state: StateStore;
  readonly queue: TestQueue;
  readonly facts: Fact[];
  /** One more worker: another process, as far as it matters. */
  worker(change?: WorkerChange): Worker;
  fault(...rules: readonly FaultRule[]): Promise<void>;
  /** As if the record of that issue had been lost. */
  forgetIssue(name: string): Promise<void>;
  /** Runs of cd.yml that dispatches started, oldest first. */
  started(): Promise<readonly RunReport[]>;
  /** Requests that arrived at GitHub, by operation. */
  counts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

export interface WorkerChange {
  readonly createIssues?: CreateIssues;
  readonly paces?: Paces;
  readonly github?: Partial<GitHubAppOptions>;
  /** Called before every POST; a worker that is stopped there and woken later goes on when it resolves. */
  readonly beforePost?: () => Promise<void>;
  readonly windowMs?: number;
}

export interface Worker {
  readonly consume: ReturnType<typeof createConsumer<RouteDecided>>;
  readonly deps: Parameters<typeof actOnDecision>[0];
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
export const leaseMs = 30_000;
export const windowMs = 60_000;

/** A linear congruential generator: the same chances in every run of the tests. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const inputs = ['sha', 'dispatch'].map((name) => `      ${name}: { type: string }\n`).join('');
const startable = `on:\n  workflow_dispatch:\n    inputs:\n${inputs}jobs: {}\n`;
const ci = 'on: push\njobs: {}\n';

function repositoryOf(name: string, id: number, workflow: string, text: string) {
  const files = { [`.github/workflows/${workflow}`]: text };
  return { owner: 'octo-org', name, id, branches: { main: { files }, release: { files } } };
}

export async function startWorld(): Promise<World> {
  const clock = createClock('2026-01-02T03:04:10.000Z');
  const dynamo: TestDynamo = await startDynamo();
  const { state: table } = await dynamo.createTables();
  const state = createStateStore({ client: dynamo.client, table, now: clock.now, pause: async () => {} });
  const emulator = await startEmulator({
    seed: {
      app: { id: 1, slug: 'dispatcher', privateKey: pem },
      owners: [
        { login: 'octo-org', type: 'Organization' },
        { login: 'acme', type: 'Organization' },
      ],
      repositories: [
        repositoryOf('app', 11, 'ci.yml', ci),
        repositoryOf('lib', 12, 'ci.yml', ci),
        repositoryOf('deploy', 22, 'cd.yml', startable),
        { ...repositoryOf('other', 33, 'cd.yml', startable), owner: 'acme' },
      ],
      installations: [
        {
          id: 5,
          account: 'octo-org',
          repositories: 'all',
          permissions: { metadata: 'read', contents: 'write', actions: 'write', issues: 'write' },
        },
        { id: 6, account: 'acme', repositories: 'all' },
      ],
    },
    now: clock.now,
  });
  const queue = new TestQueue(clock);
  const facts: Fact[] = [];
  const bus = {
    publish: async (published: readonly Fact[]) => {
      facts.push(...published.map((fact) => Fact.parse(fact)));
    },
  };
  const meter = { count: () => {}, milliseconds: () => {} };

  const random = generator(20_260_102);
  const worker = (change: WorkerChange = {}): Worker => {
    const app = createGitHubApp({
      appId: '1',
      privateKey: pem,
      apiUrl: emulator.url,
      now: clock.now,
      limits: state.rateLimits,
      ...change.github,
    });
    const deps = {
      ledger: state.ledger,
      lineage: state.lineage,
      rateLimits: state.rateLimits,
      fairnessQueue: state.fairnessQueue,
      paces: change.paces ?? pacesOf({ writesPerMinute: 160, contentPerMinute: 70, contentPerHour: 450 }),
      leaseMs,
      windowMs: change.windowMs ?? windowMs,
      github: {
        startedRuns: (request: Parameters<typeof app.startedRuns>[0]) => app.startedRuns(request),
        sendEvent: async (request: Parameters<typeof app.sendEvent>[0]) => {
          await change.beforePost?.();
          return app.sendEvent(request);
        },
        startWorkflow: async (request: Parameters<typeof app.startWorkflow>[0]) => {
          await change.beforePost?.();
          return app.startWorkflow(request);
        },
      },
      createIssues: change.createIssues ?? ('problems' as const),
      trackingIssues: state.issues,
      issues: app.issues,
      docsUrl: 'https://docs.example/codes',
      bus,
      meter,
      now: clock.now,
      random,
    };
    const options = {
      queue: 'decisions',
      queueUrl: 'decisions',
      deadLetterQueueUrl: 'decisions-dead-letters',
      sqs: queue.sqs,
      schema: RouteDecided,
      version: 1,
      maxAttempts: 6,
      attempts: state.attempts,
      bus,
      log: silent,
      meter,
      now: clock.now,
      random,
    };
    return { deps, consume: createConsumer(options, (decided, attempt) => actOnDecision(deps, decided, attempt)) };
  };

  return {
    clock,
    emulator,
    state,
    queue,
    facts,
    worker,
    fault: (...rules) => emulator.control.setFaults(rules),
    forgetIssue: async (name) => {
      await dynamo.client.send(new DeleteCommand({ TableName: table, Key: { pk: `issue#${name}` } }));
    },
    started: async () => (await emulator.control.runs()).filter(({ event }) => event === 'workflow_dispatch'),
    counts: async () => (await emulator.control.requests()).counts,
    close: async () => {
      await Promise.all([emulator.close(), dynamo.close()]);
    },
  };
}

/**
 * The decision about that run of octo-org/app; the dispatch id travels as an input, so that each run says whose it is.
 */
export function decisionOf(runId: number, change: Partial<Decision> & { readonly endedAt?: string } = {}): RunDecided {
  const { endedAt = '2026-01-02T03:04:05.000Z', ...decision } = change;
  const runKey = `11-${runId}-1`;
  const template = decidedRoute({ ...decision });
  const id = dispatchId(runKey, routeId(template.data.decision.route));
  const { deliveryId } = template.data.trigger;
  return {
    ...template,
    id: `${template.id.slice(0, 16)}${String(runId).padStart(16, '0')}`,
    runKey,
    data: {
      ...template.data,
      trigger: completedRun({ id: runId, updatedAt: endedAt }, { deliveryId }),
      decision: { ...template.data.decision, dispatchId: id, inputs: { sha: 'c'.repeat(40), dispatch: id } },
    },
  };
}
