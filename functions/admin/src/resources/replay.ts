import { createHash, randomUUID } from 'node:crypto';
import { ReplayMode, type Fact, type RunReplay } from '@dispatcher/contracts';
import type { Queue } from '@dispatcher/lambda';
import { type FactReads, factsOfRun, routesOfFacts } from '@dispatcher/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { idempotencyKeyOf, ownerOf } from '../http/idempotency.ts';
import { Problem } from '../http/problem.ts';
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
    /** The one route to decide on; without it, re-evaluate decides on every route of the run. */
    routeId: z.string().max(100).optional(),
    /** Why; recorded. */
    reason: z.string().trim().min(1).max(1_000),
  })
  .refine(({ mode, routeId }) => mode !== 'as-recorded' || routeId === undefined, {
    error: 'as recorded, the whole plan is told again: leave routeId out',
    path: ['routeId'],
  })
  .refine(({ mode, routeId }) => mode !== 'dispatch-again' || routeId !== undefined, {
    error: 'dispatch-again starts a workflow once more, so it names the one route it is about',
    path: ['routeId'],
  });
type ReplayRequest = z.output<typeof ReplayRequest>;

/** It is done within some seconds, and recorded as `operator.acted` with this action among the run's facts. */
export const ReplayAccepted = z.object({ actionId: z.string(), runKey: z.string() });

/** What an operator can have done to a run once more: the same as the command `dispatcher replay`. */
export function addReplayRoutes(instance: FastifyInstance, deps: ReplayDependencies): void {
  const api = instance.withTypeProvider<ZodTypeProvider>();
  const answers = { 202: ReplayAccepted };
  const problems = { 404: 'No plan of it is recorded.' };

  const ofRun = {
    summary: 'Has a run go through planning again: as recorded, decided anew, or dispatched anew.',
    params: RunParams,
    body: ReplayRequest,
    response: answers,
    problems,
  };
  api.post('/runs/:runKey/replay', { schema: ofRun }, async (request, reply) => {
    reply.code(202);
    return replay(deps, request, request.params.runKey, request.body);
  });

  const ofDelivery = {
    summary: 'Has the run that a delivery told of go through planning again.',
    params: DeliveryParams,
    body: ReplayRequest,
    response: answers,
    problems,
  };
  api.post('/deliveries/:id/replay', { schema: ofDelivery }, async (request, reply) => {
    const { items } = await deps.reads.delivery(request.params.id, {});
    const runKey = items.find((fact) => fact.runKey !== undefined)?.runKey;
    if (runKey === undefined) throw notRecorded(`delivery ${request.params.id}`);
    reply.code(202);
    return replay(deps, request, runKey, request.body);
  });
}

async function replay(deps: ReplayDependencies, request: FastifyRequest, runKey: string, asked: ReplayRequest) {
  const facts = await factsOfRun(deps.reads, runKey);
  if (!facts.some(({ type }) => type === 'run.planned')) throw notRecorded(`run ${runKey}`);
  const { mode, routeId = null, reason } = asked;
  if (routeId !== null) checkRoute(facts, routeId);
  const message: RunReplay = {
    type: 'run.replay',
    version: 1,
    actionId: actionIdOf(request, runKey),
    runKey,
    mode,
    routeId,
    operator: request.principal.name,
    reason,
    requestedAt: new Date(deps.now()).toISOString(),
  };
  await deps.runs.send(message, runKey);
  return { actionId: message.actionId, runKey };
}

/** A repeat that carries its key is the same action, also where the answer was lost before it was kept. */
function actionIdOf(request: FastifyRequest, runKey: string): string {
  const key = idempotencyKeyOf(request);
  if (key === null) return randomUUID();
  const says = JSON.stringify(['replay', ownerOf(request), key, runKey]);
  return createHash('sha256').update(says).digest('hex').slice(0, 32);
}

function checkRoute(facts: readonly Fact[], routeId: string): void {
  const routes = routesOfFacts(facts);
  if (routes.has(routeId)) return;
  const known = [...routes].map(([id, label]) => `${id} (${label})`).join(', ') || 'none';
  throw new Problem(400, `The run has no route ${routeId}. It has: ${known}.`);
}

function notRecorded(what: string): Problem {
  return new Problem(404, `No plan of ${what} is recorded. If it came in just now, ask again in some seconds.`);
}
