import { OperatorReason, ReplayMode, type RunReplay } from '@dispatcher/contracts';
import { ProblemError, type Queue } from '@dispatcher/lambda';
import { type FactReads, factsOfRun, type RecordedFact, routesOfFacts } from '@dispatcher/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { actionOf, noticeIn } from '../http/operator-action.ts';
import { DeliveryParams, RunParams } from '../http/requests.ts';
import type { ZodTypeProvider } from '../http/zod-provider.ts';

export interface ReplayDependencies {
  readonly reads: Pick<FactReads, 'delivery' | 'run'>;
  /** The queue `runs`. */
  readonly runs: Queue;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export const ReplayRequest = z
  .strictObject({
    mode: ReplayMode,
    /** The one route to decide; without it, `re-evaluate` decides every route of the run. */
    routeId: z.string().max(100).optional(),
    /** The operator's reason, recorded; secrets in it are not. */
    reason: OperatorReason,
    /** Only records what would be decided now, as `preview` of the run's `operator.acted`. For `re-evaluate`. */
    dryRun: z.boolean().default(false),
  })
  .refine(({ mode, dryRun }) => !dryRun || mode === 're-evaluate', {
    error: 'only re-evaluate decides something that a dry run could show',
    path: ['dryRun'],
  })
  .refine(({ mode, routeId }) => mode !== 'as-recorded' || routeId === undefined, {
    error: 'as-recorded publishes the whole plan again: leave routeId out',
    path: ['routeId'],
  })
  .refine(({ mode, routeId }) => mode !== 'dispatch-again' || routeId !== undefined, {
    error: 'dispatch-again starts a workflow again: name the one route with routeId',
    path: ['routeId'],
  });
type ReplayRequest = z.output<typeof ReplayRequest>;

/** Executed within seconds, and recorded as `operator.acted` with this action id among the run's facts. */
export const ReplayResponse = z.object({
  actionId: z.string(),
  runKey: z.string(),
  /** What to do about a secret in the reason, which was redacted. */
  notice: z.string().optional(),
});

/** Adds the replays that the command `dispatcher replay` offers, too. */
export function addReplayRoutes(instance: FastifyInstance, deps: ReplayDependencies): void {
  const api = instance.withTypeProvider<ZodTypeProvider>();
  const response = { 202: ReplayResponse };
  const problems = { 404: 'No plan is recorded for this run.' };

  const ofRun = {
    summary: 'Replays a run: publishes the stored plan again, re-evaluates it, or dispatches a route again.',
    params: RunParams,
    body: ReplayRequest,
    response,
    problems,
  };
  api.post('/runs/:runKey/replay', { schema: ofRun }, async (request, reply) => {
    reply.code(202);
    return replay(deps, request, request.params.runKey);
  });

  const ofDelivery = {
    summary: 'Replays the run of a delivery.',
    params: DeliveryParams,
    body: ReplayRequest,
    response,
    problems,
  };
  api.post('/deliveries/:id/replay', { schema: ofDelivery }, async (request, reply) => {
    const { items } = await deps.reads.delivery(request.params.id, {});
    const runKey = items.find((fact) => fact.runKey !== null)?.runKey ?? null;
    if (runKey === null) throw notRecorded(`delivery ${request.params.id}`);
    reply.code(202);
    return replay(deps, request, runKey);
  });
}

async function replay(deps: ReplayDependencies, request: FastifyRequest<{ Body: ReplayRequest }>, runKey: string) {
  const facts = await factsOfRun(deps.reads, runKey);
  if (!facts.some(({ type }) => type === 'run.planned')) throw notRecorded(`run ${runKey}`);
  const { mode, routeId = null, dryRun } = request.body;
  if (routeId !== null) checkRoute(facts, routeId);
  const message: RunReplay = {
    type: 'run.replay',
    version: 1,
    ...actionOf(request, `replay ${runKey}`),
    runKey,
    mode,
    routeId,
    requestedAt: new Date(deps.now()).toISOString(),
    ...(dryRun ? { dryRun } : {}),
  };
  await deps.runs.send(message, runKey);
  return { actionId: message.actionId, runKey, ...noticeIn(message.reason) };
}

function checkRoute(facts: readonly RecordedFact[], routeId: string): void {
  const routes = routesOfFacts(facts);
  if (routes.has(routeId)) return;
  const known = [...routes].map(([id, label]) => `${id} (${label})`).join(', ') || 'none';
  throw new ProblemError(400, `The run has no route ${routeId}. Its routes: ${known}.`);
}

function notRecorded(subject: string): ProblemError {
  return new ProblemError(404, `No plan is recorded for ${subject}. If it is new, try again in a few seconds.`);
}
