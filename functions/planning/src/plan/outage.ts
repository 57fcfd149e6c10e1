import { factId, repositoryOfTrigger, type RunDelayed, runKey, type Trigger } from '@dispatcher/contracts';
import { GitHubUnreachableError, type Outage } from '@dispatcher/github';
import { type Bus, type CallOptions, DeferError, type Meter, type StepLog } from '@dispatcher/lambda';
import { type Delay, type DelayStore, type FairnessQueue, outageWaitMs } from '@dispatcher/store';
import { queueOfTrigger, retryStepMs } from './defer-on-rate-limit.ts';

/** The plan that waits. */
export interface DelayedPlan {
  readonly trigger: Trigger;
  readonly revision: number;
}

/**
 * Defers a plan while GitHub cannot be reached; returns once the plan must be made from what could be read.
 * @throws DeferError, or GitHubUnreachableError where a caller waits for the response
 */
export type DeferDuringOutage = (plan: DelayedPlan, outage: Outage, options: CallOptions) => Promise<void>;

export interface OutageDependencies {
  readonly delays: DelayStore;
  readonly fairnessQueue: Pick<FairnessQueue, 'reserve'>;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now: () => number;
  /** How long a plan waits for GitHub. */
  readonly giveUpAfterMs: number;
}

/**
 * Creates the deferral of messages. An attempt is not counted. The waits grow from two seconds to 15 minutes, and the
 * messages of a repository return one after the other. The first deferral of a plan publishes `run.delayed`.
 */
export function createDeferral(deps: OutageDependencies): DeferDuringOutage {
  return async (plan, outage, options) => {
    const now = deps.now();
    const key = `${runKey(plan.trigger)}#${plan.revision}`;
    const first = nextTryAt(now, now, outage);
    const delay = await deps.delays.begin(key, { since: now, nextTryAt: first, giveUpAt: now + deps.giveUpAfterMs });
    if (now >= delay.giveUpAt) {
      deps.log.error('GitHub could not be reached; gave up reading', {
        key,
        reason: outage.message,
        since: delay.since,
      });
      deps.meter.count('OutageGiveUps');
      return;
    }
    if (!delay.reported) {
      await deps.bus.publish([delayedFact(plan, outage, delay)], options);
      await deps.delays.markReported(key);
      deps.meter.count('RunsDelayed');
    }
    const from = Math.min(nextTryAt(now, delay.since, outage), delay.giveUpAt);
    const retryAt = await deps.fairnessQueue.reserve(queueOfTrigger(plan.trigger), from, retryStepMs);
    throw new DeferError(`GitHub cannot be reached. ${outage.message}`, retryAt - now);
  };
}

/** Refuses to wait: the caller of `POST /dispatch` repeats the request. */
export const refuseDuringOutage =
  (now: () => number): DeferDuringOutage =>
  async (_, { message, retryAt }) => {
    throw new GitHubUnreachableError(message, null, retryAt === null ? {} : { retryAfterMs: retryAt - now() });
  };

function nextTryAt(now: number, since: number, { retryAt }: Outage): number {
  return Math.max(retryAt ?? 0, now + outageWaitMs(now - since));
}

function delayedFact({ trigger, revision }: DelayedPlan, { message }: Outage, delay: Delay): RunDelayed {
  const key = runKey(trigger);
  return {
    version: 1,
    id: factId('run.delayed', key, revision, delay.since),
    type: 'run.delayed',
    time: new Date(delay.since).toISOString(),
    correlationId: trigger.deliveryId,
    runKey: key,
    data: {
      revision,
      message,
      repository: repositoryOfTrigger(trigger),
      workflow: trigger.type === 'dispatch.requested' ? null : trigger.workflow,
      receivedAt: trigger.receivedAt,
      nextTryAt: new Date(delay.nextTryAt).toISOString(),
      giveUpAt: new Date(delay.giveUpAt).toISOString(),
    },
  };
}
