import { routeLabel } from '@dispatcher/contracts';
import type { FactReads } from './read-facts.ts';
import type { RecordedFact } from './recorded-fact.ts';

/** Returns every fact of a run, over all pages; empty if nothing is recorded. */
export async function factsOfRun(reads: Pick<FactReads, 'run'>, runKey: string): Promise<readonly RecordedFact[]> {
  const facts: RecordedFact[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await reads.run(runKey, { cursor });
    facts.push(...page.items);
    cursor = page.cursor;
  }
  return facts;
}

/** Returns the labels of all decided routes, allowed or denied, by route id. */
export function routesOfFacts(facts: readonly RecordedFact[]): ReadonlyMap<string, string> {
  const routes = new Map<string, string>();
  for (const fact of facts) {
    if (fact.type === 'route.decided') routes.set(fact.data.decision.routeId, routeLabel(fact.data.decision.route));
  }
  return routes;
}
