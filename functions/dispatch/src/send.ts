import { type Trigger, sourceLabel } from '@dispatcher/contracts';
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
  readonly ledger: Pick<Ledger, 'acceptUnverified' | 'endLease' | 'fail' | 'release'>;
  readonly github: Pick<GitHubApp, 'sendEvent' | 'startWorkflow'>;
  readonly now: () => number;
  /** How long GitHub's run list may take to show a run, in milliseconds. */
  readonly windowMs: number;
}

export type Sent =
  | StartedWorkflow
  | { readonly state: 'settled'; readonly finished: FinishedDispatch }
  /** GitHub refused it, and somebody else settled the slot meanwhile. */
  | { readonly state: 'overtaken' };

export interface Sending {
  readonly intent: Intent;
  readonly slot: Slot;
  /** What the dispatch is for: a key's request says what its event carries. */
  readonly run: Trigger;
}

/**
 * The one POST. Whatever proves that nothing was started frees the slot, or ends the dispatch; a lost answer leaves the
 * slot standing until GitHub can be asked; of an event it cannot be asked, so that a lost answer ends it.
 */
export async function send(deps: SendDependencies, sending: Sending, attempt: Attempt): Promise<Sent> {
  const { intent, slot } = sending;
  try {
    return await post(deps, sending);
  } catch (error) {
    if (error instanceof GitHubPermanentError) {
      attempt.log.warn('GitHub refused the dispatch', { status: error.status, reason: error.message });
      const refusal = { code: error.code ?? 'dispatch-rejected', message: error.message, status: error.status };
      const finished = await deps.ledger.fail(slot, refusal);
      return finished === null ? { state: 'overtaken' } : { state: 'settled', finished };
    }
    if (error instanceof GitHubRateLimitedError || error instanceof GitHubTransientError) {
      await deps.ledger.release(slot);
    }
    if (error instanceof GitHubUnknownOutcomeError && !('workflow' in intent.route.target)) {
      attempt.log.warn('GitHub’s answer to an event was lost; it is not sent again', { reason: error.message });
      const finished = await deps.ledger.acceptUnverified(slot, 'response-lost');
      return finished === null ? { state: 'overtaken' } : { state: 'settled', finished };
    }
    if (error instanceof GitHubUnknownOutcomeError) {
      await deps.ledger.endLease(slot);
      // The last attempt waits to learn what came of it: a dead letter is to say that nothing was started.
      if (attempt.isLast) {
        const until = shownBy({ ...slot, leaseUntil: deps.now() }, deps.windowMs);
        throw new DeferError(error.message, until - deps.now(), { cause: error });
      }
    }
    throw error;
  }
}

/** An event answers as a workflow does of whose run GitHub says nothing. */
async function post({ github }: SendDependencies, { intent, slot, run }: Sending): Promise<StartedWorkflow> {
  const { target, ref, inputs, route } = intent;
  const [owner = '', name = ''] = route.target.repository.split('/');
  const at = { ...target, owner, name, answerBy: slot.leaseUntil };
  if ('workflow' in route.target) return github.startWorkflow({ ...at, workflow: route.target.workflow, ref, inputs });
  if (run.type !== 'dispatch.requested' || run.request.kind !== 'event') {
    throw new Error(`${sourceLabel(route.source)} is to send an event that nobody asked for: decide has a defect.`);
  }
  await github.sendEvent({
    ...at,
    eventType: route.target.eventType,
    clientPayload: run.request.clientPayload ?? null,
  });
  return { workflowRunId: null, htmlUrl: null };
}
