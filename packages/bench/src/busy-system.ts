import {
  type DeadLetterActed,
  type Decision,
  dispatchId,
  type Fact,
  factId,
  factsOfPlan,
  routeId,
  type RouteDecided,
  type RunCompleted,
  runKey,
} from '@dispatcher/contracts';
import { accepted, completed, deadLettered, samplePlan, sampleRun } from '@dispatcher/store/testing';

// The facts of a system at work: every list that can be read has more than a page of lines after about 1,000 facts.

export const sources = 60;
/** Two repositories that every source dispatches to, the first by a route of one source. */
export const steadyTarget = 'octo-org/steady';
export const sharedTarget = 'octo-org/shared';
const start = Date.parse('2026-11-03T14:00:00Z');

// Of one width, so that an item is as long whatever its number.
const padded = (number: number): string => String(number).padStart(7, '0');
const timeOf = (number: number, seconds: number): string =>
  new Date(start + number * 100 + seconds * 1000).toISOString();

export function busyRun(number: number): RunCompleted {
  const run = sampleRun(1_000_000 + number, timeOf(number, 0), `delivery-${padded(number)}`);
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

/** The decisions of one run, by the route they are of: its own target, the shared one, and always the same route. */
export function busyDecisions(number: number): RouteDecided[] {
  const run = busyRun(number);
  const plan = samplePlan(run, ['allow', 'deny', 'allow']);
  const own = `octo-org/target-${padded(number % sources)}`;
  const routes = [
    [sourceOf(run), own],
    [sourceOf(run), sharedTarget],
    ['octo-org/source', steadyTarget],
  ] as const;
  const decisions = plan.decisions.map((template, index) => {
    const [source = '', target = ''] = routes[index] ?? [];
    return decisionOf(run, template, source, target);
  });
  const [, ...decided] = factsOfPlan({ ...plan, decisions }, timeOf(number, 7));
  return decided;
}

/** Ten facts: a plan, three decisions, two runs that were started and ended, a letter and its end, a budget. */
export function busyFacts(number: number): Fact[] {
  const run = busyRun(number);
  const [planned] = factsOfPlan(samplePlan(run, []), timeOf(number, 7));
  const decided = busyDecisions(number);
  const started = decided.filter(({ data }) => data.decision.effect === 'allow');
  return [
    planned,
    ...decided,
    ...started.flatMap((fact) => [accepted(fact, timeOf(number, 9)), completed(fact, timeOf(number, 300))]),
    ...parseDeadLetter(number),
    budgetOf(run, number),
  ];
}

function parseDeadLetter(number: number): Fact[] {
  const deadLetter = deadLettered(`message-${padded(number)}`, timeOf(number, 1), `delivery-${padded(number)}`);
  const { queue, messageId, reason: deadLetterReason } = deadLetter.data;
  const actionId = factId('action', number);
  const what = {
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
    time: timeOf(number, 400),
    correlationId: deadLetter.correlationId,
    data: { ...what, operator: 'ada', reason: 'The target is back.', result: 'redriven' },
  };
  return [deadLetter, acted];
}

function budgetOf(run: RunCompleted, number: number): Fact {
  const { installationId } = run;
  const id = factId('installation.budget', number);
  const data = { installationId, resource: 'core', limit: 5_000, remaining: 4_000, resetsAt: timeOf(number, 3_600) };
  return { version: 1, id, type: 'installation.budget', time: timeOf(number, 2), correlationId: id, data };
}

/** The queues as they were after so many runs. */
export function sampleOf(runs: number): Fact {
  const id = factId('queues.sampled', runs);
  const queues = ['runs', 'decisions', 'facts'].map((queue) => ({ queue, waiting: 1, inFlight: 0, delayed: 0 }));
  const time = timeOf(runs, 0);
  return { version: 1, id, type: 'queues.sampled', time, correlationId: id, data: { queues } };
}

/** When everything that these runs led to is over; in milliseconds since the epoch. */
export const endOf = (runs: number): number => start + runs * 100 + 10 * 60_000;
