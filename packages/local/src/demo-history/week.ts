import { type DispatchRequested, type GuardRails, requestId, requestIdOf } from '@dispatcher/contracts';
import { decide } from '@dispatcher/rules';
import type { Random } from '../demo-organization/random.ts';
import { services } from '../demo-organization/demo-routes.ts';
import { dayMs, type RootRun, rootRuns } from './calendar.ts';
import { invalidPolicy, ownerPolicies, refusals, sandboxCases } from './cases.ts';
import { deadLetterActed, deliveriesChecked, operatorActed, pauseChanged, timeOf } from './facts.ts';
import { type History, noGuardRails, type PlannedTrigger } from './history.ts';
import type { RepositoryState, PastRepositories } from './past-repositories.ts';

// What happens in the week: runs as on any day, and the incidents that a demonstration needs.

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface HistorySize {
  readonly days: number;
  /** Number of CI runs in a busy hour. */
  readonly perHour: number;
  /**
   * Its weekday and hour decide how much traffic there is at the end. Default: now. With a fixed time, a seed gives the same
   * runs whenever the history is created.
   */
  readonly calendarEndsAt?: Date;
}

export interface Week {
  readonly random: Random;
  readonly history: History;
  readonly repositories: PastRepositories;
  readonly from: number;
  readonly now: number;
  readonly size: HistorySize;
  /** The commits of the sandbox, by the index of their case. */
  readonly sandboxCommits: readonly { readonly source: string; readonly target: string }[];
}

/** Returns the time of a share of the week: 0 is its start, 1 its end. */
const timeAt = ({ from, now }: Pick<Week, 'from' | 'now'>, share: number): number => from + share * (now - from);

/** Returns when the operators had paused everything, for a release that went wrong. */
export function pauseOf(week: Pick<Week, 'from' | 'now'>): { readonly from: number; readonly until: number } {
  const from = timeAt(week, 0.587);
  return { from, until: from + Math.min(25 * minuteMs, (week.now - week.from) * 0.01) };
}

/** Returns the operator's settings at a time. */
export function guardRailsOf(week: Pick<Week, 'from' | 'now'>): (time: number) => GuardRails {
  const { from, until } = pauseOf(week);
  return (time) => ({ ...noGuardRails, paused: time >= from && time < until });
}

/** Schedules everything that happens in the week. */
export function fillWeek(week: Week): void {
  addOutage(week);
  const roots = rootRunsOf(week);
  const replayable: PlannedTrigger[] = [];
  for (const [index, root] of roots.entries()) {
    week.history.scheduleRun(root, {}, (planned) => {
      if (planned.plan.decisions.some(({ effect }) => effect === 'deny')) replayable.push(planned);
      if (index % 29 === 11) repeatLater(week, planned);
    });
  }
  addRefusals(week);
  addSandbox(week);
  addRequests(week);
  addOperators(week, replayable);
  for (let at = week.from; at < week.now; at += 6 * hourMs) {
    week.history.schedule(at, () => week.history.record([deliveriesChecked(at, [])]));
  }
}

function rootRunsOf({ random, from, now, size }: Week): readonly RootRun[] {
  const shift = (size.calendarEndsAt?.getTime() ?? now) - now;
  const roots = rootRuns(random, from + shift, now + shift - 10 * minuteMs, size.perHour);
  return roots.map((root) => ({ ...root, at: root.at - shift }));
}

function repeatLater({ history, random }: Week, { plan, plannedAt }: PlannedTrigger): void {
  const { trigger } = plan;
  if (trigger.type !== 'run.completed') return;
  const at = plannedAt + random.integer(20_000, 90_000);
  history.schedule(at, () => history.repeat(trigger, at));
}

/** GitHub could not be reached for a quarter of an hour: runs waited, and some of them were given up. */
function addOutage({ repositories, history, from, now, random }: Week): void {
  const start = timeAt({ from, now }, 0.31);
  const lengthMs = Math.min(15 * minuteMs, (now - from) * 0.02);
  const message = 'GitHub returned 503 Service Unavailable';
  for (const repository of ['orders', 'checkout', 'deploy', 'payments']) {
    repositories.add({ repository, from: start, until: start + lengthMs, change: { unreadable: message } });
  }
  for (const [index, repository] of ['orders', 'checkout', 'payments', 'catalog'].entries()) {
    const root = run(repository, start + (index + 0.5) * (lengthMs / 5), random);
    const twist = { delay: { message, ms: random.integer(60_000, 240_000) } };
    history.scheduleRun(root, twist);
  }
  const checkedAt = start + lengthMs + minuteMs;
  const redelivered = Array.from({ length: 3 }, () => `${random.hex(8)}-0000-4000-8000-${random.hex(12)}`);
  history.schedule(checkedAt, () => history.record([deliveriesChecked(checkedAt, redelivered)]));
}

function run(repository: string, at: number, random: Random, more: Partial<RootRun> = {}): RootRun {
  return {
    at,
    repository,
    workflow: 'ci.yml',
    event: 'push',
    ref: 'main',
    isTag: false,
    conclusion: 'success',
    actor: 'octocat',
    durationMs: random.integer(60, 300) * 1_000,
    ...more,
  };
}

/** Now and then GitHub or Dispatcher refuses what was allowed, or GitHub ends a run before any of its jobs began. */
function addRefusals(week: Week): void {
  const { history, random } = week;
  const twists = [...refusals.map((refusal) => ({ refusal })), { isNeverStarted: true } as const];
  for (const [index, twist] of twists.entries()) {
    const at = timeAt(week, 0.08 + (0.85 * index) / twists.length) + random.integer(0, 60_000);
    history.scheduleRun(run(services[index + 1] ?? 'app', at, random), twist);
  }
}

const atCommit = (state: Partial<RepositoryState>, sha: string | undefined): Partial<RepositoryState> =>
  sha === undefined ? state : { ...state, sha };

/** Somebody tries out rules in the sandbox, and makes every mistake that has a code. */
function addSandbox(week: Week): void {
  const { repositories, history, random, sandboxCommits } = week;
  const spacing = (week.now - week.from) / (sandboxCases.length + 2);
  for (const [index, { source = {}, target = {}, root = {}, twist }] of sandboxCases.entries()) {
    const from = week.from + (index + 1) * spacing;
    const commits = sandboxCommits[index];
    repositories.add({ repository: 'sandbox', from, until: from + spacing, change: atCommit(source, commits?.source) });
    repositories.add({
      repository: 'sandbox-target',
      from,
      until: from + spacing,
      change: atCommit(target, commits?.target),
    });
    history.scheduleRun(run('sandbox', from + spacing / 2, random, { actor: 'mona', ...root }), twist);
  }
  // A run that starts many workflows, with files that are too large together.
  const padding = `# ${'-'.repeat(98)}\n`.repeat(600);
  history.scheduleRun(run('base-images', timeAt(week, 0.72), random, { workflow: 'build.yml' }), {
    input: (input) => ({
      ...input,
      cache: undefined,
      targets: Object.fromEntries(
        Object.entries(input.targets).map(([name, one]) => {
          const file = one.state === 'read' ? one.files['dispatching.yml'] : undefined;
          if (one.state !== 'read' || file?.state !== 'read') return [name, one];
          const padded = { ...file, text: `${padding}${file.text}`, byteSize: file.byteSize + padding.length };
          return [name, { ...one, files: { ...one.files, 'dispatching.yml': padded } }];
        }),
      ),
    }),
  });
}

const chatOps = {
  id: 'c0ffee0123456789',
  name: 'chatops',
  targets: ['octo-org/deploy', 'octo-org/sandbox-target#refresh'],
};

/** Programs start workflows with an API key. */
function addRequests(week: Week): void {
  const { history, random } = week;
  const count = Math.max(6, Math.round(((week.now - week.from) / dayMs) * 5));
  const request = (index: number, share: number, requested: DispatchRequested['request']): DispatchRequested => ({
    type: 'dispatch.requested',
    version: 1,
    deliveryId: `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-b${random.hex(3)}-${random.hex(12)}`,
    receivedAt: timeOf(timeAt(week, share)),
    requestId: requestId(chatOps.name, `demo-${index}`),
    key: chatOps,
    request: requested,
  });
  const staging = (repository = 'octo-org/deploy') =>
    ({
      kind: 'workflow',
      repository,
      workflow: 'staging.yml',
      ref: null,
      inputs: { service: random.pick(services), sha: random.hex(40) },
    }) as const;
  for (let index = 0; index < count; index += 1) {
    history.scheduleRequest(request(index, 0.02 + (0.96 * index) / count, staging()));
  }
  history.scheduleRequest(request(count, 0.41, staging('octo-org/payments')));
  const replay = { revision: 1, generations: {}, routeId: null };
  const ended = { targets: chatOps.targets, ended: 'revoked since 2026-01-31T12:00:00.000Z' };
  history.scheduleRequest(request(count + 1, 0.43, staging()), (input) => ({ ...input, requester: ended, replay }));
  history.scheduleRequest(request(count + 5, 0.44, staging()), (input) => ({
    ...input,
    policies: ownerPolicies(invalidPolicy),
  }));
  history.scheduleRequest(request(count + 6, 0.45, staging()), (input) => ({
    ...input,
    policies: ownerPolicies(null),
  }));
  // A schedule and a webhook of the operator whose messages are replayed after a change.
  for (const [index, kind] of (['schedule', 'webhook'] as const).entries()) {
    const requester = {
      id: `${index}`.repeat(16),
      name: kind === 'schedule' ? 'nightly' : 'grafana',
      targets: chatOps.targets,
    };
    for (const [step, now] of [
      { targets: chatOps.targets, ended: 'paused' },
      { targets: ['octo-org/orders'], ended: null },
    ].entries()) {
      const { key: _, ...made } = request(count + 7 + step, 0.5 + 0.02 * index + 0.01 * step, staging());
      const trigger = { ...made, requestId: requestIdOf(kind, requester.id, step), [kind]: requester };
      history.scheduleRequest(trigger, (input) => ({ ...input, requester: now, replay }));
    }
  }
  const event = {
    kind: 'event',
    repository: 'octo-org/deploy',
    eventType: 'rollback',
    clientPayload: '{"service":"orders"}',
  } as const;
  history.scheduleRequest(request(count + 2, 0.47, event), (input) => ({
    ...input,
    permissions: { metadata: 'read', contents: 'read', actions: 'write' },
  }));
  history.scheduleRequest(request(count + 3, 0.62, event));
  history.scheduleRequest(request(count + 4, 0.63, event), undefined, {
    code: 'response-lost',
    message: 'GitHub’s response was lost.',
    status: null,
  });
}

const operators = ['mona', 'octocat'] as const;

/** Operators replay runs, pause everything once, and clear dead letters. */
function addOperators(week: Week, replayable: readonly PlannedTrigger[]): void {
  const { history, random } = week;
  const pause = pauseOf(week);
  const why = 'A release of payments went wrong.';
  history.schedule(pause.from, () => history.record([pauseChanged(pause.from, 'paused', why, 'mona')]));
  history.schedule(pause.until, () =>
    history.record([pauseChanged(pause.until, 'resumed', 'The release was rolled back.', 'mona')]),
  );
  const reasons = ['The target added the rule.', 'GitHub was down.', 'The input is declared now.'];
  for (let share = 0.2; share < 1; share += 0.1) {
    const at = timeAt(week, share);
    history.schedule(at, async () => {
      const chosen = replayable.at(-1);
      if (chosen?.input.kind !== 'run') return;
      const action = share > 0.6 ? 're-evaluate' : 'as-recorded';
      const revision = action === 're-evaluate' ? 1 : 0;
      const input = chosen.input.value;
      const plan =
        revision === 0 ? chosen.plan : decide({ ...input, replay: { revision, generations: {}, routeId: null } });
      const how = { action, operator: random.pick(operators), reason: random.pick(reasons) } as const;
      await history.record([operatorActed(plan, at + 900, how)]);
      if (revision > 0) await history.publish(plan, at, { kind: 'run', value: input });
    });
  }
  for (const [index, share] of [0.33, 0.34, 0.5, 0.8].entries()) {
    const at = timeAt(week, share);
    const deadLetter = {
      queue: 'runs',
      messageId: `00000000-0000-4000-8000-00000000000${index}`,
      reason: 'attempts-exhausted',
      operator: random.pick(operators),
      why: 'INC-104: GitHub returned 503.',
      action: index === 3 ? 'discard' : 'redrive',
    } as const;
    history.schedule(at, () => history.record([deadLetterActed(at, deadLetter)]));
  }
}
