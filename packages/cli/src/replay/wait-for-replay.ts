import type { OperatorActed, ReplayPreview } from '@dispatcher/contracts';
import type { HistoryFact } from '@dispatcher/store';
import type { ApiClient } from '../client/api-client.ts';
import { readRunFacts } from '../client/read-run.ts';
import { type RunResult, runResultOf } from '../client/run-result.ts';

export interface WaitOptions {
  readonly actionId: string;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
}

export interface ReplayResult {
  /** Null if the replay was not carried out in time. */
  readonly result: RunResult | null;
  /** Whether every allowed route was started or refused. */
  readonly isComplete: boolean;
}

const pollMs = 500;

const actionIn = (facts: readonly HistoryFact[], actionId: string) =>
  facts.find((fact): fact is OperatorActed => fact.type === 'operator.acted' && fact.data.actionId === actionId);

/** Waits for the result of a dry run; null if there is none in time. @throws ApiError */
export async function waitForPreview(
  api: ApiClient,
  runKey: string,
  { actionId, endsAt, wait, now }: WaitOptions,
): Promise<ReplayPreview | null> {
  for (;;) {
    const acted = actionIn(await readRunFacts(api, runKey), actionId);
    if (acted !== undefined || now() >= endsAt) return acted?.data.preview ?? null;
    await wait(pollMs);
  }
}

/** Waits until a replay was carried out and every allowed route of its plan was started or refused. @throws ApiError */
export async function waitForReplay(api: ApiClient, runKey: string, options: WaitOptions): Promise<ReplayResult> {
  const { actionId, endsAt, wait, now } = options;
  for (;;) {
    const facts = await readRunFacts(api, runKey);
    const acted = actionIn(facts, actionId);
    const result = acted === undefined ? null : runResultOf(facts);
    const isComplete = acted !== undefined && result !== null && isSettled(acted, result, facts);
    if (isComplete || now() >= endsAt) return { result, isComplete };
    await wait(pollMs);
  }
}

function isSettled(
  { data: { revision, action } }: OperatorActed,
  result: RunResult,
  facts: readonly HistoryFact[],
): boolean {
  if (result.delayed !== null || result.planned === null) return false;
  if (revision === null) return true;
  const plan = facts.find((fact) => fact.type === 'run.planned' && fact.data.revision === revision);
  const decided = facts.filter((fact) => fact.type === 'route.decided' && fact.data.revision === revision);
  if (plan?.type !== 'run.planned' || decided.length < plan.data.allowed + plan.data.denied) return false;
  const isNew = (dispatchId: string) =>
    facts.some(
      (fact) =>
        fact.type === 'dispatch.failed' &&
        fact.data.dispatchId === dispatchId &&
        // The plan is published before the operator's fact, so a result may be some seconds older than the fact.
        (action === 'as-recorded' || Date.parse(fact.time) > Date.parse(plan.time)),
    );
  return result.routes.every(
    ({ decision, accepted }) => decision.effect === 'deny' || accepted !== null || isNew(decision.dispatchId),
  );
}
