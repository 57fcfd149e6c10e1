import type { HistoryChecks, HistoryFact, RunRevision } from '@dispatcher/store';
import type { ApiClient } from './api-client.ts';

/** Ends a loop over pages whose cursor never ends. */
const maxPages = 100;

/**
 * Returns every fact of a run, oldest revision first; none if nothing is recorded.
 * @param checks `failed` leaves satisfied checks out
 * @throws ApiError
 */
export async function readRunFacts(
  api: ApiClient,
  runKey: string,
  checks: HistoryChecks = 'failed',
): Promise<readonly HistoryFact[]> {
  const facts: HistoryFact[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < maxPages && cursor !== null; page += 1) {
    const response: { revisions: readonly RunRevision[]; cursor: string | null } | null = await api.find(
      `/api/runs/${encodeURIComponent(runKey)}`,
      { checks, cursor },
    );
    facts.push(...(response?.revisions ?? []).toReversed().flatMap((revision) => revision.facts));
    cursor = response?.cursor ?? null;
  }
  return facts;
}
