import type { Fact } from '@dispatcher/contracts';
import type { ApiClient } from './api-client.ts';

/** Ends a loop over pages whose cursor never ends. */
const maxPages = 100;

/** Returns every fact of a run; none if nothing is recorded. @throws ApiError */
export async function readRunFacts(api: ApiClient, runKey: string): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < maxPages && cursor !== null; page += 1) {
    const response: { facts: readonly Fact[]; cursor: string | null } | null = await api.find(
      `/api/runs/${encodeURIComponent(runKey)}`,
      { cursor },
    );
    facts.push(...(response?.facts ?? []));
    cursor = response?.cursor ?? null;
  }
  return facts;
}
