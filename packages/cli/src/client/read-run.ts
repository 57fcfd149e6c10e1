import type { Check, ClosestRule } from '@dispatcher/contracts';
import type { HistoryFact, RecordedFact, RunRevision } from '@dispatcher/store';
import type { ApiClient } from './api-client.ts';

/** Ends a loop over pages whose cursor never ends. */
const maxPages = 100;

/** `failed` leaves satisfied checks out. */
export type ShownChecks = 'failed' | 'all';

/**
 * Returns every fact of a run, oldest revision first; none if nothing is recorded. The history leaves satisfied checks and
 * long texts out; they are read from the plans where they are shown.
 * @throws ApiError
 */
export async function readRunFacts(
  api: ApiClient,
  runKey: string,
  checks: ShownChecks = 'failed',
): Promise<readonly HistoryFact[]> {
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
  return withPlans(api, runKey, facts, checks);
}

type PlannedFact = Extract<RecordedFact, { readonly type: 'run.planned' | 'route.decided' }>;

function isPlanned<F extends RecordedFact>(fact: F): fact is F & PlannedFact {
  return fact.type === 'run.planned' || fact.type === 'route.decided';
}

/** Replaces plans and decisions by those of the stored plans, with as many checks as are shown. */
async function withPlans(
  api: ApiClient,
  runKey: string,
  facts: readonly HistoryFact[],
  checks: ShownChecks,
): Promise<readonly HistoryFact[]> {
  const wanted = facts.filter(isPlanned).filter(({ abridged }) => checks === 'all' || abridged === true);
  const whole = new Map<string, PlannedFact>();
  for (const revision of new Set(wanted.map(({ data }) => data.revision))) {
    const plan = await api.find<{ facts: readonly RecordedFact[] }>(`/api/plans/${encodeURIComponent(runKey)}`, {
      revision: String(revision),
    });
    for (const fact of (plan?.facts ?? []).filter(isPlanned)) whole.set(fact.id, fact);
  }
  return facts.map((fact): HistoryFact => {
    const found = whole.get(fact.id);
    if (found === undefined) return fact;
    const shown = checks === 'all' ? found : withFailedChecks(found);
    return 'resolved' in fact ? { ...shown, resolved: true } : shown;
  });
}

const failedOf = (checks: readonly Check[]): Check[] => checks.filter(({ satisfied }) => !satisfied);
const failedOfRule = (rule: ClosestRule): ClosestRule => ({ ...rule, checks: failedOf(rule.checks) });

function withFailedChecks(fact: PlannedFact): PlannedFact {
  if (fact.type === 'run.planned') {
    const { checks, unmatched } = fact.data;
    return { ...fact, data: { ...fact.data, checks: failedOf(checks), unmatched: unmatched.map(failedOfRule) } };
  }
  const { decision } = fact.data;
  const closest = decision.closest === undefined ? {} : { closest: failedOfRule(decision.closest) };
  return { ...fact, data: { ...fact.data, decision: { ...decision, checks: failedOf(decision.checks), ...closest } } };
}
