import {
  type ConfigObserved,
  type Decision,
  type DispatchAccepted,
  type Fact,
  factId,
  factsOfPlan,
  type OperatorActed,
  type QueueSample,
  type RouteDecided,
  routeId,
  dispatchId,
  runKey,
} from '@dispatcher/contracts';
import type { Installation, StoredPlan, SweepProgress } from '@dispatcher/store';
import { accepted, completed, deadLettered, failed, planFacts, samplePlan, sampleRun } from '@dispatcher/store/testing';

const start = Date.parse('2026-11-03T14:00:00Z');
export const timeAt = (seconds: number): string => new Date(start + seconds * 1000).toISOString();

/** As many as a run may have, and more. */
const targetCount = 210;
const firstRun = sampleRun(1, timeAt(0));
const largeRun = { ...firstRun, run: { ...firstRun.run, event: 'pull_request', pullRequestNumber: 7 } };
export const largeRunKey = runKey(largeRun);

/** The first three routes have the same target repository and differ by their id. */
function decisionOf(decision: Decision, index: number): Decision {
  if (index > 2) return decision;
  const target = { repository: 'octo-org/Target-0', workflow: 'cd.yml' };
  const route = { ...decision.route, target, id: `id-${index}` };
  const id = routeId(route);
  return { ...decision, route, routeId: id, dispatchId: dispatchId(largeRunKey, id) };
}

function largePlan(revision = 0): StoredPlan {
  const plan = samplePlan(
    largeRun,
    Array.from({ length: targetCount }, () => 'allow'),
  );
  return { plan: { ...plan, revision, decisions: plan.decisions.map(decisionOf) }, plannedAt: timeAt(1) };
}

/** Returns the plans of the large run: enough revisions for a third page. */
export function seedPlans(): StoredPlan[] {
  return Array.from({ length: 11 }, (_, revision) => largePlan(revision));
}

function largePlanFacts(): Fact[] {
  const { plan, plannedAt } = largePlan();
  const [planned, ...decided] = factsOfPlan(plan, plannedAt);
  return [planned, ...decided, ...decided.map(acceptedOf)];
}

/** Each decision started a different run. */
function acceptedOf(decided: RouteDecided, index: number): DispatchAccepted {
  const fact = accepted(decided, timeAt(3));
  const workflowRunId = 7_000_000_000 + index;
  const htmlUrl = `https://github.com/octo-org/target/actions/runs/${workflowRunId}`;
  return { ...fact, data: { ...fact.data, workflowRunId, htmlUrl } };
}

const envelope = (type: string, number: number) =>
  ({
    version: 1,
    id: factId(type, number),
    time: timeAt(200 + number),
    correlationId: factId(type, number),
  }) as const;

export function seedBudgets(): Installation[] {
  return [2, 3, 4, 5].map((installationId) => ({
    installationId,
    resource: 'core',
    limit: 5_000,
    remaining: 4_000 - installationId,
    resetsAt: timeAt(3_600),
    seenAt: timeAt(200 + installationId),
  }));
}

const seededPermissions = { metadata: 'read', contents: 'read', actions: 'write', issues: 'write' };

export function seedSweeps(): SweepProgress[] {
  return [2, 3, 4].map((installationId) => ({
    installationId,
    account: `octo-${installationId}`,
    ...(installationId === 4 ? { suspendedAt: timeAt(90) } : {}),
    settingsUrl: `https://github.com/organizations/octo-${installationId}/settings/installations/${installationId}`,
    state: 'done',
    startedAt: timeAt(100),
    seenAt: timeAt(100 + installationId),
    repositories: 40,
    read: 39,
    unread: 1,
    changed: 2,
    gone: 1,
    restRequests: 1,
    graphqlRequests: 2,
    access: {
      app: { id: 4711, name: 'Dispatcher', url: 'https://github.com/apps/dispatcher' },
      granted: { permissions: seededPermissions, events: ['workflow_run'] },
      requested: { permissions: { ...seededPermissions, checks: 'write' }, events: ['workflow_run'] },
      selection: 'selected',
      seesPolicy: installationId === 2,
    },
  }));
}

function replayed(number: number): OperatorActed {
  const request = { operator: 'ada', reason: 'The target was down.', routeId: null };
  const data = {
    actionId: `action-${number}`,
    action: 'as-recorded',
    result: 'published',
    revision: 0,
    ...request,
  } as const;
  return { ...envelope('operator.acted', number), type: 'operator.acted', runKey: largeRunKey, data };
}

const ruleOf = (repository: string, workflow: string) => ({ repository, workflow });
const rules = {
  app: {
    outbound: [{ source: { workflow: 'ci.yml' }, targets: [ruleOf('deploy', 'cd.yml'), ruleOf('docs', 'a.yml')] }],
  },
  deploy: {
    inbound: ['app', 'lib-*'].map((name) => ({ source: ruleOf(name, 'ci.yml'), targets: [{ workflow: 'cd.yml' }] })),
  },
};

/** Returns what four repositories of three owners say: an agreed, a requested and an offered edge, and an invalid file. */
export function seedConfigs(): ConfigObserved[] {
  const of = (number: number, repository: string, data: Partial<ConfigObserved['data']>): ConfigObserved => ({
    ...envelope('config.observed', number),
    type: 'config.observed',
    data: {
      repositoryId: 900 + number,
      repository,
      installationId: 7,
      visibility: 'private',
      isActive: true,
      defaultBranch: 'main',
      state: 'valid',
      commit: 'c'.repeat(40),
      path: 'dispatching.yml',
      blobId: `${number}`.repeat(40),
      problems: [],
      rules: { outbound: [], inbound: [] },
      seenBy: 'sweep',
      ...data,
    },
  });
  const problem = { line: 1, column: 11, message: '`outbound` must be a list, but is a number', fix: 'write `[…]`' };
  return [
    of(1, 'Octo-Org/app', { rules: { outbound: rules.app.outbound, inbound: [] } }),
    of(2, 'Octo-Org/deploy', { rules: { outbound: [], inbound: rules.deploy.inbound } }),
    of(3, 'Octo-Org/tool', { state: 'invalid', rules: null, problems: [problem] }),
    of(4, 'octo-partner/app', {}),
    of(5, 'octo-third/app', {}),
  ];
}

export const seedSamples: readonly QueueSample[] = ['runs', 'runs-dead-letters'].map((queue) => ({
  queue,
  waiting: 3,
  inFlight: 1,
  delayed: 2,
}));

/** Returns facts of every kind that responses contain, enough of each for a third page. */
export function seedFacts(): Fact[] {
  const numbers = [2, 3, 4, 5];
  const others = numbers.flatMap((number): Fact[] => {
    const [planned, allowed, denied] = planFacts(
      sampleRun(number, timeAt(number * 10)),
      ['allow', 'deny'],
      timeAt(number * 10 + 1),
    );
    if (allowed === undefined || denied === undefined) throw new Error('The plan has no decisions.');
    // A delivery and a dispatch with three entries each: the run was evaluated three times.
    const again = number === 3 ? [1, 2].flatMap(reevaluated) : [];
    const end = number === 2 ? [failed(allowed, timeAt(number * 10 + 2))] : endsOf(allowed, number * 10 + 2);
    return [planned, allowed, denied, ...end, ...again];
  });
  const deadLetters = numbers.map((number) =>
    deadLettered(`message-${number}`, timeAt(100 + number), `dead-letter-${number}`),
  );
  return [...largePlanFacts(), ...others, ...deadLetters, ...numbers.map(replayed), ...seedConfigs()];
}

function endsOf(decided: RouteDecided, seconds: number): Fact[] {
  return [accepted(decided, timeAt(seconds)), completed(decided, timeAt(seconds + 5), timeAt(seconds))];
}

function reevaluated(revision: number): Fact[] {
  const plan = samplePlan(sampleRun(3, timeAt(30)), ['allow', 'deny']);
  return factsOfPlan({ ...plan, revision }, timeAt(60 + revision));
}
