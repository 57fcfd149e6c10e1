import type { Fact } from '@dispatcher/contracts';
import type { HistoryFact, RunRevision } from '@dispatcher/store';
import type { ApiClient } from './api-client.ts';

/** Ends a loop over pages whose cursor never ends. */
const maxPages = 100;

/**
 * Returns every fact of a run with its failed checks, oldest revision first; none if nothing is recorded.
 * @throws ApiError
 */
export async function readRunFacts(api: ApiClient, runKey: string): Promise<readonly HistoryFact[]> {
  const facts: HistoryFact[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < maxPages && cursor !== null; page += 1) {
    const response: { revisions: readonly RunRevision[]; cursor: string | null } | null = await api.find(
      `/api/runs/${encodeURIComponent(runKey)}`,
      { cursor },
    );
    facts.push(...(response?.revisions ?? []).toReversed().flatMap((revision) => revision.facts));
    cursor = response?.cursor ?? null;
  }
  return facts;
}

/**
 * Adds the satisfied checks of one revision of the run's plan to its facts.
 * @returns null if the plan is not stored any more
 * @throws ApiError
 */
export async function withAllChecks(
  api: ApiClient,
  { runKey, revision }: { readonly runKey: string; readonly revision: number },
  facts: readonly HistoryFact[],
): Promise<readonly HistoryFact[] | null> {
  const response: { readonly facts: readonly Fact[] } | null = await api.find(
    `/api/plans/${encodeURIComponent(runKey)}`,
    { revision: String(revision) },
  );
  if (response === null) return null;
  const planned = new Map(response.facts.map((fact) => [fact.id, fact]));
  return facts.map((fact): HistoryFact => {
    const full = planned.get(fact.id);
    if (fact.type === 'run.planned' && full?.type === 'run.planned') return { ...fact, data: full.data };
    if (fact.type === 'route.decided' && full?.type === 'route.decided') {
      return { ...fact, data: { ...fact.data, decision: full.data.decision } };
    }
    return fact;
  });
}
