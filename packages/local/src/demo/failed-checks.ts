import type { Check } from '@dispatcher/contracts';
import type { HistoryFact, RunRevision } from '@dispatcher/store';

/** What to change in a rule of `dispatching.yml` so that a check of its conditions is satisfied, by the name of the check. */
const changes: Readonly<Record<string, (actual: string) => string>> = {
  workflow: (actual) => `set workflow to ${actual}`,
  branch: (actual) => `add ${actual} to branches, or to tags if it is a tag`,
  event: (actual) => `add ${actual} to events`,
  conclusion: (actual) => `add ${actual} to conclusions`,
  attempt: (actual) => `add ${actual} to attempts`,
};

/** Describes the failed checks of a run without a matching rule: those of the rule that came closest, and what to change. */
export function describeClosestRule(facts: readonly HistoryFact[]): string[] {
  const plan = facts.findLast((fact) => fact.type === 'run.planned');
  const [closest] = plan?.data.unmatched ?? [];
  if (plan === undefined || closest === undefined) return [];
  const { sourceFile } = plan.data;
  const file = sourceFile === undefined ? '' : ` of ${sourceFile.repository}:${sourceFile.path}`;
  const failed = closest.checks.filter(({ satisfied }) => !satisfied);
  return [`The closest rule is ${closest.rule}${file}. It failed:`, ...failed.flatMap(describeCheck)];
}

function describeCheck({ name, expected, actual }: Check): string[] {
  const change = changes[name.replace(/^(source|inbound)-/, '')];
  return [
    `  ${name}: expected ${expected}, and the run has ${actual}`,
    ...(change === undefined ? [] : [`  To start a workflow for such a run, ${change(actual)} in this rule.`]),
  ];
}

/** Reads all facts of a run with their failed checks from the admin API, oldest revision first. @throws Error if the request fails */
export async function readFactsOfRun(
  url: string,
  runKey: string,
  headers: Record<string, string>,
): Promise<HistoryFact[]> {
  const response = await fetch(`${url}/api/runs/${runKey}`, { headers });
  if (!response.ok) throw new Error(`The admin API returned ${response.status}: ${await response.text()}`);
  const { revisions } = (await response.json()) as { revisions: RunRevision[] };
  return revisions.toReversed().flatMap(({ facts }) => facts);
}
