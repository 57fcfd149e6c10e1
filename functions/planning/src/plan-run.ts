import {
  type Code,
  codes,
  deliveryRepeated,
  type Fact,
  factsOfPlan,
  fullName,
  type GuardRails,
  type Lineage,
  type Plan,
  type RepositoryReading,
  type RunCompleted,
  runKey,
  type TargetReadings,
  type TargetRequest,
} from '@dispatcher/contracts';
import type { Attempt, Bus, Meter } from '@dispatcher/lambda';
import { type CompileCache, decide, restsOnUnknown, screen, targetsToRead } from '@dispatcher/rules';
import { planPayload, StoredPlan } from '@dispatcher/store';
import { completionOf, type StartedByUs } from './completion.ts';

/** Reads what both sides agreed to. Runs handled together ask in the same moment and share the requests. */
export interface ConsentReader {
  readSource(request: { installationId: number; owner: string; name: string }): Promise<RepositoryReading>;
  readTargets(
    source: { installationId: number; owner: string },
    requests: readonly TargetRequest[],
  ): Promise<TargetReadings>;
}

export interface PlanningDependencies {
  readonly reader: ConsentReader;
  readonly cache: CompileCache;
  /** Runs `work` if nothing is stored under the key, stores what it answers, and answers what is stored. */
  readonly once: (key: string, work: () => Promise<string>) => Promise<string>;
  /** The dispatch that started this run, if one of ours did. */
  readonly startedBy: (run: RunCompleted) => Promise<StartedByUs | null>;
  readonly appSlug: string;
  readonly guardRails: GuardRails;
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
  const key = runKey(run);
  const log = attempt.log.with({ runKey: key });
  const startedBy = await deps.startedBy(run);
  const stored = await deps.once(planPayload(key, 0), () => conclude(deps, run, startedBy, attempt));
  const { plan, plannedAt } = StoredPlan.parse(JSON.parse(stored));

  const facts: Fact[] = factsOfPlan(plan, plannedAt);
  // The same message handled again is no new delivery; the same run told of by another one is.
  if (plan.run.deliveryId !== run.deliveryId || plan.run.receivedAt !== run.receivedAt) {
    facts.push(deliveryRepeated(run, plan.run.deliveryId));
  }
  if (startedBy !== null) facts.push(completionOf(run, startedBy));
  await deps.bus.publish(facts);

  log.info('run planned', { outcome: plan.outcome, code: plan.code, decisions: plan.decisions.length });
  for (const { code, effect, routeId } of plan.decisions) {
    deps.meter.count('Decisions', { code });
    log.info('route decided', { effect, code, routeId });
  }
  deps.meter.count('Plans', { outcome: plan.outcome });
  deps.meter.milliseconds('RunCompletedToDecided', Date.parse(plannedAt) - Date.parse(plan.run.run.updatedAt));
}

async function conclude(
  deps: PlanningDependencies,
  run: RunCompleted,
  startedBy: StartedByUs | null,
  attempt: Attempt,
): Promise<string> {
  const plan = await readAndDecide(deps, run, lineageOf(run, startedBy, deps.appSlug));
  if (restsOnUnknown(plan) && !attempt.isLast) throw new ReadingIncomplete(plan.message);
  const plannedAt = new Date(deps.now()).toISOString();
  const text = JSON.stringify({ plannedAt, plan } satisfies StoredPlan);
  return Buffer.byteLength(text) <= maxStoredBytes
    ? text
    : JSON.stringify({ plannedAt, plan: tooLarge(plan) } satisfies StoredPlan);
}

async function readAndDecide(deps: PlanningDependencies, run: RunCompleted, lineage: Lineage): Promise<Plan> {
  const { guardRails, cache, reader } = deps;
  // A fork's run costs no request: anyone can make a thousand of them.
  const refused = screen(run, lineage, guardRails);
  if (refused !== null) return refused;
  const { installationId } = run;
  const source = await reader.readSource({ installationId, ...ownerAndName(run) });
  const requests = targetsToRead(run, source, guardRails, cache);
  const targets =
    requests.length === 0 ? {} : await reader.readTargets({ installationId, owner: run.repository.owner }, requests);
  return decide({ run, lineage, source, targets, guardRails, cache });
}

function ownerAndName({ repository: { owner, name } }: RunCompleted): { owner: string; name: string } {
  return { owner, name };
}

/** A run of our own App whose way is not stored is `unknown`: taking it for a root would reset the hop limit. */
export function lineageOf(run: RunCompleted, startedBy: StartedByUs | null, appSlug: string): Lineage {
  if (startedBy !== null) {
    return { state: 'known', dispatchId: startedBy.dispatchId, depth: startedBy.depth, path: startedBy.path };
  }
  return run.run.actor === `${appSlug}[bot]` ? { state: 'unknown' } : { state: 'root' };
}

function tooLarge(plan: Plan): Plan {
  const code: Code = 'plan-too-large';
  const { title, fix, act } = codes[code];
  const message = `The plan of ${fullName(plan.run.repository)} names ${plan.decisions.length} decisions. ${title}`;
  return { ...plan, outcome: 'plan-too-large', code, message, fix, act, unmatched: [], decisions: [] };
}
