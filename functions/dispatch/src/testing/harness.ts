import { generateKeyPairSync } from 'node:crypto';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { type Decision, dispatchId, Fact, type RouteDecided, routeId } from '@dispatcher/contracts';
import { completedRun } from '@dispatcher/contracts/testing';
import { type Emulator, type FaultRule, type RunReport, startEmulator } from '@dispatcher/github-emulator';
import { type Attempt, readConfiguration } from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import { type ApiKeys, createAccessStore, createStateStore, type StateStore } from '@dispatcher/store';
import { afterAll } from '@jest/globals';
import { meterWrites, putPlan, startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { actOnMessage } from '../act-on-message.ts';
import { Configuration } from '../configuration.ts';
import { createHandler } from '../create-handler.ts';
import { createDependencies, type Dependencies } from '../dependencies.ts';
import type { RunDecided } from '../facts/issue-fact.ts';
import { type Clock, createClock } from './clock.ts';
import { decidedRoute } from './decisions.ts';
import { TestPlans } from './test-plans.ts';
import { TestQueue } from './test-queue.ts';

/**
 * The dispatch function with a local DynamoDB and the GitHub emulator, on one clock that the test advances. Only the
 * queue and the event bus are replaced.
 */
export interface Harness {
  readonly clock: Clock;
  readonly emulator: Emulator;
  readonly state: StateStore;
  /** Contains the key `nightly`, which sends the requests. */
  readonly keys: ApiKeys;
  readonly queue: TestQueue;
  /** The published facts, in order. */
  readonly facts: Fact[];
  /** Returns the requests that workers have sent to AWS since the last call of this function, in order. */
  readonly calls: () => string[];
  /** Returns the write units of those requests, by DynamoDB operation, since the last call of this function. */
  readonly writeUnits: () => Readonly<Record<string, number>>;
  /** The milliseconds that workers measured, by metric. */
  readonly measured: Readonly<Record<string, readonly number[]>>;
  /** Adds a decision to the stored plan of its run. */
  plan(decided: RouteDecided): void;
  /** Creates another worker: in all that matters, another process. */
  worker(change?: WorkerChange): Worker;
  fault(...rules: readonly FaultRule[]): Promise<void>;
  /** Deletes the record of an issue. */
  forgetIssue(name: string): Promise<void>;
  /** Returns the runs of cd.yml that dispatches started, oldest first. */
  started(): Promise<readonly RunReport[]>;
  /** Returns how many requests GitHub has received, by operation. */
  counts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

export interface WorkerChange {
  /** Environment variables that differ from the defaults. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called before every POST of a dispatch, which waits until it resolves. */
  readonly beforePost?: () => Promise<void>;
  /** Dependencies in place of the worker's own. */
  readonly deps?: Partial<Dependencies['dispatch']>;
}

export interface Worker {
  readonly handle: ReturnType<typeof createHandler>;
  readonly deps: Dependencies['dispatch'];
  /** Acts on one decision outside the queue, with parts of the attempt replaced. */
  readonly actOn: (decided: RouteDecided, attempt?: Partial<Attempt>) => Promise<void>;
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
/** The default of `LEASE_SECONDS`. */
export const leaseMs = 30_000;
/** The default of `RECONCILE_WINDOW_SECONDS`. */
export const windowMs = 60_000;

/** Returns a linear congruential generator, so that every run of the tests has the same random numbers. */
function createRandom(seed: number): () => number {
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

/** Returns an EventBridge client that adds each fact to a list, and its calls to another. */
function createFactRecorder(facts: Fact[], calls: string[]): Pick<EventBridgeClient, 'send'> {
  const send = async ({ input }: { readonly input: { readonly Entries: readonly { readonly Detail: string }[] } }) => {
    calls.push('PutEvents');
    facts.push(...input.Entries.map(({ Detail }) => Fact.parse(JSON.parse(Detail))));
    return { Entries: input.Entries.map((_, index) => ({ EventId: String(index) })) };
  };
  return { send: send as never };
}

/** The key of every request of the tests. */
const nightly = {
  keyId: '0123456789abcdef',
  name: 'nightly',
  role: 'dispatch',
  targets: ['octo-org/deploy'],
  secretHash: '0'.repeat(64),
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'ada',
  expiresAt: null,
  revokedAt: null,
} as const;

let dynamoOfFile: TestDynamo | undefined;
afterAll(() => dynamoOfFile?.close());

/** Returns the local DynamoDB of the test file. Each harness has tables of its own. */
async function sharedDynamo(): Promise<TestDynamo> {
  dynamoOfFile ??= await startDynamo();
  return dynamoOfFile;
}

/**
 * @param isMetered whether {@link Harness.writeUnits} counts, which reads every item before and after it is written
 * @param mayWriteChecks whether the installation of octo-org has granted `checks: write`
 */
export async function startHarness({ mayWriteChecks = false, isMetered = false } = {}): Promise<Harness> {
  const clock = createClock('2026-01-02T03:04:10.000Z');
  const dynamo = await sharedDynamo();
  const { state: table, plans: plansTable, access } = await dynamo.createTables();
  const pause = async (): Promise<void> => {};
  const { keys } = createAccessStore({ client: dynamo.client, table: access, now: clock.now });
  await keys.create({ ...nightly, targets: [...nightly.targets] }, 0);
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
          permissions: {
            metadata: 'read',
            contents: 'write',
            actions: 'write',
            issues: 'write',
            ...(mayWriteChecks ? { checks: 'write' } : {}),
          },
        },
        { id: 6, account: 'acme', repositories: 'all' },
      ],
    },
    now: clock.now,
  });
  const calls: string[] = [];
  const client = dynamo.newClient();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (given) => {
        calls.push(commandName.replace(/Command$/, ''));
        return next(given);
      },
    { step: 'finalizeRequest', name: 'recordCalls' },
  );
  const metered = isMetered ? meterWrites(client, dynamo.client) : () => [];
  const plans = new TestPlans((stored) => putPlan(dynamo.client, plansTable, stored));
  const queue = new TestQueue(clock, plans);
  const facts: Fact[] = [];
  const measured: Record<string, number[]> = {};
  const random = createRandom(20_260_102);

  const worker = ({ environment = {}, beforePost = async () => {}, deps: changed = {} }: WorkerChange = {}): Worker => {
    const variables = {
      GITHUB_APP_ID: '1',
      GITHUB_APP_SLUG: 'dispatcher',
      GITHUB_API_URL: emulator.url,
      DECISIONS_QUEUE_URL: 'decisions',
      DECISIONS_DEAD_LETTER_QUEUE_URL: 'decisions-dead-letters',
      BUS_NAME: 'bus',
      STATE_TABLE: table,
      PROJECTIONS_TABLE: 'projections',
      PLANS_TABLE: plansTable,
      ACCESS_TABLE: access,
      DOCS_URL: 'https://docs.example/codes',
      // Most tests are about decisions of plans whose files do not exist.
      DECISION_MAX_AGE: '999999999',
      ...environment,
    };
    const dependencies = createDependencies(readConfiguration(Configuration, variables), {
      log: silent,
      meter: { count: () => {}, milliseconds: (name, value) => void (measured[name] ??= []).push(value) },
      now: clock.now,
      random,
      pause,
      dynamodb: client,
      sqs: {
        send: ((command: { readonly constructor: { readonly name: string } }) => {
          calls.push(command.constructor.name.replace(/Command$/, ''));
          return queue.sqs.send(command as never);
        }) as never,
      },
      eventBridge: createFactRecorder(facts, calls),
      gitHubPrivateKey: pem,
      fetch,
    });
    const { github } = dependencies.dispatch;
    const deps: Dependencies['dispatch'] = {
      ...dependencies.dispatch,
      github: {
        ...github,
        sendEvent: async (request, options) => {
          await beforePost();
          return github.sendEvent(request, options);
        },
        startWorkflow: async (request, options) => {
          await beforePost();
          return github.startWorkflow(request, options);
        },
      },
      ...changed,
    };
    const attempt: Attempt = {
      messageId: 'm',
      attempt: 1,
      isLast: false,
      signal: new AbortController().signal,
      log: silent,
    };
    return {
      deps,
      // Without the budget report, whose facts these tests are not about.
      handle: createHandler({
        ...dependencies,
        dispatch: deps,
        budgets: { seen: () => {}, publish: async () => {} },
      }),
      actOn: async (decided, change = {}) => {
        const planned = plans.add(decided);
        await plans.save();
        await actOnMessage(deps, planned, { ...attempt, ...change });
      },
    };
  };

  return {
    clock,
    emulator,
    state: createStateStore({ client: dynamo.client, table, now: clock.now, pause }),
    keys,
    queue,
    facts,
    calls: () => calls.splice(0),
    writeUnits: () => {
      const units: Record<string, number> = {};
      for (const write of metered()) units[write.operation] = (units[write.operation] ?? 0) + write.units;
      return units;
    },
    measured,
    plan: (decided) => void plans.add(decided),
    worker,
    fault: (...rules) => emulator.control.setFaults(rules),
    forgetIssue: async (name) => {
      await dynamo.client.send(new DeleteCommand({ TableName: table, Key: { pk: `issue#${name}` } }));
    },
    started: async () => (await emulator.control.runs()).filter(({ event }) => event === 'workflow_dispatch'),
    counts: async () => (await emulator.control.requests()).counts,
    close: async () => {
      client.destroy();
      await emulator.close();
    },
  };
}

/**
 * Returns the decision about a run of octo-org/app. Its dispatch id is sent as an input, so that each started run can be
 * matched with its decision.
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
