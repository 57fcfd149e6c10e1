import type { Fault, RequestEntry } from '@dispatcher/github-emulator';
import { impatientPosts } from '../checker/check-posts.ts';
import { type AskedRequest, type Evidence, type Expected, violations } from '../checker/check-history.ts';
import { type Execution, startExecution } from './system/simulation.ts';
import { type Blow, type CrashPoint, script, type Struck } from './system/fault-plan.ts';
import type { Laboratory } from './system/harness.ts';
import type { Level } from './system/worker-process.ts';
import type { Scenario } from './scenarios.ts';
import { windowMs } from './system/workers.ts';

/** One history, and what was found. Plain data: it may come from another process. */
export interface Told {
  /** The crash points reached since the last blow, in order. */
  readonly reached: readonly CrashPoint[];
  /** Where the blows fell; fewer than were written where the history was over before. */
  readonly struck: readonly Struck[];
  /** What GitHub was asked, and how long after the beginning. */
  readonly requests: readonly string[];
  /** No worker had two messages at once, so that the same blows give the same calls. */
  readonly oneByOne: boolean;
  readonly violations: readonly string[];
}

export type Tell = (scenario: Scenario, level: Level, blows: readonly Blow[]) => Promise<Told>;

/** Tells one history after the other, each from an empty start until everything has come to rest. */
export function tellIn(laboratory: Laboratory): Tell {
  let last: Promise<unknown> = Promise.resolve();
  return (scenario, level, blows) => {
    const told = last.then(() => tell(laboratory, scenario, level, blows));
    last = told;
    return told;
  };
}

async function tell(laboratory: Laboratory, scenario: Scenario, level: Level, blows: readonly Blow[]): Promise<Told> {
  const { clock, changes } = laboratory;
  const fate = script(level, blows, () => `${changes.count()} at ${clock.now()}`);
  const execution = await startExecution(laboratory, fate, scenario);
  const began = clock.now();
  const expected = await live(execution, scenario).catch((error: unknown) => String(error));
  const evidence = await execution.evidence();
  const requests = await execution.requests();
  await execution.close();
  return {
    reached: fate.reached,
    struck: fate.struck,
    requests: requests.map(
      ({ method, path, status, at }) => `${Date.parse(at) - began} ${method} ${path.split('?', 1)[0]} ${status}`,
    ),
    oneByOne: execution.oneByOne(),
    violations:
      typeof expected === 'string'
        ? [`it did not come to rest: ${expected}`]
        : [...violations(evidence, expected), ...execution.leftovers(), ...needlessPosts(evidence, requests, scenario)],
  };
}

/** Everything that happens in the story; returns what has to come of it. */
async function live(execution: Execution, scenario: Scenario): Promise<Expected> {
  const sources = [...new Set(scenario.routes.map(({ source }) => source))];
  const completed: Expected['completed'][number][] = [];
  for (let run = 0; run < scenario.runs; run += 1) {
    for (const source of sources) completed.push(await execution.complete(source));
  }
  const answered = [];
  for (const request of scenario.requests ?? []) {
    answered.push({ request, first: await execution.ask(request) });
  }
  await execution.drain();
  if (scenario.redriven === true) await redriveUntilNoneIsLeft(execution);
  if (scenario.again !== undefined) {
    for (const { target, workflow } of scenario.routes.filter(({ end }) => end === 'mended')) {
      await execution.mend(target, workflow);
    }
    const { facts } = await execution.evidence();
    const decided = facts.find((fact) => fact.type === 'route.decided');
    if (decided === undefined) throw new Error('Nothing was decided that could be decided again.');
    execution.again({ mode: scenario.again, runKey: decided.runKey, routeId: decided.data.decision.routeId });
    await execution.drain();
  }
  if (scenario.ends !== undefined) {
    await execution.endStarted(scenario.ends);
    await execution.drain();
  }
  // Whoever had no answer, or lost it, asks again, however late.
  const asked: AskedRequest[] = [];
  for (const { request, first } of answered) {
    asked.push({ ...request, answers: [first, await execution.ask(request)] });
  }
  await execution.drain();
  const { routes, again } = scenario;
  return { routes, completed, asked, again, runIdsMayBeMissing: namesNoRun(scenario) };
}

/** A letter can become one again: what dies with its last attempt is one more. */
const mostRedrives = 5;

async function redriveUntilNoneIsLeft(execution: Execution): Promise<void> {
  for (let round = 0; round < mostRedrives && execution.leftovers().length > 0; round += 1) {
    await execution.redrive();
    await execution.drain();
  }
}

/** One POST for each run, and one more only for each that met a fault by which nothing was started. */
function needlessPosts({ runs }: Evidence, requests: readonly RequestEntry[], scenario: Scenario): string[] {
  const impatient = impatientPosts(requests, windowMs);
  // To a GitHub that names no run the first POST of each process is refused, because it asks for the run's id.
  if (namesNoRun(scenario)) return impatient;
  const targets = new Set([
    ...scenario.routes.filter(({ end }) => end === 'started').map(({ target }) => target),
    ...(scenario.requests ?? []).filter(({ asks }) => asks === 'workflow').map(({ target }) => target),
  ]);
  const proven = (scenario.faults ?? [])
    .filter(({ fault }) => startsNothing(fault))
    .reduce((sum, { match }) => sum + (match?.times ?? 1), 0);
  const needless = [...targets].flatMap((target) => {
    const posts = requests.filter(({ operation, path }) => operation === 'dispatch' && path.includes(`/${target}/`));
    const started = runs.filter(
      ({ repository, startedByInstallation }) => repository === target && startedByInstallation !== null,
    );
    return posts.length === started.length + proven
      ? []
      : [`${posts.length} POSTs to ${target} for ${started.length} runs and ${proven} POSTs that started nothing`];
  });
  return [...impatient, ...needless, ...repeatedEvents(requests, scenario)];
}

/** An event is sent once at most, unless GitHub said that it did not take it. */
function repeatedEvents(requests: readonly RequestEntry[], { requests: asked = [] }: Scenario): string[] {
  const sent = requests.filter(({ operation, status }) => operation === 'event' && status !== 429).length;
  const events = asked.filter(({ asks }) => asks === 'event').length;
  return sent <= events ? [] : [`${events} events were sent ${sent} times`];
}

function namesNoRun({ settings }: Scenario): boolean {
  return settings?.dispatchApi === 'ghes-3.20';
}

function startsNothing(fault: Fault): boolean {
  return fault === 'reset-before' || (typeof fault === 'object' && 'status' in fault);
}
