import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { queues, undeliveredEventsQueue } from '@dispatcher/topology';
import { setTimeout as delay } from 'node:timers/promises';
import { emulatorToken } from '../app/emulator-token.ts';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { awsAccess, queueUrl } from '../aws/provision.ts';

/**
 * Plays an outage of GitHub's API during which webhooks still arrive, on a system of its own. The waits of Dispatcher are
 * proportional to the length of the outage until they reach 15 minutes, so an outage that is shorter by some factor has
 * the same course. What is per time is raised by that factor: the limits of writes per minute and, because dispatch starts one
 * run a second of a workflow and ref, the number of workflows.
 */
export interface OutageRehearsal {
  /** Directory of the system's data; empty. */
  readonly dataDir: string;
  /** Deliveries during the outage, at equal distances. */
  readonly deliveries: number;
  readonly durationMs: number;
  /** `UNREADABLE_GIVE_UP_SECONDS`. Default: that of Dispatcher, six hours. */
  readonly giveUpSeconds?: number;
  /** Called while everything waits, with the system; for the operator's commands. */
  readonly duringOutage?: (system: System) => Promise<void>;
  /** Called after GitHub has recovered and no run waits any more; for the operator's commands. */
  readonly afterRecovery?: (system: System, result: OutageResult) => Promise<void>;
  readonly print?: (line: string) => void;
  /** Time between two ticks of the schedules. Default: a minute, divided by the factor. */
  readonly scheduleEveryMs?: number;
  /** How long to wait for the last run to be planned or started. Default: ten times the outage, at least ten minutes. */
  readonly maxWaitMs?: number;
}

export interface OutageResult {
  /** Deliveries that were answered with `202`. */
  readonly accepted: number;
  /** Runs by the outcome of their newest plan. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Runs whose waiting was recorded. */
  readonly delayed: number;
  /** Workflow runs that were started. */
  readonly started: number;
  /** Dispatches that started more than one run, or whose start was recorded more than once. */
  readonly startedTwice: number;
  readonly deadLetters: number;
  /** Time between the recovery of GitHub and the last result. */
  readonly recoveryMs: number;
}

/** The rate that the rehearsal compresses: 60 deliveries a minute. */
const deliveriesPerMinute = 60;
/** The default of `GITHUB_WRITES_PER_MINUTE`, `GITHUB_CONTENT_PER_MINUTE` and `GITHUB_CONTENT_PER_HOUR`. */
const limits = { GITHUB_WRITES_PER_MINUTE: 160, GITHUB_CONTENT_PER_MINUTE: 70, GITHUB_CONTENT_PER_HOUR: 450 };

const source = 'octo-org/app';
const target = 'octo-org/deploy';
const apiPaths = ['/app*', '/repos/*', '/graphql', '/users/*'];
const badGateway = { status: 502, body: { message: 'Bad Gateway' } };

/** Returns how many times faster than 60 deliveries a minute the rehearsal runs; at least 1. */
export function speedOf({ deliveries, durationMs }: Pick<OutageRehearsal, 'deliveries' | 'durationMs'>): number {
  return Math.max(1, Math.ceil(deliveries / deliveriesPerMinute / (durationMs / 60_000)));
}

/** Plays the outage. @throws Error if a run is neither planned nor started in time */
export async function rehearseOutage(rehearsal: OutageRehearsal): Promise<OutageResult> {
  const { dataDir, deliveries, durationMs, giveUpSeconds, print = () => undefined } = rehearsal;
  const speed = speedOf(rehearsal);
  const raised = Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value * speed)]));
  const giveUp = giveUpSeconds === undefined ? {} : { UNREADABLE_GIVE_UP_SECONDS: String(giveUpSeconds) };
  const system = await startSystem({
    dataDir,
    port: 0,
    env: { ...raised, ...giveUp },
    // The minute's tick advances a bulk replay.
    scheduleEveryMs: rehearsal.scheduleEveryMs ?? Math.max(1_000, Math.ceil(60_000 / speed)),
    print,
  });
  try {
    const github = system.emulatorUrl ?? '';
    const workflows = await addWorkflows(github, speed);
    print(`GitHub's API responds with 502 from now on; ${deliveries} deliveries arrive in ${durationMs / 1000} s.`);
    await setFaults(
      github,
      apiPaths.map((path) => ({ match: { path, times: 0 }, fault: badGateway })),
    );
    const runKeys = await deliver(github, workflows, deliveries, durationMs);
    print(`${runKeys.length} of ${deliveries} deliveries were accepted.`);
    await rehearsal.duringOutage?.(system);
    await setFaults(github, []);
    const recoveredAt = Date.now();
    print('GitHub has recovered.');
    const deadline = recoveredAt + (rehearsal.maxWaitMs ?? Math.max(10 * durationMs, 600_000));
    const settled = await waitUntilSettled(system, runKeys, deadline, print);
    const result = { ...(await resultOf(system, runKeys, settled)), recoveryMs: Date.now() - recoveredAt };
    if (rehearsal.afterRecovery === undefined) return result;
    await rehearsal.afterRecovery(system, result);
    const again = await waitUntilSettled(system, runKeys, deadline, print, isStarted);
    return { ...(await resultOf(system, runKeys, again)), recoveryMs: Date.now() - recoveredAt };
  } finally {
    await system.close();
  }
}

async function setFaults(github: string, rules: readonly object[]): Promise<void> {
  await control(github, 'POST', '/faults', { rules });
}

const rule = (side: string, target: string) => `  - source: { ${side} }\n    targets: [{ ${target} }]\n`;

/** Lets so many workflows of the source start one workflow of the target each. Returns those of the source. */
async function addWorkflows(github: string, count: number): Promise<readonly string[]> {
  const added = Array.from({ length: count - 1 }, (_, index) => index + 2);
  await addFiles(github, source, {
    rules: added.map((n) => rule(`workflow: ci-${n}.yml`, `repository: deploy, workflow: cd-${n}.yml`)),
    workflows: Object.fromEntries(added.map((n) => [`.github/workflows/ci-${n}.yml`, 'on: push\njobs: {}\n'])),
  });
  await addFiles(github, target, {
    rules: added.map((n) => rule(`repository: app, workflow: ci-${n}.yml`, `workflow: cd-${n}.yml`)),
    workflows: Object.fromEntries(
      added.map((n) => [`.github/workflows/cd-${n}.yml`, 'on: workflow_dispatch\njobs: {}\n']),
    ),
  });
  return ['ci.yml', ...added.map((n) => `ci-${n}.yml`)];
}

interface AddedFiles {
  readonly rules: readonly string[];
  readonly workflows: Readonly<Record<string, string>>;
}

async function addFiles(github: string, repository: string, { rules, workflows }: AddedFiles): Promise<void> {
  if (rules.length === 0) return;
  const files = await control<Record<string, string>>(github, 'GET', `/repositories/${repository}/files`);
  const dispatching = `${files['dispatching.yml']}${rules.join('')}`;
  const body = { files: { ...workflows, 'dispatching.yml': dispatching }, message: 'Add workflows' };
  await control(github, 'POST', `/repositories/${repository}/push`, body);
}

/** Completes the runs at equal distances of time, and returns the run keys of the accepted deliveries. */
async function deliver(
  github: string,
  workflows: readonly string[],
  count: number,
  durationMs: number,
): Promise<string[]> {
  const startedAt = Date.now();
  const sent: Promise<string[]>[] = [];
  for (let index = 0; index < count; index += 1) {
    await delay(Math.max(0, startedAt + (index * durationMs) / count - Date.now()));
    sent.push(deliverOne(github, workflows[index % workflows.length] ?? 'ci.yml'));
    // The emulator sends a webhook before it responds. Without this bound, a slow machine would collect open requests.
    if (sent.length % 20 === 0) await sent[sent.length - 10];
  }
  const runKeys = (await Promise.all(sent)).flat();
  await delay(Math.max(0, startedAt + durationMs - Date.now()));
  return runKeys;
}

async function deliverOne(github: string, workflow: string): Promise<string[]> {
  const { delivery } = await completeRun(github, { repository: source, workflow });
  if (delivery?.statusCode !== 202) return [];
  const { accepted } = JSON.parse(delivery.responseBody ?? '{}') as { accepted?: string };
  return accepted === undefined ? [] : [accepted];
}

interface RecordedFact {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}
type Settled = ReadonlyMap<string, readonly RecordedFact[]>;

/** Returns whether nothing more will happen to the run by itself. */
function isSettled(facts: readonly RecordedFact[]): boolean {
  const plan = newestPlanOf(facts);
  if (plan === undefined) return facts.some(({ type }) => type === 'message.dead-lettered');
  return isStarted(facts) || plan.data['outcome'] !== 'planned';
}

/** Returns the plan with the highest revision: a replay plans a run again. */
function newestPlanOf(facts: readonly RecordedFact[]): RecordedFact | undefined {
  return facts
    .filter(({ type }) => type === 'run.planned')
    .toSorted((left, right) => Number(right.data['revision']) - Number(left.data['revision']))[0];
}

function isStarted(facts: readonly RecordedFact[]): boolean {
  return facts.some(({ type }) => type === 'dispatch.accepted' || type === 'dispatch.failed');
}

/** Waits until every run is settled, and returns the facts of each. @throws Error at the deadline, with the missing runs */
async function waitUntilSettled(
  { url }: System,
  runKeys: readonly string[],
  deadline: number,
  print: (line: string) => void,
  isDone = isSettled,
): Promise<Settled> {
  const settled = new Map<string, readonly RecordedFact[]>();
  for (let printed = 0; ; ) {
    // One at a time, and only what is missing: reading must not slow down what it waits for.
    for (const runKey of runKeys) {
      if (settled.has(runKey)) continue;
      const facts = await factsOf(url, runKey);
      if (!isDone(facts)) break;
      settled.set(runKey, facts);
    }
    if (settled.size === runKeys.length) return settled;
    if (Date.now() > deadline) {
      const missing = await unsettledOf(
        url,
        runKeys.filter((runKey) => !settled.has(runKey)),
        isDone,
      );
      if (missing.length === 0) continue;
      throw new Error(`${missing.length} of ${runKeys.length} runs have no result, ${missing[0]} among them.`);
    }
    if (settled.size >= printed + 100) {
      printed = settled.size;
      print(`${printed} of ${runKeys.length} runs have a result.`);
    }
    await delay(200);
  }
}

/** Returns the runs that are not settled. The wait reads in order, so runs after the first unsettled one may be settled. */
async function unsettledOf(
  url: string,
  runKeys: readonly string[],
  isDone: (facts: readonly RecordedFact[]) => boolean,
): Promise<string[]> {
  const unsettled: string[] = [];
  for (const runKey of runKeys) if (!isDone(await factsOf(url, runKey))) unsettled.push(runKey);
  return unsettled;
}

async function factsOf(url: string, runKey: string): Promise<readonly RecordedFact[]> {
  const response = await fetch(`${url}/api/runs/${runKey}`);
  if (!response.ok) return [];
  const { revisions } = (await response.json()) as { revisions: { facts: RecordedFact[] }[] };
  return revisions.flatMap(({ facts }) => facts);
}

async function resultOf(
  { awsUrl, emulatorUrl }: System,
  runKeys: readonly string[],
  settled: Settled,
): Promise<Omit<OutageResult, 'recoveryMs'>> {
  const all = [...settled.values()];
  const outcomes: Record<string, number> = {};
  for (const facts of all) {
    const recorded = newestPlanOf(facts)?.data['outcome'];
    const outcome = typeof recorded === 'string' ? recorded : 'none';
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  const runs = await control<{ repository: string; event: string }[]>(emulatorUrl ?? '', 'GET', '/runs');
  return {
    accepted: runKeys.length,
    outcomes,
    delayed: all.filter((facts) => facts.some(({ type }) => type === 'run.delayed')).length,
    started: runs.filter(({ repository, event }) => repository === target && event === 'workflow_dispatch').length,
    startedTwice: all.filter((facts) => facts.filter(({ type }) => type === 'dispatch.accepted').length > 1).length,
    deadLetters: await countDeadLetters(awsUrl),
  };
}

async function countDeadLetters(awsUrl: string): Promise<number> {
  const sqs = new SQSClient({ endpoint: awsUrl, ...awsAccess });
  let count = 0;
  for (const name of [...queues.map(({ deadLetterQueue }) => deadLetterQueue), undeliveredEventsQueue.name]) {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl(awsUrl, name), AttributeNames: ['All'] }),
    );
    count +=
      Number(Attributes['ApproximateNumberOfMessages']) + Number(Attributes['ApproximateNumberOfMessagesNotVisible']);
  }
  sqs.destroy();
  return count;
}

async function control<Result>(github: string, method: string, path: string, body?: unknown): Promise<Result> {
  const response = await fetch(`${github}/_emulator${path}`, {
    method,
    headers: { authorization: `Bearer ${emulatorToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} of the emulator: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Result;
}
