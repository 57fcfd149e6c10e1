import {
  type DeadLetterActed,
  type Decision,
  dispatchId,
  type Fact,
  factId,
  factsOfPlan,
  type QueueSample,
  routeId,
  type RouteDecided,
  type RunCompleted,
  runKey,
} from '@dispatcher/contracts';
import type { Installation } from '@dispatcher/store';
import { accepted, completed, deadLettered, samplePlan, sampleRun } from '@dispatcher/store/testing';

// Facts of a busy system. After about 1,000 facts, every list of the admin API has more than one page.

export interface BusySystem {
  /** Number of source repositories. Each has two routes of its own, and all share one. */
  readonly sources: number;
  /** Milliseconds between two runs. */
  readonly runMs: number;
}

export const busySystem: BusySystem = { sources: 60, runMs: 100 };

/** Targets of every run: `steadyTarget` by the same route each time, `sharedTarget` by one route for each source. */
export const steadyTarget = 'octo-org/steady';
export const sharedTarget = 'octo-org/shared';
const start = Date.parse('2026-11-03T14:00:00Z');

// Padded to one width, so that the size of an item does not depend on its number.
const padded = (number: number): string => String(number).padStart(7, '0');
const timeOf = (number: number, seconds: number, { runMs }: BusySystem): string =>
  new Date(start + number * runMs + seconds * 1000).toISOString();

export function busyRun(number: number, system = busySystem): RunCompleted {
  const { sources } = system;
  const run = sampleRun(1_000_000 + number, timeOf(number, 0, system), `delivery-${padded(number)}`);
  const repository = { ...run.repository, id: 1_000 + (number % sources), name: `source-${padded(number % sources)}` };
  const commit = padded(number).padEnd(40, 'c');
  return { ...run, repository, installationId: 1_000 + (number % sources), run: { ...run.run, headSha: commit } };
}

function decisionOf(run: RunCompleted, template: Decision, source: string, target: string): Decision {
  const route = {
    source: { repository: source, workflow: 'ci.yml' },
    target: { repository: target, workflow: 'cd.yml' },
  };
  const id = routeId(route);
  return { ...template, route, routeId: id, dispatchId: dispatchId(runKey(run), id) };
}

export function sourceOf(run: RunCompleted): string {
  return `${run.repository.owner}/${run.repository.name}`;
}

/** Returns the three decisions of one run: on its own target, on the shared target, and on the steady route. */
export function busyDecisions(number: number, system = busySystem): RouteDecided[] {
  const run = busyRun(number, system);
  const plan = samplePlan(run, ['allow', 'deny', 'allow']);
  const ownTarget = `octo-org/target-${padded(number % system.sources)}`;
  const routes = [
    [sourceOf(run), ownTarget],
    [sourceOf(run), sharedTarget],
    ['octo-org/source', steadyTarget],
  ] as const;
  const decisions = plan.decisions.map((template, index) => {
    const [source = '', target = ''] = routes[index] ?? [];
    return decisionOf(run, template, source, target);
  });
  const [, ...decided] = factsOfPlan({ ...plan, decisions }, timeOf(number, 7, system));
  return decided;
}

/** Returns eight facts: a plan, three decisions, two runs that started and completed. */
export function busyRunFacts(number: number, system = busySystem): Fact[] {
  const [planned] = factsOfPlan(samplePlan(busyRun(number, system), []), timeOf(number, 7, system));
  const decided = busyDecisions(number, system);
  const started = decided.filter(({ data }) => data.decision.effect === 'allow');
  return [
    planned,
    ...decided,
    ...started.flatMap((fact) => [
      accepted(fact, timeOf(number, 9, system)),
      completed(fact, timeOf(number, 300, system)),
    ]),
  ];
}

/** Returns ten facts: those of a run, a dead letter and its redrive. */
export function busyFacts(number: number, system = busySystem): Fact[] {
  return [...busyRunFacts(number, system), ...deadLetterFacts(number, system)];
}

function deadLetterFacts(number: number, system: BusySystem): Fact[] {
  const deadLetter = deadLettered(`message-${padded(number)}`, timeOf(number, 1, system), `delivery-${padded(number)}`);
  const { queue, messageId, reason: deadLetterReason } = deadLetter.data;
  const actionId = factId('action', number);
  const action = {
    actionId,
    deadLetterId: deadLetter.id,
    queue,
    messageId,
    deadLetterReason,
    action: 'redrive',
  } as const;
  const acted: DeadLetterActed = {
    version: 1,
    id: factId('dead-letter.acted', actionId),
    type: 'dead-letter.acted',
    time: timeOf(number, 400, system),
    correlationId: deadLetter.correlationId,
    data: { ...action, operator: 'ada', reason: 'the target works again', result: 'redriven' },
  };
  return [deadLetter, acted];
}

/** Returns the budget of the run's installation after it. */
export function budgetOf(number: number, system = busySystem): Installation {
  const { installationId } = busyRun(number, system);
  const times = { resetsAt: timeOf(number, 3_600, system), seenAt: timeOf(number, 2, system) };
  return { installationId, resource: 'core', limit: 5_000, remaining: 4_000, ...times };
}

/** The samples of the queues. */
export const queueSamples: readonly QueueSample[] = ['runs', 'decisions', 'facts'].map((queue) => ({
  queue,
  waiting: 1,
  inFlight: 0,
  delayed: 0,
}));

/** Returns the time after all facts of these runs, in milliseconds since the epoch. */
export const endOf = (runs: number, { runMs } = busySystem): number => start + runs * runMs + 10 * 60_000;
