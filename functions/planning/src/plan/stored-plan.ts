import {
  type Code,
  codes,
  hasPlanProblem,
  isValidPlan,
  type Plan,
  runKey,
  type Trigger,
  triggerLabel,
} from '@dispatcher/contracts';
import { type Attempt, DeferError } from '@dispatcher/lambda';
import { dependsOnUnknown, waitForHeadMs, withdrawalsOf } from '@dispatcher/rules';
import {
  encodePlan,
  type FileStore,
  planPayload,
  type PlanProblemStore,
  type RevisionStore,
  StoredPlan,
  type WithdrawalStore,
  withFiles,
} from '@dispatcher/store';
import type { DeferDuringOutage } from './outage.ts';
import { readAndDecideRequest } from './plan-request.ts';
import { type KnownOfRun, readAndDecideRun } from './plan-run-trigger.ts';
import type { Decided, DecisionDependencies } from './snapshots.ts';

/**
 * A snapshot could not be read although GitHub responded. The run is tried again; its last attempt records it as
 * unreadable.
 */
export class IncompleteSnapshotError extends Error {
  override readonly name = 'IncompleteSnapshotError';
}

/** Time between two reads of a branch that does not show the commit of a run yet. */
const headRetryMs = 15_000;

// A DynamoDB item is limited to 400 KB; the rest is left for the record's other attributes.
export const maxStoredBytes = 380_000;

/** What a plan is made for: a run or a request, and for a replay the revision that it raised. */
export interface PlanInput extends KnownOfRun {
  readonly trigger: Trigger;
}

/** The attempt that plans. Without a signal, requests end by their own timeouts. */
export type PlanAttempt = Pick<Attempt, 'isLast'> & Partial<Pick<Attempt, 'signal'>>;

export interface StoredPlanDependencies extends DecisionDependencies {
  readonly deferDuringOutage: DeferDuringOutage;
  /** Runs `work` if no result is stored under the key, stores its result, and returns the stored one. */
  readonly once: (key: string, work: () => Promise<string>) => Promise<string>;
  readonly planProblems: Pick<PlanProblemStore, 'begin' | 'isOpen'>;
  readonly revisions: Pick<RevisionStore, 'setCurrent'>;
  readonly withdrawals: Pick<WithdrawalStore, 'put'>;
  /** Keeps the files that plans are decided on. */
  readonly files: FileStore;
  /** `DECISION_MAX_AGE`, in milliseconds. */
  readonly decisionMaxAgeMs: number;
}

/**
 * Returns the stored plan of the input. If there is none, reads, decides and stores it first. What a new plan shows about
 * withdrawn consent is recorded before the plan is published, so that decisions that wait are confirmed, and so is a later
 * revision, so that decisions of earlier ones are dropped.
 */
export async function getOrCreatePlan(
  deps: StoredPlanDependencies,
  input: PlanInput,
  attempt: PlanAttempt,
): Promise<StoredPlan> {
  const payload = planPayload(runKey(input.trigger), input.replay?.revision ?? 0);
  const stored = StoredPlan.parse(JSON.parse(await deps.once(payload, () => createPlan(deps, input, attempt))));
  if (input.replay !== undefined) await deps.revisions.setCurrent(runKey(input.trigger), input.replay);
  const isNew = deps.now() - Date.parse(stored.plannedAt) < deps.decisionMaxAgeMs;
  if (isNew) await deps.withdrawals.put(withdrawalsOf(stored.plan), deps.decisionMaxAgeMs);
  return stored;
}

/** Decides as for a new plan, from what both sides say now, and stores nothing. */
export async function previewPlan(
  deps: DecisionDependencies,
  input: PlanInput,
  attempt: Pick<PlanAttempt, 'signal'>,
): Promise<Plan> {
  const { plan } = await readAndDecide(deps, input, attempt);
  return plan;
}

async function createPlan(deps: StoredPlanDependencies, input: PlanInput, attempt: PlanAttempt): Promise<string> {
  const { plan, outage, files, snapshots, rememberIds } = await readAndDecide(deps, input, attempt);
  if (dependsOnUnknown(plan)) {
    const delayed = { trigger: input.trigger, revision: plan.revision };
    if (outage !== null) await deps.deferDuringOutage(delayed, outage, { signal: attempt.signal });
    else if (!attempt.isLast) throw new IncompleteSnapshotError(plan.message);
  }
  const waitMs = waitForHeadMs(plan, deps.now());
  // Deferred, not failed: GitHub responded, and reading again soon is not an attempt at something that failed.
  if (waitMs > 0) throw new DeferError(plan.message, Math.min(headRetryMs, waitMs));
  await rememberIds?.();
  // Before the plan, so that a stored plan names no file that is not stored. One request reads what both others need.
  const [stored] = await Promise.all([
    trackProblem(deps, withinMaxSize(plan)),
    deps.observer.observeOfPlan(snapshots),
    ...files.map(({ blobId, text }) => deps.files.put({ blobId, text })),
  ]);
  return JSON.stringify(withFiles(stored, files));
}

function withinMaxSize(plan: Plan): Plan {
  const text = JSON.stringify(plan);
  // Deflated, a plan is never much larger: only plans of many targets are deflated here, before they are stored.
  const isSmall = Buffer.byteLength(text) <= maxStoredBytes;
  return isSmall || encodePlan(text).length <= maxStoredBytes ? plan : withoutDecisions(plan);
}

/** The plan is made within this time after its problem was recorded. */
const problemMarginMs = 60_000;

/**
 * Records a problem that dispatch reports in an issue, and marks the valid plan that ends it. A problem is recorded with
 * a later time than that of its plan, and read after the time of the valid plan is set: so every valid plan that is made
 * after one with a problem sees it. For a minute, more than one valid plan may be marked, which costs one message each.
 */
async function trackProblem({ planProblems, now }: StoredPlanDependencies, plan: Plan): Promise<StoredPlan> {
  const { trigger } = plan;
  const plannedNow = (): string => new Date(now()).toISOString();
  // An issue reports the problems of runs. A job gets its response.
  if (trigger.type !== 'run.completed') return { plannedAt: plannedNow(), plan };
  if (hasPlanProblem(plan)) {
    await planProblems.begin(trigger.repository.id, now() + problemMarginMs);
    return { plannedAt: plannedNow(), plan };
  }
  const plannedAt = plannedNow();
  const endsProblem = isValidPlan(plan) && (await planProblems.isOpen(trigger.repository.id));
  return { plannedAt, plan: endsProblem ? { ...plan, endsProblem } : plan };
}

async function readAndDecide(
  deps: DecisionDependencies,
  input: PlanInput,
  { signal }: Pick<PlanAttempt, 'signal'>,
): Promise<Decided> {
  const { trigger, replay } = input;
  return trigger.type === 'dispatch.requested'
    ? readAndDecideRequest(deps, trigger, replay, { signal })
    : readAndDecideRun(deps, trigger, input, { signal });
}

function withoutDecisions(plan: Plan): Plan {
  const code: Code = 'plan-too-large';
  const { title, fix, responsible } = codes[code];
  const message = `The plan of ${triggerLabel(plan.trigger)} has ${plan.decisions.length} decisions. ${title}`;
  return { ...plan, outcome: 'plan-too-large', code, message, fix, responsible, unmatched: [], decisions: [] };
}
