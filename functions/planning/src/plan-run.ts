import {
  type AppPermissions,
  type Code,
  codes,
  deliveryRepeated,
  endOfOrigin,
  type Fact,
  factsOfPlan,
  type GuardRails,
  type Lineage,
  type Origin,
  originLabel,
  type Plan,
  type RepositoryReading,
  type RunCompleted,
  runKey,
  type TargetReadings,
  type TargetRequest,
} from '@dispatcher/contracts';
import { type Attempt, type Bus, Deferred, type Meter, type StepLog } from '@dispatcher/lambda';
import { type Again, type CompileCache, decide, restsOnUnknown, screen, targetsToRead } from '@dispatcher/rules';
import { planPayload, StoredPlan } from '@dispatcher/store';
import { readAndDecideRequest } from './plan-request.ts';
import { completionOf, jobsOfFailed, type StartedByUs } from './completion.ts';

/** Reads what both sides agreed to. Runs handled together ask in the same moment and share the requests. */
export interface ConsentReader {
  readSource(request: { installationId: number; owner: string; name: string }): Promise<RepositoryReading>;
  readTargets(
    source: { installationId: number; owner: string } | null,
    requests: readonly TargetRequest[],
  ): Promise<TargetReadings>;
}

export interface ReadingDependencies {
  readonly reader: ConsentReader;
  readonly cache: CompileCache;
  /** What the App was granted in an installation. */
  readonly permissionsOf: (installationId: number) => Promise<AppPermissions>;
  readonly appSlug: string;
  readonly guardRails: GuardRails;
}

export interface PlanningDependencies extends ReadingDependencies {
  /** Runs `work` if nothing is stored under the key, stores what it answers, and answers what is stored. */
  readonly once: (key: string, work: () => Promise<string>) => Promise<string>;
  /** The dispatch that started this run, if one of ours did. */
  readonly startedBy: (run: RunCompleted) => Promise<StartedByUs | null>;
  /** Whether a dispatch to this run's workflow and ref is unsettled, so that the run may turn out to be its own. */
  readonly isBeingStarted: (run: RunCompleted) => Promise<boolean>;
  /** How many jobs a run had. */
  readonly jobCount: (run: RunCompleted) => Promise<number>;
  /** How long after its start a run of ours may be unknown to the ledger in any case: lease and window of the dispatch function, in milliseconds. */
  readonly lineageWithinMs: number;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly now: () => number;
}

/** A reading had no answer: the run is tried again, and recorded as unreadable on its last attempt. */
export class ReadingIncomplete extends Error {
  override readonly name = 'ReadingIncomplete';
}

// A DynamoDB item holds 400 KB; the rest is for the record's own attributes.
const maxStoredBytes = 300_000;

/**
 * Plans one run: reads both sides, decides, stores the plan, then publishes it. A repeat publishes the stored plan,
 * byte for byte: a process that died while publishing left facts untold, and telling them again changes nothing.
 */
export async function planRun(deps: PlanningDependencies, run: RunCompleted, attempt: Attempt): Promise<void> {
  const startedBy = await originOf(deps, run);
  const stored = await storedPlan(deps, { run, startedBy }, attempt);
  const { plan, plannedAt } = stored;

  const facts: Fact[] = factsOfPlan(plan, plannedAt);
  // The same message handled again is no new delivery; the same run told of by another one is.
  if (plan.run.deliveryId !== run.deliveryId || plan.run.receivedAt !== run.receivedAt) {
    facts.push(deliveryRepeated(run, plan.run.deliveryId));
  }
  await deps.bus.publish(facts);
  reportPlan(deps, stored, attempt.log);
  if (startedBy === null) return;
  const jobs = await jobsOfFailed(deps.jobCount, run, attempt);
  await deps.bus.publish([completionOf(run, startedBy, jobs)] satisfies Fact[]);
}

const lineageTurnMs = 10_000;
/** A dispatch whose message is lost holds its slot until the next one to that workflow: no run waits for ever. */
const longestMs = 24 * 60 * 60_000;

/**
 * The dispatch that started the run, if one of ours did. A run can end before the ledger knows it: where GitHub's answer
 * to the POST was lost, the dispatch function asks for it after a while, and under a rate limit much later. Waiting for
 * that is no failed attempt.
 * @throws Deferred where it may be known later
 */
async function originOf(deps: PlanningDependencies, run: RunCompleted): Promise<StartedByUs | null> {
  const startedBy = await deps.startedBy(run);
  if (lineageOf(run, startedBy, deps.appSlug).state !== 'unknown') return startedBy;
  const age = deps.now() - Date.parse(run.run.startedAt ?? run.run.updatedAt);
  if (age < deps.lineageWithinMs) {
    throw new Deferred('A run of ours is not in the ledger yet.', Math.min(lineageTurnMs, deps.lineageWithinMs - age));
  }
  if (age < longestMs && (await deps.isBeingStarted(run))) {
    // Less and less often: a message that was received a thousand times is given up.
    throw new Deferred('A run of ours may be that of an unsettled dispatch.', Math.max(lineageTurnMs, age / 10));
  }
  // Settled since the first look, if at all.
  return deps.startedBy(run);
}

/** What is to be planned: a run or a key's request, and where an operator asked for *again*, what that made of it. */
export interface ToPlan {
  readonly run: Origin;
  readonly startedBy: StartedByUs | null;
  readonly again?: Again;
}

type StoringDependencies = ReadingDependencies & Pick<PlanningDependencies, 'now' | 'once'>;

/** The plan as it is stored: it was before, or is concluded and stored now. */
export async function storedPlan(
  deps: StoringDependencies,
  asked: ToPlan,
  attempt: Pick<Attempt, 'isLast'>,
): Promise<StoredPlan> {
  const payload = planPayload(runKey(asked.run), asked.again?.revision ?? 0);
  return StoredPlan.parse(JSON.parse(await deps.once(payload, () => conclude(deps, asked, attempt))));
}

/** Log lines and metrics of a plan that was published. */
export function reportPlan(
  deps: Pick<PlanningDependencies, 'meter'>,
  { plan, plannedAt }: StoredPlan,
  given: StepLog,
): void {
  const log = given.with({ runKey: plan.runKey });
  const { outcome, code, revision } = plan;
  log.info('run planned', { outcome, code, revision, decisions: plan.decisions.length });
  for (const { code, effect, routeId } of plan.decisions) {
    deps.meter.count('Decisions', { code });
    log.info('route decided', { effect, code, routeId });
  }
  deps.meter.count('Plans', { outcome: plan.outcome });
  deps.meter.milliseconds('RunCompletedToDecided', Date.parse(plannedAt) - Date.parse(endOfOrigin(plan.run)));
}

async function conclude(deps: StoringDependencies, asked: ToPlan, attempt: Pick<Attempt, 'isLast'>): Promise<string> {
  const plan = await readAndDecide(deps, asked);
  if (restsOnUnknown(plan) && !attempt.isLast) throw new ReadingIncomplete(plan.message);
  const plannedAt = new Date(deps.now()).toISOString();
  const text = JSON.stringify({ plannedAt, plan } satisfies StoredPlan);
  return Buffer.byteLength(text) <= maxStoredBytes
    ? text
    : JSON.stringify({ plannedAt, plan: tooLarge(plan) } satisfies StoredPlan);
}

async function readAndDecide(deps: ReadingDependencies, { run, startedBy, again }: ToPlan): Promise<Plan> {
  if (run.type === 'dispatch.requested') return readAndDecideRequest(deps, run, again);
  const { guardRails, cache, reader } = deps;
  const lineage = lineageOf(run, startedBy, deps.appSlug);
  // A fork's run costs no request: anyone can make a thousand of them.
  const refused = screen(run, lineage, guardRails);
  if (refused !== null) return { ...refused, revision: again?.revision ?? refused.revision };
  const { installationId } = run;
  const source = await reader.readSource({ installationId, ...ownerAndName(run) });
  const requests = targetsToRead(run, source, guardRails, cache);
  const targets =
    requests.length === 0 ? {} : await reader.readTargets({ installationId, owner: run.repository.owner }, requests);
  return decide({ run, lineage, source, targets, guardRails, cache, again });
}

function ownerAndName({ repository: { owner, name } }: RunCompleted): { owner: string; name: string } {
  return { owner, name };
}

/**
 * A run of our own App whose way is not stored is `unknown`: taking it for a root would reset the hop limit. The runs of a
 * `repository_dispatch` have no way: only keys send one, nothing leads to a key, and GitHub does not say what it started.
 */
export function lineageOf(run: RunCompleted, startedBy: StartedByUs | null, appSlug: string): Lineage {
  if (startedBy !== null) {
    return { state: 'known', dispatchId: startedBy.dispatchId, depth: startedBy.depth, path: startedBy.path };
  }
  return run.run.actor === `${appSlug}[bot]` && run.run.event !== 'repository_dispatch'
    ? { state: 'unknown' }
    : { state: 'root' };
}

function tooLarge(plan: Plan): Plan {
  const code: Code = 'plan-too-large';
  const { title, fix, act } = codes[code];
  const message = `The plan of ${originLabel(plan.run)} names ${plan.decisions.length} decisions. ${title}`;
  return { ...plan, outcome: 'plan-too-large', code, message, fix, act, unmatched: [], decisions: [] };
}
