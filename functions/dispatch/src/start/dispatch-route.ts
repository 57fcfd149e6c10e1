import type { Fact, RouteDecided } from '@dispatcher/contracts';
import { type Attempt, type Bus, DeferError, type Meter } from '@dispatcher/lambda';
import { type FinishedDispatch, type Intent, type Ledger, type RateLimits, slotKey } from '@dispatcher/store';
import { factOfDispatch } from '../facts/dispatch-fact.ts';
import { intentOf } from './build-intent.ts';
import { nextStep } from './next-step.ts';
import { inLine, lineOf, paceBroken, type PaceDependencies, soonMs, type Spender } from '../rate-limits/rate-limiter.ts';
import { reconcile, type ReconcileDependencies } from './reconcile.ts';
import { send, type SendDependencies } from './send.ts';

export interface DispatchDependencies extends ReconcileDependencies, SendDependencies, PaceDependencies {
  readonly ledger: Ledger;
  readonly github: ReconcileDependencies['github'] & SendDependencies['github'];
  readonly rateLimits: Pick<RateLimits, 'deferUntil'>;
  readonly bus: Bus;
  readonly meter: Meter;
  /**
   * How long a worker may hold a target's slot before it must have sent its POST and had the answer, in milliseconds.
   */
  readonly leaseMs: number;
}

/** GitHub's answer was lost, and no run of it is to be found: nothing was started, as far as can be known. */
export class OutcomeLost extends Error {
  override readonly name = 'OutcomeLost';
}

// A slot changes hands between looking and taking; whoever is that unlucky has other messages to see to.
const mostRounds = 5;
const nextTurnMs = 1_000;

/**
 * Carries out one allowed decision: ledger intent, one POST, ledger result, fact. A dispatch met again after it was
 * finished tells its fact again and sends nothing; one whose outcome is not known is looked up at GitHub first.
 * @returns the finished dispatch
 * @throws Deferred or an error where the message must come back
 */
export async function dispatchRoute(
  deps: DispatchDependencies,
  decided: RouteDecided,
  attempt: Attempt,
): Promise<FinishedDispatch> {
  const intent = intentOf(decided);
  for (let round = 0; round < mostRounds; round += 1) {
    const step = nextStep(await deps.ledger.look(intent), intent, deps.now(), deps.windowMs);
    switch (step.do) {
      case 'conclude':
        return tell(deps, step.finished, attempt, round === 0);
      case 'queue':
      case 'wait':
        throw await atTheSlot(deps, intent, step.do === 'wait' ? step.until : deps.now() + nextTurnMs);
      case 'ask': {
        const own = step.slot.dispatchId === intent.dispatchId;
        const outcome = await reconcile(deps, step.slot, step.last, attempt.log);
        // One more POST could end as unknown again, and its dead letter would leave the question to nobody.
        if (outcome === 'nothing-started' && own && attempt.isLast) {
          throw new OutcomeLost(
            'GitHub’s answer was lost, and GitHub lists no run of it. Redrive it to send it again.',
          );
        }
        if (outcome !== null && outcome !== 'nothing-started') {
          // Of another's too: its own message may be a dead letter by now, and then nobody else tells of it.
          const told = await tell(deps, outcome, attempt, false);
          if (own) return told;
        }
        break;
      }
      case 'begin': {
        const finished = await begin(deps, intent, decided, attempt);
        if (finished !== null) return tell(deps, finished, attempt, false);
      }
    }
  }
  throw await atTheSlot(deps, intent, deps.now() + nextTurnMs);
}

/** Publishes what came of it. Told again by everyone who meets it finished: the fact is the same, so it counts once. */
async function tell(
  deps: DispatchDependencies,
  finished: FinishedDispatch,
  { log }: Attempt,
  again: boolean,
): Promise<FinishedDispatch> {
  await deps.bus.publish([factOfDispatch(finished)] satisfies Fact[]);
  if (!again) deps.meter.count('Dispatches', { state: finished.state });
  log.info('dispatch finished', {
    dispatchId: finished.dispatchId,
    state: finished.state,
    again,
    ...(finished.state === 'accepted' ? { url: finished.htmlUrl } : {}),
    ...(finished.state === 'failed' ? { code: finished.code, status: finished.status } : {}),
  });
  return finished;
}

/** Back to the queue until its turn at the target: whoever waits longer does not come back later than the others. */
async function atTheSlot(deps: DispatchDependencies, intent: Intent, from: number): Promise<DeferError> {
  const turn = await deps.fairnessQueue.reserve(slotKey(intent), from, nextTurnMs);
  return new DeferError('Another dispatch to this workflow and ref is under way.', turn - deps.now());
}

/** Null where it is to be looked at again: somebody was quicker, or GitHub did not say which run it started. */
async function begin(
  deps: DispatchDependencies,
  intent: Intent,
  decided: RouteDecided,
  attempt: Attempt,
): Promise<FinishedDispatch | null> {
  await waitForBudget(deps, {
    installationId: intent.target.installationId,
    source: lineOf(decided.data.trigger),
  });
  const slot = await deps.ledger.begin(intent, deps.leaseMs);
  if (slot === null) return null;
  const started = await send(deps, { intent, slot, run: decided.data.trigger }, attempt);
  if ('state' in started) return started.state === 'settled' ? started.finished : null;
  if (!('workflow' in intent.route.target)) {
    // GitHub takes an event and never says what it started.
    deps.meter.milliseconds('RunCompletedToAccepted', deps.now() - Date.parse(intent.sourceEndedAt));
    return deps.ledger.acceptUnverified({ ...slot, startedAt: deps.now() });
  }
  if (started.workflowRunId === null || started.htmlUrl === null) {
    await deps.ledger.markStarted(slot);
    return null;
  }
  const { workflowRunId, htmlUrl } = started;
  const acceptedAt = new Date(deps.now()).toISOString();
  const finished = await deps.ledger.accept(slot, intent, { workflowRunId, htmlUrl, acceptedAt });
  if (finished.state !== 'accepted' || finished.workflowRunId !== workflowRunId) {
    // The window was too short for GitHub's list: this is the one case in which a dispatch starts two runs.
    attempt.log.error('a dispatch was started twice', { recorded: finished, started: htmlUrl });
    deps.meter.count('DispatchedTwice');
  }
  deps.meter.milliseconds('RunCompletedToAccepted', deps.now() - Date.parse(intent.sourceEndedAt));
  return finished;
}

/** @throws Deferred where the installation is limited, or would be by one more write */
async function waitForBudget(deps: DispatchDependencies, spender: Spender): Promise<void> {
  const until = await deps.rateLimits.deferUntil(spender.installationId);
  if (until !== null) {
    const { stepMs } = deps.paces.writes;
    throw await inLine(deps, spender, { reason: 'The installation is rate limited.', from: until, stepMs });
  }
  const broken = await paceBroken(deps, spender, 'dispatch');
  if (broken === null) return;
  const { stepMs } = broken;
  const reason = 'One more write would come near GitHub’s limit.';
  throw await inLine(deps, spender, { reason, from: deps.now() + soonMs, stepMs });
}
