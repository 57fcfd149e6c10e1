import { type Fact, foldName, fullName } from '@dispatcher/contracts';

// Expected value of every projection, computed from all facts at once in the simplest way, without code of the store.

type Of<T extends Fact['type']> = Extract<Fact, { type: T }>;

const steps: Partial<Record<Fact['type'], number>> = {
  'run.delayed': 0,
  'run.planned': 1,
  'route.decided': 2,
  'dispatch.accepted': 3,
  'dispatch.failed': 3,
  'issue.reported': 4,
  'plan.reported': 4,
  'dispatch.completed': 5,
  'delivery.repeated': 6,
  'delivery.ignored': 6,
  'message.dead-lettered': 7,
};

function rank(fact: Fact): string {
  return `${fact.time} ${steps[fact.type] ?? 8} ${fact.id}`;
}

const oldestFirst = <T extends Fact>(facts: readonly T[]): T[] =>
  facts.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
const newestFirst = <T extends Fact>(facts: readonly T[]): T[] => oldestFirst(facts).toReversed();

function ofType<T extends Fact['type']>(facts: readonly Fact[], ...types: readonly T[]): Of<T>[] {
  return facts.filter((fact): fact is Of<T> => types.some((type) => type === fact.type));
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}

const isRequest = ({ data: { trigger: run } }: Of<'run.planned'>) => run.type === 'dispatch.requested';

function sourceOf({ data: { trigger: run } }: Of<'run.planned'>): string | null {
  return run.type === 'run.completed' ? foldName(fullName(run.repository)) : null;
}

function endOf({ data: { trigger: run } }: Of<'run.planned'>): string {
  return run.type === 'run.completed' ? run.run.updatedAt : run.receivedAt;
}

function repositoryOf(fact: Fact): string | null {
  switch (fact.type) {
    case 'run.planned':
      return sourceOf(fact);
    case 'run.delayed':
      return fact.data.repository === null ? null : foldName(fact.data.repository);
    case 'delivery.repeated':
    case 'plan.reported':
      return foldName(fact.data.repository);
    case 'route.decided':
      return foldName(fact.data.decision.route.target.repository);
    case 'dispatch.accepted':
    case 'dispatch.failed':
    case 'dispatch.completed':
    case 'issue.reported':
      return foldName(fact.data.route.target.repository);
    default:
      return null;
  }
}

/** Milliseconds of each latency, smallest first. */
function latencies(facts: readonly Fact[]) {
  const first = ofType(facts, 'run.planned').filter(({ data }) => data.revision === 0);
  const decided = first.map((fact) => Date.parse(fact.time) - Date.parse(endOf(fact)));
  const accepted = ofType(facts, 'dispatch.accepted').map(({ data }) => data.latencyMs);
  return { decided: decided.toSorted((a, b) => a - b), accepted: accepted.toSorted((a, b) => a - b) };
}

/** Summary of one window. Latencies are exact: the store rounds them up. */
export function summaryModel(facts: readonly Fact[], from: number) {
  const within = facts.filter(({ time }) => Date.parse(time) >= from);
  const plans = ofType(within, 'run.planned');
  const first = plans.filter(({ data }) => data.revision === 0);
  const requests = first.filter(isRequest).length;
  const repeats = ofType(within, 'delivery.repeated').length;
  const accepted = ofType(within, 'dispatch.accepted');
  const completed = ofType(within, 'dispatch.completed');
  const states = [
    ...accepted.map(({ data }) => (data.workflowRunId === null ? 'accepted-unverified' : 'accepted')),
    ...ofType(within, 'dispatch.failed').map(() => 'failed'),
    ...completed.map(() => 'completed'),
  ];
  return {
    deliveries: { received: first.length - requests + repeats, repeated: repeats },
    requests,
    plans: countBy(plans, ({ data }) => data.outcome),
    decisions: countBy(ofType(within, 'route.decided'), ({ data }) => data.decision.code),
    dispatches: countBy(states, (state) => state),
    conclusions: countBy(completed, ({ data }) => data.conclusion ?? 'none'),
    funnel: {
      received: first.length + repeats,
      planned: plans.length,
      matched: plans.filter(({ data }) => data.outcome === 'planned').length,
      allowed: ofType(within, 'route.decided').filter(({ data }) => data.decision.effect === 'allow').length,
      started: accepted.length,
      succeeded: completed.filter(({ data }) => data.conclusion === 'success').length,
    },
    latency: latencies(within),
  };
}

export function freshnessModel(facts: readonly Fact[]) {
  const received = [
    ...ofType(facts, 'run.planned').flatMap((fact) => (isRequest(fact) ? [] : [fact.data.trigger.receivedAt])),
    ...ofType(facts, 'delivery.repeated').map(({ data }) => data.receivedAt),
  ];
  const [check] = newestFirst(ofType(facts, 'deliveries.checked'));
  return {
    lastDeliveryAt: received.toSorted().at(-1) ?? null,
    checkedUntil: check?.data.checkedUntil ?? null,
    checkLagMs: check?.data.lagMs ?? null,
  };
}

export function trendModel(facts: readonly Fact[], hours: readonly string[]) {
  return hours.map((hour) => {
    const within = facts.filter(({ time }) => time.startsWith(hour.slice(0, 13)));
    const decided = ofType(within, 'route.decided').map(({ data }) => data.decision.effect);
    const completed = ofType(within, 'dispatch.completed');
    const plans = ofType(within, 'run.planned');
    const first = plans.filter(({ data }) => data.revision === 0);
    const requests = first.filter(isRequest).length;
    return {
      hour,
      deliveries: first.length - requests + ofType(within, 'delivery.repeated').length,
      requests,
      plans: plans.length,
      allowed: decided.filter((effect) => effect === 'allow').length,
      denied: decided.filter((effect) => effect === 'deny').length,
      accepted: ofType(within, 'dispatch.accepted').length,
      failed: ofType(within, 'dispatch.failed').length,
      completed: completed.length,
      succeeded: completed.filter(({ data }) => data.conclusion === 'success').length,
    };
  });
}

export function repositoryRowsModel(facts: readonly Fact[]) {
  const names = new Set(facts.map(repositoryOf).filter((name) => name !== null));
  return [...names].toSorted().map((repository) => {
    const [newest] = newestFirst(facts.filter((fact) => repositoryOf(fact) === repository));
    const { asSource, asTarget, hours, installationId } = repositoryModel(facts, repository);
    const { allowed, denied, started, failed, completed, succeeded } = asTarget;
    const { deliveries } = asSource;
    const counts = { deliveries, allowed, denied, started, failed, completed, succeeded };
    return { repository, lastFactAt: newest?.time, ...counts, hours, installationId };
  });
}

export function repositoryModel(facts: readonly Fact[], repository: string) {
  const own = facts.filter((fact) => repositoryOf(fact) === repository);
  const plans = ofType(own, 'run.planned');
  const first = plans.filter(({ data }) => data.revision === 0);
  const decided = newestFirst(ofType(own, 'route.decided'));
  const repeats = ofType(own, 'delivery.repeated');
  const effects = decided.map(({ data }) => data.decision.effect);
  const completed = ofType(own, 'dispatch.completed');
  return {
    repository,
    asSource: {
      deliveries: first.length + repeats.length,
      plans: countBy(plans, ({ data }) => data.outcome),
      lastRunAt: plans.map(endOf).toSorted().at(-1) ?? null,
    },
    asTarget: {
      decisions: countBy(decided, ({ data }) => data.decision.code),
      allowed: effects.filter((effect) => effect === 'allow').length,
      denied: effects.filter((effect) => effect === 'deny').length,
      lastDecisionAt: decided[0]?.time ?? null,
      started: ofType(own, 'dispatch.accepted').length,
      failed: ofType(own, 'dispatch.failed').length,
      completed: completed.length,
      succeeded: completed.filter(({ data }) => data.conclusion === 'success').length,
    },
    hours: hoursModel([...first, ...repeats, ...decided].map(({ time }) => time)),
    installationId: newestFirst(own).flatMap(installationOf)[0] ?? null,
  };
}

function installationOf(fact: Fact): readonly number[] {
  if (fact.type === 'route.decided') {
    const { target } = fact.data.decision;
    return target === undefined ? [] : [target.installationId];
  }
  if (fact.type !== 'run.planned' || fact.data.trigger.type !== 'run.completed') return [];
  return [fact.data.trigger.installationId];
}

/** Counts of the 24 hours that end with the newest one. */
function hoursModel(times: readonly string[]) {
  const hours = times.map((time) => time.slice(0, 13));
  const [newest] = hours.toSorted().toReversed();
  if (newest === undefined) return null;
  const until = `${newest}:00:00.000Z`;
  const names = Array.from({ length: 24 }, (_, index) =>
    new Date(Date.parse(until) - (23 - index) * 3_600_000).toISOString().slice(0, 13),
  );
  return { until, counts: names.map((name) => hours.filter((hour) => hour === name).length) };
}

export function inboundModel(facts: readonly Fact[], repository: string) {
  const decided = newestFirst(ofType(facts, 'route.decided')).filter((fact) => repositoryOf(fact) === repository);
  const ids = new Set(decided.map(({ data }) => data.decision.routeId));
  return [...ids].toSorted().map((routeId) => {
    const own = decided.filter(({ data }) => data.decision.routeId === routeId);
    const denied = own.filter(({ data }) => data.decision.effect === 'deny').length;
    const last = own[0];
    const { route, code: lastCode } = last?.data.decision ?? {};
    return { routeId, route, allowed: own.length - denied, denied, lastAt: last?.time, lastCode };
  });
}

type RouteFact = Of<'route.decided' | 'dispatch.accepted' | 'dispatch.failed' | 'dispatch.completed'>;

function routeOf(fact: RouteFact) {
  const { routeId, route, dispatchId } = fact.type === 'route.decided' ? fact.data.decision : fact.data;
  return { routeId, route, dispatchId };
}

function routeRow(fact: RouteFact) {
  const common = { ...routeOf(fact), time: fact.time, runKey: fact.runKey };
  switch (fact.type) {
    case 'route.decided': {
      const { effect, code } = fact.data.decision;
      return { ...common, state: effect === 'allow' ? 'allowed' : deniedState(code), code };
    }
    case 'dispatch.accepted':
      return { ...common, state: 'accepted', targetRunUrl: fact.data.htmlUrl };
    case 'dispatch.failed':
      return { ...common, state: 'failed', code: fact.data.code };
    default: {
      const { conclusion, targetRunUrl } = fact.data;
      return { ...common, state: 'completed', conclusion, targetRunUrl };
    }
  }
}

function routeResult(fact: RouteFact) {
  const { time } = fact;
  const none = { conclusion: null, durationMs: null };
  switch (fact.type) {
    case 'route.decided':
      return fact.data.decision.effect === 'allow'
        ? null
        : { time, state: deniedState(fact.data.decision.code), ...none };
    case 'dispatch.accepted':
      return fact.data.workflowRunId === null ? { time, state: 'accepted-unverified', ...none } : null;
    case 'dispatch.failed':
      return { time, state: 'failed', ...none };
    default:
      return { time, state: 'completed', conclusion: fact.data.conclusion, durationMs: fact.data.durationMs };
  }
}

const deniedState = (code: string) => (code === 'dry-run' ? 'dry-run' : 'denied');

/** The order of results with the same time. */
const signs = ['denied', 'dry-run', 'failed', 'success', 'accepted-unverified', 'failure', 'completed'];
function resultRank(result: NonNullable<ReturnType<typeof routeResult>>): string {
  return `${result.time} ${signs.indexOf(result.conclusion ?? result.state)}`;
}

export function routesModel(facts: readonly Fact[]) {
  const stepFacts = newestFirst(
    ofType(facts, 'route.decided', 'dispatch.accepted', 'dispatch.failed', 'dispatch.completed'),
  );
  const places = new Map(
    stepFacts.map(routeOf).map(({ routeId, route }) => [`${targetOf(route)} ${routeId}`, routeId]),
  );
  const ids = [...places].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, routeId]) => routeId);
  return ids.map((id) =>
    routeModel(
      id,
      stepFacts.filter((fact) => routeOf(fact).routeId === id),
    ),
  );
}

function routeModel(routeId: string, own: readonly RouteFact[]) {
  const results = own
    .map(routeResult)
    .filter((result) => result !== null)
    .toSorted((a, b) => (resultRank(a) < resultRank(b) ? 1 : -1));
  const shown = results.slice(0, 24);
  const durations = shown.flatMap(({ durationMs }) => durationMs ?? []).toSorted((a, b) => a - b);
  const judged = shown.filter(({ state }) => state !== 'dry-run' && state !== 'accepted-unverified');
  const good = (result: (typeof results)[number]) => result.state === 'completed' && result.conclusion === 'success';
  const decided = ofType(own, 'route.decided');
  const [newest] = own;
  const { effect, code, responsible, message } = decided[0]?.data.decision ?? {};
  const effects = decided.map(({ data }) => data.decision.effect);
  const completed = ofType(own, 'dispatch.completed');
  const successes = completed.filter(({ data }) => data.conclusion === 'success');
  const [success] = successes;
  return {
    routeId,
    route: newest === undefined ? undefined : routeOf(newest).route,
    latest: newest === undefined ? undefined : routeRow(newest),
    results: shown,
    successRate: judged.length === 0 ? null : judged.filter(good).length / judged.length,
    p50DurationMs: durations[Math.ceil(durations.length / 2) - 1] ?? null,
    lastSuccess:
      success === undefined
        ? null
        : {
            time: success.time,
            runKey: success.runKey,
            dispatchId: success.data.dispatchId,
            targetRunUrl: success.data.targetRunUrl,
          },
    counts: {
      allowed: effects.filter((each) => each === 'allow').length,
      denied: effects.filter((each) => each === 'deny').length,
      started: ofType(own, 'dispatch.accepted').length,
      failed: ofType(own, 'dispatch.failed').length,
      completed: completed.length,
      succeeded: successes.length,
    },
    agreement:
      decided[0] === undefined
        ? null
        : { agreed: effect === 'allow', code, responsible, message, decidedAt: decided[0].time },
  };
}

/** Every recorded dead letter, newest first. */
export function deadLettersModel(facts: readonly Fact[]) {
  const acts = newestFirst(ofType(facts, 'dead-letter.acted'));
  // The oldest record of a dead letter wins.
  const recordings = new Map(newestFirst(ofType(facts, 'message.dead-lettered')).map((fact) => [fact.id, fact]));
  return newestFirst([...recordings.values()]).map(
    ({ id: deadLetterId, time: deadLetteredAt, correlationId, data }) => {
      const action = acts.find((each) => each.data.deadLetterId === deadLetterId);
      const state = action?.data.result ?? 'open';
      const deadLetter = {
        deadLetterId,
        ...data,
        redrives: 0,
        deadLetteredAt,
        deliveryId: correlationId,
        runKey: null,
      };
      return { ...deadLetter, state, stateAt: action?.time ?? deadLetteredAt };
    },
  );
}

const targetOf = (route: { readonly target: { readonly repository: string } }): string =>
  foldName(route.target.repository);

/** The newest observation of every repository, by id, with its former names, newest first. */
export function configsModel(facts: readonly Fact[]) {
  const all = newestFirst(ofType(facts, 'config.observed'));
  const ids = [...new Set(all.map(({ data }) => data.repositoryId))].sort((a, b) => a - b);
  return ids.flatMap((id) => {
    const own = all.filter(({ data }) => data.repositoryId === id);
    const [newest] = own;
    if (newest === undefined) return [];
    const { seenBy: _, ...observed } = newest.data;
    const names = [...new Set(own.map(({ data }) => data.repository))];
    return [
      { ...observed, observedAt: newest.time, formerNames: names.filter((name) => name !== observed.repository) },
    ];
  });
}
