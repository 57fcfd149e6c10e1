import { fullFactsOfPlan, requesterOf, type RouteDecided, runKeyPattern } from '@dispatcher/contracts';
import { PermanentError } from '@dispatcher/lambda';
import { withdrawalNamesOf } from '@dispatcher/rules';
import {
  type DispatchNeeds,
  type DispatchReads,
  type DispatchSnapshot,
  type PlanStore,
  slotKey,
} from '@dispatcher/store';
import { isDeepStrictEqual } from 'node:util';
import { issueNameOf } from '../issues/issue-plan.ts';
import { rateLimiterOf } from '../rate-limits/rate-limiter.ts';

export interface PlannedDecisionDependencies {
  readonly plans: Pick<PlanStore, 'getPlan'>;
  readonly reads: DispatchReads;
}

/** A decision of a stored plan, with what is stored about it at that moment. */
export interface PlannedDecision {
  readonly decided: RouteDecided;
  readonly snapshot: DispatchSnapshot;
}

/**
 * Reads the decision as the stored plan contains it, and everything that it depends on. Only run key, revision and index
 * are taken from the message: otherwise anyone who can send to the queue or to the event bus could start any workflow. The
 * rest of the message is no more than a hint at what has to be read together with the plan; if the plan says otherwise, it
 * is read again. The planning function stores a plan before it publishes its decisions, and the read is consistent, so a
 * decision without a plan is forged.
 * @throws PermanentError if the plan does not contain the decision
 */
export async function readPlannedDecision(
  { plans, reads }: PlannedDecisionDependencies,
  message: RouteDecided,
): Promise<PlannedDecision> {
  const { runKey, data } = message;
  if (!runKeyPattern.test(runKey) || !Number.isSafeInteger(data.revision) || data.revision < 0) {
    throw notInPlan(`No plan of run ${JSON.stringify(runKey)} with revision ${data.revision} is stored.`);
  }
  const presumed = needsOf(message);
  const prefetched = isReadable(presumed) ? await reads.read(presumed) : null;
  const stored = prefetched === null ? await plans.getPlan(runKey, data.revision) : prefetched.plan;
  const decided = decisionIn(stored, message);
  const needs = needsOf(decided);
  if (prefetched !== null && isDeepStrictEqual(needs, presumed)) return { decided, snapshot: prefetched };
  const snapshot = await reads.read(needs);
  return { decided: decisionIn(snapshot.plan, message), snapshot };
}

function decisionIn(
  stored: DispatchSnapshot['plan'],
  { runKey, data: { revision, index, decision } }: RouteDecided,
): RouteDecided {
  if (stored === null) throw notInPlan(`No plan of run ${runKey} with revision ${revision} is stored.`);
  const [, ...decisions] = fullFactsOfPlan(stored.plan, stored.plannedAt);
  const planned = decisions[index];
  if (planned === undefined) {
    throw notInPlan(`The plan of run ${runKey} with revision ${revision} has no decision with index ${index}.`);
  }
  const { dispatchId, effect } = planned.data.decision;
  if (dispatchId !== decision.dispatchId) {
    throw notInPlan(
      `The message names dispatch ${decision.dispatchId}, the plan of run ${runKey} dispatch ${dispatchId}.`,
    );
  }
  if (effect !== decision.effect) {
    throw notInPlan(`The message says "${decision.effect}", the plan of run ${runKey} says "${effect}".`);
  }
  return planned;
}

function needsOf({ runKey, data: { trigger, revision, decision } }: RouteDecided): DispatchNeeds {
  const { routeId, dispatchId, route, target, ref } = decision;
  const isStart = decision.effect === 'allow' && target !== undefined && ref !== null;
  return {
    runKey,
    revision,
    routeId,
    dispatchId,
    issueName: issueNameOf(decision),
    start: isStart
      ? {
          slotKey: slotKey({ target, route, ref }),
          installationId: target.installationId,
          rateKey: rateLimiterOf(target.installationId, 'writes'),
          withdrawals: withdrawalNamesOf(decision),
          requester: trigger.type === 'dispatch.requested' ? requesterOf(trigger) : null,
        }
      : null,
  };
}

/** DynamoDB refuses longer keys, and an empty one. Only a forged message would name them. */
const maxNameLength = 900;

function isReadable({ routeId, dispatchId, issueName, start }: DispatchNeeds): boolean {
  const names = [routeId, dispatchId, issueName, ...(start === null ? [] : [start.slotKey, ...start.withdrawals])];
  const requester = start?.requester ?? null;
  return [...names, ...(requester === null ? [] : [requester.id, requester.name])].every(
    (name) => name !== '' && Buffer.byteLength(name) <= maxNameLength,
  );
}

function notInPlan(message: string): PermanentError {
  const advice =
    'Nothing was started. If no table was restored, find out who can send to the queue or the event bus; then discard the dead letter.';
  return new PermanentError(`${message} ${advice}`, { reason: 'decision-not-in-plan' });
}
