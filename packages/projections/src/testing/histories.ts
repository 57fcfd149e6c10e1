import {
  type ConfigObserved,
  type Decision,
  type DeadLetterActed,
  type Fact,
  factId,
  factsOfPlan,
  fullName,
  type MessageDeadLettered,
  type Plan,
  dispatchId,
  deliveryIgnored,
  deliveryRepeated,
  deadLetterId,
  routeId,
  runKey,
  type RouteDecided,
  type RunCompleted,
  type DispatchRequested,
  requestId,
} from '@dispatcher/contracts';
import { ignoredRun } from '@dispatcher/contracts/testing';
import * as fc from 'fast-check';
import { accepted, completed, failed, samplePlan, sampleRun } from './samples.ts';

// Random histories of all facts that the projections are built from.

const start = Date.parse('2026-11-03T14:00:00Z');
export const timeAt = (seconds: number): string => new Date(start + seconds * 1000).toISOString();
/** Duration of a history, in seconds. */
export const historySeconds = 5 * 60 * 60;

const ends = [
  'denied',
  'dry-run',
  'pending',
  'accepted',
  'unverified',
  'failed',
  'succeeded',
  'broke',
  'unknown',
] as const;
type End = (typeof ends)[number];

const moment = fc.integer({ min: 0, max: historySeconds });

const aRun = (sources: number, targets: { readonly minLength?: number; readonly maxLength: number }) =>
  fc.record({
    at: moment,
    source: fc.integer({ min: 0, max: sources - 1 }),
    ends: fc.array(fc.constantFrom(...ends), targets),
    delayed: fc.boolean(),
    repeated: fc.boolean(),
    again: fc.boolean(),
  });
type Run = ReturnType<typeof aRun> extends fc.Arbitrary<infer T> ? T : never;

const aDeadLetter = fc.record({
  at: moment,
  queue: fc.constantFrom('runs', 'decisions'),
  reason: fc.constantFrom('died' as const, 'permanent-error' as const),
  // A writer that crashed in between records it a second time, later.
  isRepeated: fc.boolean(),
  isRecorded: fc.boolean(),
  acts: fc.array(
    fc.record({
      after: fc.integer({ min: 1, max: 900 }),
      result: fc.constantFrom('redriven', 'discarded', 'quarantined'),
    }),
    { maxLength: 2 },
  ),
});
type DeadLetterScenario = typeof aDeadLetter extends fc.Arbitrary<infer T> ? T : never;

/** A request by an API key: it has a key instead of a source repository. */
const aRequest = fc.record({
  at: moment,
  isEvent: fc.boolean(),
  end: fc.constantFrom('denied' as const, 'accepted' as const, 'unverified' as const, 'failed' as const),
  again: fc.boolean(),
});
/** An observation of one of three repositories, which are renamed and disappear. */
const anObservation = fc.record({
  at: moment,
  repository: fc.integer({ min: 1, max: 3 }),
  name: fc.constantFrom('App', 'deploy', 'tool'),
  state: fc.constantFrom('valid' as const, 'invalid' as const, 'absent' as const, 'gone' as const),
});
type Request = typeof aRequest extends fc.Arbitrary<infer T> ? T : never;
const aMoment = fc.record({ at: moment, amount: fc.integer({ min: 0, max: 5_000 }) });

/** Mostly few runs of many routes; sometimes many runs of one route, with more results than its projection contains. */
const scenario = fc.record({
  runs: fc.oneof(
    { withCrossShrink: true },
    { weight: 100, arbitrary: fc.array(aRun(2, { maxLength: 2 }), { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(aRun(1, { minLength: 1, maxLength: 1 }), { minLength: 28, maxLength: 34 }) },
  ),
  deadLetters: fc.array(aDeadLetter, { maxLength: 2 }),
  checks: fc.array(aMoment, { maxLength: 2 }),
  keys: fc.array(moment, { maxLength: 1 }),
  requests: fc.array(aRequest, { maxLength: 2 }),
  ignored: fc.array(moment, { maxLength: 2 }),
  observed: fc.array(anObservation, { maxLength: 4 }),
});

function repositoryConfirmed(at: number): Fact {
  const id = factId('repository.confirmed', at);
  const names = { side: 'source' as const, source: 'other/app', target: 'octo/deploy', repositoryId: 7 };
  const data = { actionId: id, ...names, operator: 'ada', reason: 'moved' };
  return { version: 1, id, type: 'repository.confirmed', time: timeAt(at), correlationId: id, data };
}

function configObserved(of: typeof anObservation extends fc.Arbitrary<infer T> ? T : never): Fact {
  const { at, repository: repositoryId, name, state } = of;
  const rule = { source: { workflow: 'ci.yml' }, targets: [{ repository: 'deploy', workflow: 'cd.yml' }] };
  const id = factId('config.observed', at, repositoryId, name, state);
  const data: ConfigObserved['data'] = {
    repositoryId,
    repository: `octo-org/${name}`,
    installationId: 7,
    visibility: 'private',
    isActive: true,
    defaultBranch: 'main',
    state,
    commit: 'a'.repeat(40),
    path: null,
    blobId: null,
    problems: [],
    rules: state === 'valid' ? { outbound: [rule], inbound: [] } : null,
    seenBy: 'sweep',
  };
  return { version: 1, id, type: 'config.observed', time: timeAt(at), correlationId: id, data };
}

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** Two equal observations are one fact. That a fact arrives several times is the transport's business. */
const withoutRepeats = (facts: readonly Fact[]): Fact[] => [
  ...new Map(facts.map((fact) => [`${fact.id} ${fact.time}`, fact])).values(),
];

/** Prints as its scenario, which is far shorter than its facts, where fast-check reports a counterexample. */
function toHistory(of: Scenario): readonly Fact[] {
  const { runs, deadLetters, checks, keys, requests, ignored, observed } = of;
  const facts = withoutRepeats([
    ...runs.flatMap(factsOfRun),
    ...deadLetters.flatMap(factsOfDeadLetter),
    ...checks.map(checked),
    ...keys.map(keyChanged),
    ...keys.map(pauseChanged),
    ...keys.map(repositoryConfirmed),
    ...keys.map(bulkReplayChanged),
    ...keys.flatMap(ofSchedule),
    ...keys.map(webhookChanged),
    ...requests.flatMap(factsOfRequest),
    ...ignored.map(ignoredAt),
    ...observed.map(configObserved),
  ]);
  const used = Object.fromEntries(Object.entries(of).filter(([, parts]) => parts.length > 0));
  return Object.defineProperty(facts, fc.toStringMethod, { value: () => `history ${JSON.stringify(used)}` });
}

export const histories: fc.Arbitrary<readonly Fact[]> = scenario.map(toHistory);

function factsOfRun({ at, source, ends: outcomes, delayed, repeated, again }: Run, number: number): Fact[] {
  const run = runOf(number, source, at);
  const plan = samplePlan(
    run,
    outcomes.map((end) => (end === 'denied' || end === 'dry-run' ? 'deny' : 'allow')),
  );
  const decisions = plan.decisions.map((decision, index) => ({
    ...ofSource(decision, run),
    ...(outcomes[index] === 'dry-run' ? ({ code: 'dry-run', responsible: 'nobody' } as const) : {}),
  }));
  const [planned, ...decided] = factsOfPlan({ ...plan, decisions }, timeAt(at + 7));
  const results = decided.flatMap((fact, index) => factsOfEnd(fact, outcomes[index] ?? 'pending', at));
  const repeat = { ...run, deliveryId: `${run.deliveryId}-again`, receivedAt: timeAt(at + 90) };
  return [
    ...(delayed ? [delayedFact(run, at + 2)] : []),
    planned,
    ...decided,
    ...results,
    ...(repeated ? [deliveryRepeated(repeat, run.deliveryId)] : []),
    ...(again ? [...factsOfPlan({ ...plan, decisions, revision: 1 }, timeAt(at + 200)), acted(planned, at + 201)] : []),
  ];
}

function delayedFact(run: RunCompleted, at: number): Fact {
  const key = runKey(run);
  return {
    version: 1,
    id: factId('run.delayed', key, 0, at),
    type: 'run.delayed',
    time: timeAt(at),
    correlationId: run.deliveryId,
    runKey: key,
    data: {
      revision: 0,
      message: 'GitHub did not respond in time.',
      repository: fullName(run.repository),
      workflow: run.workflow,
      receivedAt: run.receivedAt,
      nextTryAt: timeAt(at + 2),
      giveUpAt: timeAt(at + 21_600),
    },
  };
}

/** An ignored run is recorded, and counted nowhere. */
function ignoredAt(at: number, number: number): Fact {
  const delivery = { deliveryId: `ignored-${number}`, receivedAt: timeAt(at) };
  const repository = { id: 11 + number, owner: 'octo-org', name: `App-${number}` };
  return deliveryIgnored(ignoredRun({ id: 900 + number }, { ...delivery, repository }));
}

function factsOfRequest({ at, isEvent, end, again }: Request, number: number): Fact[] {
  const target = isEvent
    ? { repository: 'octo-org/Target-0', eventType: 'deploy' }
    : { repository: 'octo-org/Target-0', workflow: 'cd.yml' };
  const request: DispatchRequested = {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: `request-${number}`,
    receivedAt: timeAt(at),
    requestId: requestId('nightly', String(number)),
    key: { id: '0123456789abcdef', name: 'nightly', targets: ['octo-org/target-0'] },
    request: isEvent
      ? { ...target, kind: 'event', eventType: 'deploy', clientPayload: '{"a":1}' }
      : { ...target, kind: 'workflow', workflow: 'cd.yml', ref: null, inputs: {} },
  };
  const plan = samplePlan(runOf(number, 0, at), [end === 'denied' ? 'deny' : 'allow']);
  const route = { source: { key: 'nightly' }, target };
  const id = routeId(route);
  const decisions = plan.decisions.map((decision) => ({
    ...decision,
    route,
    routeId: id,
    dispatchId: dispatchId(runKey(request), id),
  }));
  const requested: Plan = { ...plan, runKey: runKey(request), trigger: request, decisions };
  const [planned, ...decided] = factsOfPlan(requested, timeAt(at + 1));
  // GitHub never reports which run an event started.
  const ended = isEvent && end === 'accepted' ? 'unverified' : end;
  const replanned = again ? factsOfPlan({ ...requested, revision: 1 }, timeAt(at + 200)) : [];
  return [planned, ...decided, ...decided.flatMap((fact) => factsOfEnd(fact, ended, at)), ...replanned];
}

function runOf(number: number, source: number, at: number): RunCompleted {
  const run = sampleRun(number, timeAt(at));
  const repository = { ...run.repository, id: 11 + source, name: `app-${source}` };
  const commit = String(number % 3).repeat(40);
  return { ...run, repository, receivedAt: timeAt(at + 2), run: { ...run.run, headSha: commit } };
}

function ofSource(decision: Decision, run: RunCompleted): Decision {
  const source = { repository: `${run.repository.owner}/${run.repository.name}`, workflow: run.workflow };
  const route = { ...decision.route, source };
  const id = routeId(route);
  return { ...decision, route, routeId: id, dispatchId: dispatchId(runKey(run), id) };
}

function factsOfEnd(decided: RouteDecided, end: End, at: number): Fact[] {
  const accepting = accepted(decided, timeAt(at + 9));
  const own: Fact = { ...accepting, data: { ...accepting.data, latencyMs: 9_000 + at, workflowRunId: idOf(decided) } };
  const done = completed(decided, timeAt(at + 600));
  const ended = (conclusion: string | null): Fact => ({
    ...done,
    data: { ...done.data, conclusion, acceptedAt: own.time },
  });
  const facts: Readonly<Record<End, readonly Fact[]>> = {
    denied: [],
    'dry-run': [],
    pending: [],
    accepted: [own],
    unverified: [{ ...accepting, data: { ...accepting.data, workflowRunId: null, htmlUrl: null } }],
    failed: [failed(decided, timeAt(at + 9))],
    succeeded: [own, ended('success')],
    broke: [own, ended('failure')],
    unknown: [own, ended(null)],
  };
  return [...facts[end]];
}

const idOf = (decided: RouteDecided): number => Number.parseInt(decided.data.decision.dispatchId.slice(0, 8), 16);

function acted(planned: Fact & { readonly runKey: string }, at: number): Fact {
  const id = factId('operator.acted', planned.runKey);
  const { correlationId, runKey: key } = planned;
  const why = {
    operator: 'ada',
    reason: 'the target was down',
    routeId: null,
    result: 'published' as const,
    revision: 1,
  };
  const data = { actionId: id, action: 're-evaluate' as const, ...why };
  return { version: 1, id, type: 'operator.acted', time: timeAt(at), correlationId, runKey: key, data };
}

function factsOfDeadLetter(
  { at, queue, reason, isRecorded, isRepeated, acts }: DeadLetterScenario,
  number: number,
): Fact[] {
  const messageId = `message-${number}`;
  const id = deadLetterId(queue, messageId, reason);
  const common = { version: 1, correlationId: `dead-letter-${number}` } as const;
  const deadLetter = (time: string): MessageDeadLettered => ({
    ...common,
    id,
    type: 'message.dead-lettered',
    time,
    data: { queue, messageId, reason, detail: 'It never completed.', attempts: 6 },
  });
  const actedFact = ({ after, result }: (typeof acts)[number], index: number): DeadLetterActed => {
    const actionId = factId('action', number, index);
    const action = result === 'discarded' ? 'discard' : 'redrive';
    const what = { deadLetterId: id, queue, messageId, deadLetterReason: reason, action, result } as const;
    const data = { actionId, operator: 'ada', reason: 'fixed', ...what } as DeadLetterActed['data'];
    return {
      ...common,
      id: factId('dead-letter.acted', actionId),
      type: 'dead-letter.acted',
      time: timeAt(at + after),
      data,
    };
  };
  const recordings = isRecorded ? [deadLetter(timeAt(at)), ...(isRepeated ? [deadLetter(timeAt(at + 60))] : [])] : [];
  return [...recordings, ...acts.map(actedFact)];
}

function checked({ at, amount: lagMs }: { at: number; amount: number }): Fact {
  const id = factId('deliveries.checked', at, lagMs);
  const counts = { complete: true, scanned: 1, failed: 0, redelivered: [], planned: 0, ignored: 0, givenUp: 0 };
  const data = { checkedUntil: timeAt(at - 60), lagMs, ...counts };
  return { version: 1, id, type: 'deliveries.checked', time: timeAt(at), correlationId: id, data };
}

function keyChanged(at: number): Fact {
  const id = factId('key.changed', at);
  const data = {
    actionId: id,
    action: 'created' as const,
    keyId: 'k',
    name: 'nightly',
    operator: 'ada',
    reason: 'new',
  };
  return { version: 1, id, type: 'key.changed', time: timeAt(at), correlationId: id, data };
}

function pauseChanged(at: number): Fact {
  const id = factId('pause.changed', at);
  const data = { actionId: id, action: 'paused' as const, operator: 'ada', reason: 'a bad release' };
  return { version: 1, id, type: 'pause.changed', time: timeAt(at), correlationId: id, data };
}

function ofSchedule(at: number): Fact[] {
  const schedule = { scheduleId: '0123456789abcdef', name: 'nightly' };
  const changed = factId('schedule.changed', at);
  const missed = factId('schedule.missed', at);
  return [
    {
      version: 1,
      id: changed,
      type: 'schedule.changed',
      time: timeAt(at),
      correlationId: changed,
      data: {
        ...schedule,
        actionId: changed,
        action: 'created',
        cron: '0 3 * * *',
        timezone: 'UTC',
        target: 'octo/deploy:cd.yml',
        operator: 'ada',
        reason: 'nightly builds',
      },
    },
    {
      version: 1,
      id: missed,
      type: 'schedule.missed',
      time: timeAt(at + 1),
      correlationId: missed,
      data: { ...schedule, count: 2, firstAt: timeAt(at - 120), lastAt: timeAt(at - 60), dueAt: timeAt(at) },
    },
  ];
}

function webhookChanged(at: number): Fact {
  const id = factId('webhook.changed', at);
  return {
    version: 1,
    id,
    type: 'webhook.changed',
    time: timeAt(at),
    correlationId: id,
    data: {
      actionId: id,
      action: 'rotated',
      webhookId: 'fedcba9876543210',
      name: 'grafana',
      verify: 'standard-webhooks',
      target: 'octo/deploy:cd.yml',
      operator: 'ada',
      reason: 'the secret was in a log',
    },
  };
}

function bulkReplayChanged(at: number): Fact {
  const id = factId('bulk-replay.changed', at);
  const selection = {
    repository: null,
    outcome: 'config-unreadable',
    code: null,
    since: timeAt(0),
    until: timeAt(at),
  } as const;
  const counts = { selected: 2, requested: 1 };
  const who = { operator: 'ada', reason: 'GitHub was down' };
  const data = { bulkReplayId: id, action: 'started', mode: 're-evaluate', selection, ...counts, ...who } as const;
  return { version: 1, id, type: 'bulk-replay.changed', time: timeAt(at), correlationId: id, data };
}
