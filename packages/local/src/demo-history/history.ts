import {
  type Candidates,
  conclusions,
  defaultGuardRails,
  deliveryIgnored,
  deliveryRepeated,
  type DispatchRequested,
  type Fact,
  factsOfPlan,
  type GuardRails,
  type Lineage,
  type Plan,
  type RepositorySnapshot,
  type RouteDecided,
  type RunCompleted,
  type RunTrigger,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import {
  createCompileCache,
  decide,
  type DecideInput,
  decideRequest,
  type DecideRequestInput,
  type ReplayOptions,
  targetsOfRequest,
  targetsToRead,
} from '@dispatcher/rules';
import { filesOfPlan, type ReadFile, type StoredPlan, withFiles } from '@dispatcher/store';
import type { Random } from '../demo-organization/random.ts';
import type { RootRun } from './calendar.ts';
import type { AddedRun, DemoGitHub } from './demo-github.ts';
import { accepted, completed, failed, type Refusal, runDelayed, startedBy, type StartedBy, timeOf } from './facts.ts';
import { headOf, type RepositoryState, snapshotOf, type PastRepositories } from './past-repositories.ts';

/** What makes one run of the history different from the others. */
export interface Twist {
  /** What the consent index lists for the source. With it, the operator allows patterns. */
  readonly candidates?: Candidates;
  /** Changes what is decided on. */
  readonly input?: (input: DecideInput) => DecideInput;
  /** Changes the run itself, as GitHub would have sent it, or makes it the run of a job that requests a dispatch. */
  readonly run?: (run: RunCompleted) => RunTrigger;
  /** Replaces the plan. */
  readonly plan?: (plan: Plan) => Plan;
  /** How the first dispatch ends. Default: GitHub starts its run, as those of the other dispatches. */
  readonly refusal?: Refusal;
  /** GitHub ends the run of the first dispatch before a job begins. */
  readonly isNeverStarted?: true;
  /** GitHub could not be reached at first; the message of the delay. */
  readonly delay?: { readonly message: string; readonly ms: number };
}

export interface PlannedTrigger {
  readonly plan: Plan;
  readonly input:
    | { readonly kind: 'run'; readonly value: DecideInput }
    | { readonly kind: 'request'; readonly value: DecideRequestInput };
  readonly decided: readonly RouteDecided[];
  readonly plannedAt: number;
}

export interface HistoryOptions {
  readonly random: Random;
  readonly repositories: PastRepositories;
  readonly github: DemoGitHub;
  /** The login of the App's bot, which starts the runs. */
  readonly bot: string;
  /** The end of the history, in milliseconds since the epoch. */
  readonly now: number;
  readonly guardRailsAt: (time: number) => GuardRails;
  readonly record: (facts: readonly Fact[]) => Promise<void>;
  /** Stores a plan, and the contents of the files that it was decided on. */
  readonly storePlan: (stored: StoredPlan, files: readonly ReadFile[]) => Promise<void>;
}

interface Pending {
  readonly at: number;
  readonly handle: () => Promise<void>;
}

/** Replays a stretch of the past in the order of time: completed runs are planned, and what they start completes too. */
export class History {
  readonly #options: HistoryOptions;
  readonly #cache = createCompileCache();
  readonly #pending: Pending[] = [];
  /** Ids of the dispatches that were started, as the ledger knows them: a replay does not start them again. */
  readonly #started = new Set<string>();

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** Plans something for a time of the past. What would happen after the end of the history is left out. */
  schedule(at: number, handle: () => Promise<void>): void {
    if (at >= this.#options.now) return;
    const index = this.#pending.findLastIndex((other) => other.at <= at);
    this.#pending.splice(index + 1, 0, { at, handle });
  }

  scheduleRun(root: RootRun, twist: Twist = {}, after?: (planned: PlannedTrigger) => void): void {
    this.schedule(root.at, async () => {
      const planned = await this.#completeRoot(root, twist);
      after?.(planned);
    });
  }

  scheduleRequest(
    request: DispatchRequested,
    change: (input: DecideRequestInput) => DecideRequestInput = (input) => input,
    refusal?: Refusal,
  ): void {
    this.schedule(Date.parse(request.receivedAt), () => this.#request(request, change, refusal));
  }

  /** Handles everything that is scheduled, oldest first. */
  async play(): Promise<void> {
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) await next.handle();
  }

  async record(facts: readonly Fact[]): Promise<void> {
    await this.#options.record(facts);
  }

  /** Returns a time shortly after another one, as queues and functions need. */
  after(at: number, minMs: number, maxMs: number): number {
    return at + this.#options.random.integer(minMs, maxMs);
  }

  /** Returns the message that ingress makes of the delivery of a completed run. */
  messageOf(state: RepositoryState, root: RootRun, added: AddedRun): RunCompleted {
    const { random, now } = this.#options;
    const { id, owner, name, installationId } = state;
    const startedAt = timeOf(root.at - root.durationMs);
    return {
      type: 'run.completed',
      version: 1,
      deliveryId: `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`,
      receivedAt: timeOf(Math.min(now, this.after(root.at, 150, 2_500))),
      installationId,
      repository: { id, owner, name, defaultBranch: 'main' },
      workflow: root.workflow,
      run: {
        id: added.id,
        number: added.number,
        attempt: root.attempt ?? 1,
        event: root.event,
        conclusion: conclusions.find((known) => known === root.conclusion) ?? null,
        headBranch: root.ref,
        headSha: state.sha,
        headRepositoryId: added.headRepositoryId,
        htmlUrl: added.htmlUrl,
        ...(root.pullRequest === undefined ? {} : { pullRequestNumber: root.pullRequest }),
        createdAt: startedAt,
        startedAt,
        updatedAt: timeOf(root.at),
        actor: root.actor,
      },
    };
  }

  async #completeRoot(root: RootRun, twist: Twist): Promise<PlannedTrigger> {
    const { repositories, github } = this.#options;
    const state = repositories.at(root.repository, root.at);
    const added = await github.addRun({
      repository: `${state.owner}/${state.name}`,
      workflow: root.workflow,
      branch: root.ref,
      sha: state.sha,
      event: root.event,
      conclusion: root.conclusion,
      actor: root.actor,
      ...(root.attempt === undefined ? {} : { attempt: root.attempt }),
      ...(root.fork === undefined ? {} : { fork: root.fork }),
      startedAt: root.at - root.durationMs,
      durationMs: root.durationMs,
    });
    const run = this.messageOf(state, root, added);
    return this.#planRun(twist.run?.(run) ?? run, { root, twist, lineage: { state: 'root' } });
  }

  async #planRun(
    run: RunTrigger,
    { root, twist, lineage }: { readonly root: RootRun; readonly twist: Twist; readonly lineage: Lineage },
  ): Promise<PlannedTrigger> {
    const receivedAt = Date.parse(run.receivedAt);
    const { delay } = twist;
    if (delay !== undefined) await this.record([runDelayed(run, receivedAt + 800, delay.message)]);
    const plannedAt = Math.min(this.#options.now, this.after(receivedAt, 250, 1_400) + (delay?.ms ?? 0));
    const read = this.read(run, root.isTag, lineage, receivedAt, undefined, twist.candidates);
    const input = twist.input?.(read) ?? read;
    const plan = decide(input);
    return this.publish(twist.plan?.(plan) ?? plan, plannedAt, { kind: 'run', value: input }, twist);
  }

  /** Reads both sides of a run as they were at a time. */
  read(
    run: RunTrigger,
    isTag: boolean,
    lineage: Lineage,
    at: number,
    replay?: ReplayOptions,
    candidates?: Candidates,
  ): DecideInput {
    const { repositories, guardRailsAt } = this.#options;
    const guardRails = { ...guardRailsAt(at), ...(candidates === undefined ? {} : { allowPatterns: true }) };
    const source = snapshotOf(repositories.at(run.repository.name, at), { heads: [headOf(run, isTag)] });
    const cache = this.#cache;
    const requests = targetsToRead(run, source, guardRails, cache, lineage, undefined, candidates);
    return { run, lineage, source, targets: this.#readTargets(requests, at), guardRails, candidates, cache, replay };
  }

  #readTargets(requests: ReturnType<typeof targetsToRead>, at: number): TargetSnapshots {
    const { repositories } = this.#options;
    return Object.fromEntries(
      requests.map(({ owner, name, workflows, refs }): [string, RepositorySnapshot] => {
        const key = `${owner}/${name}`.toLowerCase();
        const state = repositories.find(name, at);
        return [key, state === null ? { state: 'absent' } : snapshotOf(state, { workflows, refs })];
      }),
    );
  }

  async #request(
    request: DispatchRequested,
    change: (input: DecideRequestInput) => DecideRequestInput,
    refusal?: Refusal,
  ): Promise<void> {
    const at = Date.parse(request.receivedAt);
    const guardRails = this.#options.guardRailsAt(at);
    const targets = this.#readTargets(targetsOfRequest(request, guardRails), at);
    const input = change({ request, targets, permissions: null, guardRails, cache: this.#cache });
    const twist = refusal === undefined ? {} : { refusal };
    await this.publish(decideRequest(input), this.after(at, 120, 600), { kind: 'request', value: input }, twist);
  }

  /** Records a plan, and lets its allowed decisions start their workflows. */
  async publish(
    plan: Plan,
    plannedAt: number,
    input: PlannedTrigger['input'],
    twist: Twist = {},
  ): Promise<PlannedTrigger> {
    const [planned, ...decided] = factsOfPlan(plan, timeOf(plannedAt));
    const files = filesOfPlan(plan, input.kind === 'run' ? input.value.source : null, input.value.targets);
    await this.#options.storePlan(withFiles({ plan, plannedAt: timeOf(plannedAt) }, files), files);
    await this.record([planned, ...decided]);
    for (const [index, fact] of decided.entries()) {
      if (fact.data.decision.effect === 'allow')
        this.#scheduleDispatch(fact, plannedAt, index, index === 0 ? twist : {});
    }
    return { plan, input, decided, plannedAt };
  }

  #scheduleDispatch(decided: RouteDecided, plannedAt: number, index: number, twist: Twist): void {
    const { random } = this.#options;
    // The rate limiter spaces the writes of an installation; now and then GitHub itself is slow.
    const slowMs = random.chance(0.03) ? random.integer(5_000, 90_000) : 0;
    const at = this.after(plannedAt, 300, 1_600) + index * 900 + slowMs;
    this.schedule(at, () => this.#dispatch(decided, at, twist));
  }

  async #dispatch(decided: RouteDecided, at: number, { refusal, isNeverStarted }: Twist): Promise<void> {
    const { random, github, bot, repositories } = this.#options;
    const { decision } = decided.data;
    const { target } = decision.route;
    if (this.#started.has(decision.dispatchId)) return;
    if (refusal !== undefined && refusal.code !== 'response-lost') {
      await this.record([failed(decided, at, refusal)]);
      return;
    }
    this.#started.add(decision.dispatchId);
    if (!('workflow' in target)) {
      await this.record([accepted(decided, at, null, refusal?.code)]);
      return;
    }
    const [, name = ''] = target.repository.split('/');
    const state = repositories.at(name, at);
    const conclusion = isNeverStarted || random.chance(failureRateOf(name)) ? 'failure' : 'success';
    const durationMs = isNeverStarted ? 1_000 : random.integer(20, 420) * 1_000;
    const root: RootRun = {
      at: at + durationMs,
      repository: name,
      workflow: target.workflow,
      event: 'workflow_dispatch',
      ref: decision.ref ?? 'main',
      isTag: false,
      conclusion,
      actor: bot,
      durationMs,
    };
    const { sha } = state;
    const run = await github.addRun({
      ...root,
      repository: target.repository,
      branch: root.ref,
      sha,
      startedAt: at,
    });
    await this.record([accepted(decided, at, run)]);
    this.schedule(root.at, () => this.#completeStarted(root, run, startedBy(decided, at), isNeverStarted ?? false));
  }

  async #completeStarted(root: RootRun, added: AddedRun, by: StartedBy, isNeverStarted: boolean): Promise<void> {
    const state = this.#options.repositories.at(root.repository, root.at);
    const run = this.messageOf(state, root, added);
    const jobs = root.conclusion === 'failure' ? (isNeverStarted ? 0 : 2) : null;
    await this.record([completed(run, by, jobs)]);
    const lineage: Lineage = { state: 'known', dispatchId: by.dispatchId, ...by.lineage };
    await this.#planRun(run, { root, twist: {}, lineage });
  }

  /** Records that a delivery of a run came a second time. */
  repeat(run: RunCompleted, at: number): Promise<void> {
    return this.record([deliveryRepeated({ ...run, receivedAt: timeOf(at) }, run.deliveryId)]);
  }

  /** Records a completed run that belongs to no workflow file, such as one of GitHub Pages. */
  ignored(state: RepositoryState, root: RootRun, added: AddedRun): Promise<void> {
    const { repository, run, ...message } = this.messageOf(state, root, added);
    const { id, attempt, event, conclusion, htmlUrl, startedAt, updatedAt, actor } = run;
    const path = root.workflow;
    return this.record([
      deliveryIgnored({
        type: 'run.ignored',
        version: 1,
        deliveryId: message.deliveryId,
        receivedAt: message.receivedAt,
        reason: 'not-a-workflow-file',
        path,
        installationId: message.installationId,
        repository: { id: repository.id, owner: repository.owner, name: repository.name },
        run: { id, attempt, event, conclusion, htmlUrl, startedAt, updatedAt, actor },
      }),
    ]);
  }
}

/** Some workflows fail more often than others, as everywhere. */
function failureRateOf(name: string): number {
  const rates: Readonly<Record<string, number>> = {
    'integration-tests': 0.22,
    'load-tests': 0.3,
    reviews: 0.4,
    deploy: 0.04,
  };
  return rates[name] ?? 0.07;
}

export const noGuardRails: GuardRails = defaultGuardRails;
