import { OperatorReason } from '@dispatcher/contracts';
import {
  changePause,
  type ChangePauseDependencies,
  type PauseChange,
  PauseNotRecordedError,
  ProblemError,
} from '@dispatcher/lambda';
import type { PauseStore } from '@dispatcher/store';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { actionOf, noticeIn } from '../http/operator-action.ts';
import type { Api } from '../http/zod-provider.ts';

export interface PauseDependencies extends ChangePauseDependencies {
  readonly pause: PauseStore;
}

export const PauseRequest = z.strictObject({
  /** The operator's reason, recorded; secrets in it are not. */
  reason: OperatorReason,
});

const time = z.iso.datetime();

export const PauseResponse = z.object({
  paused: z.boolean(),
  /** When an operator last changed it; null if nobody ever did. */
  changedAt: time.nullable(),
  operator: z.string().nullable(),
  reason: z.string().nullable(),
});

export const PauseChangeResponse = z.object({
  actionId: z.string(),
  paused: z.boolean(),
  changedAt: time,
  /** From this time on nothing starts; until then, requests that were sent before may still start a workflow. Null after a resume. */
  effectiveAt: time.nullable(),
  /** What to do about a secret in the reason, which was redacted. */
  notice: z.string().optional(),
});

/** Adds the emergency brake, which the commands `dispatcher pause` and `dispatcher resume` offer, too. */
export function addPauseRoutes(api: Api, deps: PauseDependencies): void {
  const state = {
    summary: 'Returns whether all dispatches are paused, since when and why.',
    response: { 200: PauseResponse },
  };
  api.get('/pause', { schema: state }, async () => {
    const stored = await deps.pause.getPause();
    return stored ?? { paused: false, changedAt: null, operator: null, reason: null };
  });

  const problems = { 503: 'The change is effective, but was not recorded. Repeat it.' };
  const pause = {
    summary: 'Pauses all dispatches. Decisions wait, and nothing starts after `effectiveAt`.',
    body: PauseRequest,
    response: { 200: PauseChangeResponse },
    problems,
  };
  api.post('/pause', { schema: pause }, async (request, reply) => {
    reply.code(200);
    return change(deps, request, 'paused');
  });

  const resume = {
    summary:
      'Resumes all dispatches. Waiting decisions start within 30 seconds, those older than 4 hours within 15 minutes.',
    body: PauseRequest,
    response: { 200: PauseChangeResponse },
    problems,
  };
  api.post('/resume', { schema: resume }, async (request, reply) => {
    reply.code(200);
    return change(deps, request, 'resumed');
  });
}

async function change(
  deps: PauseDependencies,
  request: FastifyRequest<{ Body: z.output<typeof PauseRequest> }>,
  action: PauseChange['action'],
) {
  const by = actionOf(request, action);
  try {
    const changed = await changePause(deps, { ...by, action });
    return { actionId: by.actionId, paused: action === 'paused', ...changed, ...noticeIn(by.reason) };
  } catch (error) {
    throw error instanceof PauseNotRecordedError ? new ProblemError(503, error.message) : error;
  }
}
