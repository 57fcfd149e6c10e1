import { fullName, type Fact, type RouteDecided } from '@dispatcher/contracts';
import {
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  type StartedWorkflow,
  type StartWorkflow,
} from '@dispatcher/github';
import { type Attempt, type Bus, Deferred, type Meter } from '@dispatcher/lambda';
import type { FinishedDispatch, Intent, Ledger, RateLimits } from '@dispatcher/store';
import { factOfDispatch } from './facts.ts';

export interface DispatchDependencies {
  readonly ledger: Ledger;
  readonly rateLimits: RateLimits;
  readonly startWorkflow: (request: StartWorkflow) => Promise<StartedWorkflow>;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly now: () => number;
}

/**
 * Carries out one allowed decision: ledger intent, one POST, ledger result, fact. A dispatch met again after it was
 * finished tells its fact again and sends nothing.
 * @returns the finished dispatch
 * @throws Deferred or an error where the message must come back
 */
export async function dispatchRoute(
  deps: DispatchDependencies,
  decided: RouteDecided,
  attempt: Attempt,
): Promise<FinishedDispatch> {
  const intent = intentOf(decided);
  const until = await deps.rateLimits.deferUntil(intent.target.installationId);
  if (until !== null) throw new Deferred('The installation is rate limited.', until - deps.now());

  const begun = await deps.ledger.begin(intent);
  if (begun.state === 'unfinished') {
    // Somebody POSTed, or was about to, and its end is not recorded: a POST now could be the second.
    throw new Error(`Dispatch ${intent.dispatchId} was begun at ${begun.record.intendedAt} and has no recorded end.`);
  }
  const finished = begun.state === 'finished' ? begun.record : await start(deps, intent, decided, attempt);
  await deps.bus.publish([factOfDispatch(finished)] satisfies Fact[]);
  deps.meter.count('Dispatches', { state: finished.state });
  attempt.log.info('dispatch finished', {
    state: finished.state,
    again: begun.state === 'finished',
    ...(finished.state === 'accepted' ? { url: finished.htmlUrl } : { code: finished.code, status: finished.status }),
  });
  return finished;
}

async function start(
  deps: DispatchDependencies,
  intent: Intent,
  decided: RouteDecided,
  attempt: Attempt,
): Promise<FinishedDispatch> {
  try {
    const started = await deps.startWorkflow(requestOf(intent));
    const acceptedAt = new Date(deps.now()).toISOString();
    const accepted = await deps.ledger.accept(intent, { ...started, acceptedAt });
    deps.meter.milliseconds('RunCompletedToAccepted', deps.now() - Date.parse(decided.data.run.run.updatedAt));
    return accepted;
  } catch (error) {
    return afterRefusal(deps, intent, error, attempt);
  }
}

/** Whatever proves that nothing was started frees the intent; a lost answer does not, and leaves it standing. */
async function afterRefusal(
  deps: DispatchDependencies,
  intent: Intent,
  error: unknown,
  attempt: Attempt,
): Promise<FinishedDispatch> {
  const { dispatchId, target } = intent;
  if (error instanceof GitHubPermanentError) {
    attempt.log.warn('GitHub refused the dispatch', { status: error.status, message: error.message });
    const refusal = { code: error.code ?? 'dispatch-rejected', message: error.message, status: error.status };
    return deps.ledger.fail(dispatchId, refusal);
  }
  if (error instanceof GitHubRateLimitedError) {
    await deps.ledger.release(dispatchId);
    await deps.rateLimits.setDeferUntil(target.installationId, deps.now() + error.retryAfterMs);
    throw new Deferred(error.message, error.retryAfterMs, { cause: error });
  }
  if (error instanceof GitHubTransientError) await deps.ledger.release(dispatchId);
  throw error;
}

/** The intent of an allowed decision: all that its facts, its lineage and its issue will say. */
export function intentOf({ runKey, correlationId, data }: RouteDecided): Intent {
  const { run, decision, lineage } = data;
  if (decision.target === undefined || decision.ref === null) {
    throw new Error(`The decision for dispatch ${decision.dispatchId} allows, but names no target or ref.`);
  }
  const { repositoryId, installationId } = decision.target;
  const path =
    lineage.path.length > 0 ? lineage.path : [{ repository: fullName(run.repository), workflow: run.workflow }];
  return {
    dispatchId: decision.dispatchId,
    runKey,
    correlationId,
    routeId: decision.routeId,
    route: decision.route,
    target: { repositoryId, installationId },
    ref: decision.ref,
    inputs: decision.inputs,
    sourceRunUrl: run.run.htmlUrl,
    sourceEndedAt: run.run.updatedAt,
    lineage: { depth: lineage.depth + 1, path: [...path, decision.route.target] },
  };
}

function requestOf(intent: Intent): StartWorkflow {
  const [owner = '', name = ''] = intent.route.target.repository.split('/');
  const { target, ref, inputs, route } = intent;
  return { ...target, owner, name, workflow: route.target.workflow, ref, inputs };
}
