import { sourceLabel, type Trigger } from '@dispatcher/contracts';
import {
  type GitHubApp,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  GitHubUnknownOutcomeError,
  type StartedWorkflow,
} from '@dispatcher/github';
import { type Attempt, DeferError } from '@dispatcher/lambda';
import type { FinishedDispatch, Intent, Ledger, Slot } from '@dispatcher/store';
import { shownBy } from './next-step.ts';

export interface SendDependencies {
  readonly ledger: Pick<Ledger, 'completeUnverified' | 'endLease' | 'recordFailure' | 'deleteIntent'>;
  readonly github: Pick<GitHubApp, 'sendEvent' | 'startWorkflow'>;
  readonly now: () => number;
  /** How long GitHub's run list may take to show a run, in milliseconds. */
  readonly windowMs: number;
}

export type SendResult =
  | StartedWorkflow
  | { readonly state: 'settled'; readonly finished: FinishedDispatch }
  /** Another worker settled the slot before the result could be recorded. */
  | { readonly state: 'overtaken' };

export interface SendRequest {
  readonly intent: Intent;
  readonly slot: Slot;
  /** A request contains the payload of its event. */
  readonly trigger: Trigger;
}

/**
 * Makes the one POST of a dispatch. If it is certain that nothing was started, releases the slot or finishes the
 * dispatch. If the response to a workflow dispatch is lost, keeps the slot until GitHub's run list can be read. GitHub
 * lists no runs of an event, so a lost response to an event finishes the dispatch.
 */
export async function send(deps: SendDependencies, request: SendRequest, attempt: Attempt): Promise<SendResult> {
  const { intent, slot } = request;
  try {
    return await post(deps, request, attempt.signal);
  } catch (error) {
    if (error instanceof GitHubPermanentError) {
      attempt.log.warn('GitHub refused the dispatch', { status: error.status, reason: error.message });
      const refusal = { code: error.code ?? 'dispatch-rejected', message: error.message, status: error.status };
      return settledOf(await deps.ledger.recordFailure(slot, refusal));
    }
    if (error instanceof GitHubRateLimitedError || error instanceof GitHubTransientError) {
      await deps.ledger.deleteIntent(slot);
    }
    if (error instanceof GitHubUnknownOutcomeError && !('workflow' in intent.route.target)) {
      attempt.log.warn('the response to an event was lost; the event is not sent again', { reason: error.message });
      return settledOf(await deps.ledger.completeUnverified(slot, 'response-lost'));
    }
    if (error instanceof GitHubUnknownOutcomeError) {
      await deps.ledger.endLease(slot);
      // The last attempt waits for the outcome, so that a dead letter always means that nothing was started.
      if (attempt.isLast) {
        const until = shownBy({ ...slot, leaseUntil: deps.now() }, deps.windowMs);
        throw new DeferError(error.message, until - deps.now(), { cause: error });
      }
    }
    throw error;
  }
}

function settledOf(finished: FinishedDispatch | null): SendResult {
  return finished === null ? { state: 'overtaken' } : { state: 'settled', finished };
}

/** Sends the request. An event has the same result as a workflow dispatch for which GitHub names no run. */
async function post(
  { github }: SendDependencies,
  { intent, slot, trigger }: SendRequest,
  signal: AbortSignal,
): Promise<StartedWorkflow> {
  const { target, ref, inputs, route } = intent;
  const [owner = '', name = ''] = route.target.repository.split('/');
  const shared = { ...target, owner, name, responseDeadline: slot.leaseUntil };
  if ('workflow' in route.target) {
    // If the signal aborts during the POST, the outcome is unknown and is looked up in GitHub's run list.
    return github.startWorkflow({ ...shared, workflow: route.target.workflow, ref, inputs }, { signal });
  }
  if (trigger.type !== 'dispatch.requested' || trigger.request.kind !== 'event') {
    throw new Error(
      `${sourceLabel(route.source)} has a decision to send an event that was not requested. This is a bug in decide.`,
    );
  }
  const { eventType } = route.target;
  // The outcome of an event cannot be looked up, so its POST is never aborted: the signal only prevents it.
  if (signal.aborted) throw new GitHubTransientError('Not sent: the deadline of this attempt has passed.', null);
  await github.sendEvent({ ...shared, eventType, clientPayload: trigger.request.clientPayload ?? null });
  return { workflowRunId: null, htmlUrl: null };
}
